"""Build the table of outward codes from Ordnance Survey's Code-Point Open.

    python -m linkwork.exchange.outcodes codepo_gb.zip > seed_data/outcodes.csv

Code-Point Open is a zip of CSV files without headers: postcode, quality, easting, northing, ...
The centre of an outward code is the mean of its postcodes. Grid references become degrees by the
formulas of Ordnance Survey's "A guide to coordinate systems in Great Britain" (annex C and
section 6.6: transverse Mercator on Airy 1830, then a Helmert transformation to WGS 84), which are
right to about five metres.
"""

from __future__ import annotations

import csv
import io
import sys
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from math import atan2, cos, degrees, hypot, radians, sin, sqrt, tan
from pathlib import Path
from typing import TextIO

from linkwork.geography import Place, outcode_of

WORST_QUALITY = 90  # 90 is "no coordinates"

AIRY_A, AIRY_B = 6377563.396, 6356256.909
WGS_A, WGS_B = 6378137.0, 6356752.3141
SCALE = 0.9996012717
ORIGIN_LATITUDE, ORIGIN_LONGITUDE = radians(49), radians(-2)
ORIGIN_EASTING, ORIGIN_NORTHING = 400_000.0, -100_000.0
N = (AIRY_A - AIRY_B) / (AIRY_A + AIRY_B)


def centres(source: Path) -> dict[str, Place]:
    """Return the centre of each outward code in a Code-Point Open zip, by code."""
    sums: dict[str, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for postcode, easting, northing in _points(source):
        outcode = outcode_of(postcode)
        if outcode is None:
            continue
        total = sums[outcode]
        total[0] += easting
        total[1] += northing
        total[2] += 1
    return {code: place_at(e / n, north / n) for code, (e, north, n) in sorted(sums.items())}


def place_at(easting: float, northing: float) -> Place:
    """Return the place of a national grid reference, both in metres."""
    latitude, longitude = _airy_degrees(easting, northing)
    return _wgs84(latitude, longitude)


def write(places: dict[str, Place], out: TextIO) -> None:
    """Write `code,latitude,longitude` with five decimals, about a metre."""
    out.write("code,latitude,longitude\n")
    out.writelines(
        f"{code},{place.latitude:.5f},{place.longitude:.5f}\n" for code, place in places.items()
    )


def _points(source: Path) -> Iterator[tuple[str, float, float]]:
    with zipfile.ZipFile(source) as archive:
        names = [n for n in archive.namelist() if n.startswith("Data/") and n.endswith(".csv")]
        for name in sorted(names):
            with archive.open(name) as raw:
                yield from _rows(io.TextIOWrapper(raw, encoding="utf-8"))


def _rows(lines: Iterable[str]) -> Iterator[tuple[str, float, float]]:
    for row in csv.reader(lines):
        if int(row[1]) < WORST_QUALITY:
            yield row[0], float(row[2]), float(row[3])


def _meridional_arc(latitude: float) -> float:
    difference, total = latitude - ORIGIN_LATITUDE, latitude + ORIGIN_LATITUDE
    return (
        AIRY_B
        * SCALE
        * (
            (1 + N + 5 / 4 * N**2 + 5 / 4 * N**3) * difference
            - (3 * N + 3 * N**2 + 21 / 8 * N**3) * sin(difference) * cos(total)
            + (15 / 8 * N**2 + 15 / 8 * N**3) * sin(2 * difference) * cos(2 * total)
            - 35 / 24 * N**3 * sin(3 * difference) * cos(3 * total)
        )
    )


def _foot_latitude(northing: float) -> float:
    latitude = ORIGIN_LATITUDE + (northing - ORIGIN_NORTHING) / (AIRY_A * SCALE)
    while abs(rest := northing - ORIGIN_NORTHING - _meridional_arc(latitude)) >= 1e-5:
        latitude += rest / (AIRY_A * SCALE)
    return latitude


def _airy_degrees(easting: float, northing: float) -> tuple[float, float]:
    foot, east = _foot_latitude(northing), easting - ORIGIN_EASTING
    e2 = 1 - AIRY_B**2 / AIRY_A**2
    nu = AIRY_A * SCALE / sqrt(1 - e2 * sin(foot) ** 2)
    rho = AIRY_A * SCALE * (1 - e2) / (1 - e2 * sin(foot) ** 2) ** 1.5
    eta2, t, sec = nu / rho - 1, tan(foot), 1 / cos(foot)
    seven = t / (2 * rho * nu)
    eight = t / (24 * rho * nu**3) * (5 + 3 * t**2 + eta2 - 9 * t**2 * eta2)
    nine = t / (720 * rho * nu**5) * (61 + 90 * t**2 + 45 * t**4)
    eleven = sec / (6 * nu**3) * (nu / rho + 2 * t**2)
    twelve = sec / (120 * nu**5) * (5 + 28 * t**2 + 24 * t**4)
    latitude = foot - seven * east**2 + eight * east**4 - nine * east**6
    longitude = ORIGIN_LONGITUDE + sec / nu * east - eleven * east**3 + twelve * east**5
    return latitude, longitude


def _wgs84(latitude: float, longitude: float) -> Place:
    e2 = 1 - AIRY_B**2 / AIRY_A**2
    nu = AIRY_A / sqrt(1 - e2 * sin(latitude) ** 2)
    x, y = nu * cos(latitude) * cos(longitude), nu * cos(latitude) * sin(longitude)
    z = (1 - e2) * nu * sin(latitude)
    s = 1 - 20.4894e-6
    rx, ry, rz = (radians(seconds / 3600) for seconds in (0.1502, 0.2470, 0.8421))
    moved_x = 446.448 + s * x - rz * y + ry * z
    moved_y = -125.157 + rz * x + s * y - rx * z
    moved_z = 542.060 - ry * x + rx * y + s * z
    return _degrees(moved_x, moved_y, moved_z)


def _degrees(x: float, y: float, z: float) -> Place:
    e2, across = 1 - WGS_B**2 / WGS_A**2, hypot(x, y)
    latitude = atan2(z, across * (1 - e2))
    for _ in range(6):
        nu = WGS_A / sqrt(1 - e2 * sin(latitude) ** 2)
        latitude = atan2(z + e2 * nu * sin(latitude), across)
    return Place(degrees(latitude), degrees(atan2(y, x)))


if __name__ == "__main__":
    write(centres(Path(sys.argv[1])), sys.stdout)
