"""The look-up a worker types into, and the concepts of a service."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkwork.matching import Concept, Lexicon, describe, find_concept
from linkwork.paths import SEED_DATA

SHIPPED = Lexicon.load(SEED_DATA / "concepts")


@pytest.mark.parametrize(
    ("typed", "concept"),
    [
        ("gardening", "gardening"),
        ("  Gardening ", "gardening"),
        ("gard", "gardening"),
        ("debt", "debt"),
        ("isolation", "loneliness"),
        ("choir", "singing"),
        ("ballroom dancing", "dancing"),
        ("men's shed", "woodwork"),
        ("COPD", "lungs"),
        ("LD", "learning_disability"),
        ("MS", "multiple_sclerosis"),
        ("domestic violence", "domestic_abuse"),
        ("money worries", "debt"),
        ("allotment", "gardening"),
        ("widowed", "bereavement"),
        ("crisis", "crisis"),
    ],
)
def test_what_a_worker_types_finds_the_concept_first(typed: str, concept: str) -> None:
    assert find_concept(typed, SHIPPED)[0].id == concept


@pytest.mark.parametrize("typed", ["", "  ", "zzzz", "?", "*", "_", "'"])
def test_words_that_mean_nothing_find_nothing(typed: str) -> None:
    assert find_concept(typed, SHIPPED) == ()


@pytest.mark.parametrize("concept", SHIPPED.concepts.values(), ids=lambda concept: concept.id)
def test_every_label_finds_its_own_concept_first(concept: Concept) -> None:
    assert find_concept(concept.label, SHIPPED)[0] == concept


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300))
def test_the_look_up_takes_anything(typed: str) -> None:
    assert len(find_concept(typed, SHIPPED)) <= 10


def test_a_name_weighs_more_than_a_description() -> None:
    named = describe(name="Community Garden", lexicon=SHIPPED)
    described = describe(name="Hub", description="We have a garden.", lexicon=SHIPPED)
    assert named["gardening"] > described["gardening"] > 0


def test_a_taxonomy_term_counts() -> None:
    assert "bereavement" in describe(name="Hub", taxonomy=["Bereavement"], lexicon=SHIPPED)


def test_what_a_service_says_it_is_not_does_not_count() -> None:
    described = describe(name="Hub", description="Not a counselling group.", lexicon=SHIPPED)
    assert "talking_therapy" not in described


def test_peoples_words_are_not_looked_for_in_services() -> None:
    assert describe(name="Hub", description="Toast and tins.", lexicon=SHIPPED) == {}


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=300), st.text(max_size=300), st.lists(st.text(max_size=50), max_size=4))
def test_weights_lie_between_0_and_1_whatever_an_entry_holds(
    name: str, description: str, taxonomy: list[str]
) -> None:
    found = describe(name=name, description=description, taxonomy=taxonomy, lexicon=SHIPPED)
    assert all(0 < weight <= 1 for weight in found.values())
