"""How far somebody gets in some minutes, and languages under one code."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwork.matching.tongues import NAMES, codes_of, name_of
from linkwork.matching.travel import Means, assumption, miles_in


@pytest.mark.parametrize(
    ("minutes", "means", "miles", "words"),
    [
        (40, [Means.WALKING], 2, "about 2 miles on foot in 40 minutes"),
        (5, [], 0.5, "about half a mile on foot in 5 minutes"),
        (30, [Means.BUS, Means.WALKING], 4, "about 4 miles by bus in 30 minutes"),
        (20, [Means.LIFT], 6, "about 6 miles with a lift in 20 minutes"),
        (20, [Means.WALKING], 1, "about 1 mile on foot in 20 minutes"),
    ],
)
def test_minutes_are_miles_by_a_stated_speed(
    minutes: int, means: list[Means], miles: float, words: str
) -> None:
    assert miles_in(minutes, means) == miles
    assert assumption(minutes, means) == words


@given(st.integers(5, 180), st.lists(st.sampled_from(Means)), st.sampled_from(Means))
def test_more_time_or_another_way_never_takes_somebody_less_far(
    minutes: int, means: list[Means], another: Means
) -> None:
    assert 0 < miles_in(minutes, means) <= miles_in(minutes + 1, means)
    if means:
        assert miles_in(minutes, means) <= miles_in(minutes, [*means, another])


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("Urdu", {"ur"}),
        ("ur-PK", {"ur"}),
        ("Panjabi (Mirpuri) and a little English", {"pa", "en"}),
        ("BSL", {"bsl"}),
        ("British Sign Language", {"bsl"}),
        ("Yoruba", {"yoruba"}),
        ("", set()),
    ],
)
def test_a_language_has_one_code_however_it_is_written(words: str, codes: set[str]) -> None:
    assert codes_of(words) == codes


def test_every_name_leads_back_to_its_code() -> None:
    assert all(codes_of(name) == {code} for code, name in NAMES.items())
    assert name_of("yoruba") == "Yoruba"
