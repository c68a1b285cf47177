"""Postcodes and distances: where a postcode is, and how far apart two places are.

A place is in degrees WGS 84. With the full index (``linkwork geo build``) it is that of the whole
postcode; without it, or for a postcode that is not in it, the centre of the outward code (the first
half), which is near enough to sort activities by distance. The index also tells which area of the
census a postcode lies in and how deprived that is.
"""

from __future__ import annotations

import csv
import logging
import math
import os
import re
import sqlite3
import threading
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from linkwork.paths import SEED_DATA

EARTH_RADIUS_KM = 6371.0088
# Cells of about 28 by 27 km, in degrees.
CELL_NORTH, CELL_EAST = 0.25, 0.4
OUTCODE_FILES = ("outcodes.csv", "demo/outcodes.csv")
INDEX_FORMAT = "linkwork postcodes 1"
DEGREE = 100_000
"""The index keeps degrees as whole numbers: five decimals, about a metre."""
BASE = " 0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
log = logging.getLogger(__name__)

# The letters each position may hold are those of the Royal Mail's format. The second letter may
# also be Z, which no real area uses, because the demo lives in the invented area ZZ.
OUTWARD = r"(?:[A-PR-UWYZ](?:[0-9]{1,2}|[0-9][A-HJKPSTUW]|[A-HK-Z][0-9]{1,2}|[A-HK-Z][0-9][A-Z]))"
INWARD = r"[0-9][ABD-HJLNP-UW-Z]{2}"
FULL_POSTCODE = re.compile(rf"({OUTWARD})({INWARD})")
OUTCODE_ONLY = re.compile(OUTWARD)
NOT_A_LETTER_OR_DIGIT = re.compile(r"[\s\-.,]+")


