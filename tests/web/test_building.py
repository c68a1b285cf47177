"""Vectors are worked out in the background: after a change, by one process, a few at a time."""

import threading

import pytest
from flask import Flask

from linkwork import meaning
from linkwork.casework import service_vectors, understandings
from linkwork.casework.lexicon import lexicon
from linkwork.database import db
from linkwork.matching import Lexicon
from linkwork.meaning import ModelAbsent
from linkwork.models import Service
from linkwork.web import building
from tests import cast as people
from tests.conftest import NOW
from tests.meaning.stand_in import Broken, StandIn


@pytest.fixture
def encoder(app: Flask, monkeypatch: pytest.MonkeyPatch) -> StandIn:
    stand_in = StandIn()
    app.config["MEANING"] = True
    ours = Lexicon.of({one: lexicon().concepts[one] for one in ("gardening", "debt")})
    monkeypatch.setattr(understandings, "lexicon", lambda: ours)
    monkeypatch.setattr(meaning, "encoder", lambda: stand_in)
    return stand_in


def finish() -> None:
    """Wait for what was begun in the background."""
    for thread in threading.enumerate():
        if thread.name == building.NAME:
            thread.join(timeout=20)


def test_all_that_waits_is_read_and_it_is_said_how_far_it_is(
    app: Flask, encoder: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service_vectors, "AT_ONCE", 2)
    for number in range(3):
        people.service(name=f"Group {number}")
    db.session.commit()
    said: list[tuple[str, int, int]] = []

    assert building.build(app, say=lambda *step: said.append(step))
    assert said[-2:] == [(building.SERVICES, 2, 3), (building.SERVICES, 3, 3)]
    assert said[0][0] == building.CONCEPTS
    assert not understandings.is_waiting()
    assert (found := understandings.found()) is not None
    assert found.finished_at == NOW


@pytest.mark.one_engine
def test_another_process_is_left_to_it(app: Flask, encoder: StandIn) -> None:
    understandings.take(at=NOW)
    db.session.commit()

    assert not building.build(app, say=lambda *_: None)
    assert encoder.asked == []


@pytest.mark.one_engine
def test_where_nothing_waits_the_model_is_not_loaded(
    app: Flask, encoder: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    building.build(app, say=lambda *_: None)
    monkeypatch.setattr(meaning, "encoder", lambda: pytest.fail("loaded"))

    assert building.build(app, say=lambda *_: None)


def test_a_change_is_read_by_itself_in_a_process_that_serves(app: Flask, encoder: StandIn) -> None:
    people.service(name="Before anybody served")
    db.session.commit()
    finish()
    assert encoder.asked == []
    building.start(app)
    finish()
    assert "Before anybody served" in encoder.asked
    number = people.service(name="New").id
    db.session.commit()
    finish()
    assert "New" in encoder.asked
    db.session.get_one(Service, number).name = "Renamed"
    db.session.commit()
    finish()

    assert encoder.asked[-1] == "Renamed"


@pytest.mark.one_engine
def test_nothing_begins_before_a_change_is_kept(
    app: Flask, encoder: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    building.start(app)
    finish()
    begun: list[Flask] = []
    monkeypatch.setattr(building, "start", begun.append)
    with db.session.begin_nested():
        people.service(name="New")
    assert begun == []
    db.session.commit()
    assert begun == [app]
    db.session.commit()

    assert begun == [app]


@pytest.mark.one_engine
def test_what_fails_in_the_background_is_logged_without_words(
    app: Flask,
    encoder: StandIn,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(meaning, "encoder", Broken)
    people.service(name="Secret garden")
    db.session.commit()
    building.start(app)
    finish()

    assert "Vectors could not be worked out" in caplog.text
    assert "Secret" not in caplog.text
    assert understandings.take(at=NOW)  # nobody has to wait for what failed


@pytest.mark.one_engine
def test_a_missing_model_is_no_fault(
    app: Flask,
    encoder: StandIn,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    def absent() -> StandIn:
        raise ModelAbsent("Install it.")

    monkeypatch.setattr(meaning, "encoder", absent)
    building.start(app)
    finish()

    assert caplog.text == ""
