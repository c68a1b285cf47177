"""Answers to suggestions, counted in the database: by month, reason, service and concept.

An answer is a suggestion turned down, or taken up with an onward referral; what was taken back and
what is only to be talked about is none. Arrived is that a first visit is noted. Stayed is that
three visits are noted, or that four weeks after the first the onward referral had not ended.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Interval,
    Select,
    and_,
    case,
    func,
    or_,
    select,
    true,
)

from linkwork.database import db
from linkwork.models import (
    Attendance,
    MatchAnswer,
    MatchAnswerKind,
    OnwardReferral,
    RejectReason,
    Service,
    SupportCase,
    User,
)
from linkwork.permissions import in_own_pcns
from linkwork.reports.frames import midnight

VISITS, STAYED = 3, timedelta(days=28)
SQLITE_STAYED = f"+{STAYED.days} days"


@dataclass(frozen=True, slots=True)
class Counts:
    """Suggestions answered, and of how many of them each came true."""

    answered: int = 0
    accepted: int = 0
    arrived: int = 0
    stayed: int = 0

    @property
    def rejected(self) -> int:
        """Suggestions that were turned down."""
        return self.answered - self.accepted


def by_month(user: User, months: Sequence[date], *, at: datetime) -> list[Counts]:
    """Counts of each month, whose first days are given in a row, in the user’s PCNs. One query."""
    which = _month_of(months)
    rows = _counted(user, which, months, at)
    return [rows.get(number, Counts()) for number in range(len(months))]


def reasons_by_month(user: User, months: Sequence[date]) -> list[dict[RejectReason, int]]:
    """How often each reason was given in each month. One query."""
    which = _month_of(months).label("month")
    query = _answers(user, months).with_only_columns(which, MatchAnswer.reason, func.count())
    query = query.where(MatchAnswer.reason.is_not(None)).group_by(which, MatchAnswer.reason)
    found: list[dict[RejectReason, int]] = [{} for _ in months]
    for number, reason, times in db.session.execute(query):
        found[number][RejectReason(str(reason))] = times
    return found


def by_service(user: User, months: Sequence[date], *, at: datetime) -> Mapping[int, Counts]:
    """Counts by the number of the service; a merged entry counts where it went. One query."""
    return _counted(user, _kept_service(), months, at)


def reasons_by_service(user: User, months: Sequence[date]) -> dict[int, dict[RejectReason, int]]:
    """How often each reason was given against each service. One query."""
    which = _kept_service().label("service")
    query = _answers(user, months).with_only_columns(which, MatchAnswer.reason, func.count())
    query = query.where(MatchAnswer.reason.is_not(None)).group_by(which, MatchAnswer.reason)
    found: dict[int, dict[RejectReason, int]] = {}
    for service_id, reason, times in db.session.execute(query):
        found.setdefault(service_id, {})[RejectReason(str(reason))] = times
    return found


def by_concept(user: User, months: Sequence[date], *, at: datetime) -> Mapping[str, Counts]:
    """Counts by what was confirmed and answered for: one answer counts for each. One query."""
    about: Any
    if db.engine.dialect.name == "postgresql":
        about = func.json_array_elements_text(MatchAnswer.concepts).table_valued("value")
    else:
        about = func.json_each(MatchAnswer.concepts).table_valued("value")
    query = _answers(user, months).join(about, true())
    return _summed(query, about.c.value, at)


def _counted(
    user: User, which: ColumnElement[Any], months: Sequence[date], at: datetime
) -> dict[Any, Counts]:
    return _summed(_answers(user, months), which, at)


def _summed(query: Select[Any], which: ColumnElement[Any], at: datetime) -> dict[Any, Counts]:
    named = which.label("which")
    sums = (func.sum(case((truth, 1), else_=0)) for truth in _truths(at))
    query = query.with_only_columns(named, func.count(), *sums).group_by(named)
    return {row[0]: Counts(*row[1:]) for row in db.session.execute(query)}


def _answers(user: User, months: Sequence[date]) -> Select[Any]:
    first, after = months[0], _next_month(months[-1])
    return (
        select(MatchAnswer.id)
        .select_from(MatchAnswer)
        .join(SupportCase, SupportCase.id == MatchAnswer.case_id)
        .join(Service, Service.id == MatchAnswer.service_id)
        .outerjoin(OnwardReferral, OnwardReferral.id == MatchAnswer.onward_referral_id)
        .where(
            in_own_pcns(user, SupportCase.organisation_id),
            MatchAnswer.kind.in_([MatchAnswerKind.ACCEPTED, MatchAnswerKind.REJECTED]),
            MatchAnswer.taken_back_at.is_(None),
            MatchAnswer.at >= midnight(first),
            MatchAnswer.at < midnight(after),
        )
    )


def _truths(at: datetime) -> tuple[ColumnElement[bool], ...]:
    """Whether it was taken up, whether somebody arrived, and whether they stayed."""
    came = (
        select(func.count())
        .where(Attendance.onward_referral_id == OnwardReferral.id, Attendance.came)
        .correlate(OnwardReferral)
        .scalar_subquery()
    )
    first = OnwardReferral.first_attended_at
    arrived = and_(first.is_not(None), first <= at)
    over = func.coalesce(
        OnwardReferral.ended_at, OnwardReferral.declined_at, OnwardReferral.cancelled_at
    )
    going = and_(first <= at - STAYED, func.coalesce(over >= _later(first), true()))
    accepted = MatchAnswer.kind == MatchAnswerKind.ACCEPTED
    return accepted, arrived, and_(arrived, or_(came >= VISITS, going))


def _later(first: Any) -> ColumnElement[Any]:
    """Four weeks after a moment, for each engine in its own words."""
    if db.engine.dialect.name == "postgresql":
        # In hours: days would be those of the zone of the session, which has one of 25 hours.
        weeks = func.make_interval(0, 0, 0, 0, STAYED.days * 24, type_=Interval())
        later: ColumnElement[Any] = first + weeks
        return later
    return func.datetime(first, SQLITE_STAYED)


def _kept_service() -> ColumnElement[int]:
    return func.coalesce(Service.merged_into_id, Service.id)


def _month_of(months: Sequence[date]) -> ColumnElement[int]:
    """The place of the month of an answer among the months given, in London."""
    steps = [(MatchAnswer.at < midnight(first), number) for number, first in enumerate(months[1:])]
    return case(*steps, else_=len(months) - 1) if steps else func.coalesce(0, 0)


def _next_month(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)
