"""What 31 March will show on the staffing already known, with its uncertainty.

Section 7 of the capacity rules (docs/capacity.md, "Projection"). Never a naive run rate: starts
per WTE-day so far, times the WTE-days that known posts, leavers, starters and absences leave.
"""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from linkwork.capacity.calendar import FinancialYear, window_start, working_days
from linkwork.capacity.control import dispersion, weekly
from linkwork.capacity.figure import Figure, missing, people, ratio
from linkwork.capacity.posts import AbsenceSpan, PostSpan, wte_days, wte_on
from linkwork.capacity.targets import Scope

WINDOW_DAYS = 65
FEWEST_DAYS = 20
Z_80 = 1.2816
RULE_OF_THREE = 3
NEXT_TO_NOTHING = 1e-9
TOO_EARLY = "It is too early to say: fewer than 20 working days have passed this year."
FEWEST_WTE_DAYS = 2
"""20 days of a tenth of a post: the pace of less says nothing of anybody else's."""
TOO_FEW = (
    "It is too early to say: link workers were at work on fewer than 20 of the last 65 working"
    " days, or for next to no time."
)
NOBODY = "No link worker was in post in the last 65 working days, so there is no pace to go by."


class Outlook(StrEnum):
    """What the 80 % interval says about a target."""

    ON_COURSE = "on course"
    EITHER = "could go either way"
    SHORT = "will fall short without change"


@dataclass(frozen=True, slots=True)
class Window:
    """The recent past a projection goes by: starts, WTE-days and variation in it."""

    first_on: date
    last_on: date
    started: int
    wte_days: float
    phi: float = 1.0

    @property
    def productivity(self) -> Figure:
        """People started for each WTE-day."""
        return ratio(self.started, self.wte_days, NOBODY)


@dataclass(frozen=True, slots=True)
class Projection:
    """People started by 31 March: expected, and the ends of the 80 % interval.

    All three are missing, with the same reason, where nothing can be said. `is_final` from
    31 March on, when they are the count.
    """

    started: int
    expected: Figure
    lower: Figure
    upper: Figure
    is_final: bool = False

    def outlook(self, target: float) -> Outlook | None:
        """Which way it will go, from the interval; None where nothing can be said."""
        if self.lower.value is None or self.upper.value is None:
            return None
        if self.lower.value >= target:
            return Outlook.ON_COURSE
        return Outlook.SHORT if self.upper.value < target else Outlook.EITHER

    def sentence(self, target: int) -> str:
        """What is expected by 31 March against a target, or why that cannot be said.

        The ends are cut to whole people, so that what is printed agrees with the outlook.
        """
        outlook, expected = self.outlook(target), self.expected.value
        low, high = self.lower.value, self.upper.value
        if outlook is None or expected is None or low is None or high is None:
            return self.expected.reason
        if self.is_final:
            # True on 31 March itself too, while the day goes on.
            return f"{_recorded(round(expected))} as started by 31 March against {target:,}."
        end = f"against {target:,}: it {'is ' * (outlook is Outlook.ON_COURSE)}{outlook}."
        if low == high:
            return f"On present staffing nobody more is expected by 31 March, {round(low):,} {end}"
        interval = f"{math.floor(low):,} to {math.floor(high):,}"
        return f"On present staffing we expect {round(expected):,} ({interval}) by 31 March {end}"


def estimate(
    started: int,
    window_started: int,
    window_wte_days: float,
    wte_days_left: float,
    phi: float = 1.0,
) -> Projection:
    """The projection from numbers alone: A + n * R / V, with an 80 % interval.

    mu = n * R / V and sd = sqrt(phi * mu * (1 + R / V)); no starts at all in the window give
    0 to 3 * R / V more. The lower end is never below what has been started already.
    """
    if window_wte_days < NEXT_TO_NOTHING:
        return unknown(started, NOBODY)
    if wte_days_left <= 0:
        return _certain(started)
    lengths = wte_days_left / window_wte_days
    mean = window_started * lengths
    spread = Z_80 * math.sqrt(phi * mean * (1 + lengths))
    more = mean + spread if window_started else RULE_OF_THREE * lengths
    return Projection(
        started,
        Figure(started + mean),
        Figure(started + max(0.0, mean - spread)),
        Figure(started + more),
    )


def unknown(started: int, reason: str) -> Projection:
    """A projection that cannot be given, with the sentence that says why."""
    nothing = missing(reason)
    return Projection(started, nothing, nothing, nothing)


def window(
    started_on: Sequence[date],
    posts: Sequence[PostSpan],
    absences: Sequence[AbsenceSpan],
    year: FinancialYear,
    as_of: date,
    scope: Scope,
) -> Window:
    """The last 65 working days up to `as_of`, or the year to date when that is shorter."""
    last = min(as_of, year.end)
    first = window_start(last, WINDOW_DAYS, year)
    inside = [day for day in started_on if first <= day <= last]
    phi = dispersion([week.people for week in weekly(inside, first, last)])
    return Window(first, last, len(inside), wte_days(posts, absences, first, last, scope), phi)


def project(
    started_on: Iterable[date],
    posts: Iterable[PostSpan],
    absences: Iterable[AbsenceSpan],
    year: FinancialYear,
    as_of: date,
    scope: Scope,
) -> Projection:
    """The projection of a PCN for `year`, seen from the end of `as_of`.

    `started_on` is one London date for each person started, of the same scope as the posts.
    Dates outside the year or after `as_of` are left out. Posts of people appointed count from
    their first day. Raises BankHolidaysUnknown.
    """
    days = [day for day in started_on if year.start <= day <= min(as_of, year.end)]
    if as_of >= year.end:
        return _certain(len(days), is_final=True)
    if year.elapsed(as_of) < FEWEST_DAYS:
        return unknown(len(days), TOO_EARLY)
    spans, away = list(posts), list(absences)
    seen = window(days, spans, away, year, as_of, scope)
    if why := no_pace(spans, away, seen.first_on, seen.last_on, scope):
        return unknown(len(days), why)
    tomorrow = as_of + timedelta(days=1)
    left = wte_days(spans, away, tomorrow, year.end, scope, projected=True)
    return estimate(len(days), seen.started, seen.wte_days, left, seen.phi)


def no_pace(
    posts: Sequence[PostSpan],
    absences: Sequence[AbsenceSpan],
    first_on: date,
    last_on: date,
    scope: Scope = Scope.ALL,
) -> str:
    """Why starts for each WTE-day from one day to another say nothing; empty where they do.

    Starts by somebody whose post was not recorded yet would make a pace out of nothing.
    """
    worked = wte_days(posts, absences, first_on, last_on, scope)
    if worked < NEXT_TO_NOTHING:
        return NOBODY
    if worked < FEWEST_WTE_DAYS - NEXT_TO_NOTHING:
        return TOO_FEW
    at_work, on = 0, last_on
    while at_work < FEWEST_DAYS and on >= first_on:
        at_work += bool(working_days(on, on)) and wte_on(posts, absences, on, scope) > 0
        on -= timedelta(days=1)
    return "" if at_work == FEWEST_DAYS else TOO_FEW


def _recorded(started: int) -> str:
    return f"{people(started)} {'is' if started == 1 else 'are'} recorded"


def _certain(started: int, *, is_final: bool = False) -> Projection:
    """Nobody is left to start anyone: the year ends where it is."""
    return Projection(started, Figure(started), Figure(started), Figure(started), is_final)
