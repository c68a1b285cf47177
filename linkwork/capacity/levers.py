"""What would change it: extra people by 31 March from each thing that could be done.

Sections 9 and 10 of the capacity rules (docs/capacity.md, "What if"). Extra starts never exceed
the people there are to start, and no saving is ever computed.
"""

import math
from dataclasses import dataclass
from datetime import date, timedelta

from linkwork.capacity.calendar import FinancialYear
from linkwork.capacity.figure import Figure, missing, ratio
from linkwork.capacity.targets import PEOPLE_PER_WTE

FIRST_DAY = 0.25
RAMP_DAYS = 8 * 7


@dataclass(frozen=True, slots=True)
class Effect:
    """One lever: people started by 31 March because of it, and what it costs in pounds.

    `loss` is people another PCN starts fewer. `wait_weeks` is the wait on 31 March.
    """

    lever: str
    people: float
    wait_weeks: Figure
    cost: float
    loss: float = 0.0

    @property
    def cost_per_person(self) -> Figure:
        """Pounds for each extra person, or why there is none."""
        return ratio(self.cost, self.people, "Nobody more would be started.")


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
    days = _ramped_days(from_on, year) if ramp else year.working_days(from_on)
    return wte * people_per_wte * days / year.working_days()


def wte_to_close(
    gap_people: float,
    from_on: date,
    year: FinancialYear,
    people_per_wte: float = PEOPLE_PER_WTE,
) -> Figure:
    """WTE to recruit from a date to start `gap_people` more by 31 March, in tenths rounded up."""
    if gap_people <= 0:
        return Figure(0)
    each = recruited(1, from_on, year, people_per_wte)
    if not each:
        return missing("Nobody who begins after 31 March can close the gap of this year.")
    return Figure(math.ceil(round(gap_people / each * 10, 6)) / 10)


def moved(wte: float, from_on: date, year: FinancialYear, here: float, there: float) -> Effect:
    """`wte` moved here from another PCN; `here` and `there` are people per WTE in each.

    No ramp: it is the same worker. The loss of the other PCN is shown; the wait is not known.
    """
    unknown = missing("The wait depends on the list; see the waiting list.")
    gain = recruited(wte, from_on, year, here, ramp=False)
    loss = recruited(wte, from_on, year, there, ramp=False)
    return Effect(f"Move {wte:g} WTE from another PCN", gain, unknown, 0.0, loss)


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


def cost_per_start(spent: float, started: int) -> Figure:
    """Pounds spent to date for each person started, or why there is none (section 10)."""
    return ratio(spent, started, "Nobody has been started yet.")


def _ramped_days(from_on: date, year: FinancialYear) -> float:
    """Sum of r(t) over the working days of the year from `from_on`: .25 + .75 * weeks / 8 to 1."""
    total = 0.0
    for n in range(RAMP_DAYS):
        day = from_on + timedelta(days=n)
        total += (FIRST_DAY + (1 - FIRST_DAY) * n / RAMP_DAYS) * year.working_days(day, day)
    return total + year.working_days(from_on + timedelta(days=RAMP_DAYS))
