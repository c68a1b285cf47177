"""The page about the model of meaning says how it stands, and what to do next."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from linkwork import meaning
from linkwork.casework import service_vectors, understandings
from linkwork.database import db
from linkwork.meaning import ModelAbsent, ModelRefused
from linkwork.models import service_text
from linkwork.web import building, meanings
from tests import cast as people
from tests.cast import Cast, sign_in
from tests.conftest import NOW
from tests.meaning.stand_in import StandIn
from tests.pages import Reader


@pytest.fixture
def editor(app: Flask, client: Reader, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Reader:
    """A directory editor, where the model is on and its files are right."""
    app.config["MEANING"] = True
    monkeypatch.setattr(meaning, "checked", lambda: (Path("model"), Path("words")))
    sign_in(client, cast.editor)
    return client


def raises(error: Exception) -> Callable[[], None]:
    def fail() -> None:
        raise error

    return fail


def test_what_waits_is_counted_and_can_be_read_now(
    editor: Reader, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[Flask] = []
    monkeypatch.setattr(building, "start", started.append)
    people.service()
    db.session.commit()
    page = editor.get("/meaning").text

    assert "In use, still reading" in page
    assert "Read it now" in page
    said = editor.post("/meaning/build", follow_redirects=True).text
    assert "It has begun" in said
    assert started == [app]


@pytest.mark.one_engine
def test_while_it_reads_nobody_is_asked_to_begin(editor: Reader) -> None:
    people.service()
    understandings.take(at=NOW)
    db.session.commit()
    page = editor.get("/meaning").text

    assert "It is reading now" in page
    assert "Read it now" not in page


@pytest.mark.one_engine
def test_where_all_is_read_there_is_nothing_to_do(
    editor: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(understandings, "is_taught", lambda: True)
    service_text.reindex([people.service().id])
    db.session.commit()
    service_vectors.build_some(StandIn(), after=0, at=NOW)
    understandings.let_others(NOW, at=NOW)
    db.session.commit()
    page = editor.get("/meaning").text

    assert "There is nothing to do" in page
    assert "18 November 2026" in page
    assert meaning.MODEL_HASH in page


@pytest.mark.one_engine
@pytest.mark.parametrize("error", [ModelAbsent("Install it."), ModelRefused("It differs.")])
def test_what_is_wrong_is_said_with_what_to_do(
    editor: Reader, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    monkeypatch.setattr(meaning, "checked", raises(error))
    page = editor.get("/meaning").text

    assert str(error) in page
    assert "Suggestions work without it" in page
    assert "Read it now" not in page
    assert str(error) in editor.post("/meaning/build").text


@pytest.mark.one_engine
def test_that_it_is_turned_off_is_said(editor: Reader, app: Flask) -> None:
    app.config["MEANING"] = False

    assert meanings.OFF in editor.get("/meaning").text


@pytest.mark.one_engine
def test_an_administrator_sees_it_and_a_link_worker_does_not(
    editor: Reader, app: Flask, cast: Cast
) -> None:
    assert sign_in(app.test_client(), cast.admin).get("/meaning").status_code == 200
    assert sign_in(app.test_client(), cast.amina).get("/meaning").status_code == 403
