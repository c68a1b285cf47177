"""Tables that other systems export as text: read by what their headers mean.

A file is recognised by its columns, whatever their order, case or year: "Practice code",
``PRACTICE_CODE`` and "practice-code" are the same. Lines of title before the header are passed
over. Encodings are UTF-8, UTF-16 with its mark, and Windows-1252; separators are comma, semicolon,
tab and bar. Everything is read line by line, within the limits below. What cannot be read is
refused as a whole, in a sentence that says what was found instead.
"""

import codecs
import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TextIO

from linkwork.errors import FileRefused

MOST_BYTES = 64_000_000
MOST_ROWS = 1_000_000
LONGEST_LINE = 20_000
TITLE_LINES = 20
SEPARATORS = ",;\t|"
CHUNK_BYTES = 1 << 20
MOST_NAMED = 20
YEAR = re.compile(r"_?((?:19|20)\d\d)(?:_(\d\d))?$")
WORKBOOK = b"PK\x03\x04"


@dataclass(frozen=True, slots=True)
class Layout:
    """One kind of table: for each meaning the folded headers that carry it.

    ``needed`` are the meanings without which a file is not of this kind.
    """

    name: str
    columns: dict[str, tuple[str, ...]]
    needed: tuple[str, ...]

    def found(self, headers: Sequence[str]) -> dict[str, int]:
        """Where each meaning stands among headers; the first name in a tuple is preferred."""
        places = {folded(header): place for place, header in reversed([*enumerate(headers)])}
        return {
            meaning: next(places[name] for name in names if name in places)
            for meaning, names in self.columns.items()
            if any(name in places for name in names)
        }

    def missing(self, headers: Sequence[str]) -> list[str]:
        """The needed columns that headers lack, as a reader would write them."""
        found = self.found(headers)
        return [
            self.columns[name][0].replace("_", " ") for name in self.needed if name not in found
        ]


@dataclass(frozen=True, slots=True)
class Table:
    """A recognised file: its layout, its headers as they stand, and its rows when asked."""

    layout: Layout
    headers: tuple[str, ...]
    rows: Iterator[tuple[int, dict[str, str]]]
    """The number of the line (1 is the first of the file) and each meaning's trimmed text."""

    def header_of(self, meaning: str) -> str:
        """The header that carries a meaning; empty where the file has none."""
        place = self.layout.found(self.headers).get(meaning)
        return "" if place is None else self.headers[place]


def folded(header: str) -> str:
    """A header without case, punctuation or year: ``Registered patients 2021-01`` and such."""
    return YEAR.sub("", _plain(header))


def year_and_month(header: str) -> tuple[int, int] | None:
    """The year and month a header ends with; January where it names only a year."""
    found = YEAR.search(_plain(header))
    if found is None or not 1 <= (month := int(found[2] or 1)) <= 12:
        return None
    return int(found[1]), month


def read(file: Path, layouts: Sequence[Layout], *, name: str = "") -> Table:
    """Recognise ``file`` as one of ``layouts`` and give its rows, read as they are asked for.

    ``name`` is what the user calls the file. Raises FileRefused, also while rows are read.
    """
    name = name or file.name
    encoding = _encoding(file, name)
    heads = _beginning(file, encoding, name)
    for separator in SEPARATORS:
        for number, line in enumerate(heads):
            headers = _cells(line, separator)
            for layout in layouts:
                if not layout.missing(headers):
                    rows = _rows(file, encoding, separator, number, layout.found(headers), name)
                    return Table(layout, tuple(headers), rows)
    raise FileRefused(_not_recognised(heads, layouts, name))


def cells(file: Path, *, name: str = "") -> Iterator[tuple[int, list[str]]]:
    """The rows of a file with commas and no header, each with the number of its line.

    Raises FileRefused, also while rows are read.
    """
    name = name or file.name
    encoding = _encoding(file, name)
    with _open(file, encoding) as text:
        reader = csv.reader(_lines(text, name))
        try:
            for count, row in enumerate(reader):
                if count >= MOST_ROWS:
                    raise FileRefused(f"{name} has more than {MOST_ROWS:,} rows.")
                if any(row):
                    yield reader.line_num, [cell.strip() for cell in row]
        except csv.Error as wrong:
            raise FileRefused(
                f"{name} cannot be read after line {reader.line_num}: {wrong}."
            ) from None


