"""Postcodes are read leniently, refused honestly, and have a place."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwork.geography import Place, distance_km, normal_postcode, outcode_of, place_of


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("M1 6AB", "M1 6AB"),
        ("m16ab", "M1 6AB"),
        (" sw1a  1aa ", "SW1A 1AA"),
        ("ec1a-1bb", "EC1A 1BB"),
        ("ZZ24 2NN", "ZZ24 2NN"),
        ("w1a", "W1A"),
        ("M16", "M16"),
    ],
)
def test_a_postcode_is_written_as_on_an_envelope(typed: str, normal: str) -> None:
    assert normal_postcode(typed) == normal


@pytest.mark.parametrize(
    "typed",
    [None, "", "   ", "M", "12345", "M1 6A", "QM1 6AB", "M1 6CI", "M١ 6AB", "M1 6AB M1 6AB"],
)
def test_what_cannot_be_a_postcode_is_none(typed: str | None) -> None:
    assert normal_postcode(typed) is None
    assert outcode_of(typed) is None
    assert place_of(typed) is None


@given(st.text(max_size=40))
def test_any_text_is_either_normal_for_good_or_none(text: str) -> None:
    normal = normal_postcode(text)
    assert normal is None or normal_postcode(normal) == normal


def test_a_postcode_lies_at_the_centre_of_its_outward_code() -> None:
    assert place_of("M1 6AB") == place_of("M1")
    manchester = place_of("M1")
    assert manchester is not None
    assert distance_km(manchester, Place(53.479, -2.2355)) < 1


def test_the_demo_area_has_places_of_its_own() -> None:
    assert all(place_of(f"ZZ{number} 1AA") for number in range(1, 25))
    assert place_of("ZZ25 1AA") is None


def test_every_english_region_is_covered() -> None:
    for code in ("TR19", "CA1", "TD15", "DE22", "PE30", "CT21", "PO30", "BS1", "EC1A", "N1C"):
        assert place_of(code) is not None, code


def test_manchester_to_leeds_is_fifty_eight_kilometres() -> None:
    assert distance_km(Place(53.4808, -2.2426), Place(53.8008, -1.5491)) == pytest.approx(
        57.9, abs=0.3
    )


degrees_north = st.floats(-90, 90)
degrees_east = st.floats(-180, 180)
places = st.builds(Place, degrees_north, degrees_east)


@given(places, places)
def test_distance_is_the_same_both_ways_and_never_more_than_half_the_earth(
    one: Place, other: Place
) -> None:
    there, back = distance_km(one, other), distance_km(other, one)
    assert math.isclose(there, back, abs_tol=1e-6)
    assert 0 <= there <= 20_016


def test_nowhere_is_zero_kilometres_from_itself() -> None:
    assert distance_km(Place(53.5, -2.2), Place(53.5, -2.2)) == 0
