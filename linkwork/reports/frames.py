"""People started, out of the database: rows, sums and frames that name nobody.

Section 4 of the capacity rules (docs/capacity.md, "Counting"), in SQL: each person counts once in
a financial year, for the PCN of the first start in the year and scope (at the same moment, the
lower code). A start is ``first_conversation_at`` of a case that was not opened in error. It is an
additional worker's when whoever held that conversation then had an additional post at that PCN.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Select, Subquery, case, false, func, or_, select

from linkwork.capacity.calendar import LONDON, FinancialYear
from linkwork.capacity.counting import Start
from linkwork.capacity.targets import Scope
from linkwork.database import db
from linkwork.models import (
    CloseReason,
    Complexity,
    Contact,
    ContactKind,
    ContactOutcome,
    ListSize,
    Organisation,
    OrganisationKind,
    OrganisationParent,
    Post,
    PostState,
    Referral,
    SupportCase,
    User,
)

if TYPE_CHECKING:
    import pandas

COLUMNS = ["person", "pcn_code", "started_at", "additional"]


@dataclass(frozen=True, slots=True)
class OpenCases:
    """A number of open cases that are alike; without a worker they wait to be allocated."""

    pcn_id: int
    worker_id: int | None
    worker_name: str | None
    complexity: Complexity
    started: bool
    cases: int


@dataclass(frozen=True, slots=True)
class Referred:
    """What one practice referred, and its newest list size."""

    practice: str
    referrals: int
    patients: int | None


def starts(pcn_ids: Sequence[int], year: FinancialYear, as_of: date) -> list[Start]:
    """Starts of the people any of these PCNs started in ``year`` up to the end of ``as_of``.

    One row for each person, PCN and kind of post, its earliest moment; starts of the same people
    at other PCNs too, because attribution needs them. A person is a number without meaning here.
    """
    begun = _begun(pcn_ids, year, as_of)
    first = func.min(begun.c.started_at)
    query = select(begun.c.person, begun.c.pcn_code, first, begun.c.additional)
    rows = db.session.execute(query.group_by(begun.c.person, begun.c.pcn_code, begun.c.additional))
    return [Start(person, code, at, bool(mark)) for person, code, at, mark in rows]


def months(
    pcn_ids: Sequence[int], year: FinancialYear, as_of: date, scope: Scope
) -> dict[str, list[int]]:
    """People started and attributed, by code of PCN: twelve counts each, April first.

    Counted in the database; PCNs that started nobody are absent. One query.
    """
    first = _first_starts(_begun(pcn_ids, year, as_of), year, scope)
    query = (
        select(first.c.pcn_code, first.c.month, func.count())
        .where(first.c.place == 1, first.c.pcn_id.in_(pcn_ids))
        .group_by(first.c.pcn_code, first.c.month)
    )
    found: dict[str, list[int]] = {}
    for code, which, people in db.session.execute(query):
        found.setdefault(code, [0] * 12)[which] = people
    return found


def starts_frame(rows: Sequence[Start]) -> "pandas.DataFrame":
    """Starts as a frame, ``started_on`` being the date in London."""
    import pandas

    frame = pandas.DataFrame(
        [(row.person, row.pcn_code, row.started_at, row.additional) for row in rows],
        columns=COLUMNS,
    )
    # Said, because a frame without rows would not know.
    frame = frame.astype({"additional": bool})
    moments = pandas.to_datetime(frame["started_at"], utc=True)
    return frame.assign(started_at=moments, started_on=moments.dt.tz_convert(LONDON).dt.date)


def pcn_months(frame: "pandas.DataFrame", scope: Scope) -> "pandas.DataFrame":
    """People started by PCN (index) and first day of the month (columns), from `starts_frame`."""
    import pandas

    mine = frame[frame["additional"]] if scope is Scope.ADDITIONAL else frame
    first = mine.sort_values(["started_at", "pcn_code"]).drop_duplicates("person")
    month = pandas.Series([day.replace(day=1) for day in first["started_on"]], first.index)
    return pandas.crosstab(first["pcn_code"], month.rename("month"))


def midnight(day: date) -> datetime:
    """The moment a day begins in London, in UTC."""
    return datetime.combine(day, time(), LONDON).astimezone(UTC)


def _begun(pcn_ids: Sequence[int], year: FinancialYear, as_of: date) -> Subquery:
    """One row for each case begun in the period, of people whom one of the PCNs started in it."""
    period = _in_period(year, as_of)
    known = select(SupportCase.person_id).where(SupportCase.organisation_id.in_(pcn_ids), *period)
    return (
        select(
            SupportCase.person_id.label("person"),
            SupportCase.organisation_id.label("pcn_id"),
            func.coalesce(Organisation.ods_code, Organisation.key).label("pcn_code"),
            SupportCase.first_conversation_at.label("started_at"),
            _by_additional_worker(year).label("additional"),
        )
        .join(Organisation, Organisation.id == SupportCase.organisation_id)
        .where(SupportCase.person_id.in_(known), *period)
        .subquery()
    )


def _in_period(year: FinancialYear, as_of: date) -> list[ColumnElement[bool]]:
    last = min(as_of, year.end) + timedelta(days=1)
    at = SupportCase.first_conversation_at
    error = SupportCase.close_reason == CloseReason.OPENED_IN_ERROR
    return [at >= midnight(year.start), at < midnight(last), ~func.coalesce(error, false())]


def _first_starts(begun: Subquery, year: FinancialYear, scope: Scope) -> Subquery:
    """The same rows with their month, and their place (1 is the first) among the person's."""
    place = func.row_number().over(
        partition_by=begun.c.person, order_by=(begun.c.started_at, begun.c.pcn_code)
    )
    query = select(begun, _month_of(begun.c.started_at, year).label("month"), place.label("place"))
    return _within(query, begun, scope).subquery()


