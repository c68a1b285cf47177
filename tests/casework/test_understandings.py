"""What the model learns of our concepts is kept, and one process at a time is at work on it."""

from datetime import timedelta

import pytest
from flask import Flask

from linkwork.casework import understandings
from linkwork.casework.lexicon import lexicon
from linkwork.database import db
from linkwork.matching import Lexicon
from tests.conftest import NOW
from tests.meaning.stand_in import StandIn

MINUTE = timedelta(minutes=1)


def some(*concepts: str) -> Lexicon:
    """A lexicon of these concepts alone: quick to be taught."""
    return Lexicon.of({concept: lexicon().concepts[concept] for concept in concepts})


@pytest.fixture
def words(monkeypatch: pytest.MonkeyPatch) -> Lexicon:
    ours = some("gardening", "debt", "loneliness")
    monkeypatch.setattr(understandings, "lexicon", lambda: ours)
    return ours


def test_what_was_learnt_is_there_again_number_by_number(app: Flask, words: Lexicon) -> None:
    assert (understandings.taught(), understandings.is_taught()) == (None, False)
    texts = understandings.teach(StandIn(), at=NOW)
    db.session.commit()
    learnt = understandings.taught()

    assert learnt is not None
    assert learnt.ids == ("", *sorted(words.concepts))
    garden = learnt.scores(StandIn().encode(["gardening"]))[0]
    assert learnt.ids[garden.argmax()] == "gardening"
    assert texts > 30


@pytest.mark.one_engine
def test_other_words_are_learnt_anew(
    app: Flask, words: Lexicon, monkeypatch: pytest.MonkeyPatch
) -> None:
    understandings.teach(StandIn(), at=NOW)
    fewer = some("gardening", "debt")
    monkeypatch.setattr(understandings, "lexicon", lambda: fewer)
    assert (understandings.taught(), understandings.is_taught()) == (None, False)
    understandings.teach(StandIn(), at=NOW)

    assert understandings.is_taught()


@pytest.mark.one_engine
def test_another_model_learns_them_anew(
    app: Flask, words: Lexicon, monkeypatch: pytest.MonkeyPatch
) -> None:
    understandings.teach(StandIn(), at=NOW)
    monkeypatch.setattr(understandings, "MODEL", "another")

    assert understandings.taught() is None


@pytest.mark.one_engine
def test_it_is_said_how_far_it_is(app: Flask, words: Lexicon) -> None:
    said: list[tuple[int, int]] = []
    texts = understandings.teach(StandIn(), at=NOW, say=lambda done, of: said.append((done, of)))

    assert said[-1] == (texts, texts)


def test_one_process_works_at_a_time_and_a_dead_one_is_not_waited_for_long(app: Flask) -> None:
    first = understandings.take(at=NOW)
    assert first
    assert not understandings.take(at=NOW + 4 * MINUTE)
    first = understandings.go_on(first, at=NOW + 4 * MINUTE)
    assert first
    assert not understandings.take(at=NOW + 13 * MINUTE)
    second = understandings.take(at=NOW + 14 * MINUTE)
    assert second
    understandings.let_others(second, at=NOW + 15 * MINUTE)

    assert understandings.take(at=NOW + 15 * MINUTE)


def test_who_slept_for_too_long_neither_goes_on_nor_lets_go_of_what_another_took(
    app: Flask,
) -> None:
    first = understandings.take(at=NOW)
    second = understandings.take(at=NOW + 11 * MINUTE)
    assert first
    assert second
    assert understandings.go_on(first, at=NOW + 12 * MINUTE) is None
    understandings.let_others(first, at=NOW + 12 * MINUTE)

    assert not understandings.take(at=NOW + 13 * MINUTE)
    assert understandings.go_on(second, at=NOW + 13 * MINUTE)


@pytest.mark.one_engine
def test_that_all_is_done_is_noted_only_when_nothing_waits(app: Flask, words: Lexicon) -> None:
    taken = understandings.take(at=NOW)
    assert taken
    understandings.let_others(taken, at=NOW)
    db.session.commit()
    assert (found := understandings.found()) is not None
    assert found.finished_at is None
    understandings.teach(StandIn(), at=NOW)
    understandings.let_others(taken, at=NOW + MINUTE)

    assert (found := understandings.found()) is not None
    assert found.finished_at == NOW + MINUTE
