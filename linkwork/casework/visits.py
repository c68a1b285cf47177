"""Home visits: planned, started with an expected end, over when the worker says “safe”.

Whoever starts a visit is the one who goes. A visit that is past its expected end without “safe” is
overdue: the whole team of the PCN is shown it on every page until somebody has spoken with the
worker.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.orm import joinedload

from linkwork import access, audit, clock
from linkwork.audit import Event
from linkwork.casework import notifications, snoozes
from linkwork.casework.cases import hold, must_be_open, must_live, with_name, works_there
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import NoticeKind, Organisation, Role, SupportCase, User, UserRole, Visit

FARTHEST = timedelta(days=366)
SHORTEST, LONGEST = timedelta(minutes=5), timedelta(hours=8)
MOST_SHOWN = 200
HOME_VISIT = "Home visit"
# Asked on every page, so it is made once: most of the time nobody anywhere is late.
ANY_LATE = (
    select(Visit.id).where(Visit.is_under_way, Visit.expected_end_at < bindparam("at")).limit(1)
)


def plan(
    case: SupportCase,
    *,
    planned_at: datetime,
    minutes: int = 60,
    place: str | None = None,
    companion: str | None = None,
    by: User,
    at: datetime,
) -> Visit:
    """Plan a visit of ``by``, of ``minutes`` (5 to 480), at ``place`` or the person’s address.

    Where no next step is to come, the visit becomes it. Raises ``RuleBroken`` where the case has
    ended, nobody knows where to go, or the moment is past or more than a year away.
    """
    hold(case)
    must_be_open(case)
    must_live(case)
    _must_make_sense(planned_at, timedelta(minutes=minutes), at)
    if not place and not case.person.address:
        raise RuleBroken("No address is recorded for this person: say where the visit will be.")
    visit = Visit(
        case=case,
        worker=by,
        planned_by_id=by.id,
        planned_at=planned_at,
        minutes=minutes,
        place=place,
        companion=companion,
    )
    db.session.add(visit)
    today = clock.london(at).date()
    if case.next_action_on is None or case.next_action_on < today:
        case.next_action, case.next_action_on = HOME_VISIT, clock.london(planned_at).date()
        snoozes.end_of(case, at=at)
    audit.record(Event.VISIT_PLANNED, visit, by=by, person_id=case.person_id)
    return visit


def accompany(visit: Visit, companion: str | None, *, by: User) -> None:
    """Say who goes with the worker, or that nobody does. Raises ``RuleBroken`` once it is over."""
    _hold(visit)
    if visit.cancelled_at is not None or visit.safe_at is not None:
        raise RuleBroken("This visit is over, so nobody can join it.")
    if visit.case.person.lone_worker and not companion:
        raise RuleBroken("Nobody should visit this person alone. Say who goes with you.")
    visit.companion = companion
    _note(Event.VISIT_CHANGED, visit, by)


def start(visit: Visit, *, expected_end_at: datetime | None = None, by: User, at: datetime) -> None:
    """Set out. ``expected_end_at`` is when the worker means to be out again, at most 8 hours on.

    Without it the planned minutes count from now. Starting twice is starting once. Raises
    ``RuleBroken`` on another day than planned, where the visit or the case is over, or where
    nobody should visit this person alone and nobody goes along.
    """
    _hold(visit)
    if visit.is_under_way and visit.worker_id == by.id:
        return
    _must_be_startable(visit, by, at)
    if visit.case.person.lone_worker and not visit.companion:
        raise RuleBroken("Nobody should visit this person alone. Say who goes with you first.")
    end = expected_end_at or at + timedelta(minutes=visit.minutes)
    _must_end_soon(end, at)
    visit.worker, visit.started_at, visit.expected_end_at = by, at, end
    _note(Event.VISIT_STARTED, visit, by)


def extend(visit: Visit, until: datetime, *, by: User, at: datetime) -> None:
    """Stay longer, until a moment to come. Raises ``RuleBroken`` where nobody is on the visit."""
    _hold(visit)
    if not visit.is_under_way:
        raise RuleBroken("This visit is not under way, so it cannot be made longer.")
    if visit.expected_end_at == until:
        return
    _must_end_soon(until, at)
    visit.expected_end_at, visit.overdue_told_at = until, None
    _note(Event.VISIT_EXTENDED, visit, by)


def safe(visit: Visit, *, by: User, at: datetime) -> None:
    """Say that the worker is out and safe: the worker, or a colleague who has spoken with them.

    Twice is once. Raises ``RuleBroken`` where the visit was never started.
    """
    _hold(visit)
    if visit.safe_at is not None:
        return
    if visit.started_at is None:
        raise RuleBroken("This visit has not been started, so there is nobody to be safe.")
    visit.safe_at, visit.safe_by = max(at, visit.started_at), by
    _note(Event.VISIT_SAFE, visit, by, by_colleague=by.id != visit.worker_id)


def cancel(visit: Visit, *, by: User, at: datetime) -> None:
    """Call a visit off before it starts. Twice is once; one under way ends with “safe” instead."""
    _hold(visit)
    if visit.cancelled_at is not None:
        return
    if visit.started_at is not None:
        raise RuleBroken("This visit has been started. Say “I am safe” to end it.")
    _cancel(visit, by, at)


def stop(case: SupportCase, *, by: User, at: datetime) -> None:
    """Call off what is still to come: the case ends. Whoever is on a visit still has to be safe."""
    for visit in _to_come(case):
        _cancel(visit, by, at)


def hand_over(case: SupportCase, giver_id: int, worker: User, *, by: User) -> int:
    """Give the visits to come of whoever had the case to the worker who has it now: how many.

    A colleague who covers goes on with theirs. The caller holds the case.
    """
    theirs = [visit for visit in _to_come(case) if visit.worker_id == giver_id != worker.id]
    for visit in theirs:
        visit.worker = worker
        _note(Event.VISIT_CHANGED, visit, by)
    return len(theirs)


def open(visit: Visit, *, by: User) -> None:  # noqa: A001 - the verb of the trade
    """Note that somebody looked where a colleague is who should be back by now."""
    _note(Event.VISIT_OPENED, visit, by)


def of_day(user: User, on: date) -> Sequence[Visit]:
    """The visits planned for an English day in the PCNs of ``user``, and all that are under way."""
    begin, end = (clock.utc(datetime.combine(day, time())) for day in (on, on + timedelta(days=1)))
    planned = (Visit.planned_at >= begin) & (Visit.planned_at < end)
    query = _visible(user).where(planned | Visit.is_under_way)
    return db.session.scalars(query.order_by(Visit.planned_at, Visit.id)).unique().all()


def overdue(user: User, *, at: datetime) -> Sequence[Visit]:
    """Visits in the PCNs of ``user`` past their expected end without “safe”, longest first.

    With the worker, the case and the person loaded. One small query where nobody is late; none,
    and nothing to see, for who works no cases.
    """
    if not access.may(user, access.Permission.WORK_CASES):
        return []
    if db.session.execute(ANY_LATE, {"at": at}).first() is None:
        return []
    query = _visible(user).where(Visit.is_under_way, Visit.expected_end_at < at)
    return db.session.scalars(query.order_by(Visit.expected_end_at)).unique().all()


def notify_overdue(*, at: datetime) -> int:
    """Tell the supervisors of each overdue visit once; returns how many visits they were told of.

    Where nobody supervises, the other link workers of the PCN are told instead. For the reminders
    that run every few minutes: reading a page tells nobody.
    """
    late = Visit.is_under_way & (Visit.expected_end_at < at) & Visit.overdue_told_at.is_(None)
    told = 0
    for visit in db.session.scalars(select(Visit).where(late).order_by(Visit.id)).unique().all():
        _hold(visit)
        if not visit.is_overdue(at) or visit.overdue_told_at is not None:
            continue  # somebody was quicker
        for colleague in _who_looks(visit):
            notifications.tell(colleague, NoticeKind.VISIT_OVERDUE, case=visit.case, at=at)
        visit.overdue_told_at = at
        _note(Event.VISIT_OVERDUE, visit, None)
        told += 1
    return told


def _who_looks(visit: Visit) -> Sequence[User]:
    """The supervisors who can sign in; without any, everybody else who works in the PCN."""
    supervising = db.session.scalars(access.supervisors(visit.case)).unique()
    able = [user for user in supervising if user.is_active]
    if able:
        return able
    working = select(UserRole.user_id).where(UserRole.role == Role.LINK_WORKER)
    pcn_id = visit.case.organisation_id
    there = or_(Organisation.id == pcn_id, Organisation.parent_id == pcn_id)
    query = select(User).join(User.organisation).where(User.id.in_(working), there)
    team = db.session.scalars(query.order_by(User.id)).unique()
    return [user for user in team if user.is_active and user.id != visit.worker_id]


def _visible(user: User) -> Select[Visit]:
    # Asked of each visit in turn: there are few, and cases are many.
    mine = access.cases(user).where(SupportCase.id == Visit.case_id).correlate(Visit)
    return (
        select(Visit)
        .where(mine.exists())
        .options(
            joinedload(Visit.case).joinedload(SupportCase.person),
            with_name(Visit.worker),
        )
        .limit(MOST_SHOWN)
    )


def _to_come(case: SupportCase) -> Sequence[Visit]:
    query = select(Visit).where(
        Visit.case_id == case.id, Visit.started_at.is_(None), Visit.cancelled_at.is_(None)
    )
    return db.session.scalars(query.options(joinedload(Visit.case))).unique().all()


def _cancel(visit: Visit, by: User, at: datetime) -> None:
    visit.cancelled_at, visit.cancelled_by_id = at, by.id
    case, day = visit.case, clock.london(visit.planned_at).date()
    if (case.next_action, case.next_action_on) == (HOME_VISIT, day):
        days = (clock.london(other.planned_at).date() for other in _to_come(case))
        ahead = [on for on in days if on >= clock.london(at).date()]
        case.next_action_on = min(ahead, default=None)  # another visit is the next step now
        case.next_action = HOME_VISIT if ahead else None
    _note(Event.VISIT_CANCELLED, visit, by)


def _hold(visit: Visit) -> None:
    hold(visit.case)
    db.session.refresh(visit)


def _note(event: Event, visit: Visit, by: User | None, **details: bool) -> None:
    audit.record(event, visit, by=by, person_id=visit.case.person_id, **details)


def _must_make_sense(planned_at: datetime, length: timedelta, at: datetime) -> None:
    if not SHORTEST <= length <= LONGEST:
        raise RuleBroken("A visit takes from 5 minutes to 8 hours. Check its length.")
    if clock.london(planned_at).date() < clock.london(at).date():
        raise RuleBroken("A visit cannot be planned for a day that is past. Check its date.")
    if planned_at > at + FARTHEST:
        raise RuleBroken("Plan a visit within a year. Check its date.")


def _must_be_startable(visit: Visit, by: User, at: datetime) -> None:
    must_be_open(visit.case)
    if visit.cancelled_at is not None:
        raise RuleBroken("This visit was cancelled. Plan a new one.")
    if visit.safe_at is not None:
        raise RuleBroken("This visit is over. Plan a new one.")
    if visit.is_under_way:
        raise RuleBroken(f"{visit.worker.name} is on this visit.")
    if clock.london(visit.planned_at).date() != clock.london(at).date():
        raise RuleBroken("This visit is planned for another day. Plan one for today instead.")
    if not works_there(by, visit.case):
        raise RuleBroken("Only somebody of the PCN of this case can visit.")


def _must_end_soon(end: datetime, at: datetime) -> None:
    if not at < end <= at + LONGEST:
        raise RuleBroken("Say when you expect to be out again: later than now, within 8 hours.")
