"""OpenDocument spreadsheets (ODS): sheets as rows of what a person sees in the cells.

The text a cell shows is in the file beside its value, so formulas need no evaluating. Dates come as
2026-11-18 and times as 10:30, whatever the style. The format is OASIS OpenDocument 1.x.
"""

import re
from collections.abc import Iterator

from linkwork.exchange.sheet_limits import (
    LONGEST_CELL,
    MOST_COLUMNS,
    MOST_ROWS,
    Grid,
    Row,
    too_many_columns,
    too_many_rows,
    trimmed,
)
from linkwork.exchange.xlsx_cells import Silent
from linkwork.exchange.zipped_xml import Archive

CONTENT = "content.xml"
KIND = b"application/vnd.oasis.opendocument.spreadsheet"
DURATION = re.compile(r"PT([0-9]{1,4})H([0-9]{1,2})M.*")
NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
CELLS = ("table-cell", "covered-table-cell")
MOST_TABLES = 100


def grids(archive: Archive) -> list[Grid]:
    """The sheets in their order, each read when its rows are asked for."""
    names = _Names(archive)
    archive.read_all(CONTENT, names)
    shown = list(enumerate(names.found))[:MOST_TABLES]
    return [Grid(title, _rows(archive, number)) for number, title in shown]


def is_one(archive: Archive) -> bool:
    """Whether an archive says of itself that it is such a spreadsheet."""
    if not archive.has("mimetype") or not archive.has(CONTENT):
        return False
    return next(archive.chunks("mimetype"), b"").startswith(KIND)


def _rows(archive: Archive, number: int) -> Iterator[Row]:
    table = _Table(archive.name, number)
    for _ in archive.read(CONTENT, table):
        for line, cells in table.rows:
            archive.give_out(cells)
            yield line, cells
        table.rows.clear()
        if table.is_over:
            return


class _Names(Silent):
    def __init__(self, archive: Archive) -> None:
        self._keep = archive.keep
        self.found: list[str] = []
        self._depth = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table":
            self._depth += 1
            if self._depth == 1:
                self.found.append(self._keep(attributes.get("name", "")))

    def end(self, name: str) -> None:
        self._depth -= name == "table"


def _times(attributes: dict[str, str], what: str) -> int:
    """How often a row or a cell is repeated."""
    given = attributes.get(f"number-{what}-repeated", "1")
    return max(int(given), 1) if given.isascii() and given.isdigit() and len(given) < 8 else 1


class _Table(Silent):
    """Puts together the rows of the table of this number."""

    def __init__(self, file_name: str, number: int) -> None:
        self.rows: list[Row] = []
        self.is_over = False
        self._name, self._wanted = file_name, number
        self._table, self._depth, self._line, self._count = -1, 0, 0, 0
        self._row: list[str] = []
        self._row_times = self._cell_times = 1
        self._width = 0
        self._attributes: dict[str, str] = {}
        self._paragraphs: list[str] = []
        self._inside = self._aside = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "table":
            self._depth += 1
            self._table += self._depth == 1
        elif self._table != self._wanted or self._depth != 1:
            return
        elif name == "table-row":
            self._row, self._width, self._row_times = [], 0, _times(attributes, "rows")
        elif name in CELLS:
            self._attributes, self._paragraphs = attributes, []
            self._cell_times = _times(attributes, "columns")
        elif name == "annotation":  # a comment stuck to the cell
            self._aside += 1
        elif name == "p" and not self._aside:
            self._inside += 1
            self._paragraphs.append("")
        elif self._inside and name in ("s", "tab"):
            self.text(" ")
        elif self._inside and name == "line-break":
            self.text("\n")

    def text(self, words: str) -> None:
        if self._inside and not self._aside and len(self._paragraphs[-1]) < LONGEST_CELL:
            self._paragraphs[-1] += words

    def end(self, name: str) -> None:
        if name == "table":
            self._depth -= 1
            self.is_over = self.is_over or (self._table == self._wanted and not self._depth)
        elif self._table != self._wanted or self._depth != 1:
            return
        elif name == "annotation":
            self._aside -= 1
        elif name == "p" and not self._aside:
            self._inside -= 1
        elif name in CELLS:
            self._end_cell()
        elif name == "table-row":
            self._end_row()

    def _end_cell(self) -> None:
        shown = _shown(self._attributes, "\n".join(self._paragraphs))[:LONGEST_CELL].strip()
        if shown:
            if self._width + self._cell_times > MOST_COLUMNS:
                raise too_many_columns(self._name)
            self._row += [""] * (self._width - len(self._row)) + [shown] * self._cell_times
        self._width += self._cell_times

    def _end_row(self) -> None:
        cells = trimmed(self._row)
        for number in range(self._row_times if cells else 0):
            self._count += 1
            if self._count > MOST_ROWS:
                raise too_many_rows(self._name)
            self.rows.append((self._line + number + 1, cells))  # one list, however often
        self._line += self._row_times


def _shown(attributes: dict[str, str], text: str) -> str:
    kind = attributes.get("value-type", "")
    if kind == "date":
        day = attributes.get("date-value", text)
        return day.removesuffix("T00:00:00").replace("T", " ")[:16]
    if kind == "time" and (found := DURATION.fullmatch(attributes.get("time-value", ""))):
        return f"{int(found[1]):02d}:{int(found[2]):02d}"
    if kind == "float" and NUMBER.fullmatch(text):
        # A number shown shorter than it is: a latitude, say, cut to two places by its style.
        value = attributes.get("value", text)
        return value if NUMBER.fullmatch(value) and len(value) > len(text) else text
    return text
