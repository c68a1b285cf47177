"""A figure that may not exist: a number, or the reason in words why there is none."""

import math
from dataclasses import dataclass

DASH = "-"


@dataclass(frozen=True, slots=True)
class Figure:
    """A finite number, or None with a sentence saying why it cannot be given.

    The unit is the one its owner documents. Raises ValueError for infinity, for not-a-number
    and for a missing value without a reason, so that a wrong number cannot be built.
    """

    value: float | None
    reason: str = ""

    def __post_init__(self) -> None:
        if self.value is None and not self.reason:
            raise ValueError("A figure without a value needs a reason.")
        if self.value is not None and not math.isfinite(self.value):
            raise ValueError("A figure must be finite.")

    @property
    def known(self) -> bool:
        """Whether there is a number."""
        return self.value is not None

    def text(self, places: int = 0) -> str:
        """The number with thousands separators and `places` decimals, or a dash."""
        if self.value is None:
            return DASH
        shown = f"{self.value:,.{places}f}"
        return shown.removeprefix("-") if float(shown.replace(",", "")) == 0 else shown

    def scaled(self, factor: float) -> "Figure":
        """The same figure times `factor` (1.0 to 100 for a percentage); the reason is kept."""
        return self if self.value is None else Figure(self.value * factor)


def missing(reason: str) -> Figure:
    """A figure that cannot be given, with the sentence that says why."""
    return Figure(None, reason)


def ratio(top: float, bottom: float, reason: str) -> Figure:
    """`top / bottom`, or the reason when there is nothing, or next to nothing, to divide by."""
    found = top / bottom if bottom else math.inf
    return Figure(found) if math.isfinite(found) else missing(reason)


def people(count: float) -> str:
    """A whole number of people in words: "1 person", "1,204 people"."""
    whole = round(count)
    return "1 person" if whole == 1 else f"{whole:,} people"


def counted(count: float, noun: str) -> str:
    """A whole number of a regular noun: "1 week", "14 weeks"."""
    whole = round(count)
    return f"{whole:,} {noun}" if whole == 1 else f"{whole:,} {noun}s"
