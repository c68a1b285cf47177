"""Today: the home of those who work cases, and what they put off from it."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from linkwork import access, audit, clock
from linkwork.access import Permission, me, requires
from linkwork.audit import Event
from linkwork.casework import snoozes, today, unfinished
from linkwork.errors import NotYours
from linkwork.forms.tasks import PutOffForm
from linkwork.models import GoalAction, OnwardReferral, SnoozeReason, SupportCase, Task, TodayList
from linkwork.web.cases import opened
from linkwork.web.submissions import carry_out

bp = Blueprint("today", __name__, url_prefix="/today")

# What a row of a list is about, where it is not the case itself.
ABOUT: dict[TodayList, type[Any]] = {
    TodayList.TASK: Task,
    TodayList.PLAN_ACTION: GoalAction,
    TodayList.SILENT: OnwardReferral,
    TodayList.GOING_ALONG: OnwardReferral,
    TodayList.PERHAPS_GONE: OnwardReferral,
}


@bp.get("")
@requires(Permission.WORK_CASES)
def index() -> ResponseReturnValue:
    asked = request.args.get("show")
    everything_of = TodayList(asked) if asked in set(TodayList) else None
    day = today.day(me(), at=clock.now(), everything_of=everything_of)
    begun = unfinished.of(me())
    shown = sum(len(listing.rows) for listing in day.listings)
    shown += len(begun.alarms) + len(begun.drafts)
    audit.record(Event.CASES_LISTED, None, by=me(), shown=shown, view="today")
    return render_template(
        "today/index.html", day=day, unfinished=begun, everything_of=everything_of
    )


@bp.route("/put-off/<which>/<key>", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
def put_off(which: str, key: str) -> ResponseReturnValue:
    kind, case = _row(which, key)
    form = PutOffForm()
    done = carry_out(
        form,
        lambda: snoozes.put_off(
            kind,
            key,
            case=case,
            reason=SnoozeReason(form.reason.data),
            until_on=form.until_on.data,
            by=me(),
            at=clock.now(),
        ),
        then=lambda _: url_for("today.index"),
    )
    return done or (
        render_template("today/put_off.html", case=case, which=kind, form=form),
        form.status,
    )


@bp.post("/bring-back/<which>/<key>")
@requires(Permission.WORK_CASES)
def bring_back(which: str, key: str) -> ResponseReturnValue:
    kind, case = _row(which, key)
    snoozes.bring_back(kind, key, case=case, by=me(), at=clock.now())
    flash("It is on your list again.")
    return redirect(url_for("today.index"), 303)


def _row(which: str, key: str) -> tuple[TodayList, SupportCase | None]:
    """The list and the case of a row, if it is about something one may see, or about oneself."""
    if which not in set(TodayList):
        raise NotYours("TodayList")
    kind = TodayList(which)
    if kind is TodayList.SUPERVISION:
        if key != me().key:
            raise NotYours("User")
        return kind, None
    about = access.find(ABOUT.get(kind, SupportCase), key, user=me())
    case = about if isinstance(about, SupportCase) else about.case
    return kind, opened(case.key)
