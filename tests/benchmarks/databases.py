"""Databases for a benchmark, on either engine, as durable as in use."""

import secrets
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import insert, select, text

from linkwork import clock, config, database
from linkwork.app import create_app
from linkwork.database import db
from linkwork.demo.build import build
from linkwork.exchange.directory import import_directory
from linkwork.models import service_text
from tests import engines
from tests.benchmarks.serving import SECRET

# The cluster of the tests gives durability up for speed. What is measured here may not.
AS_IN_USE = {
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "shared_buffers": "256MB",
}
OF_A_SERVICE = ("service_at_location", "schedule", "cost_option", "service_area", "service_term")


@contextmanager
def run(chosen: Sequence[str]) -> Iterator[Path]:
    """Give a folder for the files of a run, and leave nothing behind: no file, no cluster."""
    engines.POSTGRES_SETTINGS.update(AS_IN_USE)
    if "postgresql" in chosen:
        engines.begin_run()
    try:
        with tempfile.TemporaryDirectory(prefix="linkwork-benchmark-") as folder:
            yield Path(folder)
    finally:
        if "postgresql" in chosen:
            engines.end_run()


def app_on(url: str) -> Flask:
    """Make an app in this process: it signs people in with one click and counts queries."""
    app = create_app({**config.demonstration(url, SECRET), "WTF_CSRF_ENABLED": False})
    with app.app_context():
        database.migrate()
    return app


def let_go() -> None:
    """End what this process has open in the database of the present app."""
    db.session.remove()
    db.engine.dispose()


def demo(engine: str, folder: Path, *, directory: Path | None, services: int) -> str:
    """Make the demo in a new database, with a real directory and copies of it if wanted."""
    url = engines.bare_url(engine, folder, "pages")
    with app_on(url).app_context():
        build(clock.today(), progress=lambda _: None)
        if directory:
            import_directory(
                directory, source=directory.stem, by=None, at=clock.now(), today=clock.today()
            )
            db.session.commit()
        copy_services(services)
        if engine == "postgresql":
            db.session.execute(text("ANALYZE"))  # as autovacuum does within minutes
            db.session.commit()
        let_go()
    return url


def copy_services(wanted: int) -> None:
    """Copy the directory, with all that belongs to a service, until it has as many as wanted."""
    rows = _all_of("service")
    last = max((row["id"] for row in rows), default=0)
    for first in range(len(rows), wanted, max(len(rows), 1)):
        turn = first // len(rows)
        copied = {row["id"]: row["id"] + turn * last for row in rows[: wanted - first]}
        _put("service", ({**row, "id": copied[row["id"]]} for row in rows if row["id"] in copied))
        for table in OF_A_SERVICE:
            _put(table, _of_the_copies(table, copied))
        service_text.reindex(copied.values())
    db.session.commit()


def _of_the_copies(table: str, copied: dict[int, int]) -> Iterator[dict[str, Any]]:
    for row in _all_of(table):
        if (copy := copied.get(row["service_id"])) is not None and copy != row["service_id"]:
            unnumbered = {name: value for name, value in row.items() if name != "id"}
            yield {**unnumbered, "service_id": copy}


def _all_of(table: str) -> list[dict[str, Any]]:
    query = select(db.metadata.tables[table])
    return [dict(row) for row in db.session.execute(query).mappings()]


def _put(table: str, rows: Iterable[dict[str, Any]]) -> None:
    named = [{**row, "key": secrets.token_urlsafe(9)} if "key" in row else row for row in rows]
    if named:
        db.session.execute(insert(db.metadata.tables[table]), named)
