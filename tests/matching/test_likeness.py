"""How alike two records are: the same whichever is looked at first, and said in words."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwork.matching.likeness import Known, Sureness, compare, turned
from linkwork.matching.names import similarity

NAMES = st.one_of(
    st.sampled_from(["rosa", "rose", "rosie", "quill", "quil", "bob", "robert", "mo", ""]),
    st.text(st.characters(min_codepoint=97, max_codepoint=122), max_size=8),
)
DAYS = st.one_of(
    st.sampled_from([date(1951, 3, 12), date(1951, 12, 3), date(1951, 3, 13)]),
    st.dates(date(1900, 1, 1), date(2026, 1, 1)),
)
PEOPLE = st.builds(
    Known,
    NAMES,
    NAMES,
    DAYS,
    st.sampled_from([None, "9990000018", "9990000026"]),
    st.frozensets(st.sampled_from(["ZZ1 1AA", "ZZ2 2BB"]), max_size=2),
    st.sampled_from([None, "7700900123", "7700900124"]),
)
ROSA = Known("rosa", "quill", date(1951, 3, 12), "9990000018", frozenset({"ZZ1 1AA"}))


@given(PEOPLE, PEOPLE)
def test_it_does_not_matter_which_is_looked_at_first(one: Known, other: Known) -> None:
    assert compare(one, other) == compare(other, one)


@given(NAMES, NAMES)
def test_similarity_is_from_nothing_to_one_and_one_only_for_the_same(one: str, other: str) -> None:
    found = similarity(one, other)
    assert 0 <= found <= 1
    assert found == similarity(other, one)
    assert (found == 1) == (one == other)


@given(PEOPLE)
def test_somebody_is_like_themselves(who: Known) -> None:
    likeness = compare(who, who)
    assert likeness is not None
    assert likeness.differs == ()


@given(DAYS)
def test_turning_a_date_twice_gives_it_back(day: date) -> None:
    there = turned(day)
    assert there is None or turned(there) == day


@pytest.mark.parametrize(
    ("one", "other", "least"),
    [("martha", "marhta", 0.96), ("dwayne", "duane", 0.84), ("dixon", "dicksonx", 0.81)],
)
def test_similarity_is_that_of_the_published_examples(one: str, other: str, least: float) -> None:
    assert least <= similarity(one, other) < least + 0.01


def test_the_same_number_and_birth_is_almost_certain_whatever_the_name() -> None:
    married = Known("rosa", "quill", ROSA.date_of_birth, ROSA.nhs_number)
    found = compare(ROSA, married)
    assert found is not None
    assert found.sureness is Sureness.ALMOST_CERTAIN
    assert found.agrees[0] == "the same NHS number"


def test_short_forms_of_a_name_are_known() -> None:
    bob, robert = (Known(name, "hale", date(1951, 3, 12)) for name in ("bob", "robert"))
    found = compare(bob, robert)
    assert found is not None
    assert "first names that are short for each other" in found.agrees


def test_different_numbers_speak_against_it() -> None:
    other = Known("rosa", "quill", ROSA.date_of_birth, "9990000026", ROSA.postcodes)
    found = compare(ROSA, other)
    assert found is None or "different NHS numbers" in found.differs
