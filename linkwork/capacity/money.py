"""Money: what was spent to date, and what that is for each person started.

Section 10 of the capacity rules (docs/capacity.md, "Money"). No saving is ever computed.
"""

from linkwork.capacity.calendar import FinancialYear
from linkwork.capacity.figure import Figure, missing, ratio

NOBODY = "Nobody has been started yet."
NO_COST = "What one WTE costs in a year has not been filled in, so no cost can be given."


def spent(cost_per_wte: float | None, paid_wte_days: float, year: FinancialYear) -> Figure:
    """Pounds spent on so many paid WTE-days of a year, at a cost of one WTE for the whole year."""
    if cost_per_wte is None:
        return missing(NO_COST)
    return Figure(cost_per_wte * paid_wte_days / year.working_days())


def cost_per_start(spent_pounds: Figure, started: int) -> Figure:
    """Pounds spent to date for each person started, or why there is none."""
    if spent_pounds.value is None:
        return spent_pounds
    return ratio(spent_pounds.value, started, NOBODY)


def at_capacity(cost_per_wte: float | None, people_per_wte: float) -> Figure:
    """Pounds for each person if one WTE started as many as expected: 136 for 34,113 at 250."""
    if cost_per_wte is None:
        return missing(NO_COST)
    return ratio(cost_per_wte, people_per_wte, "No people are expected of one WTE.")
