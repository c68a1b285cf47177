"""What may stand in a table that crosses organisations: no small number, and no way back to one.

Counts of people from 1 to 7 are withheld; 0 is not. Where the total is printed, subtraction gives
the sum of what is withheld: while that sum, and these rules, would tell a small number, the next
smallest count is withheld too (secondary suppression), as NHS England asks of published
statistics; and where even that does not help, the total.
"""

from collections.abc import Sequence
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True)
class Table:
    """What is printed in the stead of each count of a table, and of the sums of rows and columns.

    None where the count or the sum itself may be printed.
    """

    cells: list[list[str | None]]
    row_sums: list[str | None]
    column_sums: list[str | None]


def of_table(counts: Sequence[Sequence[int]]) -> Table:
    """Withhold what is small in rows of equal length whose sums are printed both ways.

    What would give a small count away along its row or its column is withheld too, until nothing
    does; a sum is withheld where only that helps.
    """
    cells: list[list[str | None]] = [[WITHHELD if is_small(n) else None for n in r] for r in counts]
    rows = [[(i, j) for j in range(len(row))] for i, row in enumerate(counts)]
    columns = [list(line) for line in zip(*rows, strict=True)]

    def undone(line: list[tuple[int, int]]) -> bool:
        return _can_be_undone([counts[i][j] for i, j in line], [cells[i][j] for i, j in line])

    def shown(line: list[tuple[int, int]]) -> list[tuple[int, int]]:
        return [(i, j) for i, j in line if cells[i][j] is None and counts[i][j]]

    while open_lines := [line for line in rows + columns if undone(line) and shown(line)]:
        i, j = min(shown(open_lines[0]), key=lambda place: (counts[place[0]][place[1]], place))
        cells[i][j] = ALSO_WITHHELD

    def sums(lines: list[list[tuple[int, int]]]) -> list[str | None]:
        small = (is_small(sum(counts[i][j] for i, j in line)) for line in lines)
        pairs = zip(lines, small, strict=True)
        return [
            WITHHELD if is_so else ALSO_WITHHELD if undone(line) else None for line, is_so in pairs
        ]

    return Table(cells, sums(rows), sums(columns))


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
