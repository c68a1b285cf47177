"""What one PCN has spent on its link workers to date, and for each person started.

Section 10 of the capacity rules (docs/capacity.md, "Money"), in pounds. No saving is ever computed.
"""

from dataclasses import dataclass

from linkwork.capacity import posts
from linkwork.capacity.assumptions import REFERENCE_COSTS, Assumptions
from linkwork.capacity.figure import Figure
from linkwork.capacity.money import at_capacity, cost_per_start, spent
from linkwork.casework.posts import Staffing
from linkwork.reports.basis import Basis


@dataclass(frozen=True, slots=True)
class Money:
    """Pounds, of the scope of the page, from 1 April to its date, at the cost in force on it.

    ``each_at_capacity`` is what a person would cost if every WTE started as many as expected.
    """

    cost_per_wte: float | None
    people_per_wte: float
    spent: Figure
    per_person: Figure
    each_at_capacity: Figure

    @property
    def sentence(self) -> str:
        """What it rests on, or what to do where there is no cost."""
        if self.cost_per_wte is None:
            return f"{self.spent.reason} Fill it in on the page of assumptions."
        return (
            f"£{self.spent.text()} to date, at £{self.cost_per_wte:,.0f} a year for each WTE;"
            f" £{self.each_at_capacity.text()} if each started {self.people_per_wte:,.0f} a year."
        )

    @property
    def references(self) -> str:
        """What was reimbursed for one WTE at most, to hold a cost against."""
        said = (f"£{pounds:,} in {year}" for year, pounds in REFERENCE_COSTS.items())
        return f"Reimbursed for one WTE at most: {' and '.join(said)}."


def of_pcn(basis: Basis, *, assumptions: Assumptions, staffing: Staffing, started: int) -> Money:
    """What ``started`` people of the scope have cost. No query. Raises BankHolidaysUnknown.

    Somebody on long absence is paid, a vacancy is not.
    """
    year, cost = basis.year, assumptions.cost_per_wte
    paid = posts.wte_days(staffing.spans, (), year.start, basis.as_of, basis.scope)
    pounds = spent(cost, paid, year)
    return Money(
        cost_per_wte=cost,
        people_per_wte=assumptions.people_per_wte,
        spent=pounds,
        per_person=cost_per_start(pounds, started),
        each_at_capacity=at_capacity(cost, assumptions.people_per_wte),
    )
