"""PCNs compared: docs/capacity.md, "Comparing PCNs", beyond the figures on the page."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkwork.capacity import fairness

EVEN = (0.2, 0.2, 0.2, 0.2, 0.2)


@pytest.mark.parametrize(
    ("patients", "quintiles", "reason"),
    [
        (None, EVEN, "No list size"),
        (0, EVEN, "No list size"),
        (-5, EVEN, "No list size"),
        (100, None, "No deprivation profile"),
        (100, (), "Deprivation profile does not add up"),
        (100, (0.5, 0.5, 0.5, 0, 0), "Deprivation profile does not add up"),
        (100, (1.2, -0.2, 0, 0, 0), "Deprivation profile does not add up"),
    ],
)
def test_a_list_that_cannot_be_weighed_says_why(
    patients: int | None, quintiles: tuple[float, ...] | None, reason: str
) -> None:
    assert fairness.weighted_list(patients, quintiles).reason == reason


def test_an_even_list_and_a_tilt_of_nought_weigh_as_they_are() -> None:
    assert fairness.weighted_list(500, EVEN).value == pytest.approx(500)
    assert fairness.weighted_list(500, (1, 0, 0, 0, 0), tilt=0).value == 500


def test_nothing_to_divide_by_gives_words() -> None:
    assert fairness.rate(5, 0).reason == fairness.rate(5, None).reason == "No list size"
    assert fairness.place(5, 0.0).words == "Nothing to compare with"
    with pytest.raises(ValueError, match="from 0 upwards"):
        fairness.limits(math.nan, fairness.Z_95)


@pytest.mark.parametrize(
    ("count", "words", "is_outside"),
    [
        (100, "Like the others", False),
        (82, "Like the others", False),
        (75, "Below most others", True),
        (130, "Above most others", True),
        (60, "Far below the others", True),
        (150, "Far above the others", True),
    ],
)
def test_a_place_is_told_in_words(count: int, words: str, is_outside: bool) -> None:
    place = fairness.place(count, 100)
    assert (place.words, place.is_outside) == (words, is_outside)
    assert place.ratio.value == count


def test_limits_widen_only_where_ten_or_more_differ_by_more_than_chance() -> None:
    apart = [(100 + 40 * (-1) ** n, 100.0) for n in range(20)]
    assert fairness.spread(apart) > 10
    assert fairness.spread(apart[:9]) == 1
    assert fairness.spread([(100 + n, 100.0) for n in range(20)]) == 1
    one_far = [(100, 100.0)] * 29 + [(900, 100.0)]
    assert fairness.spread(one_far) == 1
    assert fairness.spread([(5, 0.0)] * 20) == 1


@settings(max_examples=50)
@given(st.floats(0, 1e6), st.floats(0, 50))
def test_limits_are_finite_in_order_and_never_below_nought(expected: float, phi: float) -> None:
    lowest, highest = fairness.limits(expected, fairness.Z_998, phi)
    low, high = fairness.limits(expected, fairness.Z_95, phi)
    assert 0 <= lowest <= low <= expected * (1 + 1e-9) <= high * (1 + 1e-6)
    assert high <= highest < math.inf
