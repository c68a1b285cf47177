"""Excel workbooks (XLSX): sheets as rows of what a person sees in the cells.

Formulas are never evaluated: the value the workbook keeps beside one is what it shows. A value
merged over several rows stands in each of them. The format is ECMA-376; only what a list needs of
it is read.
"""

import posixpath
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
from linkwork.exchange.xlsx_cells import FIRST_DAYS, Cells, Shared, Silent, Styles
from linkwork.exchange.zipped_xml import Archive

WORKBOOK = "xl/workbook.xml"
REFERENCE = re.compile(r"([A-Z]{1,7})([0-9]{1,10})")
MERGED = re.compile(rb'mergeCell [^>]*ref="([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})"')
MOST_MERGED_CELLS = 200_000


def grids(archive: Archive) -> list[Grid]:
    """The visible sheets in their order, each read when its rows are asked for."""
    book = _Book(archive)
    archive.read_all(WORKBOOK, book)
    targets = _Targets(archive)
    archive.read_all("xl/_rels/workbook.xml.rels", targets)
    styles = Styles(archive)
    if archive.has("xl/styles.xml"):
        archive.read_all("xl/styles.xml", styles)
    shared = Shared(archive)
    cells = Cells(shared, styles.formats, FIRST_DAYS[book.from_1904])
    parts = ((title, _part(targets.found.get(number, ""))) for title, number in book.sheets)
    return [Grid(title, _rows(archive, part, cells)) for title, part in parts if archive.has(part)]


def _part(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")


class _Book(Silent):
    def __init__(self, archive: Archive) -> None:
        self._keep = archive.keep
        self.sheets: list[tuple[str, str]] = []
        self.from_1904 = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "sheet" and attributes.get("state", "visible") == "visible":
            title = self._keep(attributes.get("name", ""))
            self.sheets.append((title, self._keep(attributes.get("id", ""))))
        elif name == "workbookPr":
            self.from_1904 = attributes.get("date1904") in ("1", "true")


class _Targets(Silent):
    def __init__(self, archive: Archive) -> None:
        self._keep = archive.keep
        self.found: dict[str, str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "Relationship":
            target = self._keep(attributes.get("Target", ""))
            self.found[self._keep(attributes.get("Id", ""))] = target


class _Sheet(Silent):
    """Puts together the rows of one sheet."""

    def __init__(self, archive: Archive, cells: Cells) -> None:
        self.rows: list[Row] = []
        self._name, self._cells = archive.name, cells
        self._line = self._column = self._count = 0
        self._row: dict[int, str] = {}
        self._kind = self._style = ""
        self._kept: list[str] = []
        self._length = self._spoken = 0
        self._inside = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "c":
            self._begin_cell(attributes)
        elif name in ("v", "t"):
            self._inside = not self._spoken
        elif name == "rPh":
            self._spoken += 1
        elif name == "row":
            given = attributes.get("r", "")
            known = given.isascii() and given.isdigit() and len(given) < 10
            self._line, self._column, self._row = int(given) if known else self._line + 1, -1, {}

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        found = REFERENCE.fullmatch(attributes.get("r", ""))
        self._column = column_of(found[1]) if found else self._column + 1
        self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "")
        self._kept, self._length = [], 0

    def text(self, words: str) -> None:
        if self._inside and self._length < LONGEST_CELL:
            self._kept.append(words)
            self._length += len(words)

    def end(self, name: str) -> None:
        if name in ("v", "t"):
            self._inside = False
        elif name == "rPh":
            self._spoken -= 1
        elif name == "c":
            self._end_cell()
        elif name == "row" and self._row:
            self._end_row()

    def _end_cell(self) -> None:
        shown = self._cells.shown(self._kind, self._style, "".join(self._kept)[:LONGEST_CELL])
        if not shown:
            return
        if self._column >= MOST_COLUMNS:
            raise too_many_columns(self._name)
        self._row[self._column] = shown

    def _end_row(self) -> None:
        self._count += 1
        if self._count > MOST_ROWS:
            raise too_many_rows(self._name)
        cells = [self._row.get(place, "") for place in range(max(self._row) + 1)]
        self.rows.append((self._line, cells))
        self._row = {}


def column_of(letters: str) -> int:
    """The place of a column, from 0, by its letters: ``A`` is 0, ``AA`` 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _rows(archive: Archive, part: str, cells: Cells) -> Iterator[Row]:
    merged = _Merged(archive, part)
    sheet = _Sheet(archive, cells)
    for _ in archive.read(part, sheet):
        for line, row in sheet.rows:
            filled = trimmed(merged.filled(line, row))
            if filled:
                archive.give_out(filled)
                yield line, filled
        sheet.rows.clear()


class _Merged:
    """Cells that are merged over several rows: each of the rows has the value of the first."""

    def __init__(self, archive: Archive, part: str) -> None:
        self._at: dict[int, list[tuple[int, int]]] = {}
        self._values: dict[tuple[int, int], str] = {}
        self._left = MOST_MERGED_CELLS
        tail, begun = b"", False
        for chunk in archive.chunks(part):
            tail += chunk
            begun = begun or b"mergeCell " in tail
            if begun:
                for found in MERGED.finditer(tail):
                    self._add(*(group.decode() for group in found.groups()))
                tail = tail[max(tail.rfind(b"<"), 0) :]
            tail = tail[-200:]

    def _add(self, left: str, top: str, _right: str, bottom: str) -> None:
        column, first, last = column_of(left), int(top), int(bottom)
        self._left -= max(last - first, 0)
        if self._left >= 0 and column < MOST_COLUMNS and last > first:
            for line in range(first, last + 1):
                self._at.setdefault(line, []).append((column, first))

    def filled(self, line: int, row: list[str]) -> list[str]:
        """The row with what its merged cells show."""
        for column, top in self._at.get(line, ()):
            here = row[column] if column < len(row) else ""
            if line == top:
                self._values[column, top] = here
            elif shown := self._values.get((column, top), "") if not here else "":
                row.extend([""] * (column + 1 - len(row)))
                row[column] = shown
        return row
