"""The directory saved as a file from a terminal."""

import json
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import select

from linkwork.cli import main
from linkwork.database import db
from linkwork.models import AuditEntry
from tests.conftest import SECRET
from tests.exchange.feeds import key
from tests.web.feeds import publish

pytestmark = pytest.mark.one_engine


@pytest.fixture(autouse=True)
def settings(
    app: Flask, monkeypatch: pytest.MonkeyPatch, database_url: str, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("LINKWORK_SECRET_KEY", SECRET * 2)
    publish(tmp_path)
    db.session.rollback()


def export(file: Path) -> Result:
    return CliRunner().invoke(main, ["export", "directory", str(file)])


def test_the_ending_of_the_name_says_what_is_written(tmp_path: Path) -> None:
    for ending in ("json", "zip", "csv", "XLSX"):
        done = export(tmp_path / f"out.{ending}")
        assert done.exit_code == 0, done.output
        assert "2 activities are in" in done.output
    written = json.loads((tmp_path / "out.json").read_bytes())
    assert [one["id"] for one in written["services"]] == [key(1), key(2)]
    for name in ("out.zip", "out.XLSX"):
        assert zipfile.is_zipfile(tmp_path / name)
    events = db.session.scalars(select(AuditEntry.event)).all()
    assert events.count("directory.exported") == 4


def test_a_name_that_says_nothing_is_refused_and_a_file_is_whole_or_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = export(tmp_path / "out.doc")
    assert (done.exit_code, "must end in one of .json" in done.output) == (1, True)
    assert "no folder" in export(tmp_path / "nowhere" / "out.json").output
    (tmp_path / "out.json").write_text("before")
    monkeypatch.setattr("linkwork.exchange.oruk_out.full", lambda _: 1 / 0)
    assert export(tmp_path / "out.json").exit_code == 1
    assert (tmp_path / "out.json").read_text() == "before"
    assert [one.name for one in tmp_path.iterdir() if one.name.startswith(".linkwork")] == []
