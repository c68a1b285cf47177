"""Lists of activities from a terminal: shown first, held where they look wrong."""

from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import func, select

from linkwork.casework import sources
from linkwork.cli import main
from linkwork.database import db
from linkwork.models import DirectoryImport, ImportState, Service
from tests.conftest import SECRET
from tests.exchange.fake_feed import ADDRESS, Feed
from tests.exchange.feeds import AT, file_of, service


def how_many() -> int:
    return db.session.scalar(select(func.count()).select_from(Service)) or 0


@pytest.fixture
def feed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Feed:
    return Feed.at_the_address(monkeypatch, tmp_path)


class Terminal:
    """The command, on the test’s database."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
        monkeypatch.setenv("DATABASE_URL", url)
        monkeypatch.setenv("LINKWORK_SECRET_KEY", SECRET * 2)

    def __call__(self, *words: str, **how: Any) -> tuple[int, str]:
        """Run it; its exit code, and all it says."""
        db.session.rollback()  # the command writes, and this test must not hold it up
        done = CliRunner().invoke(main, ["import", *words], **how)
        db.session.rollback()
        assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
        return done.exit_code, done.output


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, database_url: str) -> Terminal:
    return Terminal(monkeypatch, database_url)


@pytest.mark.one_engine
def test_the_command_shows_what_would_change_and_asks(
    app: Flask, terminal: Terminal, tmp_path: Path
) -> None:
    file = str(file_of(tmp_path, {"services": [service(1), service(2, status="")]}, "Town.json"))
    code, said = terminal("directory", file, input="n\n")
    assert (code, how_many()) == (0, 0)
    assert "Town: 2 rows. 1 added, 0 changed, 0 unchanged, 0 not seen, 1 left out." in said
    assert "status: is missing." in said
    code, said = terminal("directory", file, "--yes")
    assert (code, how_many()) == (0, 1)
    file_of(
        tmp_path, {"services": [service(1, name="Orchard"), service(2, status="")]}, "Town.json"
    )
    code, said = terminal("directory", file, "--yes")
    assert "    Name: Allotment 1 -> Orchard" in said


@pytest.mark.one_engine
def test_the_command_holds_a_list_that_shrank(
    app: Flask, terminal: Terminal, tmp_path: Path
) -> None:
    rows = [service(n) for n in range(1, 11)]
    terminal("directory", str(file_of(tmp_path, {"services": rows}, "Town.json")), "--yes")
    code, said = terminal(
        "directory", str(file_of(tmp_path, {"services": rows[:3]}, "Town.json")), "--yes"
    )
    assert code == 1
    assert "Held, nothing was brought in" in said
    states = db.session.scalars(select(DirectoryImport.state)).all()
    assert ImportState.HELD in states


@pytest.mark.one_engine
def test_the_command_fetches_an_address_and_what_is_due(
    app: Flask, terminal: Terminal, feed: Feed
) -> None:
    code, said = terminal("directory", ADDRESS, "--source", "County", "--yes")
    assert (code, how_many()) == (0, 10), said
    source = sources.named("County")
    source.every_hours, source.next_due_at = 24, AT
    db.session.commit()
    code, said = terminal("due")
    assert (code, said) == (0, "County: 0 new, 0 changed, 0 not seen.\n")


@pytest.mark.one_engine
def test_the_command_says_what_is_wrong(app: Flask, terminal: Terminal, tmp_path: Path) -> None:
    for content, says in ((b"", "is empty"), (b"<html>", "web page"), (None, "There is no file")):
        file = tmp_path / "x.json"
        file.unlink(missing_ok=True)
        if content is not None:
            file.write_bytes(content)
        code, said = terminal("directory", str(file), "--yes")
        assert code == 1
        assert says in said
