"""Pace: what should have been started by a date, and how far off that is.

Section 7 of the capacity rules (docs/capacity.md, "Pace").
"""

from dataclasses import dataclass
from datetime import date

from linkwork.capacity.calendar import FinancialYear
from linkwork.capacity.figure import Figure, counted, people, ratio


@dataclass(frozen=True, slots=True)
class Pace:
    """People started by the end of `as_of` against the share to that date.

    `gap_people` and `gap_days` (working days) are above 0 when ahead and below when behind.
    """

    as_of: date
    target: int
    started: int
    expected: float
    gap_people: float
    gap_days: Figure

    @property
    def sentence(self) -> str:
        """How far ahead or behind, in people and working days."""
        gap = round(abs(self.gap_people))
        if not gap or self.gap_days.value is None:
            return "As many people as expected by now."
        where = "ahead of" if self.gap_people > 0 else "behind"
        days = counted(abs(self.gap_days.value), "working day")
        return f"{people(gap)}, or {days}, {where} the expected pace."


def pace(target: int, started: int, year: FinancialYear, as_of: date) -> Pace:
    """Expected by `as_of` is T * W_e / W; the gap in days is the gap at T / W people a day.

    `target` and `started` are people of the same scope. Raises BankHolidaysUnknown.
    """
    whole = year.working_days()
    expected = target * year.elapsed(as_of) / whole
    gap = started - expected
    days = ratio(gap * whole, target, "There is no target to keep up with.")
    return Pace(as_of, target, started, expected, gap, days)
