"""Episodes of one PCN as rows that name a worker and no person: begun, waiting and closed."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import or_, select

from linkwork.capacity.calendar import london_date
from linkwork.casework import starts
from linkwork.database import db
from linkwork.models import Handover, Organisation, Priority, SupportCase, User
from linkwork.reports import caseloads, limits
from linkwork.reports.basis import Basis


@dataclass(frozen=True, slots=True)
class Begun:
    """A start: the day in London, who held the conversation, and whether in an additional post."""

    on: date
    worker: str | None
    additional: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """Somebody who waits for a first conversation: since when, and with whom."""

    since: date
    days: int
    worker: str | None
    priority: Priority


@dataclass(frozen=True, slots=True)
class Closed:
    """An episode that is over: weeks from the first conversation on, and how many there were."""

    on: date
    weeks: float
    contacts: int
    worker: str | None


def started(pcn: Organisation, basis: Basis) -> list[Begun]:
    """Every start at a PCN in the year to the end of ``basis.as_of``, the last first. One query.

    A person who started twice stands here twice.
    """
    query = (
        select(starts.AT, User.name, starts.by_additional_worker())
        .outerjoin(User, User.id == starts.whoever_spoke())
        .where(SupportCase.organisation_id == pcn.id, *starts.in_period(basis.year, basis.as_of))
        .order_by(starts.AT.desc(), SupportCase.id)
    )
    rows: Any = db.session.execute(query)
    return [Begun(london_date(at), name, bool(additional)) for at, name, additional in rows]


def waiting(pcn: Organisation, on: date) -> list[Waiting]:
    """Cases that were open and not started at the end of a day, the longest wait first.

    They are those of ``caseloads.open_cases`` for that day, each with who had it then. One query.
    """
    end, of = starts.midnight(on + timedelta(days=1)), SupportCase
    query = (
        select(of.opened_at, User.name, of.priority)
        .select_from(of)
        .outerjoin(Handover, caseloads.handed_on_after())
        .outerjoin(User, User.id == caseloads.worker_then())
        .where(
            of.organisation_id == pcn.id,
            of.opened_at < end,
            starts.counts(),
            *(
                or_(moment.is_(None), moment >= end)
                for moment in (of.first_conversation_at, of.closed_at, of.declined_at)
            ),
        )
        .order_by(of.opened_at, of.id)
    )
    found = db.session.execute(query, {"end": end})
    rows = [(london_date(at), name, priority) for at, name, priority in found]
    return [Waiting(since, (on - since).days, name, priority) for since, name, priority in rows]


def closed(pcn: Organisation, first_on: date, last_on: date) -> list[Closed]:
    """Cases that started and were closed from one day to another, the last first. One query."""
    filled = limits.blanks(pcn.id, first_on, last_on)
    query = (
        select(SupportCase.closed_at, limits.days_open(), limits.contacts_of_case(), User.name)
        .outerjoin(User, User.id == SupportCase.worker_id)
        .where(*limits.closed_cases())
        .order_by(SupportCase.closed_at.desc(), SupportCase.id)
    )
    return [
        Closed(london_date(at), float(days) / limits.DAYS_A_WEEK, contacts, name)
        for at, days, contacts, name in db.session.execute(query, filled)
    ]
