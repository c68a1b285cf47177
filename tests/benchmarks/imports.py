"""How quickly files come in, beside the least it can cost to store the same rows.

    python -m tests.benchmarks.imports [--directory FILE] [--map FILE --lists FILE]
        [--services 50000] [--engine both] [--rounds 3] [--json]

FILE is Open Referral UK 3.0 JSON, a practice-to-PCN map, a table of list sizes. The floor parses
the same files with ``json`` or ``csv`` and puts the very rows that the import stored into the same
tables with a bare ``executemany``: no checks, no report, no concepts. Since the import fills the
index of words, its vocabulary, the facets and the sessions as well, so does the floor, with words
that are cut already; only the audit is left out. Both commit as durably as in use. Every import
runs in a process of its own, into a new database, and tells its time and peak memory; ``cpu``
is that of the process alone, which is all there is on SQLite.
``--services`` copies the services of the directory until there are so many, for its memory.
"""

import argparse
import csv
import json
import multiprocessing
import sqlite3
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

import psycopg
from sqlalchemy import make_url

from linkwork import clock
from linkwork.database import db
from linkwork.exchange.directory import import_directory
from linkwork.exchange.organisations import import_organisations
from tests import engines
from tests.benchmarks import databases
from tests.benchmarks.serving import peak_mb_of

Result = dict[str, Any]
Tables = dict[str, tuple[list[str], list[tuple[Any, ...]]]]
NOT_STORED_BY_IT = ("alembic_version", "audit_")
# The tables that no model has. FTS5 numbers its rows beside the columns that ``*`` gives.
INDEX_OF_WORDS = {
    "sqlite": {"service_fts": "rowid, *", "service_word": "*"},
    "postgresql": {"service_search": "*", "service_word": "*"},
}
COLUMNS = (
    ("what", "<14"),
    ("rows", ">8"),
    ("seconds", ">8.2f"),
    ("again_s", ">8.2f"),
    ("peak_mb", ">8.0f"),
    ("of_it_start_mb", ">15.0f"),
    ("floor_s", ">8.2f"),
    ("floor_peak_mb", ">14.0f"),
    ("ratio", ">6.1f"),
    ("cpu_s", ">6.2f"),
    ("floor_cpu_s", ">12.2f"),
    ("cpu_ratio", ">10.1f"),
)


def bring_directory(file: Path) -> None:
    """Import a directory as the command does."""
    import_directory(file, source=file.stem, by=None, at=clock.now(), today=clock.today())


def bring_organisations(map_file: Path, lists_file: Path) -> None:
    """Import organisations as the command does."""
    import_organisations(map_file, lists_file, by=None, at=clock.now(), on=clock.today())


def ours(url: str, what: str, files: Sequence[Path]) -> Result:
    """Import the files twice; the second time nothing is new. Runs in a process of its own."""
    with databases.app_on(url).app_context():
        start_mb = peak_mb_of("self")
        seconds, cpu_s = _taken(lambda: _bring(what, files))
        peak_mb = peak_mb_of("self")
        again_s, _ = _taken(lambda: _bring(what, files))
        databases.let_go()
    return {
        "seconds": seconds,
        "cpu_s": cpu_s,
        "again_s": again_s,
        "peak_mb": peak_mb,
        "of_it_start_mb": start_mb,
    }


def bare(url: str, what: str, files: Sequence[Path], filled: str) -> Result:
    """Parse the files and store the rows that ``filled`` holds. Runs in a process of its own."""
    with databases.app_on(url).app_context():  # makes the tables; what follows uses none of it
        names = {table.name: "*" for table in db.metadata.sorted_tables}
        names |= INDEX_OF_WORDS[db.engine.dialect.name]
        databases.let_go()
    rows = _stored(filled, names)
    connection, mark = _connect(url)
    parse_s, parse_cpu_s = _taken(lambda: PARSE[what](files))
    store_s, store_cpu_s = _taken(lambda: _store(connection, mark, rows))
    connection.close()
    counted = sum(len(some) for _, some in rows.values())
    assert counted, f"Nothing of {files[0]} was stored: the import refused it."
    return {
        "seconds": parse_s + store_s,
        "cpu_s": parse_cpu_s + store_cpu_s,
        "peak_mb": peak_mb_of("self"),
        "rows": counted,
    }


def _bring(what: str, files: Sequence[Path]) -> None:
    BRING[what](*files)
    db.session.commit()


def _taken(act: Callable[[], object]) -> tuple[float, float]:
    """Seconds by the clock, and of the processor."""
    began, cpu_began = time.perf_counter(), time.process_time()
    act()
    return time.perf_counter() - began, time.process_time() - cpu_began


def _parse_json(files: Sequence[Path]) -> object:
    with files[0].open(encoding="utf-8") as file:
        return json.load(file)


def _parse_csv(files: Sequence[Path]) -> object:
    parsed = []
    for name in files:
        with name.open(encoding="utf-8-sig", newline="") as file:
            parsed.append(list(csv.DictReader(file)))
    return parsed


def _stored(url: str, names: Mapping[str, str]) -> Tables:
    """What an import stored, table by table, as text where the engine reads it back as other."""
    connection, mark = _connect(url)
    found: Tables = {}
    for name, asked in names.items():
        if not name.startswith(NOT_STORED_BY_IT):
            cursor = connection.execute(f'SELECT {asked} FROM "{name}" LIMIT 0')
            columns = [f'"{column[0]}"' for column in cursor.description]
            as_text = columns if mark == "?" else [f"{column}::text" for column in columns]
            order = f' ORDER BY "{name}".id' if '"id"' in columns else ""
            rows = connection.execute(f'SELECT {", ".join(as_text)} FROM "{name}"{order}')
            found[name] = (columns, rows.fetchall())
    connection.close()
    return {name: rows for name, rows in found.items() if rows[1]}


