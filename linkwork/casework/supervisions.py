"""Supervision: recorded, due, and prepared from the caseload of the worker."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from linkwork import access, audit
from linkwork.audit import Event
from linkwork.casework import agendas
from linkwork.database import db
from linkwork.errors import NotYours, RuleBroken
from linkwork.models import (
    Organisation,
    OrganisationKind,
    Role,
    Supervision,
    SupervisionKind,
    User,
    UserRole,
)

SOON = timedelta(days=7)
USUAL_GAP = timedelta(days=28)
LONGEST_GAP = timedelta(days=366)
SHOWN = 24


@dataclass(frozen=True, slots=True)
class Due:
    """When a worker’s next supervision is due; None where none was ever held."""

    worker: User
    held_on: date | None
    next_due_on: date | None

    def presses(self, on: date) -> bool:
        """Whether it is due within ``SOON``, is overdue, or was never held."""
        return self.next_due_on is None or self.next_due_on <= on + SOON


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody writes about a supervision that was held."""

    kind: SupervisionKind
    held_on: date
    next_due_on: date
    supervisor: User | None = None
    with_whom: str | None = None
    notes: str | None = None


def record(worker: User, told: Told, *, by: User, today: date) -> Supervision:
    """Record a supervision that was held, with the agenda as it stood.

    The worker or their supervisor does. Raises ``RuleBroken`` where it has not happened yet, the
    next is not after it, nobody is named, or two people are.
    """
    _check(worker, told, by, today)
    held = Supervision(worker_id=worker.id, recorded_by_id=by.id, **_facts(told))
    held.agenda = agendas.kept(agendas.of(worker, viewer=by, on=today))
    db.session.add(held)
    audit.record(Event.SUPERVISION_RECORDED, held, by=by, kind=told.kind)
    return held


def correct(held: Supervision, told: Told, *, version: int, by: User, today: date) -> None:
    """Correct what was recorded. Only those who may read the notes may.

    Raises ``RuleBroken`` where somebody else changed it since ``version`` was read.
    """
    if not may_read_notes(held, by):
        raise RuleBroken("Only the worker and the supervisor named can change this.")
    if held.version != version:
        raise RuleBroken("It was changed since you opened it. What you typed is still here: check.")
    _check(held.worker, told, by, today)
    for name, value in _facts(told).items():
        setattr(held, name, value)
    audit.record(Event.SUPERVISION_CORRECTED, held, by=by)


def may_read_notes(held: Supervision, user: User) -> bool:
    """Whether ``user`` is one of the two whose words the notes are."""
    return user.id in (held.worker_id, held.supervisor_id)


def due(user: User, *, on: date) -> Due | None:
    """The supervision of ``user`` that is due within a week, is overdue or was never held."""
    if Role.LINK_WORKER not in user.roles:
        return None
    [found] = standing([user])
    return found if found.presses(on) else None


def due_of(users: Sequence[User], *, on: date) -> list[User]:
    """Those of ``users`` whose supervision is due within a week, overdue or was never held."""
    return [found.worker for found in standing(users) if found.presses(on)]


def standing(workers: Sequence[User]) -> list[Due]:
    """When each last had supervision and when the next is due: what their latest record says."""
    latest = (
        select(
            Supervision.worker_id,
            Supervision.held_on,
            Supervision.next_due_on,
            func.row_number()
            .over(
                partition_by=Supervision.worker_id,
                order_by=(Supervision.held_on.desc(), Supervision.id.desc()),
            )
            .label("rank"),
        )
        .where(Supervision.worker_id.in_([worker.id for worker in workers]))
        .subquery()
    )
    rows = db.session.execute(select(latest).where(latest.c.rank == 1))
    known: dict[int, Any] = {row.worker_id: row for row in rows}
    return [
        Due(
            worker,
            known[worker.id].held_on if worker.id in known else None,
            known[worker.id].next_due_on if worker.id in known else None,
        )
        for worker in workers
    ]


def workers() -> Select[User]:
    """Everybody who is to have supervision."""
    holding = select(UserRole.user_id).where(UserRole.role == Role.LINK_WORKER)
    return select(User).where(User.id.in_(holding))


def team(user: User) -> Sequence[User]:
    """The link workers whom ``user`` supervises, by name."""
    return db.session.scalars(access.supervised(user).order_by(User.name, User.id)).unique().all()


def supervisors_of(worker: User) -> Sequence[User]:
    """Those who may be named as having supervised ``worker``: of the same PCN, or its board."""
    own = worker.organisation
    pcn = own.parent if own.kind is OrganisationKind.PRACTICE and own.parent else own
    places = Organisation.id.in_([own.id, pcn.id, pcn.parent_id]) | (
        (Organisation.parent_id == pcn.id) & (Organisation.kind == OrganisationKind.PRACTICE)
    )
    holding = select(UserRole.user_id).where(UserRole.role == Role.SUPERVISOR)
    query = (
        select(User)
        .join(User.organisation)
        .where(User.id.in_(holding), User.disabled_at.is_(None), User.id != worker.id, places)
    )
    return db.session.scalars(query.order_by(User.name, User.id)).unique().all()


def worker_called(key: str, *, user: User) -> User:
    """The worker with this key whom ``user`` supervises; raises ``NotYours`` for anybody else."""
    if "\0" in key:
        raise NotYours("User")
    found = db.session.scalars(access.supervised(user).where(User.key == key)).unique().first()
    if found is None:
        raise NotYours("User")
    return found


def had(user: User) -> bool:
    """Whether a supervision of ``user`` was ever recorded: supervisors have it too."""
    query = select(Supervision.id).where(Supervision.worker_id == user.id)
    return db.session.scalar(query.limit(1)) is not None


def held_with(worker: User, *, viewer: User) -> Sequence[Supervision]:
    """The supervisions of a worker that ``viewer`` may know of, the latest first."""
    query = (
        access.supervisions(viewer)
        .where(Supervision.worker_id == worker.id)
        .options(joinedload(Supervision.supervisor))
        .order_by(Supervision.held_on.desc(), Supervision.id.desc())
        .limit(SHOWN)
    )
    return db.session.scalars(query).unique().all()


def _facts(told: Told) -> dict[str, Any]:
    return {
        "kind": told.kind,
        "held_on": told.held_on,
        "next_due_on": told.next_due_on,
        "supervisor_id": told.supervisor.id if told.supervisor else None,
        "with_whom": told.with_whom,
        "notes": told.notes,
    }


def _check(worker: User, told: Told, by: User, today: date) -> None:
    if told.held_on > today:
        raise RuleBroken("This is still to come. Record it once it was held.")
    if not told.held_on < told.next_due_on <= told.held_on + LONGEST_GAP:
        raise RuleBroken("The next supervision must be after this one, and within a year of it.")
    if bool(told.supervisor) == bool(told.with_whom):
        raise RuleBroken("Say who supervised: choose somebody, or write who it was.")
    if told.supervisor is not None and told.supervisor.id == worker.id:
        raise RuleBroken("Nobody supervises themselves. Choose somebody else.")
    if told.notes and by.id not in (worker.id, told.supervisor.id if told.supervisor else None):
        raise RuleBroken(
            "Only the worker and the supervisor named can write notes. Leave them empty."
        )
