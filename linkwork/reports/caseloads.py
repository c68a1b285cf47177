"""Open cases, counted: now, or as they were at the end of a day that is past."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, case, false, func, or_, select
from sqlalchemy.orm import aliased

from linkwork.casework import starts
from linkwork.casework.starts import midnight
from linkwork.database import db
from linkwork.models import Complexity, Handover, SupportCase, User


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
    held = _held_now() if on is None else _held_at(midnight(on + timedelta(days=1)))
    which = (SupportCase.organisation_id, held.worker, User.name, SupportCase.complexity)
    query = (
        select(*which, case((held.started, 1), else_=0).label("started"), func.count())
        .select_from(SupportCase)
        .outerjoin(Handover, held.handed_on)
        .outerjoin(User, User.id == held.worker)
        .where(SupportCase.organisation_id.in_(pcn_ids), *held.are_open)
        .group_by(*which, "started")
    )
    return [OpenCases(*row) for row in db.session.execute(query)]


@dataclass(frozen=True, slots=True)
class _Holding:
    """What it is at one moment for a case to be open and started, and to have a worker."""

    are_open: list[Any]
    started: ColumnElement[bool]
    worker: Any
    handed_on: ColumnElement[bool]


def _held_now() -> _Holding:
    started = SupportCase.first_conversation_at.is_not(None)
    return _Holding([SupportCase.is_open], started, SupportCase.worker_id, false())


def _held_at(end: datetime) -> _Holding:
    """The same before a moment: who gave a case away first after it was its worker then."""
    given = aliased(Handover)
    first = select(func.min(given.id)).where(given.case_id == SupportCase.id, given.at >= end)
    worker = case(
        (Handover.id.is_not(None), Handover.from_id),
        (SupportCase.accepted_at < end, SupportCase.worker_id),
    )
    are_open = [
        SupportCase.opened_at < end,
        or_(SupportCase.closed_at.is_(None), SupportCase.closed_at >= end),
        or_(SupportCase.declined_at.is_(None), SupportCase.declined_at >= end),
        starts.counts(),
    ]
    handed_on = Handover.id == first.correlate(SupportCase).scalar_subquery()
    return _Holding(are_open, SupportCase.first_conversation_at < end, worker, handed_on)
