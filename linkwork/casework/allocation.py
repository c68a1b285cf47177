"""Who takes a case: how full each colleague is, who is proposed and why, and giving it to them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, update
from sqlalchemy.orm import contains_eager, lazyload

from linkwork import access, audit
from linkwork.audit import Event
from linkwork.capacity import load as loads
from linkwork.capacity.load import ROUNDING, Band, Load
from linkwork.casework import notifications, posts, visits
from linkwork.casework.cases import hold, is_there, must_be_open, take_on, with_name
from linkwork.database import db
from linkwork.errors import NotYours, RuleBroken
from linkwork.models import Handover, NoticeKind, OnwardReferral, Person, SupportCase, Task, User

MOST = 100


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody a case may be given to."""

    worker: User
    load: Load
    from_practice: int = 0
    """How many of their open cases are of people registered with the practice asked about."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Who is proposed, and why, in a sentence."""

    colleague: Colleague
    reason: str


def team(user: User, *, on: date, practice_id: int | None = None) -> Sequence[Colleague]:
    """The colleagues of ``user``’s PCNs by name, each with their load on a day."""
    for_their_names = (lazyload(User.grants), lazyload(User.organisation))
    query = access.colleagues(user).options(*for_their_names)
    colleagues = db.session.scalars(query).unique().all()
    ids = [colleague.id for colleague in colleagues]
    of_whom = (SupportCase.worker_id, SupportCase.complexity, Person.practice_id)
    open_cases = (
        access.cases(user)
        .join(SupportCase.person)
        .where(SupportCase.worker_id.in_(ids), SupportCase.is_open)
        .with_only_columns(*of_whom, func.count())
        .group_by(*of_whom)
    )
    rows = db.session.execute(open_cases).all()
    wte = posts.wte_of(ids, on)
    found = []
    for worker in colleagues:
        own = [row for row in rows if row[0] == worker.id]
        weighed = [loads.Complexity(c.value) for _, c, _, number in own for _ in range(number)]
        known = sum(n for _, _, practice, n in own if practice and practice == practice_id)
        found.append(Colleague(worker, loads.load(weighed, wte.get(worker.id, 0.0)), known))
    return found


def propose(colleagues: Sequence[Colleague], practice: str | None) -> Choice | None:
    """Who should take one more case; None where nobody has room for a standard case.

    Of those under 85 % of what their hours hold, whoever works with most people of the practice,
    then the least full; where all are fuller, the least full of those whom it still fits.
    """
    fit = [c for c in colleagues if c.load.limit and c.load.free + ROUNDING >= 1]
    with_room = [c for c in fit if c.load.band is Band.ROOM]
    if with_room:
        best = min(with_room, key=lambda c: (-c.from_practice, _used(c)))
        return Choice(best, _why(best, practice))
    if not fit:
        return None
    least = min(fit, key=_used)
    return Choice(least, f"nobody is under 85 %, and this is the least full ({_points(least)})")


def allocate(
    case: SupportCase, worker: User, *, note: str | None = None, by: User, at: datetime
) -> None:
    """Give a case to a link worker; a new case is accepted with it, what was promised goes along.

    ``note`` is for the worker and stays on the timeline. Raises ``RuleBroken`` where the case has
    ended, the worker is of another PCN or no link worker, or has the case already.
    """
    hold(case)
    must_be_open(case)
    if not is_there(worker, case):
        raise RuleBroken("Choose a link worker of the PCN this case belongs to.")
    if case.worker_id == worker.id:
        raise RuleBroken(f"This case is already with {worker.name}.")
    previous, case.worker_id = case.worker_id, worker.id
    if case.accepted_at is None:
        take_on(case, by, at)
    if previous is not None or note:
        told = Handover(case=case, from_id=previous, to_id=worker.id, by_id=by.id, at=at, note=note)
        db.session.add(told)
    if previous is not None:
        _pass_on(case, previous, worker.id)
        visits.hand_over(case, previous, worker, by=by)
    if worker.id != by.id:
        notifications.tell(worker, NoticeKind.CASE_GIVEN, case=case, at=at)
    audit.record(Event.CASE_ALLOCATED, case, by=by, to=worker.id, previously=previous)


def picked(keys: Sequence[str], *, user: User) -> Sequence[SupportCase]:
    """The cases with these keys, at most 100, by name. Raises ``NotYours`` if one is elsewhere."""
    wanted = sorted({key for key in keys if key.isprintable()})[:MOST]
    query = (
        access.cases(user)
        .join(SupportCase.person)
        .options(contains_eager(SupportCase.person), with_name(SupportCase.worker))
        .where(SupportCase.key.in_(wanted))
        .order_by(Person.family_name_folded, SupportCase.id)
    )
    found = db.session.scalars(query).unique().all()
    if len(found) < len(wanted):
        raise NotYours("SupportCase")
    return found


def allocate_all(
    given: Mapping[SupportCase, User], *, note: str | None, by: User, at: datetime
) -> None:
    """Give several cases to workers, with one note: all of them or none.

    Raises ``RuleBroken`` saying how many cannot be given, and why.
    """
    cases = sorted(given, key=lambda case: case.id)  # one order for everybody: nobody waits in turn
    for case in cases:
        hold(case)
    ended = sum(not case.is_open for case in cases)
    if ended:
        which = _cases(ended, "has ended", "have ended")
        raise RuleBroken(f"{which} meanwhile. Go back to the caseload and choose again.")
    already = sum(case.worker_id == given[case].id for case in cases)
    if already:
        which = _cases(already, "is", "are")
        raise RuleBroken(f"{which} already with whom you chose. Choose again.")
    for case in cases:
        allocate(case, given[case], note=note, by=by, at=at)


def _pass_on(case: SupportCase, giver_id: int, taker_id: int) -> None:
    """What a worker still has to do in the case goes with it."""
    theirs = update(Task).where(Task.case_id == case.id, Task.owner_id == giver_id, Task.is_open)
    db.session.execute(theirs.values(owner_id=taker_id, version=Task.version + 1))
    along = update(OnwardReferral).where(
        OnwardReferral.case_id == case.id,
        OnwardReferral.companion_id == giver_id,
        OnwardReferral.accompanied_at.is_(None),
        OnwardReferral.is_open,
    )
    version = OnwardReferral.version + 1
    db.session.execute(along.values(companion_id=taker_id, version=version))


def _cases(number: int, one: str, several: str) -> str:
    return f"One of these cases {one}" if number == 1 else f"{number} of these cases {several}"


def _used(colleague: Colleague) -> float:
    used = colleague.load.used.value
    return 1.0 if used is None else used


def _points(colleague: Colleague) -> str:
    return f"{colleague.load.points:g} of {colleague.load.limit:g} points"


def _why(colleague: Colleague, practice: str | None) -> str:
    room = f"has room ({_points(colleague)})"
    known = colleague.from_practice
    if not known or practice is None:
        return f"the most room of all ({_points(colleague)})"
    people = "somebody" if known == 1 else f"{known} people"
    return f"already works with {people} from {practice}, and {room}"
