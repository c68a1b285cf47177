"""Mistyped words find what was meant, and never what one may not see."""

from typing import Any

import pytest

from linkwork.casework.service_search import Criteria, Found, search
from linkwork.database import db
from linkwork.models import Service, service_text, service_vocabulary
from tests import cast as the
from tests.casework.test_service_search import AT


def service(name: str, description: str = "", **facts: Any) -> Service:
    made = the.service(name, description=description, **facts)
    service_text.reindex([made.id])
    return made


def look(cast: Any, words: str, who: str = "peer_coordinator", **more: Any) -> Found:
    return search(Criteria(words=words, **more), user=cast.users[who], at=AT)


@pytest.fixture
def some(cast: Any) -> Any:
    service("Gardening club", "Sow, dig and drink tea. Physiotherapy afterwards.")
    service("Ballroom dancing")
    service("Dementia café", "For people with Alzheimer’s and bereavement support.")
    service("Women’s knitting")
    service("Yoga")
    return cast


SLIPS = (
    ("gardning", "gardening"),
    ("balroom", "ballroom"),
    ("ballroom dancng", "ballroom dancing"),
    ("dimentia", "dementia"),
    ("alzhiemers", "alzheimer"),
    ("beravement", "bereavement"),
    ("nitting", "knitting"),
    ("phisotherapy", "physiotherapy"),
    ("wmoen knitting", "women knitting"),
    ("ygoa", "yoga"),
    ("the gardning", "the gardening"),
)


def test_a_slip_of_the_finger_finds_what_was_meant(some: Any) -> None:
    for typed, meant in SLIPS:
        found = look(some, typed)
        assert (found.corrected, found.total, found.any_word) == (meant, 1, False), typed


def test_a_word_that_is_there_or_begins_one_is_left_alone(some: Any) -> None:
    for typed in ("gardening", "gard", "dance", "the", "tea", "café", "gardenning"):
        assert look(some, typed).corrected is None, typed


def test_a_word_that_is_there_is_left_alone_though_no_service_has_all(some: Any) -> None:
    found = look(some, "gardening yoga")
    assert (found.corrected, found.any_word, found.total) == (None, True, 2)


def test_a_word_that_a_filter_keeps_out_is_left_alone(some: Any) -> None:
    service("Gardenias")
    found = look(some, "gardening", day="MO")
    assert (found.corrected, found.total) == (None, 0)


def test_what_is_right_is_kept_beside_what_is_put_right(some: Any) -> None:
    found = look(some, "yoga balroom")
    assert (found.corrected, found.any_word, found.total) == ("yoga ballroom", True, 2)


def test_words_are_left_as_spelt_where_that_is_asked(some: Any) -> None:
    found = look(some, "gardning", exactly=True)
    assert (found.corrected, found.total) == (None, 0)


def test_what_is_like_nothing_is_put_right_as_nothing(some: Any) -> None:
    for typed in ("xqzzvw", "gar", "12345678", "zz9 4plural", "💐💐💐💐💐"):
        assert look(some, typed).corrected is None, typed


def test_of_two_words_as_near_the_more_common_one_is_meant(cast: Any) -> None:
    for name in ("Hatter", "Batter", "Batter", "Batter"):
        service(name)
    assert look(cast, "xatter").corrected == "batter"


def test_words_of_what_is_not_listed_are_told_to_editors_only(some: Any) -> None:
    service("Xylophones", listed=False)
    service("Universe")
    # In the index both are the same word: only what is really said may be shown.
    service("University", listed=False)
    assert look(some, "xylofones").corrected is None
    assert look(some, "univarsity").corrected is None
    assert look(some, "xylofones", "editor").corrected is None
    assert look(some, "xylofones", everything=True).corrected is None
    assert look(some, "xylofones", "editor", everything=True).corrected == "xylophones"
    assert look(some, "univarsity", "editor", everything=True).corrected == "university"


def test_a_word_whose_last_service_is_gone_is_not_suggested(some: Any) -> None:
    made = service("Xylophones")
    assert look(some, "xylofones").corrected == "xylophones"
    made.name = "Drums"
    service_text.reindex([made.id])
    assert look(some, "xylofones").corrected is None


def test_words_are_kept_once_however_often_they_are_indexed(some: Any) -> None:
    service_text.reindex_all()
    connection = db.session.connection()
    assert [word for word, _ in service_vocabulary.near(connection, "gardning")] == ["gardening"]
    kept = connection.exec_driver_sql("SELECT word FROM service_word").scalars().all()
    assert len(kept) == len(set(kept))
