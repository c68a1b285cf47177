"""How far the referrals of a year came, counted in the database: rows that name nobody.

A referral is of the year by the moment it was received, and stands where it stood at its end.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased

from linkwork.casework import starts
from linkwork.database import db
from linkwork.models import (
    CloseReason,
    Contact,
    ContactKind,
    ContactOutcome,
    DeclineReason,
    Referral,
    ReferralSource,
    SupportCase,
)
from linkwork.models.contact import TWO_WAY
from linkwork.reports.basis import Basis
from linkwork.reports.blanks import BEGIN, END, PCN, blanks


class StepCode(StrEnum):
    """The steps, in their order."""

    REFERRED = "referred"
    CONTACTED = "contacted"
    STARTED = "started"
    PLANNED = "planned"
    CONNECTED = "connected"
    COMPLETED = "completed"


@dataclass(frozen=True, slots=True)
class Alike:
    """Referrals that came equally far. One that repeats another comes no further than received."""

    source: ReferralSource
    is_repeat: bool
    declined: bool
    decline_reason: DeclineReason | None
    closed: bool
    close_reason: CloseReason | None
    reached: frozenset[StepCode]
    cases: int


def referrals(pcn_id: int, basis: Basis) -> list[Alike]:
    """The referrals of the year, counted by how far they came and why no further. One query.

    Those of cases that were opened in error are not counted.
    """
    rows = db.session.execute(_by_fate(), blanks(pcn_id, basis))
    return [
        Alike(source, bool(repeat), bool(declined), why, bool(closed), why_closed,
              _reached(marks, is_repeat=repeat), cases)
        for source, repeat, declined, why, closed, why_closed, *marks, cases in rows
    ]  # fmt: skip


def besides(pcn_id: int, basis: Basis) -> tuple[int, int, int, int]:
    """People seen; cases started; cases completed in the year; and on the caseload. One query.

    Each whenever they were referred; cases that were opened in error are not counted.
    """
    seen, begun, done, load = db.session.execute(_besides(), blanks(pcn_id, basis)).one()
    return seen, begun, done, load


def _reached(marks: Sequence[int], *, is_repeat: bool) -> frozenset[StepCode]:
    first, *later = StepCode
    if is_repeat:
        return frozenset({first})
    return frozenset({first, *(code for code, mark in zip(later, marks, strict=True) if mark)})


@cache
def _by_fate() -> Select[Any]:
    """Referrals in groups that are alike."""
    earlier, of = aliased(Referral), SupportCase
    repeat = select(earlier.id).where(
        earlier.case_id == Referral.case_id,
        or_(
            earlier.referred_at < Referral.referred_at,
            and_(earlier.referred_at == Referral.referred_at, earlier.id < Referral.id),
        ),
    )
    started, closed, declined = (
        moment < END for moment in (of.first_conversation_at, of.closed_at, of.declined_at)
    )
    marks = {
        "contacted": or_(started, _talked(Contact.at < END).exists()),
        "started": started,
        "planned": started & (of.plan_agreed_at < END),
        "connected": started & (of.connected_at < END),
        "completed": started & closed & (of.close_reason == CloseReason.PLAN_COMPLETED),
    }
    each = (
        select(
            Referral.source,
            _mark(repeat.exists()).label("repeat"),
            _mark(declined).label("declined"),
            case((declined, of.decline_reason)).label("decline_reason"),
            _mark(closed).label("closed"),
            case((closed, of.close_reason)).label("close_reason"),
            *(_mark(true).label(name) for name, true in marks.items()),
        )
        .join(of, of.id == Referral.case_id)
        .where(
            Referral.organisation_id == PCN,
            Referral.referred_at >= BEGIN,
            Referral.referred_at < END,
            starts.counts(),
        )
        .subquery()
    )
    return select(*each.c, func.count()).group_by(*each.c)


@cache
def _besides() -> Select[int, int, int, int]:
    """What was done in the year, of all cases that were not closed before it."""
    of = SupportCase
    started, closed = of.first_conversation_at < END, of.closed_at < END
    on_caseload = started & or_(of.closed_at.is_(None), of.closed_at >= END)
    completed = closed & (of.close_reason == CloseReason.PLAN_COMPLETED)
    # The first conversation of a case is kept with it: most need no look at others. A reply in
    # writing is none (TWO_WAY), though the last contact of a case may be one.
    again = _talked(Contact.at >= BEGIN, Contact.at < END, Contact.mode.in_(sorted(TWO_WAY)))
    seen = or_(
        and_(of.first_conversation_at >= BEGIN, of.first_conversation_at < END),
        and_(of.first_conversation_at < BEGIN, again.exists()),
    )
    return select(
        func.count(case((seen, of.person_id)).distinct()),
        _number(started & (of.first_conversation_at >= BEGIN)),
        _number(completed),
        _number(on_caseload),
    ).where(
        of.organisation_id == PCN,
        or_(of.closed_at.is_(None), of.closed_at >= BEGIN),
        starts.counts(),
    )


def _talked(*when: ColumnElement[bool]) -> Select[Any]:
    """Conversations and replies of a case."""
    return select(Contact.id).where(
        Contact.case_id == SupportCase.id,
        Contact.kind == ContactKind.CONVERSATION,
        Contact.outcome == ContactOutcome.ATTENDED,
        *when,
    )


def _mark(true: ColumnElement[bool]) -> ColumnElement[int]:
    return case((true, 1), else_=0)


def _number(true: ColumnElement[bool]) -> ColumnElement[int]:
    return func.coalesce(func.sum(_mark(true)), 0)
