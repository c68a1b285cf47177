"""The databases the tests run on: made and migrated once for a whole run, copied for each test.

SQLite is a real file in WAL mode, copied from a migrated one. PostgreSQL is one private cluster
of this run, reached through a socket in a folder nobody else can enter; each process has its own
database there, and each test finds it empty. What is made once is made by whichever process
first needs it, behind a lock, so that tests which need no database start at once.
"""

import fcntl
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

ENGINES = ("sqlite", "postgresql")
RUN_FOLDER = "LINKWORK_TEST_RUN"
PREFIX = "linkwork-tests-"
OWNER = "linkwork"
TEMPLATE = "migrated"
TESTS_BETWEEN_TRUNCATIONS = 100
COUNTED = "relkind = 'r' AND reltuples >= 0 AND relnamespace = 'public'::regnamespace"
FORGET_STATISTICS = (  # a test that gathers them leaves them even when it is rolled back
    f"DELETE FROM pg_statistic WHERE starelid IN (SELECT oid FROM pg_class WHERE {COUNTED})",
    f"UPDATE pg_class SET reltuples = -1, relpages = 0 WHERE {COUNTED}",
)
# Losing the data of a test in a power cut is no loss.
POSTGRES_SETTINGS = {
    # What the planner knows of a table must not depend on when its sizes were last noted, or a
    # test that reads a plan passes or fails by the hour.
    "autovacuum": "off",
    "fsync": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "synchronous_commit": "off",
    "timezone": "Europe/London",  # not UTC, so that a moment without a zone is noticed
}


def begin_run() -> None:
    """Make the folder this run keeps its databases in; the worker processes inherit its name."""
    _clear_away_the_dead()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=_short_folder()))
    folder.chmod(0o711)  # the cluster inside may belong to another user
    (folder / "pid").write_text(str(os.getpid()))
    os.environ[RUN_FOLDER] = str(folder)


def end_run() -> None:
    """Stop the cluster, if one was started, and leave nothing behind."""
    _clear_away(Path(os.environ.pop(RUN_FOLDER)))


def sqlite_url(folder: Path, migrate: Callable[[str], None]) -> str:
    """Return the address of a migrated, empty SQLite file in ``folder``."""
    file = folder / "linkwork.sqlite"
    shutil.copyfile(_sqlite_template(migrate), file)
    return f"sqlite:///{file}"


def _sqlite_template(migrate: Callable[[str], None]) -> Path:
    file = run_folder() / "template.sqlite"
    with _once("template.sqlite") as first:
        if first:
            file.unlink(missing_ok=True)  # of a first that failed
            migrate(f"sqlite:///{file}")
    return file


class PostgresDatabase:
    """The database of this process, made from the migrated one and emptied for each test."""

    def __init__(self, migrate: Callable[[str], None]) -> None:
        folder = _cluster()
        with _once("template.postgresql") as first:
            if first:
                _make_postgres_template(folder, migrate)
        self.name = f"test_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
        _administer(folder, f"CREATE DATABASE {self.name} OWNER {OWNER} TEMPLATE {TEMPLATE}")
        self.url = _url(folder, self.name)
        self._connection = _superuser(folder, self.name)
        self._wipe, self._truncate = self._statements_that_wipe()
        self._emptied = 0

    def empty(self) -> None:
        """Leave what migrations put in and nothing else; numbers begin at 1 again.

        To delete takes milliseconds and leaves dead rows, to truncate takes long and leaves none.
        """
        self._emptied += 1
        dead_rows_grew = self._emptied % TESTS_BETWEEN_TRUNCATIONS == 0
        self._connection.execute(self._truncate if dead_rows_grew else self._wipe)

    def close(self) -> None:
        """Let go of the connection that empties."""
        self._connection.close()

    def _statements_that_wipe(self) -> tuple[bytes, bytes]:
        tables = self._rows(
            "SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'"
        )
        filled = [name for (name,) in tables if self._rows(f"SELECT 1 FROM {name} LIMIT 1")]
        self._connection.execute(b"CREATE SCHEMA kept")
        for name in filled:
            self._connection.execute(f"CREATE TABLE kept.{name} AS TABLE {name}".encode())
        sequences = self._rows(
            "SELECT quote_literal(quote_ident(sequencename)), coalesce(last_value, start_value),"
            " last_value IS NOT NULL FROM pg_sequences WHERE schemaname = 'public'"
        )
        before = [
            # No foreign key and no trigger (the audit trail refuses to be deleted) is in
            # the way; a transaction that a test forgot to end is, and is reported.
            "SET session_replication_role = replica",
            "SET lock_timeout = '5s'",
            *FORGET_STATISTICS,
        ]
        after = [
            *(f"INSERT INTO {name} TABLE kept.{name}" for name in filled),
            *(f"SELECT setval({name}, {at}, {used})" for name, at, used in sequences),
        ]
        deletions = [f"DELETE FROM {name}" for (name,) in tables]
        truncation = [f"TRUNCATE {', '.join(name for (name,) in tables)}"]
        ways = (before + way + after for way in (deletions, truncation))
        wipe, truncate = (";\n".join(way).encode() for way in ways)
        return wipe, truncate

    def _rows(self, query: str) -> list[tuple[Any, ...]]:
        return self._connection.execute(query.encode()).fetchall()


