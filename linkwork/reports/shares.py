"""Shares of people with the interval they are known within, and without those that tell too much.

A share says how many of how many, and Wilson’s interval of 95 %. Where a reader may not see the
people, one is withheld when the count, or those it leaves, would be from 1 to 7, or would give
such a count away by subtraction (``disclosure``).
"""

from collections.abc import Sequence
from dataclasses import dataclass

from linkwork.matching.learning import wilson
from linkwork.reports import disclosure


@dataclass(frozen=True, slots=True)
class Share:
    """``part`` of ``whole``; ``stead`` is printed instead where it must not be shown."""

    part: int
    whole: int
    stead: str | None = None

    @property
    def is_shown(self) -> bool:
        """Whether there is a share to show."""
        return self.stead is None and self.whole > 0

    @property
    def percent(self) -> float:
        """The share from 0 to 100."""
        return 100 * self.part / self.whole if self.whole else 0.0

    @property
    def bounds(self) -> tuple[int, int]:
        """The interval of 95 %, in whole per cents."""
        low, high = wilson(self.part, self.whole)
        return round(100 * low), round(100 * high)

    @property
    def text(self) -> str:
        """The share in whole per cents, or why there is none."""
        if self.stead is not None:
            return self.stead
        return f"{self.percent:.0f}%" if self.whole else "None yet"

    @property
    def basis(self) -> str:
        """How many of how many, and the interval; empty where the share is not shown."""
        if not self.is_shown:
            return ""
        low, high = self.bounds
        return f"{self.part:,} of {self.whole:,}, {low} to {high}%"


def column(
    pairs: Sequence[tuple[int, int]],
    *,
    sees: bool,
    already: Sequence[str | None] = (),
) -> list[Share]:
    """A column of shares (part, whole) that do not add up, as one reader may see it.

    ``sees`` says that the reader may see the people; ``already`` what stands in the stead of each
    whole, where that is withheld.
    """
    if sees:
        return [Share(part, whole) for part, whole in pairs]
    given = already or [None] * len(pairs)
    columns = (
        [part for part, _ in pairs],
        [whole - part for part, whole in pairs],
        [whole for _, whole in pairs],
    )
    steads = [disclosure.withheld(counts, with_total=False) for counts in columns]
    told = zip(pairs, given, *steads, strict=True)
    return [
        Share(part, whole, stead or here or rest or of_all)
        for (part, whole), stead, here, rest, of_all in told
    ]


def together(
    steps: Sequence[Sequence[tuple[int, int]]],
) -> list[tuple[list[Share], Share]]:
    """Columns of shares (part, whole) and their sums, for readers who may not see the people.

    The part of each column is the whole of the next. A line is told whole or not at all
    (``disclosure.hidden_lines``), and what is hidden in one column is in all that follow.
    """
    hidden: frozenset[int] = frozenset()
    may_sum, found = True, []
    for pairs in steps:
        split = [(part, whole - part) for part, whole in pairs]
        hidden, adds_up = disclosure.hidden_lines(split, hidden)
        may_sum = may_sum and adds_up
        column = [
            Share(*pair, disclosure.ALSO_WITHHELD if i in hidden else None)
            for i, pair in enumerate(pairs)
        ]
        whole = Share(
            sum(part for part, _ in pairs),
            sum(whole for _, whole in pairs),
            None if may_sum else disclosure.ALSO_WITHHELD,
        )
        found.append((column, whole))
    return found
