"""Home visits: planned within a case, started and ended from the list of the day."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import joinedload

from linkwork import access, audit, clock
from linkwork.access import Permission, me, requires
from linkwork.audit import Event
from linkwork.casework import visits
from linkwork.errors import RuleBroken
from linkwork.forms.visits import LongerForm, PlanForm, StartForm
from linkwork.models import SupportCase, Visit
from linkwork.web.cases import opened
from linkwork.web.display import hour
from linkwork.web.submissions import carry_out

bp = Blueprint("visits", __name__)

WITH_PERSON = (joinedload(Visit.case).joinedload(SupportCase.person),)
LONGER = timedelta(minutes=30)


@bp.get("/visits")
@requires(Permission.WORK_CASES)
def index() -> ResponseReturnValue:
    return _day("visits/index.html", "day")


@bp.get("/visits/day-list")
@requires(Permission.WORK_CASES)
def day_list() -> ResponseReturnValue:
    return _day("visits/day_list.html", "paper")


@bp.route("/cases/<key>/visits/new", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
def new(key: str) -> ResponseReturnValue:
    case = opened(key)
    form = PlanForm(data={"on": clock.today()})
    done = carry_out(form, lambda: _plan(case, form), then=_address)
    if done is not None:
        flash("Visit planned.")
        return done
    return render_template("visits/new.html", case=case, form=form), form.status


@bp.get("/visits/<key>")
@requires(Permission.WORK_CASES)
def show(key: str) -> ResponseReturnValue:
    visit = _found(key)
    visits.open(visit, by=me())
    return _page(visit, StartForm(formdata=None, companion=visit.companion))


@bp.post("/visits/<key>/start")
@requires(Permission.WORK_CASES)
def start(key: str) -> ResponseReturnValue:
    visit = _found(key)
    form = StartForm()
    done = carry_out(form, lambda: _start(visit, form), then=lambda _: url_for("visits.index"))
    return done or _page(visit, form)


@bp.post("/visits/<key>/extend")
@requires(Permission.WORK_CASES)
def extend(key: str) -> ResponseReturnValue:
    return _press(key, lambda visit: visits.extend(visit, _until(), by=me(), at=clock.now()))


@bp.route("/visits/<key>/safe", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
def safe(key: str) -> ResponseReturnValue:
    if request.method == "GET":  # with a page to come back to, a press outlives the session
        return redirect(url_for("visits.show", key=_found(key).key), 303)
    return _press(key, lambda visit: visits.safe(visit, by=me(), at=clock.now()))


@bp.post("/visits/<key>/cancel")
@requires(Permission.WORK_CASES)
def cancel(key: str) -> ResponseReturnValue:
    return _press(key, lambda visit: visits.cancel(visit, by=me(), at=clock.now()))


def overdue_now() -> Sequence[Visit]:
    """Whom every page of the team has to show: see ``casework.visits.overdue``."""
    return visits.overdue(me(), at=clock.now())


def _found(key: str) -> Visit:
    """The visit: one’s own and one that is overdue at once, another with a reason."""
    visit = access.find(Visit, key, user=me(), options=WITH_PERSON)
    if visit.worker_id != me().id and not visit.is_overdue(clock.now()):
        opened(visit.case.key)
    return visit


def _press(key: str, act: Callable[[Visit], None]) -> ResponseReturnValue:
    """One press: a second one finds it done and leads to the same list."""
    visit = _found(key)
    try:
        act(visit)
    except RuleBroken as refusal:
        flash(str(refusal), "alert")
    return redirect(url_for("visits.index"), 303)


def _until() -> datetime:
    until = LongerForm().moment()
    if until is None:
        raise RuleBroken("Choose how much longer you stay on the list of visits.")
    return until


def _plan(case: SupportCase, form: PlanForm) -> Visit:
    return visits.plan(
        case,
        planned_at=form.planned_at(),
        minutes=int(form.minutes.data),
        place=form.place.data,
        companion=form.companion.data,
        by=me(),
        at=clock.now(),
    )


def _start(visit: Visit, form: StartForm) -> None:
    now = clock.now()
    if form.companion.data and form.companion.data != visit.companion and not visit.started_at:
        visits.accompany(visit, form.companion.data, by=me())
    length = timedelta(minutes=int(form.minutes.data or visit.minutes))
    visits.start(visit, expected_end_at=now + length, by=me(), at=now)


def _address(visit: Visit) -> str:
    today = clock.london(visit.planned_at).date() == clock.today()
    return url_for("visits.index") if today else url_for("cases.show", key=visit.case.key)


def _page(visit: Visit, form: StartForm) -> ResponseReturnValue:
    page = render_template(
        "visits/show.html", visit=visit, case=visit.case, form=form, now=clock.now(), longer=longer
    )
    return page, form.status


def _day(template: str, view: str) -> ResponseReturnValue:
    shown = visits.of_day(me(), clock.today())
    mine = [visit for visit in shown if visit.worker_id == me().id]
    audit.record(Event.VISITS_LISTED, None, by=me(), shown=len(shown), view=view)
    return render_template(
        template,
        mine=mine,
        team=[visit for visit in shown if visit.worker_id != me().id],
        now=clock.now(),
        longer=longer,
    )


def longer(visit: Visit) -> dict[str, str]:
    """Half an hour more, counted from the end that was expected or from now."""
    end = max(visit.expected_end_at or clock.now(), clock.now()) + LONGER
    return {"until": end.isoformat(), "words": f"Stay until {hour(end)}"}
