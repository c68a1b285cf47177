"""How quickly the public API answers, beside a bare query and ``json.dumps`` of the same rows.

    python -m tests.benchmarks.oruk_api [--directory FILE] [--services N] [--engine both]
        [--rounds 60] [--json]

FILE is Open Referral UK 3.0 JSON; without one the services are made up. The whole of our answer
is measured, within one process: routing, limits, parameters, the count, the tag and the headers.
The floor is one statement through the bare driver for the very values that the page holds, made
into a list of dictionaries and then text; it does not count, and answers nobody. Both take turns.
"""

import argparse
import json
import sqlite3
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
from flask import Flask
from sqlalchemy import func, make_url, select, text
from werkzeug.test import EnvironBuilder, run_wsgi_app

from linkwork import clock
from linkwork.casework.public_services import SUMMARY
from linkwork.database import db
from linkwork.exchange.directory import import_directory
from linkwork.models import Provider, Service
from tests import engines
from tests.benchmarks import databases
from tests.benchmarks.measuring import statements
from tests.benchmarks.synthetic_services import Maker

Result = dict[str, Any]
PER_PAGE = 100
UNMEASURED_ROUNDS = 5
PAGES = {
    "first page": "/services",
    "page 10": "/services?page=10",
    "50 on a page": "/services?per_page=50",
    "100 full records": "/services?full=true&per_page=100",
    "one full record": "/services/{id}",
    "a word": "/services?search=club",
    "unchanged": "/services",
}
# What the promise is about; the others are told beside.
PROMISED = ("first page", "page 10", "50 on a page")
SKIPPED = {"page 10": 9 * PER_PAGE}
SIZES = {"50 on a page": 50}


def floor_query(skipped: int, size: int) -> str:
    """The statement that brings the same values as a page of the list."""
    query = (
        select(*SUMMARY)
        .outerjoin(Provider, Provider.id == Service.provider_id)
        .where(Service.listed.is_(True))
        .order_by(Service.id)
        .limit(size)
        .offset(skipped)
    )
    return str(query.compile(db.engine, compile_kwargs={"literal_binds": True}))


def bare(url: str) -> tuple[Any, Callable[[str], int]]:
    """A connection of the bare driver, and what asks it for rows and makes text of them."""
    address = make_url(url)
    connection: Any = (
        sqlite3.connect(str(address.database))
        if address.drivername.startswith("sqlite")
        else psycopg.connect(address.render_as_string(hide_password=False).replace("+psycopg", ""))
    )

    def ask(statement: str) -> int:
        cursor = connection.execute(statement)
        names = [column[0] for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
        return len(json.dumps(rows, default=str))

    return connection, ask


def answering(app: Flask, path: str, **headers: str) -> Callable[[], int]:
    """What asks the app once, and says how many bytes came back."""
    environ = EnvironBuilder(f"/api/oruk{path}", headers=headers).get_environ()

    def ask() -> int:
        body, status, _ = run_wsgi_app(app.wsgi_app, dict(environ), buffered=True)
        content = b"".join(body)
        if not status.startswith(("200", "304")):
            raise RuntimeError(f"{path} was answered with {status}: {content[:200]!r}")
        return len(content)

    return ask


def measure(app: Flask, url: str, engine: str, rounds: int) -> list[Result]:
    """Measure each page and its floor in turn; medians in milliseconds."""
    key = str(db.session.scalar(select(func.min(Service.key))))
    connection, ask_bare = bare(url)
    found = []
    with closing(connection):
        for name, path in PAGES.items():
            ours = answering(app, path.replace("{id}", key), **_headers(app, name))
            statement = floor_query(SKIPPED.get(name, 0), SIZES.get(name, PER_PAGE))
            mine, least = _in_turn(rounds, ours, lambda of=statement: ask_bare(of))  # type: ignore[misc]
            with statements() as asked:
                size = ours()
            promised = name in PROMISED
            found.append(
                {
                    "engine": engine,
                    "page": name,
                    "ms": round(mine, 2),
                    "floor_ms": round(least, 2) if promised else None,
                    "ratio": round(mine / least, 1) if promised else None,
                    "queries": len(asked),
                    "bytes": size,
                }
            )
    return found


def _in_turn(rounds: int, *acts: Callable[[], int]) -> list[float]:
    """The median time of each in milliseconds, one after the other in every round."""
    took: list[list[float]] = [[] for _ in acts]
    for number in range(rounds + UNMEASURED_ROUNDS):
        for times, act in zip(took, acts, strict=True):
            started = time.perf_counter()
            act()
            if number >= UNMEASURED_ROUNDS:
                times.append((time.perf_counter() - started) * 1000)
    return [statistics.median(times) for times in took]


def _headers(app: Flask, name: str) -> dict[str, str]:
    if name != "unchanged":
        return {}
    tag = app.test_client().get("/api/oruk/services").headers["ETag"]
    return {"If-None-Match": tag}


def table(results: Sequence[Result]) -> Iterator[str]:
    """Yield the lines of the results as they are read."""
    yield f"{'engine':12}{'page':20}{'ms':>8}{'floor':>8}{'ratio':>7}{'queries':>9}{'bytes':>10}"
    for one in results:
        floor, ratio = one["floor_ms"] or "", one["ratio"] or ""
        yield (
            f"{one['engine']:12}{one['page']:20}{one['ms']:8}{floor:>8}{ratio:>7}"
            f"{one['queries']:9}{one['bytes']:10}"
        )


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--engine", choices=(*engines.ENGINES, "both"), default="both")
    parser.add_argument("--directory", type=Path)
    parser.add_argument("--services", type=int, default=1_600)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args(arguments)
    chosen = engines.ENGINES if asked.engine == "both" else (asked.engine,)
    results: list[Result] = []
    with databases.run(chosen) as folder:
        for engine in chosen:
            url = engines.bare_url(engine, folder, "oruk")
            app = databases.app_on(url)
            app.extensions["oruk_limit"] = None  # it would refuse, and is nothing to measure
            with app.app_context():
                _fill(asked.directory, asked.services)
                results += measure(app, url, engine, asked.rounds)
                databases.let_go()
    print(json.dumps(results) if asked.json else "\n".join(table(results)))


def _fill(directory: Path | None, services: int) -> None:
    if directory is None:
        Maker(clock.now()).fill(services)
    else:
        name, today = directory.stem, clock.today()
        import_directory(directory, source=name, by=None, at=clock.now(), today=today)
    db.session.commit()
    if db.engine.dialect.name == "postgresql":
        db.session.execute(text("ANALYZE"))  # as autovacuum does within minutes
        db.session.commit()


if __name__ == "__main__":
    main()
