"""People started, kept as they are counted: settled with every change, in its transaction.

Triggers note whom a change may touch (``linkwork.models.counted_start``); just before a commit
those people, and only they, are counted again out of their cases. So what is kept equals a
recount after every commit, whatever made the change: verbs, merges, corrections, bulk statements.
What somebody changed beside the application is noted too, makes readers count anew meanwhile, and
is settled with the next commit of anybody.
"""

from collections.abc import Sequence
from functools import cache
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Integer,
    Select,
    bindparam,
    case,
    delete,
    event,
    func,
    insert,
    literal,
    select,
    text,
    union_all,
)
from sqlalchemy.orm import Session, SessionTransaction

from linkwork import database
from linkwork.capacity.targets import Scope
from linkwork.casework import starts
from linkwork.database import db
from linkwork.models import CountDue, CountedStart, SupportCase

AT_ONCE = 2000
UNDER_WAY = "is_under_way"
"""Marks a session that asked the database anything since its last end: else nothing is due."""
LOCK = 5_080_006  # any number that nothing else is locked by
HOLD_ALL = text("SELECT pg_advisory_xact_lock(:lock)")
HOLD_SOME = text("SELECT pg_advisory_xact_lock_shared(:lock)")
HOLD_EACH = text("SELECT pg_advisory_xact_lock(:lock, one) FROM unnest(:people) AS one")
KEPT: Any = CountedStart.__table__
DUE: Any = CountDue.__table__
NEXT = (
    select(DUE.c.id)
    .where(DUE.c.id > bindparam("after"))
    .order_by(DUE.c.id)
    .limit(bindparam("at_once"))
    .with_for_update(skip_locked=True)
)
TAKE = delete(DUE).where(DUE.c.id.in_(NEXT)).returning(*DUE.c)
STARTED_AT = (
    select(SupportCase.person_id)
    .where(SupportCase.organisation_id.in_(bindparam("places", type_=Integer(), expanding=True)))
    .where(SupportCase.first_conversation_at.is_not(None))
    .distinct()
)
COLUMNS = [
    "person_id", "year", "scope", "organisation_id", "started_at", "started_on", "is_counted",
    "elsewhere_on",
]  # fmt: skip


def is_due() -> ColumnElement[bool]:
    """Whether anybody waits to be counted again, as a part of another query."""
    return select(CountDue.id).exists()


def follow() -> None:
    """Settle with every commit from now on: the app says so when it is made."""
    if _settle not in database.before_commits:
        database.before_commits.append(_settle)


def settle() -> None:
    """Count again everybody who is due, 2,000 notes at a time, in the present transaction.

    Whoever changes the same people at the same time waits here for the other’s commit.
    """
    db.session.connection()  # a session that asked nothing so far would have nothing to settle
    _settle(db.session())


def fill(*where: ColumnElement[bool]) -> None:
    """Count the people whose cases ``where`` chooses, of whom nothing is kept yet."""
    db.session.execute(insert(CountedStart).from_select(COLUMNS, recounted(*where)))


def recounted(*where: ColumnElement[bool]) -> Select[Any]:
    """What ``counted_start`` is to hold, worked out from the cases that ``where`` chooses.

    Each person must be chosen with all their cases or not at all.
    """
    first = _firsts(starts.begun(*where)).subquery()
    in_order: dict[str, Any] = {
        "partition_by": (first.c.person, first.c.year, first.c.scope),
        "order_by": (first.c.started_at, first.c.pcn_code),
    }
    placed = select(
        first,
        func.row_number().over(**in_order).label("place"),
        func.lead(first.c.started_on).over(**in_order).label("next_on"),
    ).subquery()
    is_first = placed.c.place == 1
    return select(
        placed.c.person,
        placed.c.year,
        placed.c.scope,
        placed.c.pcn_id,
        placed.c.started_at,
        placed.c.started_on,
        is_first,
        case((is_first, placed.c.next_on), else_=placed.c.started_on),
    )


def _firsts(begun: CTE) -> Select[Any]:
    """The first start of each person at each PCN, by year and scope."""
    by_anyone = select(begun, literal(Scope.ALL.value).label("scope"))
    by_additional = select(begun, literal(Scope.ADDITIONAL.value).label("scope"))
    both = union_all(by_anyone, by_additional.where(begun.c.additional == 1)).subquery()
    year = starts.first_year_of(both.c.started_on).label("year")
    which = (both.c.person, year, both.c.scope, both.c.pcn_id, both.c.pcn_code)
    earliest = (func.min(both.c.started_at), func.min(both.c.started_on))
    return select(
        *which, earliest[0].label("started_at"), earliest[1].label("started_on")
    ).group_by(*which)


def _settle(session: Session) -> None:
    session.flush()
    noted = _take(session, after=0) if session.info.get(UNDER_WAY) else []
    while noted:
        _count_again(session, noted)
        is_last = len(noted) < AT_ONCE
        noted = [] if is_last else _take(session, after=max(note for note, _, _ in noted))


def _count_again(session: Session, noted: Sequence[Any]) -> None:
    people = {person for _, person, _ in noted if person is not None}
    places = {place for _, _, place in noted if place is not None}
    _hold(session, sorted(people), all_of_them=bool(places) or len(noted) == AT_ONCE)
    if places:
        people.update(session.scalars(STARTED_AT, {"places": sorted(places)}))
    in_order = sorted(people)
    for first in range(0, len(in_order), AT_ONCE):
        for statement in _statements(session.get_bind().dialect.name):
            session.execute(statement, {"people": in_order[first : first + AT_ONCE]})


@cache
def _statements(_engine: str) -> tuple[Any, Any]:
    """What counts some people again; to put it together costs more than to carry it out."""
    people = bindparam("people", type_=Integer(), expanding=True)
    chosen = recounted(SupportCase.person_id.in_(people))
    filled = insert(KEPT).from_select(COLUMNS, chosen)
    return delete(KEPT).where(KEPT.c.person_id.in_(people)), filled


def _take(session: Session, *, after: int) -> Sequence[Any]:
    """Take notes away before anybody is counted: what is noted from now on stays noted.

    Those that somebody else is taking this moment are left to them.
    """
    return session.execute(TAKE, {"after": after, "at_once": AT_ONCE}).all()


def _hold(session: Session, people: list[int], *, all_of_them: bool) -> None:
    """Let two who changed the same person count one after the other, each in the same order.

    A statement that begins after this sees what the other committed. SQLite has one writer.
    """
    if session.get_bind().dialect.name != "postgresql":
        return
    if all_of_them:  # or more than the engine has locks for, or nobody can say yet whom
        session.execute(HOLD_ALL, {"lock": LOCK})
    else:
        session.execute(HOLD_SOME, {"lock": LOCK})
        session.execute(HOLD_EACH, {"lock": LOCK, "people": people})


@event.listens_for(Session, "after_begin")
def _note_a_transaction(session: Session, *_: Any) -> None:
    session.info[UNDER_WAY] = True


@event.listens_for(Session, "after_transaction_end")
def _forget_a_transaction(session: Session, ended: SessionTransaction) -> None:
    if ended.parent is None:
        session.info.pop(UNDER_WAY, None)
