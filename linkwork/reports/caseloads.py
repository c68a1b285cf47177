"""Open cases, counted: now, or as they were at the end of a day that is past."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    case,
    func,
    or_,
    select,
)
from sqlalchemy.orm import aliased

from linkwork.casework import starts
from linkwork.casework.starts import midnight
from linkwork.database import Moment, db
from linkwork.models import Complexity, Handover, SupportCase, User

PCNS = bindparam("pcn_ids", type_=Integer(), expanding=True)
END = bindparam("end", type_=Moment())
"""The first moment after the day."""


@dataclass(frozen=True, slots=True)
class OpenCases:
    """A number of open cases that are alike; without a worker they wait to be allocated."""

    pcn_id: int
    worker_id: int | None
    worker_name: str | None
    complexity: Complexity
    started: bool
    cases: int


def open_cases(pcn_ids: Sequence[int], on: date | None = None) -> list[OpenCases]:
    """Open cases, counted by PCN, worker, complexity and whether they have started. One query.

    They are those open now; with ``on``, those that were open at the end of that day in London,
    as far as is known today: a late entry changes them, a case that was closed and reopened
    since was open throughout, and one that was closed as opened in error never was. Its worker
    is who had it then; how complex it is was not kept, so that is as it is now.
    """
    asked: dict[str, Any] = {"pcn_ids": list(pcn_ids)}
    if on is not None:
        asked["end"] = midnight(on + timedelta(days=1))
    query = _now() if on is None else _then()
    return [OpenCases(*row) for row in db.session.execute(query, asked)]


@cache
def _now() -> Select[Any]:
    started = SupportCase.first_conversation_at.is_not(None)
    return _counted(SupportCase.worker_id, started).where(SupportCase.is_open)


@cache
def _then() -> Select[Any]:
    """The same before a moment."""
    query = _counted(worker_then(), SupportCase.first_conversation_at < END, handed_on_after())
    return query.where(were_open())


def were_open() -> ColumnElement[bool]:
    """That a case was open before ``END``.

    Open is what is so still, or ended later: each has its index, so that what had ended by then
    is not read.
    """
    return and_(or_(*_ways_open()), *_counted_then())


def were_open_each() -> list[ColumnElement[bool]]:
    """The same in three parts: open still, closed since, declined since; no case is in two."""
    return [and_(way, *_counted_then()) for way in _ways_open()]


def _ways_open() -> tuple[ColumnElement[bool], ...]:
    not_closed, not_declined = SupportCase.closed_at.is_(None), SupportCase.declined_at.is_(None)
    return (
        and_(not_closed, not_declined),
        and_(SupportCase.closed_at >= END, not_declined),
        and_(SupportCase.declined_at >= END, or_(not_closed, SupportCase.closed_at >= END)),
    )


def _counted_then() -> tuple[ColumnElement[bool], ...]:
    return SupportCase.opened_at < END, starts.counts()


def handed_on_after() -> ColumnElement[bool]:
    """That a handover is the first of a case after ``END``, to join ``Handover`` by."""
    given = aliased(Handover)
    first = select(func.min(given.id)).where(given.case_id == SupportCase.id, given.at >= END)
    return Handover.id == first.correlate(SupportCase).scalar_subquery()


def worker_then() -> ColumnElement[int | None]:
    """Whoever had a case before ``END``: who gave it away first after that, or who has it."""
    return case(
        (Handover.id.is_not(None), Handover.from_id),
        (SupportCase.accepted_at < END, SupportCase.worker_id),
    )


def _counted(worker: Any, started: ColumnElement[bool], handed_on: Any = None) -> Select[Any]:
    which = (SupportCase.organisation_id, worker, User.name, SupportCase.complexity)
    query = select(*which, case((started, 1), else_=0).label("started"), func.count())
    query = query.select_from(SupportCase)
    if handed_on is not None:
        query = query.outerjoin(Handover, handed_on)
    query = query.outerjoin(User, User.id == worker)
    return query.where(SupportCase.organisation_id.in_(PCNS)).group_by(*which, "started")
