"""Starts in SQL: which episodes count as begun, on which day in London, and by whom.

Section 4 of the capacity rules (docs/capacity.md, "Counting"). A start is
``first_conversation_at`` of a case that was not opened in error. It is an additional worker's
when whoever held that conversation then had an additional post at that PCN.
"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Date,
    Integer,
    Select,
    case,
    cast,
    collate,
    extract,
    false,
    func,
    or_,
    select,
    type_coerce,
)

from linkwork.capacity.calendar import LONDON, FinancialYear
from linkwork.database import db
from linkwork.models import (
    CloseReason,
    Contact,
    ContactKind,
    ContactOutcome,
    Organisation,
    Post,
    PostState,
    SupportCase,
)

AT = SupportCase.first_conversation_at


def midnight(day: date) -> datetime:
    """The moment a day begins in London, in UTC."""
    return datetime.combine(day, time(), LONDON).astimezone(UTC)


def in_period(year: FinancialYear, as_of: date) -> list[ColumnElement[bool]]:
    """That a case counts and began in a financial year, up to the end of ``as_of``."""
    last = min(as_of, year.end) + timedelta(days=1)
    return [midnight(year.start) <= AT, midnight(last) > AT, counts()]


def counts() -> ColumnElement[bool]:
    """That a case was not opened in error: such a one counts nowhere."""
    return ~func.coalesce(SupportCase.close_reason == CloseReason.OPENED_IN_ERROR, false())


def begun(*where: ColumnElement[bool]) -> CTE:
    """One row for each case that began and counts: person, PCN, its code, moment, day, by whom.

    Columns: ``person``, ``pcn_id``, ``pcn_code``, ``started_at``, ``started_on`` (the date in
    London) and ``additional`` (1 or 0).
    """
    code = func.coalesce(Organisation.ods_code, Organisation.key)
    query = (
        select(
            SupportCase.person_id.label("person"),
            SupportCase.organisation_id.label("pcn_id"),
            _by_bytes(code).label("pcn_code"),
            AT.label("started_at"),
            london_day(AT).label("started_on"),
            by_additional_worker().label("additional"),
        )
        .join(Organisation, Organisation.id == SupportCase.organisation_id)
        .where(AT.is_not(None), counts(), *where)
    )
    return query.cte("begun")


def london_day(at: Any) -> ColumnElement[date]:
    """The date in London of a moment since 1996, for each engine in its own words."""
    if db.engine.dialect.name == "postgresql":
        return cast(func.timezone(LONDON.key, at), Date)
    spring, autumn = _clocks_change(at, "+2 months"), _clocks_change(at, "+9 months")
    summer = (func.datetime(at) >= spring) & (func.datetime(at) < autumn)
    return type_coerce(func.date(at, case((summer, "+1 hour"), else_="+0 hours")), Date)


def first_year_of(day: Any) -> ColumnElement[int]:
    """The calendar year in which the financial year of a day starts."""
    return cast(extract("year", day) - case((extract("month", day) < 4, 1), else_=0), Integer)


def _clocks_change(at: Any, month: str) -> ColumnElement[str]:
    """01:00 UTC on the last Sunday of a month of 31 days, as SQLite writes it."""
    return func.datetime(at, "start of year", month, "+24 days", "weekday 0", "+1 hour")


def _by_bytes(code: ColumnElement[str]) -> ColumnElement[str]:
    """Codes in the order in which Python has them, whatever the database’s language."""
    return collate(code, "C") if db.engine.dialect.name == "postgresql" else code


def whoever_spoke() -> ColumnElement[int]:
    """The worker of the first conversation of a case, as a part of a query about cases."""
    return func.coalesce(_who_spoke().scalar_subquery(), SupportCase.worker_id)


def by_additional_worker() -> ColumnElement[int]:
    """1 where the worker of the first conversation held an additional post there on that day."""
    day = london_day(AT)
    held = select(Post.id).where(
        Post.organisation_id == SupportCase.organisation_id,
        Post.worker_id == whoever_spoke(),
        Post.additional,
        Post.state.in_([PostState.STARTED, PostState.ENDED]),
        Post.start_on <= day,
        or_(Post.end_on.is_(None), Post.end_on >= day),
    )
    return case((held.correlate(SupportCase).exists(), 1), else_=0)


def _who_spoke() -> Select[Any]:
    """Whoever held the first conversation; of two at that moment, one and always the same."""
    # Told which case is meant: left alone, the inner query would look at them all.
    return (
        select(func.min(Contact.worker_id))
        .where(
            Contact.case_id == SupportCase.id,
            Contact.at == AT,
            Contact.kind == ContactKind.CONVERSATION,
            Contact.outcome == ContactOutcome.ATTENDED,
        )
        .correlate(SupportCase)
    )
