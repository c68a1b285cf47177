"""Whom a service is for, where only its name and description say so."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkwork.matching import Audience, Lexicon, for_whom
from linkwork.paths import SEED_DATA

SHIPPED = Lexicon.load(SEED_DATA / "concepts")


def read(name: str = "Hub", description: str = "", eligibility: str = "") -> Audience:
    return for_whom(name=name, description=description, eligibility=eligibility, lexicon=SHIPPED)


@pytest.mark.parametrize(
    ("description", "group"),
    [
        ("Singing for people with dementia and whoever looks after them.", "dementia"),
        ("A monthly lunch for South Asian elders, with a speaker.", "south_asian"),
        ("For veterans who find mornings hard.", "veterans"),
        ("Exercise and a talk for people with Parkinson's.", "parkinsons"),
    ],
)
def test_a_group_that_it_is_for_is_read(description: str, group: str) -> None:
    assert group in read(description=description).groups


@pytest.mark.parametrize(
    "description",
    [
        "For everyone, with or without dementia.",
        "For autistic people and others who find crowds too much.",
        "Good for memory and legs.",
        "We talk about dementia, diabetes and the war.",
        "For older people and those with memory problems.",
        "For people with low mood, autism or learning disability.",
        "Run by veterans.",
        "",
    ],
)
def test_what_is_open_to_others_or_only_spoken_of_is_no_limit(description: str) -> None:
    assert read(description=description).groups == frozenset()


def test_a_name_counts_where_the_entry_goes_on_about_it() -> None:
    assert "stroke" in read("Stroke Survivors' Club", "Speech practice after a stroke.").groups
    assert read("Heart of the Valley Walkers", "We meet at the church.").groups == frozenset()


@pytest.mark.parametrize(
    ("name", "description", "gender"),
    [
        ("Sisters in Stitches", "A sewing circle for Asian women.", "women"),
        ("Men's Shed", "Woodwork and tea.", "men"),
        ("Hub", "Five-a-side for men new to the area.", "men"),
        ("Hub", "For new mothers and their babies.", "women"),
        ("Hub", "For men and women.", None),
        ("Women's Institute", "Talks for everyone.", "women"),
        ("Mums and Dads", "For parents.", None),
        ("Hub", "A talk about men's health.", None),
    ],
)
def test_women_or_men_only_is_read(name: str, description: str, gender: str | None) -> None:
    assert read(name, description).gender == gender


@pytest.mark.parametrize(
    ("description", "ages"),
    [
        ("For people over 65 who rarely see anyone.", (65, None)),
        ("For parents up to 25.", (None, 25)),
        ("For young people aged 11 to 18.", (11, 18)),
        ("For adults with a physical impairment.", (18, None)),
        ("Twelve sessions for up to ten weeks.", (None, None)),
        ("Walks of 2 to 5 miles.", (None, None)),
    ],
)
def test_ages_are_read_from_whom_it_is_for(
    description: str, ages: tuple[int | None, int | None]
) -> None:
    found = read(description=description)
    assert (found.minimum_age, found.maximum_age) == ages


def test_what_is_for_eligibility_goes_before_the_description() -> None:
    found = read("Ladies' lunch", "For women over 50.", "Aged 60 and over. Men only")
    assert (found.minimum_age, found.gender) == (60, "men")


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80), st.text(max_size=300), st.text(max_size=100))
def test_any_entry_can_be_read(name: str, description: str, eligibility: str) -> None:
    found = for_whom(
        name=name, description=f"For {description}", eligibility=eligibility, lexicon=SHIPPED
    )
    assert found.groups <= SHIPPED.concepts.keys()
