"""The word index: the same words find the same services on either engine, whatever is typed."""

from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linkwork.database import db
from linkwork.models import Location, Service, ServiceAtLocation, service_text
from tests import cast as the


def indexed(name: str, description: str = "", **facts: Any) -> Service:
    made = the.service(name, description=description, **facts)
    service_text.reindex([made.id])
    return made


@pytest.fixture
def gardening(app: Flask) -> Service:
    return indexed("Mill Lane Gardening Club", "Sow, dig and drink tea.")


@pytest.mark.parametrize(
    "words",
    ["gardening", "GARDENS", "garden club", "gard", "dig", "mill-lane", "riverside", "the garden"],
)
def test_words_their_beginnings_and_their_forms_are_found(gardening: Service, words: str) -> None:
    assert service_text.matches(words, every=True) == {gardening.id: 1.0}


@pytest.mark.parametrize("words", ["", "  ", "the", "?!", "garden choir", "ga"])
def test_what_is_not_there_is_not_found(gardening: Service, words: str) -> None:
    assert service_text.matches(words, every=True) == {}


def test_one_word_will_do_where_that_is_asked(gardening: Service) -> None:
    assert list(service_text.matches("gardening or choir")) == [gardening.id]


def test_accents_do_not_matter(app: Flask) -> None:
    cafe = indexed("Café Zoë")
    assert list(service_text.matches("cafe zoe", every=True)) == [cafe.id]
    assert list(service_text.matches("Café Zoë", every=True)) == [cafe.id]


def test_a_word_in_the_name_weighs_more_than_one_in_the_text(app: Flask) -> None:
    for _ in range(5):
        indexed("Lunch club", "A hot meal.")
    passing = indexed("Social club", "Cards, and sometimes chess.")
    named = indexed("Chess", "Games on Mondays.")
    assert list(service_text.matches("chess")) == [named.id, passing.id]


def test_where_it_is_is_found_too(app: Flask) -> None:
    choir = the.service("Choir")
    place = Location(name="Old Chapel", city="Harrowfield", postcode="ZZ2 3FY")
    db.session.add(place)
    choir.places_at = [ServiceAtLocation(location=place)]
    service_text.reindex([choir.id])
    assert list(service_text.matches("harrowfield choir", every=True)) == [choir.id]


def test_indexing_again_forgets_the_old_words(gardening: Service) -> None:
    gardening.name = "Chess"
    service_text.reindex([gardening.id])
    assert service_text.matches("gardening", every=True) == {}
    service_text.reindex_all()
    assert list(service_text.matches("chess", every=True)) == [gardening.id]


@given(words=st.text(max_size=60), every=st.booleans())
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None
)
def test_any_text_can_be_looked_for(gardening: Service, words: str, every: bool) -> None:
    assert all(0 < score <= 1 for score in service_text.matches(words, every=every).values())


@pytest.mark.parametrize(
    "words", ['"', "' OR 1=1 --", "a:* & !b <-> (", "NEAR(a b)", "name:x*", "\\"]
)
def test_the_language_of_the_engine_is_only_words(gardening: Service, words: str) -> None:
    assert service_text.matches(words) == {}
