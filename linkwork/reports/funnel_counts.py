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
    DeclineReason,
    Referral,
    ReferralSource,
    SupportCase,
)
from linkwork.reports import flows
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
        "contacted": or_(started, flows.talked(Contact.at < END).exists()),
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


def _mark(true: ColumnElement[bool]) -> ColumnElement[int]:
    return case((true, 1), else_=0)
