"""Working days and office hours, so that the demo’s people do not work on Christmas Day."""

from bisect import bisect_left, bisect_right
from datetime import date, datetime, time, timedelta
from random import Random

from linkwork import clock
from linkwork.capacity.calendar import FinancialYear

# Earlier calls and later visits: a day of somebody who works nine to half past four.
HOURS = (9, 9, 10, 10, 10, 11, 11, 11, 12, 13, 13, 14, 14, 14, 15, 15, 16)
MINUTES = (0, 0, 0, 5, 10, 15, 15, 20, 30, 30, 30, 40, 45, 45, 50)


class Days:
    """The working days from the financial year before last to the end of the next."""

    def __init__(self, today: date) -> None:
        self.today = today
        self.year = FinancialYear.containing(today)
        first = self.year.previous.start - timedelta(days=20)
        last = self.year.next.end
        every = (first + timedelta(days=n) for n in range((last - first).days + 1))
        self._days = [day for day in every if _works(day)]
        self.cutoff = clock.utc(datetime.combine(today, time()))
        """Midnight: nothing in the demo happens today or later."""

    def between(self, first: date, last: date) -> list[date]:
        """Return the working days from ``first`` to ``last``, both inclusive."""
        return self._days[bisect_left(self._days, first) : bisect_right(self._days, last)]

    def after(self, day: date, days: int) -> date:
        """Return the first working day at least ``days`` days after ``day``."""
        wanted = bisect_left(self._days, day + timedelta(days=days))
        return self._days[min(wanted, len(self._days) - 1)]


def in_office_hours(day: date, rng: Random) -> datetime:
    """Return a moment of that day between nine and five, in UTC."""
    at = time(rng.choice(HOURS), rng.choice(MINUTES))
    return clock.utc(datetime.combine(day, at))


def _works(day: date) -> bool:
    return FinancialYear.containing(day).working_days(day, day) == 1
