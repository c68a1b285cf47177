"""Financial years and working days, as people in England live them.

Section 2 of the capacity rules (docs/capacity.md, "Working days").
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

LONDON = ZoneInfo("Europe/London")
FRIDAY = 4


class BankHolidaysUnknown(ValueError):
    """The bank holidays of a year are not known, so its working days cannot be counted."""


@dataclass(frozen=True, order=True, slots=True)
class FinancialYear:
    """1 April of `first_year` to 31 March of the next, both inclusive, in London time."""

    first_year: int

    @classmethod
    def containing(cls, moment: date | datetime) -> "FinancialYear":
        """The year that a date, or an aware moment seen from London, falls in.

        Raises ValueError for a moment without a time zone.
        """
        day = london_date(moment)
        return cls(day.year if day.month >= 4 else day.year - 1)

    @classmethod
    def from_label(cls, label: str) -> "FinancialYear":
        """The year named "2025/26". Raises ValueError for any other shape."""
        first = label[:4]
        if first.isascii() and first.isdigit():
            year = cls(int(first))
            if 1 <= year.first_year < 9999 and year.label == label:
                return year
        raise ValueError("A financial year is written like 2025/26.")

    @property
    def start(self) -> date:
        """1 April."""
        return date(self.first_year, 4, 1)

    @property
    def end(self) -> date:
        """31 March of the next calendar year."""
        return date(self.first_year + 1, 3, 31)

    @property
    def label(self) -> str:
        """The year as it is written, "2025/26"."""
        return f"{self.first_year:04d}/{(self.first_year + 1) % 100:02d}"

    @property
    def months(self) -> tuple[date, ...]:
        """The first day of each of the twelve months, April first."""
        return _months_of(self.first_year)

    @property
    def next(self) -> "FinancialYear":
        """The year after."""
        return FinancialYear(self.first_year + 1)

    @property
    def previous(self) -> "FinancialYear":
        """The year before."""
        return FinancialYear(self.first_year - 1)

    def working_days(self, first_on: date | None = None, last_on: date | None = None) -> int:
        """Working days from `first_on` to `last_on`, both inclusive, clipped to this year.

        Without dates, the whole year: W. Monday to Friday less the bank holidays of England.
        Raises BankHolidaysUnknown for a year without them.
        """
        days = _working_days_of(self.first_year)
        low = 0 if first_on is None else bisect_left(days, first_on)
        high = len(days) if last_on is None else bisect_right(days, last_on)
        return max(0, high - low)

    def elapsed(self, as_of: date) -> int:
        """Working days from 1 April up to and including `as_of`: 0 before the year, W after."""
        return self.working_days(self.start, as_of)

    def remaining(self, as_of: date) -> int:
        """Working days after `as_of` to 31 March."""
        return self.working_days() - self.elapsed(as_of)


def working_days(first_on: date, last_on: date) -> int:
    """Working days between two dates, both inclusive, over as many years as they span.

    0 when the last is before the first. Raises BankHolidaysUnknown.
    """
    if last_on < first_on:
        return 0
    return sum(year.working_days(first_on, last_on) for year in _years(first_on, last_on))


def window_start(as_of: date, length_days: int, year: FinancialYear) -> date:
    """First day of the window of `length_days` working days that ends on `as_of`.

    Never before 1 April of `year`; the whole year to date when it is shorter than the window.
    """
    days = _working_days_of(year.first_year)
    end = bisect_right(days, as_of)
    return year.start if end <= length_days else days[end - length_days]


def london_date(moment: date | datetime) -> date:
    """The date in London of an aware moment; a plain date is itself. ValueError if naive."""
    if not isinstance(moment, datetime):
        return moment
    if moment.tzinfo is None:
        raise ValueError("A moment needs a time zone.")
    return moment.astimezone(LONDON).date()


def long_date(day: date) -> str:
    """A date as it is written on screen: "30 September 2025"."""
    return f"{day.day} {day:%B %Y}"


def _years(first_on: date, last_on: date) -> Iterator[FinancialYear]:
    year = FinancialYear.containing(first_on)
    while year.start <= last_on:
        yield year
        year = year.next


@cache
def _months_of(first_year: int) -> tuple[date, ...]:
    later = (date(first_year + 1, month, 1) for month in range(1, 4))
    return (*(date(first_year, month, 1) for month in range(4, 13)), *later)


@cache
def _working_days_of(first_year: int) -> tuple[date, ...]:
    """Every working day of a financial year in order: computed once, then searched."""
    off = _bank_holidays(first_year) | _bank_holidays(first_year + 1)
    start = date(first_year, 4, 1)
    days = (start + timedelta(days=n) for n in range((date(first_year + 1, 4, 1) - start).days))
    return tuple(day for day in days if day.weekday() <= FRIDAY and day not in off)


@cache
def _bank_holidays(year: int) -> frozenset[date]:
    known = frozenset(holidays.country_holidays("GB", subdiv="ENG", years=[year]))
    if not known:
        raise BankHolidaysUnknown(
            f"The bank holidays of {year} are not known, so working days cannot be counted."
        )
    return known
