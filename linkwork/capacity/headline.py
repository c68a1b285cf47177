"""The first sentence of a lead's page: where the PCN is, and where it will be on 31 March.

Section 11 of the capacity rules (docs/capacity.md, "The sentence").
"""

from linkwork.capacity.calendar import FinancialYear
from linkwork.capacity.figure import people
from linkwork.capacity.pace import Pace
from linkwork.capacity.projection import Projection


def headline(pace: Pace, projection: Projection, who: str = "this PCN") -> str:
    """People started, the share to date, and the projection against the target.

    Pace and projection are of one scope and date, which the page prints beside the sentence.
    """
    if projection.is_final:
        return f"For {who}: {projection.sentence(pace.target)}"
    return (
        f"By {pace.as_of.day} {pace.as_of:%B} {who} has started {people(pace.started)}; "
        f"its share to date is {round(pace.expected):,}. {projection.sentence(pace.target)}"
    )


def without_share(started: int, year: FinancialYear, reason: str, who: str = "this PCN") -> str:
    """The same where there is no share to set the count against, with the reason."""
    return f"In {year.label} {who} has started {people(started)}. {reason}"
