"""What came and went at one PCN, counted over its cases in one reading of them.

The funnel and the waiting list both ask it; on the lead's page they ask it together, because to
read the cases costs more than to count them in ten ways.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, case, func, or_, select

from linkwork.casework.starts import counts, midnight
from linkwork.database import Moment, db
from linkwork.models import CloseReason, Contact, ContactKind, ContactOutcome
from linkwork.models import SupportCase as Case
from linkwork.models.contact import TWO_WAY
from linkwork.reports.basis import Basis
from linkwork.reports.blanks import BEGIN, END, PCN, blanks

WEEKS = 13
LATELY = timedelta(weeks=WEEKS)
A_YEAR = timedelta(days=365)
FEWEST_ENDED = 20
LATE = bindparam("late", type_=Moment())
"""The first moment of the last 13 weeks."""
YEAR_AGO = bindparam("year_ago", type_=Moment())


@dataclass(frozen=True, slots=True)
class Flow:
    """What came and went; cases that were opened in error are not counted.

    ``accepted``, ``started`` and ``closed`` are of the last 13 weeks, ``ended_started`` and
    ``ended_left`` waits that ended in the last 365 days. Of the financial year are
    ``people_seen``, ``begun`` and ``completed`` cases; ``caseload`` are those on it at the end.
    """

    first_accepted_at: datetime | None
    accepted: int
    started: int
    closed: int
    ended_started: int
    ended_left: int
    people_seen: int
    begun: int
    completed: int
    caseload: int

    @property
    def leaving(self) -> float | None:
        """The share that left before a start; None where too few waits have ended to tell."""
        ended = self.ended_started + self.ended_left
        return self.ended_left / ended if ended >= FEWEST_ENDED else None


def of_pcn(pcn_id: int, basis: Basis) -> Flow:
    """What came and went at a PCN to the end of ``basis.as_of``. One query."""
    asked = blanks(pcn_id, basis) | lately(basis.as_of)
    return Flow(*db.session.execute(_statement(), asked).one())


def lately(as_of: date) -> dict[str, Any]:
    """What fills ``LATE`` and ``YEAR_AGO`` for a day."""
    tomorrow = as_of + timedelta(days=1)
    return {"late": midnight(tomorrow - LATELY), "year_ago": midnight(tomorrow - A_YEAR)}


def been(at: Any) -> ColumnElement[bool]:
    """That a moment has been; never unknown, so that it can be denied."""
    return and_(at.is_not(None), at < END)


def since(at: Any, first: Any) -> ColumnElement[bool]:
    """That a moment was from ``first`` on and has been."""
    return and_(at >= first, at < END)


def talked(*when: ColumnElement[bool]) -> Select[Any]:
    """Conversations and replies of a case, as a part of a query about cases."""
    return select(Contact.id).where(
        Contact.case_id == Case.id,
        Contact.kind == ContactKind.CONVERSATION,
        Contact.outcome == ContactOutcome.ATTENDED,
        *when,
    )


@cache
def _statement() -> Select[Any]:
    """Over the cases that are open, or were closed in the financial year or the last 365 days.

    The second is the longer of the two but on the last day of a leap year.
    """
    late = or_(Case.closed_at.is_(None), Case.closed_at >= BEGIN, Case.closed_at >= YEAR_AGO)
    query = select(*_list_columns(), *_year_columns())
    return query.where(Case.organisation_id == PCN, late, counts())


def _list_columns() -> list[ColumnElement[Any]]:
    """For the waiting list. Nobody who was accepted is declined, so those who left are closed."""
    accepted, started, closed = Case.accepted_at, Case.first_conversation_at, Case.closed_at
    is_open = and_(closed.is_(None), Case.declined_at.is_(None))
    listed = or_(is_open, closed >= YEAR_AGO)
    taken = accepted.is_not(None)
    return [
        func.min(case((listed, accepted))),
        _number(listed, since(accepted, LATE)),
        _number(listed, since(started, LATE)),
        _number(been(started), since(closed, LATE)),
        _number(listed, taken, since(started, YEAR_AGO)),
        _number(taken, ~been(started), since(closed, YEAR_AGO)),
    ]


def _year_columns() -> list[ColumnElement[Any]]:
    """For the funnel, of the cases that were not closed before the year."""
    first, closed = Case.first_conversation_at, Case.closed_at
    there = or_(closed.is_(None), closed >= BEGIN)
    # The first conversation of a case is kept with it: most need no look at others. A reply in
    # writing is none (TWO_WAY), though the last contact of a case may be one.
    again = talked(Contact.at >= BEGIN, Contact.at < END, Contact.mode.in_(sorted(TWO_WAY)))
    seen = or_(since(first, BEGIN), and_(first < BEGIN, again.exists()))
    completed = and_(closed < END, Case.close_reason == CloseReason.PLAN_COMPLETED)
    on_caseload = and_(first < END, or_(closed.is_(None), closed >= END))
    return [
        func.count(case((and_(there, seen), Case.person_id)).distinct()),
        _number(there, since(first, BEGIN)),
        _number(there, completed),
        _number(there, on_caseload),
    ]


def _number(*all_of: ColumnElement[bool]) -> ColumnElement[int]:
    return func.count(case((and_(*all_of), 1)))
