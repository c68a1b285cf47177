"""Details of activities for a person to take away: to print, or in words for a text message."""

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from linkwork import clock
from linkwork.access import Permission, may, me, requires
from linkwork.casework import handouts

bp = Blueprint("handouts", __name__, url_prefix="/handouts")

LAYOUTS = {"large": "Large print", "standard": "Standard"}


@bp.get("")
@requires(Permission.SEE_DIRECTORY)
def show() -> ResponseReturnValue:
    chosen = handouts.chosen(request.args.getlist("service"), user=me())
    asked = request.args.get("layout", "")
    return render_template(
        "handouts/show.html",
        handouts=[handouts.of_service(service, at=clock.now()) for service in chosen],
        keys=[service.key for service in chosen],
        case_key=_case_key(),
        back=_back(),
        layout=asked if asked in LAYOUTS else next(iter(LAYOUTS)),
        layouts=LAYOUTS,
        given_by=me().organisation.name,
    )


def _case_key() -> str | None:
    """Whose list it was chosen from: only to go back there, nothing of it is read."""
    return request.args.get("case") or None


def _back() -> tuple[str, str]:
    case_key = _case_key()
    if case_key and may(me(), Permission.WORK_CASES):
        return url_for("matches.index", key=case_key), "Back to activities"
    return url_for("services.index"), "All activities"
