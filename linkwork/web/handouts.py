"""Details of activities for a person to take away: to print, or in words for a text message."""

import secrets

from flask import Blueprint, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from linkwork import clock
from linkwork.access import Permission, may, me, requires
from linkwork.casework import handouts

bp = Blueprint("handouts", __name__, url_prefix="/handouts")

LISTS = "lists"
MOST_LISTS = 12
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
        from_list=request.args.get("list") or None,
        back=_back(),
        layout=asked if asked in LAYOUTS else next(iter(LAYOUTS)),
        layouts=LAYOUTS,
        given_by=me().organisation.name,
    )


@bp.app_template_global()
def list_of(case_key: str) -> str:
    """A word for a case’s list that only this browser’s session understands, to lead back to it.

    A browser prints the address at the foot of the sheet that the person takes home: no key of
    their case stands in it.
    """
    kept: dict[str, str] = session.get(LISTS, {})
    if case_key not in kept:
        newest = [*kept.items(), (case_key, secrets.token_hex(4))][-MOST_LISTS:]
        session[LISTS] = kept = dict(newest)
    return kept[case_key]


def _back() -> tuple[str, str]:
    asked = request.args.get("list")
    kept = session.get(LISTS, {}).items()
    case_key = next((key for key, word in kept if word == asked), None)
    if case_key and may(me(), Permission.WORK_CASES):
        return url_for("matches.index", key=case_key), "Back to activities"
    return url_for("services.index"), "All activities"