def _store(connection: Any, mark: str, tables: Tables) -> None:
    cursor = connection.cursor()
    for name, (columns, rows) in tables.items():
        marks = ", ".join([mark] * len(columns))
        cursor.execute(f'DELETE FROM "{name}"')  # of what a migration put in
        cursor.executemany(f'INSERT INTO "{name}" ({", ".join(columns)}) VALUES ({marks})', rows)
    connection.commit()


def _connect(url: str) -> tuple[Any, str]:
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        connection = sqlite3.connect(str(address.database))
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        return connection, "?"
    return psycopg.connect(url.replace("+psycopg", "")), "%s"


BRING: dict[str, Callable[..., None]] = {
    "directory": bring_directory,
    "organisations": bring_organisations,
}
PARSE = {"directory": _parse_json, "organisations": _parse_csv}


def measure(engine: str, what: str, files: Sequence[Path], folder: Path, rounds: int) -> Result:
    """Measure one import and its floor in turn, ``rounds`` times; medians, and the highest peak."""
    found: list[tuple[Result, Result]] = []
    for number in range(rounds):
        ours_url, floor_url = (
            engines.bare_url(engine, folder, f"{what}_{kind}_{number}")
            for kind in ("ours", "floor")
        )
        imported = _alone(ours, ours_url, what, files)
        found.append((imported, _alone(bare, floor_url, what, files, ours_url)))
    mine, least = zip(*found, strict=True)
    seconds, floor_s = _median(mine, "seconds"), _median(least, "seconds")
    cpu_s, floor_cpu_s = _median(mine, "cpu_s"), _median(least, "cpu_s")
    return {
        "engine": engine,
        "what": what,
        "rows": least[0]["rows"],
        "seconds": seconds,
        "again_s": _median(mine, "again_s"),
        "peak_mb": max(one["peak_mb"] for one in mine),
        "of_it_start_mb": max(one["of_it_start_mb"] for one in mine),
        "floor_s": floor_s,
        "floor_peak_mb": max(one["peak_mb"] for one in least),
        "ratio": round(seconds / floor_s, 2),
        "cpu_s": cpu_s,
        "floor_cpu_s": floor_cpu_s,
        "cpu_ratio": round(cpu_s / floor_cpu_s, 2),
    }


def _median(results: Sequence[Result], name: str) -> float:
    return float(statistics.median(one[name] for one in results))


def _alone(act: Callable[..., Result], *given: Any) -> Result:
    """Carry out something in a new process, which ends afterwards."""
    fresh = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=fresh) as process:
        return process.submit(act, *given).result()


def table(results: Sequence[Result]) -> Iterator[str]:
    """Yield the lines of the results as they are read."""
    yield "engine     " + " ".join(format(name, how.partition(".")[0]) for name, how in COLUMNS)
    for one in results:
        yield f"{one['engine']:10} " + " ".join(format(one[name], how) for name, how in COLUMNS)


def copied(file: Path, wanted: int, folder: Path) -> Path:
    """A directory with the services of a file again and again, each time with other identifiers."""
    services = json.loads(file.read_text(encoding="utf-8"))
    services = services["services"] if isinstance(services, dict) else services
    copies = folder / "copies.json"
    with copies.open("w", encoding="utf-8") as lines:
        lines.write('{"services": [')
        for number in range(wanted):
            service = services[number % len(services)]
            said = json.dumps(service)
            turn = number // len(services)
            for name in _identifiers(service) if turn else ():
                said = said.replace(name, str(uuid5(NAMESPACE_URL, f"{turn} {name}")))
            lines.write(f"{',' if number else ''}\n{said}")
        lines.write("]}")
    return copies


def _identifiers(value: Any) -> set[str]:
    """The identifiers of a record and all its parts, but of the terms that are shared by many."""
    if isinstance(value, list):
        return {name for one in value for name in _identifiers(one)}
    if not isinstance(value, dict):
        return set()
    own = (one for key, one in value.items() if key != "taxonomy_term")
    parts = {name for one in own for name in _identifiers(one)}
    return parts | ({value["id"]} if isinstance(value.get("id"), str) else set())


def _asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--engine", choices=(*engines.ENGINES, "both"), default="both")
    parser.add_argument("--directory", type=Path)
    parser.add_argument("--map", type=Path)
    parser.add_argument("--lists", type=Path)
    parser.add_argument("--services", type=int, default=0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(arguments)
    if bool(asked.map) != bool(asked.lists) or not (asked.directory or asked.map):
        parser.error("Name a --directory, or a --map and its --lists, or all three.")
    return asked


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    asked = _asked(arguments)
    chosen = engines.ENGINES if asked.engine == "both" else (asked.engine,)
    wanted = {"directory": [asked.directory], "organisations": [asked.map, asked.lists]}
    with databases.run(chosen) as folder:
        if asked.directory and asked.services:
            wanted["directory"] = [copied(asked.directory, asked.services, folder)]
        results = [
            measure(engine, what, files, folder, asked.rounds)
            for engine in chosen
            for what, files in wanted.items()
            if files[0]
        ]
    print(json.dumps(results, indent=1) if asked.json else "\n".join(table(results)))


if __name__ == "__main__":
    main()