@dataclass(frozen=True, slots=True)
class Place:
    """A point on the earth: latitude and longitude in degrees, WGS 84."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Area:
    """Where a postcode lies: its Lower-layer Super Output Area, and how deprived that is.

    ``decile`` is 1 (most deprived) to 10, None where no index of deprivation tells; ``source``
    names the index.
    """

    lsoa: str | None
    decile: int | None
    source: str


class _Index:
    """The file that ``linkwork geo build`` made, opened again when it is replaced."""

    def __init__(self) -> None:
        self._path: Path | None = None
        self._mine = threading.local()

    def use(self, path: Path | None) -> None:
        self._path = path

    def asked(self, query: str, *values: Any) -> Any:
        """The first row, or None: also where there is no file, or one that cannot be read."""
        try:
            opened = self._opened()
            return opened.execute(query, values).fetchone() if opened else None
        except sqlite3.Error:
            log.warning("%s cannot be read: places are those of outward codes.", self._path)
            return None

    def _opened(self) -> sqlite3.Connection | None:
        if self._path is None:
            return None
        try:
            found = self._path.stat()
        except OSError:
            return None
        # Of this process and this thread: a connection is not to be shared with either.
        name = (os.getpid(), found.st_ino, found.st_mtime_ns, found.st_size)
        if getattr(self._mine, "name", None) != name:
            address = f"{self._path.absolute().as_uri()}?mode=ro&immutable=1"
            self._mine.opened = sqlite3.connect(address, uri=True)
            self._mine.name = name
        opened: sqlite3.Connection = self._mine.opened
        return opened


_index = _Index()


def use_index(path: Path | None) -> None:
    """Look full postcodes up in this file from now on; None for outward codes alone.

    The file may be missing, and may be replaced at any time: it is looked for at every look-up.
    """
    _index.use(path)


def facts() -> dict[str, str]:
    """What the full index says of itself, by name; nothing where there is none."""
    names = ("format", "made_on", "postcodes", "areas", "deprivation", "attribution")
    query = "SELECT value FROM about WHERE name = ?"
    found = {name: row[0] for name in names if (row := _index.asked(query, name))}
    return found if found.get("format") == INDEX_FORMAT else {}


def number_of(postcode: str | None) -> int | None:
    """A full postcode as the number the index knows it by; None for anything else."""
    outward, inward = _halves(postcode)
    if outward is None or inward is None:
        return None
    number = 0
    for letter in f"{outward:4}{inward}":
        number = number * len(BASE) + BASE.index(letter)
    return number


def area_of(postcode: str | None) -> Area | None:
    """The area a full postcode lies in; None where the index does not know it."""
    number = number_of(postcode)
    if number is None:
        return None
    row = _index.asked(
        "SELECT lsoa, decile, (SELECT value FROM about WHERE name = 'deprivation')"
        " FROM postcode WHERE number = ?",
        number,
    )
    if row is None:
        return None
    return Area(lsoa_named(row[0]), row[1] or None, row[2] or "")


def lsoa_named(number: int) -> str | None:
    """The code of an area, such as E01004736, from its number in the index; None for nought."""
    return f"{'?EWS'[number // 100_000_000]}{number % 100_000_000:08}" if number else None


def lsoa_number(code: str) -> int:
    """The number of an area in the index; nought for anything that is no area of Great Britain."""
    digits = code[1:]
    if len(code) != 9 or not (digits.isascii() and digits.isdigit()):
        return 0
    country = "EWS".find(code[0]) + 1
    return country * 100_000_000 + int(digits) if country else 0


def normal_postcode(text: str | None) -> str | None:
    """Return the postcode as it is written on an envelope (`M1 6AB`), or None.

    An outward code alone (`m16`) is accepted and returned in capitals. None means that the text is
    empty or cannot be a UK postcode; whether the postcode is in use is not checked.
    """
    outward, inward = _halves(text)
    if outward is None:
        return None
    return f"{outward} {inward}" if inward else outward


def outcode_of(postcode: str | None) -> str | None:
    """Return the outward code (`M1` of `M1 6AB`), or None where the text is no UK postcode."""
    return _halves(postcode)[0]


def place_of(postcode: str | None) -> Place | None:
    """Return where a postcode is, or None where that is not known.

    That is the postcode itself where the full index has it, else the centre of its outward code.
    """
    exact = exact_place_of(postcode)
    if exact is not None:
        return exact
    outcode = outcode_of(postcode)
    return _places().get(outcode) if outcode else None


def exact_place_of(postcode: str | None) -> Place | None:
    """Return where a full postcode is by the full index, right to about 100 metres, or None."""
    number = number_of(postcode)
    if number is None:
        return None
    query = "SELECT latitude, longitude FROM postcode WHERE number = ?"
    row = _index.asked(query, number)
    return Place(row[0] / DEGREE, row[1] / DEGREE) if row else None


def distance_km(one: Place, other: Place) -> float:
    """Return the distance in kilometres as the crow flies (haversine formula, mean radius)."""
    phi_one, phi_other = math.radians(one.latitude), math.radians(other.latitude)
    half_phi = (phi_other - phi_one) / 2
    half_lambda = math.radians(other.longitude - one.longitude) / 2
    chord = (
        math.sin(half_phi) ** 2
        + math.cos(phi_one) * math.cos(phi_other) * math.sin(half_lambda) ** 2
    )
    return 2 * EARTH_RADIUS_KM * math.asin(math.sqrt(min(1.0, chord)))


def is_near_land(place: Place) -> bool:
    """Return whether a place may be in the United Kingdom: False for the sea and other countries.

    In Great Britain some outward code has its centre within 28 to 55 km; Northern Ireland, whose
    postcodes are not open data, is a box.
    """
    north, east = _cell(place)
    in_northern_ireland = 54.0 <= place.latitude <= 55.4 and -8.2 <= place.longitude <= -5.4
    return in_northern_ireland or (north, east) in _cells_of_land()


def _cell(place: Place) -> tuple[int, int]:
    return math.floor(place.latitude / CELL_NORTH), math.floor(place.longitude / CELL_EAST)


@lru_cache(maxsize=1)
def _cells_of_land() -> frozenset[tuple[int, int]]:
    centres = {_cell(place) for place in _places().values()}
    around = [(n, e) for n in (-1, 0, 1) for e in (-1, 0, 1)]
    return frozenset((north + n, east + e) for north, east in centres for n, e in around)


def _halves(text: str | None) -> tuple[str | None, str | None]:
    packed = NOT_A_LETTER_OR_DIGIT.sub("", (text or "")[:20]).upper()
    if full := FULL_POSTCODE.fullmatch(packed):
        return full[1], full[2]
    return (packed, None) if OUTCODE_ONLY.fullmatch(packed) else (None, None)


@lru_cache(maxsize=1)
def _places() -> dict[str, Place]:
    places: dict[str, Place] = {}
    for name in OUTCODE_FILES:
        with (SEED_DATA / name).open(encoding="utf-8", newline="") as lines:
            for row in csv.DictReader(lines):
                places[row["code"]] = Place(float(row["latitude"]), float(row["longitude"]))
    return places
