"""Times to take along: the sessions of an activity, or of a plan, for a calendar."""

from flask import Blueprint, Response, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from linkwork import access, clock
from linkwork.access import Permission, me, requires
from linkwork.casework import plans, timetables
from linkwork.exchange import icalendar
from linkwork.exchange.icalendar import Going
from linkwork.models import OnwardState, Service, SupportCase
from linkwork.web import plan_page
from linkwork.web.cases import opened

bp = Blueprint("calendars", __name__)


@bp.get("/services/<key>/calendar.ics")
@requires(Permission.SEE_DIRECTORY)
def service(key: str) -> ResponseReturnValue:
    found = access.find(Service, key, user=me())
    return answer(icalendar.of_service(found, by=me(), at=clock.now()), "activity")


@bp.get("/cases/<key>/plan.ics")
@requires(Permission.WORK_CASES)
def plan(key: str) -> ResponseReturnValue:
    case = opened(key, *plan_page.WITH_NAMES)
    agreed = plans.of_case(case)
    if agreed is None:
        flash("Agree the plan first: then its times can be saved.")
        return redirect(url_for("plans.show", key=key))
    text = icalendar.of_plan(agreed, case.person, goings(case), by=me(), at=clock.now())
    return answer(text, "plan")


@bp.post("/services/<key>/confirm-times")
@requires(Permission.EDIT_DIRECTORY)
def confirm(key: str) -> ResponseReturnValue:
    timetables.confirm(access.find(Service, key, user=me()), by=me(), at=clock.now())
    flash("The times are confirmed.")
    return redirect(url_for("services.show", key=key), 303)


def goings(case: SupportCase) -> list[Going]:
    """What the plan of a case says they go to; not what they still wait for."""
    return [
        Going(onward.service, onward.first_session_on)
        for onward in plans.activities(case)
        if onward.state is not OnwardState.WAITLISTED
    ]


def answer(text: bytes, name: str) -> Response:
    """A calendar as a file that is not kept, with a name that says nothing of anybody."""
    return Response(
        text,
        content_type=icalendar.MEDIA_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{name}.ics"'},
    )
