"""Tables as text (CSV and its relations): any separator, any line ends, any usual encoding.

UTF-8, UTF-16 with or without its mark, and Windows-1252; bytes that are not UTF-8 are read as
Windows-1252 one by one, for files that were put together from both. Read in bounded memory.
"""

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TextIO

from linkwork.errors import FileRefused
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

MOST_BYTES = 100_000_000
LONGEST_LINE = 200_000
SEPARATORS = ",;\t|"
LOOKED_AT = 60
SEP_LINE = re.compile(r"sep=(.)\s*", re.IGNORECASE)
START_BYTES = 4096
CSV_ERRORS = "windows-1252 where not UTF-8"
NOT_TEXT = "{} is not text: open it, save it as CSV or XLSX, and import that. Nothing was imported."


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    return wrong.decode("cp1252", errors="replace"), error.end


codecs.register_error(CSV_ERRORS, _as_windows)


def grid(path: Path, name: str) -> Grid:
    """The file as rows of cells. Raises FileRefused, also while rows are read."""
    encoding = encoding_of(path, name)
    separator = _separator(path, encoding, name)
    return Grid("", _rows(path, encoding, separator, name))


def encoding_of(path: Path, name: str) -> str:
    """How the text of a file is written. Raises FileRefused where it is not text."""
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise FileRefused(f"{name} is larger than {MOST_BYTES // 1_000_000} MB.")
    with path.open("rb") as raw:
        start = raw.read(START_BYTES)
    if not start.strip(b"\xef\xbb\xbf\r\n\t ,;\0"):
        raise FileRefused(f"{name} is empty. Nothing was imported.")
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\0" not in start:
        return "utf-8-sig"
    # Text of England in UTF-16 has a nought in nearly every other byte: which, tells its order.
    for encoding, zeros in (("utf-16-le", start[1::2]), ("utf-16-be", start[::2])):
        if zeros.count(0) > 0.7 * len(zeros):
            return encoding
    raise FileRefused(NOT_TEXT.format(name))


def _open(path: Path, encoding: str) -> TextIO:
    errors = CSV_ERRORS if encoding == "utf-8-sig" else "replace"
    return path.open(encoding=encoding, errors=errors, newline="")


def _lines(text: TextIO, name: str) -> Iterator[str]:
    while line := text.readline(LONGEST_LINE + 1):
        if len(line) > LONGEST_LINE:
            raise FileRefused(
                f"{name} has a line of more than {LONGEST_LINE:,} characters, which no table has. "
                "Nothing was imported."
            )
        if "\0" in line:
            raise FileRefused(NOT_TEXT.format(name))
        yield line


def _separator(path: Path, encoding: str, name: str) -> str:
    """The sign that cuts most rows into the same number of cells."""
    with _open(path, encoding) as text:
        first = next(_lines(text, name), "")
    if said := SEP_LINE.fullmatch(first):
        return said[1]
    return max(SEPARATORS, key=lambda one: _evenness(path, encoding, one, name))


def _evenness(path: Path, encoding: str, separator: str, name: str) -> int:
    try:
        rows = [cells for _, cells in islice(_rows(path, encoding, separator, name), LOOKED_AT)]
    except FileRefused:
        return 0
    widths = Counter(len(cells) for cells in rows if len(cells) > 1)
    return max((count * min(width, 30) for width, count in widths.items()), default=0)


def _rows(path: Path, encoding: str, separator: str, name: str) -> Iterator[Row]:
    with _open(path, encoding) as text:
        lines = _Counted(_lines(text, name))
        reader = csv.reader(lines, delimiter=separator)
        line, count, begun = 1, 0, 1
        try:
            for given in reader:
                begun, line = line, reader.line_num + 1
                cells = trimmed([cell.strip()[:LONGEST_CELL] for cell in given])
                if len(cells) > MOST_COLUMNS:
                    raise too_many_columns(name)
                if cells and not (begun == 1 and SEP_LINE.fullmatch(separator.join(given))):
                    count += 1
                    if count > MOST_ROWS:
                        raise too_many_rows(name)
                    yield begun, cells
        except csv.Error as wrong:
            raise _never_closed(name, line) from wrong
        if lines.quotation_marks % 2 and line - begun > 1:
            raise _never_closed(name, begun)


class _Counted:
    """Lines, with the quotation marks in them counted: in a whole table they are even."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines, self.quotation_marks = lines, 0

    def __iter__(self) -> "_Counted":
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.quotation_marks += line.count('"')
        return line


def _never_closed(name: str, line: int) -> FileRefused:
    return FileRefused(
        f"{name} has a quotation mark in line {line} that is never closed. Put it right, and "
        "import it again. Nothing was imported."
    )
