"""What may stand in a table that crosses organisations: no small number, and no way back to one.

Counts of people from 1 to 7 are withheld; 0 is not. Where the total is printed, subtraction gives
the sum of what is withheld: while that sum would tell a small number, the next smallest count is
withheld too (secondary suppression), as NHS England asks of published statistics.
"""

from collections.abc import Sequence

SMALLEST_SHOWN = 8
WITHHELD = "7 or fewer"
ALSO_WITHHELD = "Withheld"
EXPLAINED = (
    "Counts of 1 to 7 people are withheld, and where that would leave one count to be found by"
    " subtraction, the next smallest is too."
)


def is_small(count: int) -> bool:
    """Whether a count of people could point at somebody."""
    return 0 < count < SMALLEST_SHOWN


def withheld(counts: Sequence[int], *, with_total: bool) -> list[str | None]:
    """For each count what is printed in its stead; None where it may be printed.

    ``with_total`` says that the sum of all counts is printed too; a small total must not be.
    """
    printed: list[str | None] = [WITHHELD if is_small(count) else None for count in counts]
    while with_total and _can_be_undone(counts, printed):
        shown = [i for i, stead in enumerate(printed) if stead is None and counts[i]]
        if not shown:
            break
        printed[min(shown, key=lambda i: (counts[i], i))] = ALSO_WITHHELD
    return printed


def texts(counts: Sequence[int], *, with_total: bool) -> list[str]:
    """The counts as they are printed."""
    steads = withheld(counts, with_total=with_total)
    return [f"{count:,}" if s is None else s for count, s in zip(counts, steads, strict=True)]


def total_text(counts: Sequence[int]) -> str:
    """The sum as it is printed below them."""
    return WITHHELD if is_small(sum(counts)) else f"{sum(counts):,}"


def _can_be_undone(counts: Sequence[int], printed: Sequence[str | None]) -> bool:
    """Whether the sum of what is withheld says what one of them is.

    It does when there is only one, when the sum is small itself, and when every small one must be
    as large as it can be.
    """
    hidden = [count for count, stead in zip(counts, printed, strict=True) if stead]
    if not any(map(is_small, hidden)):
        return False
    most = len(hidden) * (SMALLEST_SHOWN - 1)
    return len(hidden) == 1 or is_small(sum(hidden)) or sum(hidden) == most
