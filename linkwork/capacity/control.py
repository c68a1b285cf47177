"""A control chart of weekly starts (XmR), to tell a change from ordinary variation.

Section 7 of the capacity rules (docs/capacity.md, "Control limits"), after the method that NHS
"Making Data Count" asks for: mean plus and minus 2.66 times the mean moving range.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from statistics import fmean, variance

NATURAL = 2.66
FEWEST_WEEKS = 12
LONG_RUN = 7


@dataclass(frozen=True, slots=True)
class Week:
    """People started in the week from Monday `monday`."""

    monday: date
    people: int


@dataclass(frozen=True, slots=True)
class Limits:
    """Mean and natural limits in people a week; the lower is never below 0."""

    mean: float
    lower: float
    upper: float
    moving_range: float

    def is_outside(self, people: float) -> bool:
        """Whether a week is more than ordinary variation."""
        return not self.lower <= people <= self.upper


@dataclass(frozen=True, slots=True)
class Chart:
    """The weeks, their limits (None with the reason while there are too few), and signals.

    `outside` are weeks beyond a limit; `shifts` weeks that end a run of seven or more on one
    side of the mean.
    """

    weeks: tuple[Week, ...]
    limits: Limits | None
    outside: tuple[Week, ...]
    shifts: tuple[Week, ...]
    reason: str = ""


def weekly(started_on: Iterable[date], first_on: date, last_on: date) -> tuple[Week, ...]:
    """People started in each whole Monday-to-Sunday week within two dates, zeros included."""
    starts = Counter(day - timedelta(days=day.weekday()) for day in started_on)
    monday = first_on + timedelta(days=-first_on.weekday() % 7)
    weeks = ((last_on - monday).days + 1) // 7
    mondays = (monday + timedelta(weeks=n) for n in range(max(0, weeks)))
    return tuple(Week(day, starts[day]) for day in mondays)


def limits(counts: Sequence[float]) -> Limits:
    """XmR limits of two or more counts in time order. Raises ValueError for fewer."""
    if len(counts) < 2:
        raise ValueError("Limits need two or more counts.")
    mean = fmean(counts)
    moving = fmean(abs(later - earlier) for earlier, later in pairwise(counts))
    return Limits(mean, max(0.0, mean - NATURAL * moving), mean + NATURAL * moving, moving)


def chart(weeks: Sequence[Week]) -> Chart:
    """The chart of some weeks in time order; fewer than 12 have no limits, and it says so."""
    shown = tuple(weeks)
    if len(shown) < FEWEST_WEEKS:
        reason = f"Limits need {FEWEST_WEEKS} whole weeks; there are {len(shown)} so far."
        return Chart(shown, None, (), (), reason)
    found = limits([week.people for week in shown])
    outside = tuple(week for week in shown if found.is_outside(week.people))
    return Chart(shown, found, outside, _shifts(shown, found.mean))


def dispersion(counts: Sequence[float]) -> float:
    """phi: variance over mean of weekly starts, at least 1; 1 where it cannot be worked out."""
    if len(counts) < 2 or not any(counts):
        return 1.0
    return max(1.0, variance(counts) / fmean(counts))


def _shifts(weeks: Iterable[Week], mean: float) -> tuple[Week, ...]:
    found, run, side = [], 0, 0
    for week in weeks:
        now = (week.people > mean) - (week.people < mean)
        run = run + 1 if now and now == side else abs(now)
        side = now
        if run >= LONG_RUN:
            found.append(week)
    return tuple(found)
