"""Spreadsheets of any kind, CSV, XLSX or ODS: the one sheet that is a table, and its rows.

The header is found under lines of title, by the names and the shape of its cells; a list without
one gets headers of its own. Of several sheets the one that is most of a table is taken. What
cannot be read is refused as a whole, in a sentence that says what to do.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from linkwork.errors import FileRefused
from linkwork.exchange import delimited, opendocument, xlsx
from linkwork.exchange.column_contents import is_label
from linkwork.exchange.column_names import Vocabulary
from linkwork.exchange.service_columns import SERVICES
from linkwork.exchange.sheet_limits import Grid, Row
from linkwork.exchange.zipped_xml import Archive

BINARY = "xl/workbook.bin"
ZIP = b"PK\x03\x04"
OLD_EXCEL = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
NOT_A_TABLE = (b"{", b"[", b"<", b"%PDF")
TEXT_NAMES = (".csv", ".tsv", ".tab", ".txt")
LOOKED_AT = 120
HEADER_WITHIN = 30
MOST_SHEETS = 60
LONGEST_HEADER = 100


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table that was found in a file."""

    title: str
    """The name of the sheet; empty for a text file."""
    headers: tuple[str, ...]
    """Each different: a header that comes again has a number behind it."""
    rows: Iterator[tuple[int, tuple[str, ...]]]
    """The line in the file, from 1, and as many cells as there are headers."""
    header_line: int
    """The line of the header; 0 where the list has none."""
    sheets: tuple[str, ...] = ()
    """The names of all sheets of the file that hold a table, in their order."""


def is_spreadsheet(path: Path, name: str) -> bool:
    """Whether a file is one of these by what is in it: a workbook, or text with columns."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        start = file.read(4096)
    if start.startswith(ZIP):
        try:
            with Archive(path, name) as archive:
                workbook = archive.has(xlsx.WORKBOOK) or archive.has(BINARY)
                return workbook or opendocument.is_one(archive)
        except FileRefused:
            return False
    if start.startswith(OLD_EXCEL):
        return True
    plain = start.decode(
        "utf-16" if start[:2] in (b"\xff\xfe", b"\xfe\xff") else "latin-1", "replace"
    )
    text = plain.removeprefix("\xef\xbb\xbf").lstrip("\ufeff \t\r\n").encode()
    if not text or text.startswith(NOT_A_TABLE):
        return False
    return name.lower().endswith(TEXT_NAMES) or any(sign in text for sign in b",;\t|")


def read(
    path: Path, name: str, *, sheet: str | None = None, vocabulary: Vocabulary = SERVICES
) -> Sheet:
    """Find the table in a file: in the sheet of that name, or else in the likeliest one.

    ``name`` is what the user calls the file. Raises FileRefused, also while rows are read.
    """
    tables = []
    for number, grid in enumerate(_grids(path, name)):
        if found := _table(grid, vocabulary):
            tables.append((number, found))
    if not tables:
        raise FileRefused(
            f"{name} has no table in it: a line with the names of the columns, and rows under it. "
            "Nothing was imported."
        )
    wanted = [one for one in tables if one[1].title == sheet]
    number, best = max(wanted or tables, key=lambda one: one[1].points)
    return Sheet(
        best.title,
        best.headers,
        _rows(path, name, number, best),
        best.header_line,
        tuple(one.title for _, one in tables),
    )


@dataclass(frozen=True, slots=True)
class _Table:
    title: str
    headers: tuple[str, ...]
    header_line: int
    places: tuple[int, ...]
    points: float


def _grids(path: Path, name: str) -> list[Grid]:
    with path.open("rb") as file:
        start = file.read(8)
    if start == OLD_EXCEL:
        raise FileRefused(
            f"{name} is an Excel file of the old kind (XLS), or has a password. Open it, save it "
            "as XLSX or CSV without a password, and import that. Nothing was imported."
        )
    if not start.startswith(ZIP):
        return [delimited.grid(path, name)]
    archive = Archive(path, name)
    if opendocument.is_one(archive):
        return opendocument.grids(archive)[:MOST_SHEETS]
    if archive.has(xlsx.WORKBOOK):
        return xlsx.grids(archive)[:MOST_SHEETS]
    if archive.has(BINARY):
        raise FileRefused(
            f"{name} is a binary Excel workbook (XLSB). Save it as XLSX or CSV, and import that. "
            "Nothing was imported."
        )
    raise FileRefused(
        f"{name} is a zip file and not a spreadsheet. Take the file out of it, and import that. "
        "Nothing was imported."
    )


def _table(grid: Grid, vocabulary: Vocabulary) -> _Table | None:
    rows = list(islice(grid.rows, LOOKED_AT))
    if len(rows) < 2:
        return None
    place = _header(rows, vocabulary)
    body = rows[place + 1 :] if place is not None else rows
    if not body:
        return None
    width = max(len(cells) for _, cells in ([rows[place]] if place is not None else []) + body)
    given = rows[place][1] if place is not None else []
    places = tuple(
        column
        for column in range(width)
        if (column < len(given) and given[column])
        or any(column < len(cells) and cells[column] for _, cells in body)
    )
    headers = _unique([given[p] if p < len(given) else "" for p in places], places)
    known = sum(vocabulary.named(header) is not None for header in headers)
    points = (1 + 3 * known + min(len(headers), 20)) * min(len(body), LOOKED_AT)
    line = rows[place][0] if place is not None else 0
    return _Table(grid.title, headers, line, places, points)


def _header(rows: Sequence[Row], vocabulary: Vocabulary) -> int | None:
    """Which row has the names of the columns: known ones, else labels as wide as the rows below."""
    filled = [sum(bool(cell) for cell in cells) for _, cells in rows]
    widest = max(filled)
    best, points = None, 0.0
    for place in range(min(len(rows) - 1, HEADER_WITHIN)):
        cells = [cell for cell in rows[place][1] if cell]
        known = sum(vocabulary.named(cell) is not None for cell in cells)
        labels = sum(is_label(cell) for cell in cells)
        if labels < 0.9 * len(cells) or (not known and filled[place] < 0.7 * widest):
            continue
        below = max(filled[place + 1 : place + 11])
        if filled[place] < min(2, below) or filled[place] < 0.4 * below:
            continue
        score = 3 * known + filled[place] / widest - place / 100
        if score > points:
            best, points = place, score
    return best


def _unique(given: Sequence[str], places: Sequence[int]) -> tuple[str, ...]:
    """Headers as they stand, in one line each; none is empty, and none comes twice."""
    headers: list[str] = []
    for text, place in zip(given, places, strict=True):
        plain = " ".join(text.split())[:LONGEST_HEADER] or f"Column {place + 1}"
        header, number = plain, 1
        while header in headers:
            number += 1
            header = f"{plain} ({number})"
        headers.append(header)
    return tuple(headers)


def _rows(
    path: Path, name: str, number: int, table: _Table
) -> Iterator[tuple[int, tuple[str, ...]]]:
    grid = _grids(path, name)[number]
    for line, cells in grid.rows:
        if line > table.header_line:
            found = tuple(cells[p] if p < len(cells) else "" for p in table.places)
            if any(found):
                yield line, found
