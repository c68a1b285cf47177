"""What limits a PCN: the length of support and the contacts of the cases it has closed of late.

Section 6 of the capacity rules (docs/capacity.md, "Ceilings"). Both are means over the cases that
were closed in the twelve months to the date of the report, by all link workers.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, false, func, select

from linkwork.capacity.assumptions import Assumptions
from linkwork.capacity.ceilings import Ceilings, Limit
from linkwork.capacity.figure import Figure
from linkwork.casework.starts import midnight
from linkwork.database import db
from linkwork.models import CloseReason, Contact, ContactKind, ContactOutcome, Organisation
from linkwork.models import SupportCase as Case
from linkwork.reports.basis import Basis
from linkwork.reports.blanks import BEGIN, END, PCN

LOOK_BACK = timedelta(days=365)
DAYS_A_WEEK = 7
DAY_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Limits:
    """The three ceilings, in people a year for each WTE, and the closed cases they rest on."""

    ceilings: Ceilings
    closed: int
    closed_from: date
    shorter_weeks: float
    fewer_contacts: float

    @property
    def sentence(self) -> str:
        """What limits the PCN now, and what one change of that would bring."""
        return self.ceilings.sentence(self.shorter_weeks, self.fewer_contacts)

    @property
    def rows(self) -> tuple[tuple[Limit, Figure], ...]:
        """Each ceiling, or why it is not known."""
        found = self.ceilings
        return (
            (Limit.EXPECTED, Figure(found.workload.people_per_wte)),
            (Limit.OPEN_CASES, found.by_open_cases),
            (Limit.HOURS, found.by_hours),
        )

    def why(self, limit: Limit) -> str:
        """What a ceiling is worked out from, or why it is not known."""
        found, load = self.ceilings, self.ceilings.workload
        figure = dict(self.rows)[limit]
        if figure.value is None:
            return figure.reason
        if limit is Limit.OPEN_CASES:
            return (
                f"{load.open_cases:g} standard cases, {found.weeks_open:.1f} weeks open on average"
            )
        if limit is Limit.HOURS:
            hours = f"{load.hours_with_people:,.0f} hours with people"
            return f"{hours}, {found.contacts:.1f} conversations with each"
        return "Annual leave and short sickness are already allowed for"


def of_pcn(pcn: Organisation, basis: Basis, assumptions: Assumptions) -> Limits:
    """The ceilings of a PCN as things stood at the end of ``basis.as_of``. One query.

    Cases that never started, or were opened in error, say nothing of the length of support.
    """
    closed_from = basis.as_of - LOOK_BACK + timedelta(days=1)
    closed, weeks, contacts = _means(pcn.id, closed_from, basis.as_of)
    return Limits(
        ceilings=Ceilings(assumptions.workload, weeks, contacts),
        closed=closed,
        closed_from=closed_from,
        shorter_weeks=assumptions.shorter_weeks,
        fewer_contacts=assumptions.fewer_contacts,
    )


def closed_cases() -> list[ColumnElement[bool]]:
    """Which cases the means are over: started, and closed in the time that ``blanks`` fills in."""
    error = Case.close_reason == CloseReason.OPENED_IN_ERROR
    return [
        Case.organisation_id == PCN,
        Case.closed_at >= BEGIN,
        Case.closed_at < END,
        Case.first_conversation_at.is_not(None),
        ~func.coalesce(error, false()),
    ]


def blanks(pcn_id: int, first_on: date, last_on: date) -> dict[str, Any]:
    """What fills the blanks of ``closed_cases``: from one day to another."""
    begin, end = midnight(first_on), midnight(last_on + timedelta(days=1))
    return {"pcn_id": pcn_id, "begin": begin, "end": end}


def contacts_of_case() -> ColumnElement[int]:
    """How many conversations a case had, as a part of a query about cases."""
    return (
        select(func.count(Contact.id))
        .where(
            Contact.case_id == Case.id,
            Contact.kind == ContactKind.CONVERSATION,
            Contact.outcome == ContactOutcome.ATTENDED,
        )
        .correlate(Case)
        .scalar_subquery()
    )


def days_open() -> ColumnElement[Any]:
    """Days from the first conversation to the close, for each engine in its own words."""
    first, last = Case.first_conversation_at, Case.closed_at
    if db.engine.dialect.name == "postgresql":
        return func.extract("epoch", last - first) / DAY_SECONDS
    return func.julianday(last) - func.julianday(first)


def _means(pcn_id: int, first_on: date, last_on: date) -> tuple[int, float | None, float | None]:
    """Closed cases, mean weeks open and mean conversations; None where nothing was closed."""
    query = _query(db.engine.dialect.name)
    filled = blanks(pcn_id, first_on, last_on)
    closed, days, contacts = db.session.execute(query, filled).one()
    if not closed:
        return 0, None, None
    return closed, float(days) / DAYS_A_WEEK, float(contacts)


@cache
def _query(_engine: str) -> Select[Any]:
    """The statement of one engine: made once, because that takes longer than asking."""
    of_each = select(days_open().label("days"), contacts_of_case().label("contacts"))
    each = of_each.where(*closed_cases()).subquery()
    query = select(func.count(), func.avg(each.c.days), func.avg(each.c.contacts))
    return query.select_from(each)
