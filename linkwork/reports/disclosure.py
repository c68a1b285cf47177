"""What may stand in a table that crosses organisations: no small number, and no way back to one.

Counts of people from 1 to 7 are withheld; 0 is not. Where the total is printed, subtraction gives
the sum of what is withheld: while that sum, and these rules, would tell a small number, the next
smallest count is withheld too (secondary suppression), as NHS England asks of published
statistics; and where even that does not help, the total.
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
    if is_small(sum(counts)):
        return WITHHELD
    undone = _can_be_undone(counts, withheld(counts, with_total=True))
    return ALSO_WITHHELD if undone else f"{sum(counts):,}"


def hidden_lines(
    parts: Sequence[tuple[int, int]], already: frozenset[int] = frozenset()
) -> tuple[frozenset[int], bool]:
    """Which lines are not told at all, and whether the sums of all lines may be.

    Each line splits people into two parts, and both sums are printed below. A line with a small
    part is not told, nor those ``already`` hidden; then the smallest others, until what is hidden
    has several lines and no small sum.
    """
    filled = [i for i, pair in enumerate(parts) if any(pair)]
    hidden = {i for i in filled if i in already or any(map(is_small, parts[i]))}

    def tells() -> bool:
        sums = [sum(parts[i][side] for i in hidden) for side in (0, 1)]
        return bool(hidden) and (
            len(hidden) == 1 or any(map(is_small, sums)) or sum(sums) <= len(hidden)
        )

    while tells() and len(hidden) < len(filled):
        hidden.add(min(set(filled) - hidden, key=lambda i: (sum(parts[i]), i)))
    return frozenset(hidden), not tells()


def coarse(count: int) -> str:
    """Only whether a count is small, where more would tell with counts that stand elsewhere."""
    if not count:
        return "0"
    return WITHHELD if is_small(count) else f"{SMALLEST_SHOWN} or more"


def in_tens(count: int) -> str:
    """A count as the tens it reaches, so that nothing is found by subtraction; "" below ten."""
    return f"{count // 10 * 10:,} or more" if count >= 10 else ""


def _can_be_undone(counts: Sequence[int], printed: Sequence[str | None]) -> bool:
    """Whether somebody who subtracts, and knows the rules, learns one of the small counts.

    What was withheld besides is from 8 to the smallest count that is printed.
    """
    pairs = list(zip(counts, printed, strict=True))
    small = sum(stead == WITHHELD for _, stead in pairs)
    besides = sum(stead == ALSO_WITHHELD for _, stead in pairs)
    if not small:
        return False
    left = sum(count for count, stead in pairs if stead)
    most = min((count for count, stead in pairs if stead is None and count), default=left)
    low = max(1, left - (small - 1) * (SMALLEST_SHOWN - 1) - besides * most)
    high = min(SMALLEST_SHOWN - 1, left - (small - 1) - besides * SMALLEST_SHOWN)
    return is_small(left) or low == high
