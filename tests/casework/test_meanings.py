"""What a note means, with a model that stands in; and that everything works without one."""

import logging
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import select

from linkwork import meaning
from linkwork.casework import matches, meanings, offers, service_vectors, understandings
from linkwork.casework.lexicon import lexicon
from linkwork.database import db
from linkwork.matching import Lexicon
from linkwork.matching.meant import NO_MEANING
from linkwork.meaning import ModelAbsent, ModelRefused
from linkwork.models import ServiceVector, service_text
from tests import cast as people
from tests.cast import Cast
from tests.conftest import NOW, TODAY
from tests.meaning.stand_in import Broken, StandIn

NOTE = "He misses the allotment. Nobody visits."


@pytest.fixture(autouse=True)
def nothing_is_kept() -> Iterator[None]:
    meanings.forget()
    yield
    meanings.forget()


@pytest.fixture
def encoder(app: Flask, monkeypatch: pytest.MonkeyPatch) -> StandIn:
    """The model is on, and something stands in for it."""
    stand_in = StandIn()
    app.config["MEANING"] = True
    monkeypatch.setattr(meaning, "encoder", lambda: stand_in)
    return stand_in


@pytest.fixture
def garden(app: Flask) -> str:
    """The key of one of three activities, which have vectors."""
    found = [
        people.service(name=name, description=said)
        for name, said in [
            ("Allotment", "Everybody misses the allotment in winter."),
            ("Debt advice", "Bills and letters."),
            ("Walking football", "For men over fifty."),
        ]
    ]
    key = found[0].key
    read()
    return key


def read() -> None:
    """Give every service its vector."""
    service_text.reindex_all()
    db.session.commit()
    service_vectors.build_some(StandIn(), after=0, at=NOW)
    db.session.commit()


def fails(error: Exception) -> Callable[[], StandIn]:
    def encoder() -> StandIn:
        raise error

    return encoder


def test_the_activity_that_says_the_same_is_the_most_alike(encoder: StandIn, garden: str) -> None:
    likeness = meanings.of_note(NOTE, offers.directory()).likeness

    assert max(likeness, key=lambda key: likeness[key]) == garden
    assert all(0 < value <= 1 for value in likeness.values())


def test_concepts_count_when_the_model_was_taught_them(
    encoder: StandIn, garden: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ours = Lexicon.of({one: lexicon().concepts[one] for one in ("gardening", "debt", "loneliness")})
    monkeypatch.setattr(understandings, "lexicon", lambda: ours)
    assert meanings.of_note("Used to love gardening.", offers.directory()).concepts == {}
    understandings.teach(StandIn(), at=NOW)
    db.session.commit()
    meanings.forget()
    found = meanings.of_note("Used to love gardening. Cold.", offers.directory())

    assert max(found.concepts, key=lambda one: found.concepts[one]) == "gardening"
    assert found.said["gardening"] == "Used to love gardening."


@pytest.mark.one_engine
def test_the_same_note_means_the_same_and_is_read_once(encoder: StandIn, garden: str) -> None:
    directory = offers.directory()
    first = meanings.of_note(NOTE, directory)
    encoder.asked.clear()

    assert meanings.of_note(NOTE, directory) == first
    assert meanings.of_note(NOTE + " Bills.", directory) != first
    assert encoder.asked == ["Bills."]


@pytest.mark.one_engine
def test_nothing_of_a_note_is_in_the_database(encoder: StandIn, garden: str) -> None:
    before = db.session.scalars(select(ServiceVector.vector)).all()
    meanings.of_note(NOTE, offers.directory())

    assert not db.session.dirty
    assert not db.session.new
    assert db.session.scalars(select(ServiceVector.vector)).all() == before


@pytest.mark.one_engine
def test_with_half_of_the_vectors_the_others_have_no_likeness(
    encoder: StandIn, garden: str
) -> None:
    late = people.service(name="Allotment for all", description="Misses the allotment? Come.")
    db.session.commit()
    likeness = meanings.of_note(NOTE, offers.directory()).likeness

    assert garden in likeness
    assert late.key not in likeness


def test_new_vectors_are_seen_when_the_directory_changes(encoder: StandIn, garden: str) -> None:
    meanings.of_note(NOTE, offers.directory())
    late = people.service(name="The allotment", description="He misses it. Nobody visits.").key
    read()

    assert late in meanings.of_note(NOTE, offers.directory()).likeness


@pytest.mark.one_engine
def test_what_is_wished_for_counts_without_a_note(encoder: StandIn, garden: str) -> None:
    likeness = meanings.of_note("", offers.directory(), wished=["allotment"]).likeness

    assert max(likeness, key=lambda key: likeness[key]) == garden


@pytest.mark.one_engine
def test_any_note_gives_an_answer(encoder: StandIn, garden: str) -> None:
    for note in ("", " \n "):
        assert meanings.of_note(note, offers.directory()) is NO_MEANING
    for note in ("…!?", "x", "日本語の文章", "word " * 50_000):
        encoder.asked.clear()
        meanings.of_note(note, offers.directory())
        assert len(encoder.asked) <= 16


@pytest.mark.one_engine
def test_without_vectors_the_model_is_not_even_loaded(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    app.config["MEANING"] = True
    monkeypatch.setattr(meaning, "encoder", lambda: pytest.fail("loaded"))
    people.service()
    db.session.commit()

    assert meanings.of_note(NOTE, offers.directory()) is NO_MEANING


@pytest.mark.one_engine
def test_where_it_is_off_nothing_is_asked(
    app: Flask, garden: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(meaning, "encoder", lambda: pytest.fail("loaded"))

    assert meanings.of_note(NOTE, offers.directory()) is NO_MEANING


@pytest.mark.one_engine
@pytest.mark.parametrize(
    ("error", "lines"), [(ModelAbsent("Install it."), 0), (ModelRefused("Damaged."), 1)]
)
def test_a_missing_model_is_no_fault_and_a_damaged_one_is_told_once(
    encoder: StandIn,
    garden: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    error: Exception,
    lines: int,
) -> None:
    monkeypatch.setattr(meaning, "encoder", fails(error))
    for _ in range(3):
        assert meanings.of_note(NOTE, offers.directory()) is NO_MEANING

    assert [record.levelno for record in caplog.records] == [logging.WARNING] * lines


@pytest.mark.one_engine
def test_a_model_that_fails_says_nothing_of_the_note_in_the_log(
    encoder: StandIn,
    garden: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(meaning, "encoder", Broken)

    assert meanings.of_note(NOTE, offers.directory()) is NO_MEANING
    assert "The model of meaning failed" in caplog.text
    assert "ValueError" in caplog.text
    assert "allotment" not in caplog.text


def test_matches_are_the_same_pages_with_and_without(
    encoder: StandIn, garden: str, cast: Cast, app: Flask
) -> None:
    case = people.case(cast.northside, worker=cast.amina)
    people.contact(case, by=cast.amina, notes="Used to love gardening. Misses the allotment.")
    db.session.commit()
    with_it = matches.suggest(case, on=TODAY)
    app.config["MEANING"] = False
    without = matches.suggest(case, on=TODAY)

    assert encoder.asked
    heard = {proposal.concept for proposal in without.proposals}
    assert "gardening" in heard & {proposal.concept for proposal in with_it.proposals}