def _plain(header: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", header.lower()).strip("_")


def _encoding(file: Path, name: str) -> str:
    """Find how the file is written, reading it once in pieces."""
    if file.stat().st_size > MOST_BYTES:
        raise FileRefused(f"{name} is larger than {MOST_BYTES // 1_000_000} MB.")
    if not file.stat().st_size:
        raise FileRefused(f"{name} is empty.")
    with file.open("rb") as raw:
        start = raw.read(4)
        if start.startswith(WORKBOOK):
            raise FileRefused(
                f"{name} is a workbook or an archive."
                " Open it, save the sheet as CSV, and import that."
            )
        if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return "utf-16"
        raw.seek(0)
        return _eight_bit_encoding(iter(lambda: raw.read(CHUNK_BYTES), b""), name)


def _eight_bit_encoding(chunks: Iterator[bytes], name: str) -> str:
    decoder, encoding = codecs.getincrementaldecoder("utf-8")(), "utf-8-sig"
    for chunk in chunks:
        if b"\0" in chunk:
            raise FileRefused(f"{name} is not text: save it as CSV (UTF-8) and import that.")
        if encoding == "utf-8-sig":
            try:
                decoder.decode(chunk)
            except UnicodeDecodeError:
                encoding = "cp1252"
    return encoding


def _open(file: Path, encoding: str) -> TextIO:
    return file.open(encoding=encoding, errors="replace", newline="")


def _lines(text: TextIO, name: str) -> Iterator[str]:
    """Lines of a file, refusing one so long that it is no table's."""
    while line := text.readline(LONGEST_LINE + 1):
        if len(line) > LONGEST_LINE:
            raise FileRefused(f"{name} has a line of more than {LONGEST_LINE:,} characters.")
        if "\0" in line:
            raise FileRefused(f"{name} is not text: save it as CSV (UTF-8) and import that.")
        yield line


def _beginning(file: Path, encoding: str, name: str) -> list[str]:
    with _open(file, encoding) as text:
        return list(islice(_lines(text, name), TITLE_LINES))


def _cells(line: str, separator: str) -> list[str]:
    try:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=separator), [])]
    except csv.Error:
        return []


def _rows(
    file: Path, encoding: str, separator: str, header: int, places: dict[str, int], name: str
) -> Iterator[tuple[int, dict[str, str]]]:
    with _open(file, encoding) as text:
        lines = _lines(text, name)
        for _ in range(header + 1):
            next(lines)
        reader = csv.reader(lines, delimiter=separator)
        try:
            for count, cells in enumerate(reader):
                if count >= MOST_ROWS:
                    raise FileRefused(f"{name} has more than {MOST_ROWS:,} rows.")
                if any(cells):
                    yield header + 1 + reader.line_num, _meant(cells, places)
        except csv.Error as wrong:
            line = header + 1 + reader.line_num
            raise FileRefused(f"{name} cannot be read after line {line}: {wrong}.") from None


def _meant(cells: Sequence[str], places: dict[str, int]) -> dict[str, str]:
    return {
        meaning: cells[place].strip() if place < len(cells) else ""
        for meaning, place in places.items()
    }


def _not_recognised(heads: Sequence[str], layouts: Sequence[Layout], name: str) -> str:
    tried = [_cells(line, separator) for separator in SEPARATORS for line in heads or [""]]
    nearest, headers = min(
        ((layout, cells) for cells in tried for layout in layouts),
        key=lambda pair: (len(pair[0].missing(pair[1])), -len(pair[1])),
    )
    found = [header[:60] for header in headers if header]
    more = f" and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
    return (
        f"{name} is not a {nearest.name}: it has no column for {_listed(nearest.missing(headers))}."
        f" Its columns are: {', '.join(found[:MOST_NAMED]) or 'none'}{more}."
    )


def _listed(words: Sequence[str]) -> str:
    return " or ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
