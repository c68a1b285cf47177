"""The arithmetic of each lever: extra people by 31 March from each thing that could be done.

Section 9 of the capacity rules (docs/capacity.md, "What if"). Extra starts never exceed
the people there are to start. The levers side by side are in
`linkwork.capacity.what_ifs`.
"""

import math
from datetime import date, timedelta

from linkwork.capacity.calendar import FinancialYear
from linkwork.capacity.figure import Figure, missing
from linkwork.capacity.targets import PEOPLE_PER_WTE

FIRST_DAY = 0.25
RAMP_DAYS = 8 * 7


def recruited(
    wte: float,
    from_on: date,
    year: FinancialYear,
    people_per_wte: float = PEOPLE_PER_WTE,
    *,
    ramp: bool = True,
) -> float:
    """People that a recruit of `wte` starts from a date to 31 March: n * k * sum(r(t)) / W.

    With the ramp, r rises from a quarter on the first day to 1 after eight weeks. Days before
    the year do not count, but the ramp runs from the first day of work.
    """
    days = _ramped_days(from_on, year) if ramp else year.working_days(from_on, year.end)
    return wte * people_per_wte * days / year.working_days()


def wte_to_close(
    gap_people: float,
    from_on: date,
    year: FinancialYear,
    people_per_wte: float = PEOPLE_PER_WTE,
    *,
    ramp: bool = True,
) -> Figure:
    """WTE to recruit from a date to start `gap_people` more by 31 March, in tenths rounded up."""
    if gap_people <= 0:
        return Figure(0)
    each = recruited(1, from_on, year, people_per_wte, ramp=ramp)
    if not each:
        return missing("Nobody who begins after 31 March can close the gap of this year.")
    return Figure(math.ceil(round(gap_people / each * 10, 6)) / 10)


def eased(wte_days_left: float, year: FinancialYear, people_per_wte: float, better: float) -> float:
    """Extra people by 31 March when each WTE can start `better` instead of `people_per_wte`.

    For shorter support or fewer contacts, from the two effective ceilings; never below 0.
    """
    return max(0.0, better - people_per_wte) * wte_days_left / year.working_days()


def possible(extra: float, queue: float, arrivals_left: float, expected: float) -> float:
    """Extra starts cut to the people there are: the queue and arrivals left, less expected.

    `expected` are the people who will be started anyway by 31 March.
    """
    return max(0.0, min(extra, queue + arrivals_left - expected))


def built_up(from_on: date, on: date, *, ramp: bool = True) -> float:
    """r(t): how much of a recruit's week counts on a day, 0 before the first and then up to 1."""
    if on < from_on:
        return 0.0
    days = (on - from_on).days if ramp else RAMP_DAYS
    return min(1.0, FIRST_DAY + (1 - FIRST_DAY) * days / RAMP_DAYS)


def _ramped_days(from_on: date, year: FinancialYear) -> float:
    """Sum of r(t) over the working days of the year from `from_on`: .25 + .75 * weeks / 8 to 1."""
    total = 0.0
    for n in range(RAMP_DAYS):
        day = from_on + timedelta(days=n)
        total += built_up(from_on, day) * year.working_days(day, day)
    return total + year.working_days(from_on + timedelta(days=RAMP_DAYS), year.end)
