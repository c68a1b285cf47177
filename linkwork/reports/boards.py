"""What stands on the page of a board and on England's: lines in order, sentences, points.

The figures are those of ``england``; nothing that is withheld is used here, not even for order.
"""

from collections.abc import Callable, Sequence
from enum import StrEnum

from linkwork.capacity import fairness
from linkwork.capacity.calendar import long_date
from linkwork.capacity.figure import counted, people
from linkwork.reports.basis import Basis
from linkwork.reports.comparisons import Mean, Method
from linkwork.reports.england import Line, Report

MOST_NAMED = 3
MONTHLY = (
    "These tables count up to the end of the last whole month, so that nobody can tell from one"
    " day to the next who started."
)


class Order(StrEnum):
    """What the lines of a table can be sorted by."""

    NAME = "name"
    STARTED = "started"
    SHARE = "share"
    RATE = "rate"
    WTE = "wte"
    WAITING = "waiting"


_VALUES: dict[Order, Callable[[Line], float | None]] = {
    Order.STARTED: lambda line: line.started,
    Order.SHARE: lambda line: line.share.value,
    Order.RATE: lambda line: line.compared.rate.value,
    Order.WTE: lambda line: line.in_post_wte if line.has_posts else None,
    Order.WAITING: lambda line: line.waiting,
}


def in_order(lines: Sequence[Line], by: Order, *, descending: bool) -> list[Line]:
    """The lines sorted; those that have no figure to print come last, by name.

    What is withheld has no place among the others: the order would tell about how many it is.
    """
    named = sorted(lines, key=lambda line: line.name, reverse=descending and by is Order.NAME)
    if by is Order.NAME:
        return named
    value = _VALUES[by]
    known = [(figure, line) for line in named if (figure := value(line)) is not None]
    known.sort(key=lambda pair: pair[0], reverse=descending)
    return [*(line for _, line in known), *(line for line in named if value(line) is None)]


def longest(lines: Sequence[Line]) -> float:
    """The longest bar: the largest share to date or count shown, at least 1."""
    return max([1.0, *(line.expected.value or 0 for line in lines),
                *(line.started or 0 for line in lines)])  # fmt: skip


def opening(whole: Line, basis: Basis, who: str) -> str:
    """The sentence a page begins with; ``who`` is "our 4 PCNs" or "England’s 1,254 PCNs"."""
    by = f"By {long_date(basis.as_of)}"
    if whole.started is None:
        return f"{by} {who} started a number of people that is withheld."
    started = f"{by} {who} started {people(whole.started)}"
    if whole.expected.value is None:
        return f"{started}; no share of the target is fixed for them yet."
    return f"{started}; their shares to date come to {whole.expected.text()}."


def takeaway(lines: Sequence[Line], what: str) -> str:
    """What the funnel plot shows, in a sentence; ``what`` is "PCN" or "board"."""
    placed = [line for line in lines if line.compared.rate.known]
    if not placed:
        return f"No {what} can be compared."
    outside = [line for line in placed if line.standing.is_outside]
    if len(placed) == 1 and not outside:
        return f"Only one {what} can be compared, and chance could explain how it differs."
    of = f"{len(placed)} {what}s" if len(placed) > 1 else f"the one {what}"
    if not outside:
        return f"None of {of} differs from the mean by more than chance could explain."
    named = ", ".join(line.name for line in outside[:MOST_NAMED])
    more = f" and {len(outside) - MOST_NAMED} more" if len(outside) > MOST_NAMED else ""
    verb = "lies" if len(outside) == 1 else "lie"
    found = f"{len(outside)} of {of} {verb} outside the limits: {named}{more}."
    return f"{found} That is a reason to ask, not a verdict."


def assumptions(report: Report, phi: float) -> str:
    """What the comparison rests on, in sentences."""
    mean = report.mean
    per = f"{mean.per_patient * fairness.PATIENTS:.1f} people for each 10,000 patients"
    chance = (
        f" The limits are {phi**0.5:.1f} times as wide as chance alone would make them, because"
        " so much differs between PCNs."
        if phi > 1
        else ""
    )
    weighed = (
        f" Patients count for {1 + report.tilt:g} in the most deprived fifth of areas, falling"
        f" evenly to {1 - report.tilt:g} in the least, as in the shares by deprivation: need is"
        " assumed to fall like that, and age and sex are not allowed for."
        if report.method is Method.DEPRIVATION
        else ""
    )
    return f"The line is the mean of {_of(mean)}, {per}.{chance}{weighed}"


def _of(mean: Mean) -> str:
    pcns = counted(mean.pcns, "PCN")
    return f"all {pcns} together" if mean.is_whole else f"{pcns} whose counts are printed"


def chance(line: Line, mean: Mean, phi: float) -> str:
    """The rates between which chance leaves 95 in 100 of its size, in words."""
    expected, patients = mean.expected(line.compared), line.compared.patients
    if not patients:
        return ""
    low, high = fairness.limits(expected, fairness.Z_95, phi)
    per = fairness.PATIENTS / patients
    return f"{low * per:.1f} to {high * per:.1f}"
