"""What a sheet may hold at the most, and a row of it: the same for every kind of file."""

import sys
from collections.abc import Iterator
from dataclasses import dataclass

from linkwork.errors import FileRefused

MOST_ROWS = 100_000
MOST_COLUMNS = 500
LONGEST_CELL = 40_000
MOST_CHARACTERS = 200_000_000
"""In all rows together: a text that many cells share counts in each of them."""
MOST_KEPT_BYTES = 50_000_000
"""Of what a workbook makes us keep in memory, such as the texts its cells share."""
PLACE_BYTES = 8

Row = tuple[int, list[str]]
"""The number of the line as the user’s programme counts it, and the cells as they are shown."""


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet of a file as it stands: its name, and its rows that are not empty."""

    title: str
    rows: Iterator[Row]


def too_many_rows(name: str) -> FileRefused:
    """The refusal of a file that is longer than any list of this kind."""
    return FileRefused(
        f"{name} has more than {MOST_ROWS:,} rows. Split it, and import the parts one after the "
        "other. Nothing was imported."
    )


def too_much_text(name: str) -> FileRefused:
    """The refusal of a file with more text than any list of this kind."""
    return FileRefused(
        f"{name} holds more text than can be read at once. Delete the sheets and columns that are "
        "not needed, or split it, and import the parts one after the other. Nothing was imported."
    )


def bytes_of(text: str) -> int:
    """The memory a text takes in a list: one letter beyond Latin can make all of it take more."""
    return sys.getsizeof(text) + PLACE_BYTES


def too_many_columns(name: str) -> FileRefused:
    """The refusal of a file that is wider than any list of this kind."""
    return FileRefused(
        f"{name} has more than {MOST_COLUMNS} columns. Delete those that are not needed, and "
        "import it again. Nothing was imported."
    )


def trimmed(cells: list[str]) -> list[str]:
    """The cells without the empty ones at the end of the row."""
    width = len(cells)
    while width and not cells[width - 1]:
        width -= 1
    return cells[:width]
