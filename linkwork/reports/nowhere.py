"""Needs with nowhere to send people: how often nothing was found in the year, and why.

What link workers noted at one PCN (``models.gap``), by need. The page of gaps tells the same month
by month and place by place and withholds small counts, so that here only the tens are told which a
count reaches: nothing is found by subtracting one page from the other.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import cache

from sqlalchemy import Select, func, select

from linkwork.casework import starts
from linkwork.database import db
from linkwork.models import (
    GAP_LABELS,
    NEED_LABELS,
    Gap,
    GapReason,
    Need,
    Organisation,
    SupportCase,
)
from linkwork.reports import disclosure
from linkwork.reports.basis import Basis
from linkwork.reports.blanks import BEGIN, END, PCN, blanks

FEWER = "Fewer than 10"
MOST_REASONS = 3


@dataclass(frozen=True, slots=True)
class Line:
    """One need: how many times nothing was found, in tens, and why: the commonest reason first.

    Why is told only where there were ten or more.
    """

    need: Need
    times: str
    reasons: tuple[GapReason, ...]

    @property
    def label(self) -> str:
        """The need in words."""
        return NEED_LABELS[self.need]

    @property
    def why(self) -> str:
        """The reasons in words."""
        return "; ".join(GAP_LABELS[reason] for reason in self.reasons)


@dataclass(frozen=True, slots=True)
class Nowhere:
    """The needs of a year, the most often missed first; among those below ten, by name."""

    lines: tuple[Line, ...]

    @property
    def most(self) -> tuple[Line, ...]:
        """Those that were missed ten times or more."""
        return tuple(line for line in self.lines if line.times != FEWER)

    @property
    def rest(self) -> tuple[Line, ...]:
        """Those that were missed less often."""
        return tuple(line for line in self.lines if line.times == FEWER)


def of_pcn(pcn: Organisation, basis: Basis) -> Nowhere:
    """The needs that nothing was found for at a PCN in the year to ``basis.as_of``. One query.

    Not counted are gaps that were taken back, and those of cases that were opened in error.
    """
    found = _found(pcn.id, basis)
    # What is told alike stands in order of name, which tells nothing more.
    most = sorted(found, key=lambda need: (-(found[need].total() // 10), NEED_LABELS[need]))
    return Nowhere(tuple(_line(need, found[need]) for need in most))


def _found(pcn_id: int, basis: Basis) -> dict[Need, Counter[GapReason]]:
    found: dict[Need, Counter[GapReason]] = defaultdict(Counter)
    for need, reason, times in db.session.execute(_statement(), blanks(pcn_id, basis)):
        found[need][reason] += times
    return dict(found)


@cache
def _statement() -> Select[Need, GapReason, int]:
    """How often nothing was found, by need and reason."""
    return (
        select(Gap.need, Gap.reason, func.count())
        .outerjoin(SupportCase, SupportCase.id == Gap.case_id)
        .where(
            Gap.organisation_id == PCN,
            Gap.at >= BEGIN,
            Gap.at < END,
            Gap.undone_at.is_(None),
            starts.counts(),
        )
        .group_by(Gap.need, Gap.reason)
    )


def _line(need: Need, reasons: Counter[GapReason]) -> Line:
    times = disclosure.in_tens(reasons.total())
    if not times:
        return Line(need, FEWER, ())
    most = sorted(reasons, key=lambda reason: (-reasons[reason], reason))
    return Line(need, times, tuple(most[:MOST_REASONS]))
