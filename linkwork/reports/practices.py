"""Practices of one PCN: referrals per 1,000 patients, and whether that differs by more than chance.

Each is compared with what it would have sent at the rate of all of them together, within limits
that 95 % and 99.8 % of practices would keep to by chance (``capacity.fairness``). Small counts are
withheld, and what would give them away; there is no league table.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import ScalarSelect, Select, case, func, or_, select

from linkwork.capacity import fairness
from linkwork.capacity.figure import Figure, missing, ratio
from linkwork.database import db
from linkwork.models import (
    CloseReason,
    ListSize,
    Organisation,
    OrganisationKind,
    OrganisationParent,
    Referral,
    SupportCase,
)
from linkwork.reports import disclosure
from linkwork.reports.basis import Basis
from linkwork.reports.blanks import BEGIN, END, FIRST_DAY, LAST_DAY, PCN, blanks

PER = 1000
NO_LIST = "No list size"
PART = "With us for part of the year"
NO_REFERRALS = "No referral yet"


@dataclass(frozen=True, slots=True)
class Referred:
    """What one practice referred, and its list size; ``part`` says it was not here all year."""

    practice: str
    referrals: int
    patients: int | None
    part: bool

    @property
    def is_compared(self) -> bool:
        """Whether it can be set against the others."""
        return bool(self.patients) and not self.part


@dataclass(frozen=True, slots=True)
class Practice:
    """A practice: referrals in the year to date, as they are printed.

    ``rate`` is per 1,000 patients; ``low`` and ``high`` are the 95 % limits of the count, and
    ``words`` say how it compares, or why it does not. ``shown`` is the count where it may be.
    """

    name: str
    patients: int | None
    referrals: str
    shown: int | None
    rate: Figure
    expected: Figure
    low: Figure
    high: Figure
    words: str


@dataclass(frozen=True, slots=True)
class Practices:
    """The practices of a PCN by name; ``rate`` is of those that are compared, together."""

    lines: tuple[Practice, ...]
    rate: Figure
    phi: float
    """How much more those that are told differ than by chance alone; 1 where that is not clear."""


def of_pcn(pcn: Organisation, basis: Basis) -> Practices:
    """Each practice that was with a PCN in the year, by name. One query.

    Referrals received to the end of ``basis.as_of``, repeated ones too; those whose case was
    opened in error are not counted.
    """
    rows = referred(pcn.id, basis)
    compared = [row for row in rows if row.is_compared]
    rate = ratio(
        sum(row.referrals for row in compared),
        sum(row.patients or 0 for row in compared),
        NO_LIST,
    )
    steads = _steads(rows)
    # Only of those that are told: from the limits others could be worked out.
    phi = fairness.spread(
        [
            (row.referrals, (rate.value or 0) * (row.patients or 0))
            for row, stead in zip(rows, steads, strict=True)
            if row.is_compared and stead is None
        ]
    )
    lines = [_line(row, stead, rate, phi) for row, stead in zip(rows, steads, strict=True)]
    return Practices(tuple(lines), rate.scaled(PER), phi)


def referred(pcn_id: int, basis: Basis) -> list[Referred]:
    """What each practice that was with a PCN in the year sent it, by name. One query."""
    rows = db.session.execute(_statement(), blanks(pcn_id, basis))
    return [Referred(name, count, patients, bool(part)) for name, count, patients, part in rows]


@cache
def _statement() -> Select[str, Any, int, bool]:
    """Practices by name: referrals, list size, whether they were here for part of the year."""
    sent = (
        select(Referral.practice_id, func.count().label("referrals"))
        .where(
            Referral.organisation_id == PCN,
            Referral.referred_at >= BEGIN,
            Referral.referred_at < END,
            Referral.case_id.not_in(_in_error()),
        )
        .group_by(Referral.practice_id)
        .subquery()
    )
    here, own = _stays(), Organisation.parent_id == PCN
    whole = here.where(
        OrganisationParent.start_on <= FIRST_DAY,
        or_(OrganisationParent.end_on.is_(None), OrganisationParent.end_on >= LAST_DAY),
    )
    numbered = select(OrganisationParent.organisation_id).where(
        OrganisationParent.organisation_id == Organisation.id
    )
    return (
        select(
            Organisation.name,
            func.coalesce(sent.c.referrals, 0),
            _patients(),
            # Where no stay was ever noted, it is taken to have been here all along.
            numbered.exists() & Organisation.id.not_in(whole),
        )
        .outerjoin(sent, sent.c.practice_id == Organisation.id)
        .where(
            Organisation.kind == OrganisationKind.PRACTICE,
            # By a union: with "or" PostgreSQL would read every practice there is.
            Organisation.id.in_(select(Organisation.id).where(own).union(here)),
        )
        .order_by(Organisation.name, Organisation.id)
    )


def _in_error() -> Select[int]:
    """Cases of the year that were opened in error: far fewer than all that a join would read."""
    return select(SupportCase.id).where(
        SupportCase.organisation_id == PCN,
        SupportCase.closed_at >= BEGIN,
        SupportCase.close_reason == CloseReason.OPENED_IN_ERROR,
    )


def _patients() -> ScalarSelect[int]:
    """The newest list size on a day; before the first, the earliest there is."""
    is_past = ListSize.as_of <= LAST_DAY
    return (
        select(ListSize.patients)
        .where(ListSize.organisation_id == Organisation.id)
        .order_by(is_past.desc(), case((is_past, ListSize.as_of)).desc(), ListSize.as_of)
        .limit(1)
        .scalar_subquery()
    )


def _stays() -> Select[int]:
    """The practices that were with the PCN on any day of the year, moved since or not."""
    stay = OrganisationParent
    return select(stay.organisation_id).where(
        stay.parent_id == PCN,
        stay.start_on <= LAST_DAY,
        or_(stay.end_on.is_(None), stay.end_on >= FIRST_DAY),
    )


def _steads(rows: Sequence[Referred]) -> list[str | None]:
    """What is printed in the stead of each count: the rate of all tells the sum of either group."""
    found: dict[int, str | None] = {}
    for group in (True, False):
        places = [i for i, row in enumerate(rows) if row.is_compared is group]
        counts = [rows[i].referrals for i in places]
        found |= zip(places, disclosure.withheld(counts, with_total=True), strict=True)
    return [found[i] for i in range(len(rows))]


def _line(row: Referred, stead: str | None, rate: Figure, phi: float) -> Practice:
    own = missing(stead) if stead else _rate(row)
    expected = rate.scaled(row.patients or 0) if row.is_compared else missing(_why(row))
    low, high = expected, expected
    if expected.value:
        low, high = map(Figure, fairness.limits(expected.value, fairness.Z_95, phi))
    return Practice(
        name=row.practice,
        patients=row.patients,
        referrals=stead or f"{row.referrals:,}",
        shown=None if stead else row.referrals,
        rate=own,
        expected=expected,
        low=low,
        high=high,
        words=_words(row, stead, expected, phi),
    )


def _rate(row: Referred) -> Figure:
    return ratio(PER * row.referrals, row.patients or 0, NO_LIST)


def _why(row: Referred) -> str:
    return PART if row.patients else NO_LIST


def _words(row: Referred, stead: str | None, expected: Figure, phi: float) -> str:
    """How a practice compares. Of a small count no more than what its being small tells anybody."""
    if not expected.value:
        return expected.reason or NO_REFERRALS
    if stead == disclosure.WITHHELD:
        most = disclosure.SMALLEST_SHOWN - 1
        place = fairness.place(most, expected.value, phi)
        return place.words if place.is_outside and most < expected.value else stead
    return stead or fairness.place(row.referrals, expected.value, phi).words
