"""What the weekly chart of people started says, in a sentence or two.

Section 7 of the capacity rules (docs/capacity.md, "Control limits").
"""

from collections.abc import Sequence

from linkwork.capacity.calendar import long_date
from linkwork.capacity.control import LONG_RUN, Chart, Limits, Week
from linkwork.capacity.figure import counted


def sentence(chart: Chart) -> str:
    """Whether any week differs from ordinary variation, or why that cannot be said yet."""
    found = chart.limits
    if found is None:
        return chart.reason
    usual = f"A week has {found.mean:.1f} on average; {_range(found)} is ordinary variation."
    signals = [_outside(chart.outside), _shift(chart.shifts, found)]
    said = " ".join(words for words in signals if words)
    return f"{usual} {said or 'No week says that anything has changed.'}"


def _range(limits: Limits) -> str:
    return f"{limits.lower:.0f} to {limits.upper:.0f}"


def _outside(weeks: Sequence[Week]) -> str:
    if not weeks:
        return ""
    last = weeks[-1]
    words = f"The week of {long_date(last.monday)} ({last.people}) is outside that."
    if len(weeks) == 1:
        return words
    number = counted(len(weeks), "week")
    return f"{number} are outside that, the last that of {long_date(last.monday)} ({last.people})."


def _shift(weeks: Sequence[Week], limits: Limits) -> str:
    if not weeks:
        return ""
    side = "above" if weeks[-1].people > limits.mean else "below"
    return (
        f"{LONG_RUN} or more weeks in a row, to that of {long_date(weeks[-1].monday)}, were"
        f" {side} the mean: something has changed."
    )
