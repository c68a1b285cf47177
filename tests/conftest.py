"""What every test may use: an app on either engine, a clock that stands still, a client.

``app``             the application on an empty, migrated database; in an app context
``client``          sends requests, and fails on a page with a fault (tests/pages.py)
``make_app``        the same database under other settings: ``make_app(DEMO=True)``
``clock``           ``clock.now``; ``clock.advance(days=1)``. Today is TODAY
``bare_app``        the app on a database with no table in it; ``bare_database`` its address
``engine``          "sqlite" or "postgresql": what uses it, directly or not, runs once on each,
                    unless it is marked ``one_engine``; browser tests run on SQLite
                    unless they are marked ``both_engines``

``cast``            two PCNs, everybody who works there: ``cast.amina``, ``cast.northside``

What else the cast can do, and how its members sign in, is in tests/cast.py.
"""

import gc
import os
import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask, has_request_context, request
from sqlalchemy import Engine, Pool, event

from linkwork import clock as linkwork_clock
from linkwork import database
from linkwork.database import db
from tests import engines, routing_once, second_tries
from tests.pages import Reader

TODAY = date(2026, 11, 18)
NOW = datetime(2026, 11, 18, 10, 30, tzinfo=UTC)
SECRET = "not a secret: the tests know it"
EXCUSED = "shared data absent"
OPENED: list[psycopg.Connection[Any]] = []
# What may be written while a page is read.
WRITTEN_WHILE_READING = {"audit_entry", "audit_head", "user_session"}
WRITES = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)', re.IGNORECASE)


def pytest_configure(config: pytest.Config) -> None:
    # Loading the model of meaning takes a second: only the tests that say so have it.
    os.environ["LINKWORK_MEANING"] = "off"
    routing_once.compile_once()
    if not hasattr(config, "workerinput"):
        engines.begin_run()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput") and engines.RUN_FOLDER in os.environ:
        engines.end_run()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if engines.RUN_FOLDER in os.environ and (tried := second_tries.noted()):
        terminalreporter.section("Failed once, and were tried again")
        terminalreporter.write_line(tried)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    from tests.scheduling import Scheduling  # only where there are processes to share among

    return Scheduling(config, log)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run what uses a database on both engines, and what drives a browser on one of them.

    A test that names its engines itself is left as it is.
    """
    named = [mark.args[0] for mark in metafunc.definition.iter_markers("parametrize")]
    if "engine" in metafunc.fixturenames and not any("engine" in one for one in named):
        marked = metafunc.definition.get_closest_marker
        in_browser = metafunc.definition.path.is_relative_to(Path(__file__).parent / "browser")
        one = marked("one_engine") or (in_browser and not marked("both_engines"))
        metafunc.parametrize("engine", engines.ENGINES[:1] if one else engines.ENGINES)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Look for garbage among what tests make, and seldom: it took a quarter of a run to look often.

    What was imported and collected, half a million objects, stays to the end.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 20)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    return _no_excuses((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Iterator[None]:
    return _no_excuses((yield))


def _no_excuses(report: Any) -> Any:
    """Where it counts, a test that did not run is a test that failed."""
    if os.environ.get("CI") and report.skipped and not hasattr(report, "wasxfail"):
        reason = str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)
        if EXCUSED not in reason:
            report.outcome = "failed"
            report.longrepr = f"Nothing may be skipped when CI is set. {reason}"
    return report


class Clock:
    """The time it is in a test: it moves when the test says so."""

    def __init__(self) -> None:
        self.now = NOW

    def advance(self, **how_far: float) -> None:
        """Let time pass: ``clock.advance(minutes=16)``."""
        self.now += timedelta(**how_far)


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Stop the clock at NOW."""
    stopped = Clock()

    class Stopped(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return stopped.now.astimezone(tz)

    # Below `clock.now`, which models already hold as the default of a column.
    monkeypatch.setattr(linkwork_clock, "datetime", Stopped)
    return stopped


def migrate(url: str) -> None:
    """Bring the database at ``url`` up to date and let go of it."""
    app = _create_app(url)
    with app.app_context():
        database.migrate()
        _let_go()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[engines.PostgresDatabase]:
    """The PostgreSQL database of this process."""
    of_this_process = engines.PostgresDatabase(migrate)
    yield of_this_process
    of_this_process.close()


@pytest.fixture
def database_url(engine: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """The address of an empty, migrated database."""
    if engine == "sqlite":
        return engines.sqlite_url(tmp_path, migrate)
    of_this_process: engines.PostgresDatabase = request.getfixturevalue("postgresql")
    of_this_process.empty()
    return of_this_process.url


@pytest.fixture
def bare_database(engine: str, tmp_path: Path) -> str:
    """The address of a database with no table in it."""
    return engines.bare_url(engine, tmp_path)


@pytest.fixture
def bare_app(bare_database: str) -> Iterator[Flask]:
    """An app whose database has no table yet."""
    app = _create_app(bare_database)
    with app.app_context():
        yield app
        _let_go()


@pytest.fixture
def make_app(database_url: str) -> Iterator[Callable[..., Flask]]:
    """Make an app on the test’s database, with settings of its own; it lets go in the end."""
    made: list[Flask] = []

    def make(**settings: Any) -> Flask:
        app = _create_app(database_url, **settings)
        app.test_client_class = Reader
        made.append(app)
        return app

    yield make
    for app in made:
        with app.app_context():
            _let_go()
    _close_what_is_left()


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Iterator[Flask]:
    """The app, on an empty database, in a context so that ``db.session`` works."""
    app = make_app()
    with app.app_context():
        yield app
        _let_go()


@pytest.fixture
def client(app: Flask) -> Reader:
    """Somebody at a browser, not signed in."""
    somebody = app.test_client()
    assert isinstance(somebody, Reader)
    return somebody


@pytest.fixture
def cast(app: Flask) -> Any:
    """The organisations and the users of tests/cast.py."""
    from tests.cast import assemble

    everybody = assemble()
    db.session.commit()
    return everybody


@pytest.fixture(autouse=True)
def reading_changes_nothing() -> Iterator[None]:
    """A GET may write its audit entry and when the session was last used, and nothing else."""
    written: list[str] = []

    def watch(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        found = WRITES.match(statement)
        reading = has_request_context() and request.method == "GET"
        if found and reading and found[1] not in WRITTEN_WHILE_READING:
            written.append(f"{request.path}: {statement}")

    event.listen(Engine, "before_cursor_execute", watch)
    yield
    event.remove(Engine, "before_cursor_execute", watch)
    assert written == []


def _create_app(url: str, **settings: Any) -> Flask:
    # Here and not above: the tests of the pure parts need none of it.
    from linkwork.app import create_app

    return create_app(
        {
            "TESTING": True,
            "SECRET_KEY": SECRET,
            "AUDIT_KEY": SECRET,
            "SQLALCHEMY_DATABASE_URI": url,
            "WTF_CSRF_ENABLED": False,
            "SESSION_COOKIE_SECURE": False,
            **settings,
        }
    )


def _let_go() -> None:
    db.session.remove()
    db.engine.dispose()


@event.listens_for(Pool, "connect")
def _note_a_connection(connection: Any, _record: Any) -> None:
    if isinstance(connection, psycopg.Connection):
        OPENED.append(connection)


def _close_what_is_left() -> None:
    """Close what a thread of a server still held when its engine was thrown away."""
    while OPENED:
        OPENED.pop().close()
