"""When a worker leaves: everybody they support is given to somebody before their account shuts.

Closed cases stay with who had them, as history.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from linkwork import access, audit
from linkwork.audit import Event
from linkwork.casework import allocation, drafts, visits
from linkwork.database import db
from linkwork.errors import NotYours, RuleBroken
from linkwork.models import Draft, OnwardReferral, Person, SupportCase, Task, User, Visit

MOST = 500
UNSAVED = (
    "Unsaved notes are saved or discarded by whoever wrote them. Where they are gone, a supervisor "
    "puts the notes on the cases."
)


@dataclass(frozen=True, slots=True)
class Left:
    """How much a worker still has, in all PCNs: numbers, and nothing of whom they are about."""

    cases: int
    tasks: int
    visits: int
    along: int = 0
    """First sessions of an activity they promised to go along to."""
    drafts: int = 0
    """Notes they wrote and did not save. Nobody else can read them."""

    @property
    def to_give(self) -> bool:
        """Whether there is something that others can take as it is."""
        return bool(self.cases or self.tasks or self.visits or self.along)

    @property
    def anything(self) -> bool:
        """Whether something would be lost with the account."""
        return self.to_give or bool(self.drafts)

    @property
    def sentence(self) -> str:
        """What is left: "12 open cases, 3 tasks and 1 visit"."""
        parts = [
            _many(self.cases, "open case"),
            _many(self.tasks, "task"),
            _many(self.visits, "visit"),
            _many(self.along, "session to go along to", "sessions to go along to"),
            _many(self.drafts, "unsaved note"),
        ]
        said = [part for part in parts if part]
        return " and ".join(filter(None, (", ".join(said[:-1]), said[-1] if said else "")))


@dataclass(frozen=True, slots=True)
class Takers:
    """Who takes the cases: what is said of a case, else of its practice, else of all.

    By the key of the case and of the practice; "" is the practice of those who have none.
    """

    by_case: Mapping[str, User]
    by_practice: Mapping[str, User]
    everybody: User | None = None

    def of(self, case: SupportCase) -> User | None:
        """Who takes a case; None where nothing is said of it."""
        practice = case.person.practice.key if case.person.practice else ""
        chosen = self.by_case.get(case.key) or self.by_practice.get(practice)
        return chosen or self.everybody


def left_with(worker: User) -> Left:
    """What must not be lost of a worker: open cases, tasks, visits to come or under way, drafts."""
    counts = (
        select(func.count()).where(SupportCase.worker_id == worker.id, SupportCase.is_open),
        select(func.count())
        .select_from(Task)
        .join(Task.case)
        .where(Task.owner_id == worker.id, Task.is_open, SupportCase.is_open),
        select(func.count())
        .select_from(Visit)
        .where(Visit.worker_id == worker.id, Visit.cancelled_at.is_(None))
        .where(Visit.safe_at.is_(None)),
        select(func.count())
        .select_from(OnwardReferral)
        .where(OnwardReferral.companion_id == worker.id, OnwardReferral.is_open)
        .where(OnwardReferral.accompanied_at.is_(None)),
        select(func.count()).where(Draft.user_id == worker.id, Draft.contact_id.is_(None)),
    )
    row = db.session.execute(select(*(count.scalar_subquery() for count in counts))).one()
    return Left(*row)


def must_be_clear(worker: User) -> None:
    """Raise ``RuleBroken`` where a worker still has something, and keep it so until the end.

    The account is held: whoever gives its holder a case this moment waits, and is refused.
    """
    db.session.flush()
    db.session.refresh(worker, with_for_update={"of": User})
    left = left_with(worker)
    if left.anything:
        raise RuleBroken(
            f"{worker.name} still has {left.sentence}. A supervisor has to hand them over first."
            + (f" {UNSAVED}" if left.drafts else "")
        )


def team(user: User) -> Sequence[tuple[User, int]]:
    """The colleagues of ``user`` by name, and whoever else has a case or an unsaved note there.

    Each with the number of their open cases.
    """
    number = func.count().label("number")
    held = access.cases(user).where(SupportCase.is_open, SupportCase.worker_id.is_not(None))
    counted = held.with_only_columns(SupportCase.worker_id, number)
    rows: Sequence[Any] = db.session.execute(counted.group_by(SupportCase.worker_id)).all()
    counts: dict[int, int] = {row[0]: row[1] for row in rows}
    working = access.colleagues(user).with_only_columns(User.id).order_by(None)
    writing = select(Draft.user_id).where(
        Draft.contact_id.is_(None),
        Draft.case_id.in_(access.cases(user).with_only_columns(SupportCase.id)),
    )
    query = select(User).where(or_(*(User.id.in_(ids) for ids in (working, counts, writing))))
    found = db.session.scalars(query.order_by(User.name, User.id)).unique().all()
    return [(worker, counts.get(worker.id, 0)) for worker in found]


def colleague(key: str, *, user: User) -> User:
    """The colleague whose cases are handed over. Raises ``NotYours``."""
    for worker, _ in team(user):
        if worker.key == key:
            return worker
    raise NotYours("User")


def of_worker(worker: User, *, user: User) -> Sequence[SupportCase]:
    """The open cases of a worker that ``user`` may see, by practice and name; at most 500."""
    query = (
        access.cases(user)
        .join(SupportCase.person)
        .options(contains_eager(SupportCase.person).joinedload(Person.practice))
        .where(SupportCase.worker_id == worker.id, SupportCase.is_open)
        .order_by(Person.practice_id, Person.family_name_folded, SupportCase.id)
        .limit(MOST)
    )
    return db.session.scalars(query).unique().all()


def give(worker: User, takers: Takers, *, note: str, by: User, at: datetime) -> int:
    """Give every open case of a worker to somebody else, with a note; returns how many.

    All or none. Raises ``RuleBroken`` where a case has nobody to take it, one that came while
    this was written among them, or where it would stay with who leaves. What the worker was
    to do in cases of others goes to who has the case, else to ``by``.
    """
    everything = _held(worker, by)
    held = [case for case in everything if case.is_open and case.worker_id == worker.id]
    given = {case: taker for case in held if (taker := takers.of(case)) is not None}
    if len(given) < len(held):
        missing = len(held) - len(given)
        which = "one person" if missing == 1 else f"{missing} people"
        raise RuleBroken(f"Nobody is chosen yet for {which}. Choose who takes each, or all.")
    if worker.id in {taker.id for taker in given.values()}:
        raise RuleBroken(f"{worker.name} cannot take their own cases. Choose somebody else.")
    allocation.allocate_all(given, note=note, by=by, at=at)
    others = [case for case in everything if case not in given]
    rest = sum(_pass_on(case, worker, case.worker or by, by) for case in others)
    audit.record(Event.USER_HANDED_OVER, worker, by=by, cases=len(given), rest=rest)
    return len(given)


def keep_unsaved(worker: User, *, by: User, at: datetime) -> int:
    """Put what a worker wrote and did not save on the cases it is about; returns how many notes.

    Those of the PCNs of ``by``. For a worker who cannot do so any more: nothing of it is checked.
    """
    seen = access.cases(by).with_only_columns(SupportCase.id)
    query = select(Draft).where(Draft.user_id == worker.id, Draft.contact_id.is_(None))
    query = query.where(Draft.case_id.in_(seen)).order_by(Draft.case_id, Draft.id)
    found = db.session.scalars(query).unique().all()
    return sum(drafts.put_on_case(draft, by=by, at=at) for draft in found)


def _held(worker: User, by: User) -> Sequence[SupportCase]:
    """Every case with something of a worker, as it is now and held in everybody’s order."""
    about: tuple[Any, ...] = (Task, Visit, OnwardReferral)
    promised = (SupportCase.id.in_(select(of.case_id).where(_to_do(of, worker))) for of in about)
    query = (
        access.cases(by)
        .where(or_((SupportCase.worker_id == worker.id) & SupportCase.is_open, *promised))
        .options(joinedload(SupportCase.person).joinedload(Person.practice))
        .order_by(SupportCase.id)
        .with_for_update(of=SupportCase)
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(query).unique().all()


def _to_do(of: type[Any], worker: User) -> ColumnElement[bool]:
    """Whether a task, a visit or an onward referral has something a worker is still to do."""
    if of is Task:
        return (Task.owner_id == worker.id) & Task.is_open
    if of is Visit:
        to_come = Visit.started_at.is_(None) & Visit.cancelled_at.is_(None)
        return (Visit.worker_id == worker.id) & to_come
    along = (OnwardReferral.companion_id == worker.id) & OnwardReferral.is_open
    return along & OnwardReferral.accompanied_at.is_(None)


def _pass_on(case: SupportCase, worker: User, taker: User, by: User) -> int:
    """What a worker was to do in a case that is not theirs goes to ``taker``; returns how much."""
    tasks = select(Task).where(Task.case_id == case.id, _to_do(Task, worker))
    promised = db.session.scalars(tasks.order_by(Task.id)).unique().all()
    for task in promised:
        task.owner_id = taker.id
        audit.record(Event.TASK_PASSED_ON, task, by=by, person_id=case.person_id, to=taker.id)
    along = select(OnwardReferral).where(
        OnwardReferral.case_id == case.id, _to_do(OnwardReferral, worker)
    )
    going = db.session.scalars(along.order_by(OnwardReferral.id)).unique().all()
    for onward in going:
        onward.companion_id = taker.id
        noted: dict[str, Any] = {"what": "passed_on", "to": taker.id}
        audit.record(Event.ONWARD_ACCOMPANIED, onward, by=by, person_id=case.person_id, **noted)
    return len(promised) + len(going) + visits.hand_over(case, worker.id, taker, by=by)


def _many(number: int, noun: str, several: str | None = None) -> str:
    if not number:
        return ""
    return f"{number} {noun}" if number == 1 else f"{number} {several or noun + 's'}"
