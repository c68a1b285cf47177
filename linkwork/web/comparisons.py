"""Activities of a case’s list side by side."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from linkwork import clock
from linkwork.access import Permission, me, requires
from linkwork.casework import alarms, comparisons, handouts, matches
from linkwork.web.cases import opened

bp = Blueprint("comparisons", __name__)


@bp.get("/cases/<key>/compare")
@requires(Permission.WORK_CASES)
def show(key: str) -> ResponseReturnValue:
    case = opened(key)
    if alarms.stand_open(case):
        return redirect(url_for("matches.index", key=key))
    chosen = handouts.chosen(request.args.getlist("service"), user=me())
    services = chosen[: comparisons.MOST]
    enough = len(services) >= comparisons.FEWEST
    found = matches.suggest(case, on=clock.today()) if enough else None
    return render_template(
        "comparisons/show.html",
        case=case,
        services=services,
        left_away=len(chosen) - len(services),
        rows=comparisons.compare(services, found, at=clock.now()) if found else [],
    )