def _within(query: Select[Any], begun: Subquery, scope: Scope) -> Select[Any]:
    return query.where(begun.c.additional == 1) if scope is Scope.ADDITIONAL else query


def _by_additional_worker(year: FinancialYear) -> ColumnElement[int]:
    """1 where the worker of the first conversation held an additional post there on that day."""
    # Told which case is meant: left alone, the inner query would look at them all.
    spoke = (
        select(func.min(Contact.worker_id))
        .where(
            Contact.case_id == SupportCase.id,
            Contact.at == SupportCase.first_conversation_at,
            Contact.kind == ContactKind.CONVERSATION,
            Contact.outcome == ContactOutcome.ATTENDED,
        )
        .correlate(SupportCase)
    )
    day = _london_day(SupportCase.first_conversation_at, year)
    held = select(Post.id).where(
        Post.organisation_id == SupportCase.organisation_id,
        Post.worker_id == func.coalesce(spoke.scalar_subquery(), SupportCase.worker_id),
        Post.additional,
        Post.state.in_([PostState.STARTED, PostState.ENDED]),
        Post.start_on <= day,
        or_(Post.end_on.is_(None), Post.end_on >= day),
    )
    return case((held.correlate(SupportCase).exists(), 1), else_=0)


def _london_day(at: Any, year: FinancialYear) -> ColumnElement[Any]:
    """The date in London of a moment within the year, for each engine in its own words."""
    if db.engine.dialect.name == "postgresql":
        return func.date(func.timezone(LONDON.key, at))
    back, forward = _last_sunday(year.first_year, 10), _last_sunday(year.first_year + 1, 3)
    summer = or_(at < back, at >= forward)
    return func.date(at, case((summer, "+1 hour"), else_="+0 hours"))


def _last_sunday(year: int, month: int) -> datetime:
    """When clocks change in a month of 31 days: 01:00 UTC on its last Sunday."""
    last = date(year, month, 31)
    sunday = last - timedelta(days=(last.weekday() + 1) % 7)
    return datetime.combine(sunday, time(1), UTC)


def _month_of(at: Any, year: FinancialYear) -> ColumnElement[int]:
    """The number of the month of a moment within the year: 0 is April, in London."""
    later = [*year.months[1:], year.next.start]
    steps = [(at < midnight(first), number) for number, first in enumerate(later)]
    return case(*steps, else_=11)


def open_cases(pcn_ids: Sequence[int]) -> list[OpenCases]:
    """Open cases now, counted by PCN, worker, complexity and whether they have started."""
    started = SupportCase.first_conversation_at.is_not(None)
    which = (SupportCase.organisation_id, SupportCase.worker_id, User.name, SupportCase.complexity)
    query = (
        select(*which, case((started, 1), else_=0).label("started"), func.count())
        .outerjoin(User, User.id == SupportCase.worker_id)
        .where(SupportCase.organisation_id.in_(pcn_ids), SupportCase.is_open)
        .group_by(*which, "started")
    )
    return [OpenCases(*row) for row in db.session.execute(query)]


def referrals_by_practice(pcn_id: int, year: FinancialYear, as_of: date) -> list[Referred]:
    """Each practice that was with a PCN in the year, by name: referrals received to ``as_of``.

    Referrals whose case was opened in error are not counted. One query.
    """
    error = SupportCase.close_reason == CloseReason.OPENED_IN_ERROR
    sent = (
        select(Referral.practice_id, func.count().label("referrals"))
        .join(SupportCase, SupportCase.id == Referral.case_id)
        .where(
            Referral.organisation_id == pcn_id,
            Referral.referred_at >= midnight(year.start),
            Referral.referred_at < midnight(min(as_of, year.end) + timedelta(days=1)),
            ~func.coalesce(error, false()),
        )
        .group_by(Referral.practice_id)
        .subquery()
    )
    size = (
        select(ListSize.patients)
        .where(ListSize.organisation_id == Organisation.id)
        .order_by(ListSize.as_of.desc())
        .limit(1)
        .scalar_subquery()
    )
    query = (
        select(Organisation.name, func.coalesce(sent.c.referrals, 0), size)
        .outerjoin(sent, sent.c.practice_id == Organisation.id)
        .where(
            Organisation.kind == OrganisationKind.PRACTICE,
            or_(
                Organisation.parent_id == pcn_id,
                Organisation.id.in_(_once_there(pcn_id, year.start, min(as_of, year.end))),
            ),
        )
        .order_by(Organisation.name)
    )
    return [Referred(*row) for row in db.session.execute(query)]


def _once_there(pcn_id: int, start: date, end: date) -> Select[int]:
    """The practices that were with a PCN on any day of a time, moved since or not."""
    stay = OrganisationParent
    return select(stay.organisation_id).where(
        stay.parent_id == pcn_id,
        stay.start_on <= end,
        or_(stay.end_on.is_(None), stay.end_on >= start),
    )
