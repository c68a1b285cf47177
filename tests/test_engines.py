"""Tests do not meet each other: an empty database on either engine, and a clock that stands."""

import os
import subprocess
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from linkwork import clock as linkwork_clock
from linkwork.database import db
from linkwork.models import AuditHead, Organisation, OrganisationKind
from tests import engines
from tests.conftest import NOW, TODAY, Clock


@pytest.mark.parametrize("time", ["first", "second"])
def test_a_test_finds_nothing_of_the_one_before(app: Flask, engine: str, time: str) -> None:
    assert db.engine.dialect.name == engine
    made = Organisation(name="Birch Road", kind=OrganisationKind.PRACTICE, ods_code="Z99999")
    db.session.add(made)
    db.session.execute(db.update(AuditHead).values(number=7))
    db.session.commit()
    assert made.id == 1, "numbers begin again too"
    assert db.session.scalar(select(func.count()).select_from(Organisation)) == 1


def test_what_a_migration_put_in_is_there_each_time(app: Flask) -> None:
    assert db.session.scalar(select(AuditHead.number)) == 0


def test_to_truncate_leaves_what_to_delete_leaves(
    postgresql: engines.PostgresDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    for emptied in (0, engines.TESTS_BETWEEN_TRUNCATIONS - 1):
        assert postgresql._rows("UPDATE audit_head SET number = 7 RETURNING number") == [(7,)]
        postgresql._connection.execute("ANALYZE")
        monkeypatch.setattr(postgresql, "_emptied", emptied)
        postgresql.empty()
        assert postgresql._rows("SELECT number FROM audit_head") == [(0,)]
        counted = f"SELECT count(*) FROM pg_class WHERE {engines.COUNTED}"
        assert postgresql._rows(counted) == [(0,)]
    assert postgresql._rows("SHOW autovacuum") == [("off",)], "or plans would change by the hour"


@pytest.mark.one_engine
def test_the_clock_stands_still_until_the_test_moves_it(app: Flask, clock: Clock) -> None:
    made = Organisation(name="Birch Road", kind=OrganisationKind.PRACTICE, ods_code="Z99999")
    db.session.add(made)
    db.session.commit()
    assert (linkwork_clock.now(), linkwork_clock.today()) == (NOW, TODAY)
    assert made.created_at == NOW, "also where a model holds the clock as a default"
    clock.advance(days=1, minutes=5)
    assert (linkwork_clock.now() - NOW).total_seconds() == 86_700


def test_what_a_run_left_that_was_killed_with_its_server_is_cleared_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = subprocess.Popen(["true"])
    ended.wait()
    left = tmp_path / f"{engines.PREFIX}left"
    data = left / "postgresql" / "data"
    data.mkdir(parents=True)
    (left / "pid").write_text(str(ended.pid))
    (data / "postmaster.pid").write_text(f"{ended.pid}\n{data}\n")
    monkeypatch.setattr(engines, "_short_folder", lambda: str(tmp_path))
    monkeypatch.setenv(engines.RUN_FOLDER, os.environ[engines.RUN_FOLDER])
    engines.begin_run()
    (made,) = tmp_path.iterdir()
    assert made != left