def bare_url(engine: str, folder: Path, called: str = "bare") -> str:
    """Return the address of a database with no table in it, for the tests of migrations."""
    if engine == "sqlite":
        return f"sqlite:///{folder / called}.sqlite"
    cluster = _cluster()
    name = f"{called}_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    _administer(cluster, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    _administer(cluster, f"CREATE DATABASE {name} OWNER {OWNER}")
    return _url(cluster, name)


def run_folder() -> Path:
    """The folder this run keeps what its processes share in."""
    return Path(os.environ[RUN_FOLDER])


@contextmanager
def _once(name: str) -> Iterator[bool]:
    """Say True to the first process of the run that asks, and let the others wait for it."""
    done = run_folder() / f"{name}.made"
    with (run_folder() / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        first = not done.exists()
        yield first
        done.touch()


# The cluster -------------------------------------------------------------------------------------


def _cluster() -> Path:
    """Return the folder of the running cluster, which is also where its socket is."""
    folder = run_folder() / "postgresql"
    with _once("postgresql") as first:
        if first:
            _start_cluster(folder)
    return folder


def _start_cluster(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)  # of a first that failed
    folder.mkdir(mode=0o700)
    if account := _account():
        os.chown(folder, account.pw_uid, account.pw_gid)
    _postgres(
        folder,
        "initdb",
        *("-D", str(folder / "data"), "-U", "postgres", "--auth", "trust"),
        *("-E", "UTF8", "--locale", "C.UTF-8", "--no-sync"),
    )
    settings = {**POSTGRES_SETTINGS, "unix_socket_directories": str(folder)}
    options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
    _postgres(
        folder,
        "pg_ctl",
        *("-D", str(folder / "data"), "-l", str(folder / "server.log"), "-w", "-o", options),
        "start",
    )
    _administer(folder, f"CREATE ROLE {OWNER} LOGIN")


def _make_postgres_template(folder: Path, migrate: Callable[[str], None]) -> None:
    _administer(folder, f"DROP DATABASE IF EXISTS {TEMPLATE} WITH (FORCE)")
    _administer(folder, f"CREATE DATABASE {TEMPLATE} OWNER {OWNER}")
    migrate(_url(folder, TEMPLATE))


def _account() -> pwd.struct_passwd | None:
    """Return whom the server runs as: it refuses to be root."""
    if os.geteuid() != 0:
        return None
    known = {account.pw_name: account for account in pwd.getpwall()}
    return known.get("postgres") or known["nobody"]


def _program(name: str) -> str:
    versions = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{name}"), key=lambda p: int(p.parts[-3])
    )
    found = shutil.which(name) or (str(versions[-1]) if versions else None)
    if found is None:
        raise RuntimeError(f"{name} not found: install PostgreSQL, or run tests/run, which does.")
    return found


def _postgres(folder: Path, name: str, *arguments: str) -> None:
    account = _account()
    as_whom: dict[str, Any] = (
        {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []} if account else {}
    )
    # Into a file and not a pipe: the server would hold the pipe open for as long as it runs.
    with (run_folder() / f"{name}.log").open("w") as log:
        done = subprocess.run(
            [_program(name), *arguments],
            cwd=folder,
            env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": str(folder)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            check=False,
            **as_whom,
        )
    if done.returncode:
        said = (run_folder() / f"{name}.log").read_text()
        raise RuntimeError(f"{name} ended with {done.returncode}: {said}")


def _superuser(folder: Path, database: str) -> psycopg.Connection[Any]:
    return psycopg.connect(host=str(folder), dbname=database, user="postgres", autocommit=True)


def _administer(folder: Path, statement: str) -> None:
    with _superuser(folder, "postgres") as connection:
        connection.execute(statement.encode())


def _url(folder: Path, database: str) -> str:
    return f"postgresql+psycopg://{OWNER}@/{database}?host={folder}"


# Leaving nothing behind --------------------------------------------------------------------------


def _short_folder() -> str | None:
    """Return a place for the run: the path of a socket has at most 107 characters."""
    return None if len(tempfile.gettempdir()) < 60 else "/tmp"


def _clear_away_the_dead() -> None:
    """Stop the clusters of runs that were killed before they could do it themselves."""
    for folder in Path(_short_folder() or tempfile.gettempdir()).glob(f"{PREFIX}*"):
        pid = folder / "pid"
        if os.access(folder, os.W_OK) and pid.exists() and not _runs(int(pid.read_text())):
            print(f"clearing away {folder}, left by a run that was killed", file=sys.stderr)
            _clear_away(folder)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _clear_away(folder: Path) -> None:
    os.environ[RUN_FOLDER] = str(folder)
    data = folder / "postgresql" / "data"
    if _serves(data):
        _postgres(data, "pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop")
    shutil.rmtree(folder)
    os.environ.pop(RUN_FOLDER)


def _serves(data: Path) -> bool:
    """Return whether a server works on ``data``: one that was killed leaves its file behind."""
    file = data / "postmaster.pid"
    first = file.read_text().split("\n", 1)[0].strip() if file.exists() else ""
    return first.isdecimal() and _runs(int(first))
