"""Postcodes and distances: where a postcode is, and how far apart two places are.

A place is the centre of an outward code (the first half of a postcode), in degrees WGS 84. That is
near enough to sort activities by distance and says less about a person than a full postcode would.
"""

from __future__ import annotations

import csv
import math
import re
from dataclasses import dataclass
from functools import lru_cache

from linkwork.paths import SEED_DATA

EARTH_RADIUS_KM = 6371.0088
OUTCODE_FILES = ("outcodes.csv", "demo/outcodes.csv")

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
    """Return the centre of the postcode's outward code, or None where that is not known."""
    outcode = outcode_of(postcode)
    return _places().get(outcode) if outcode else None


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
