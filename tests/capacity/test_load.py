"""Section 6: the load of a worker."""

import pytest

from linkwork.capacity.load import Band, Complexity, load

LIGHT, STANDARD, COMPLEX = Complexity.LIGHT, Complexity.STANDARD, Complexity.COMPLEX


def test_section_6_cases_weigh_what_their_hours_are() -> None:
    assert [case.weight for case in Complexity] == [0.5, 1, 1.75]
    assert load([LIGHT, STANDARD, COMPLEX], 1.0).points == 3.25


@pytest.mark.parametrize(
    ("cases", "wte", "band"),
    [
        (33, 1.0, Band.ROOM),
        (34, 1.0, Band.FULL),
        (40, 1.0, Band.FULL),
        (41, 1.0, Band.OVER),
        (24, 0.6, Band.FULL),
        (25, 0.6, Band.OVER),
        (0, 0.6, Band.ROOM),
    ],
)
def test_section_6_a_load_is_named_at_its_boundaries(cases: int, wte: float, band: Band) -> None:
    assert load([STANDARD] * cases, wte).band is band


def test_a_load_without_wte_says_why_there_is_none() -> None:
    none = load([STANDARD], 0)
    assert (none.band, none.used.text()) == (None, "-")
    assert none.used.reason == "No WTE is in post, so no caseload fits."


def test_a_load_is_said_in_points_and_people() -> None:
    full = load([STANDARD] * 20 + [COMPLEX] * 6 + [LIGHT], 1.0)
    assert full.sentence == "31 of 40 points, 27 people"
    assert load([LIGHT], 0.6).sentence == "0.5 of 24 points, 1 person"
    assert full.free == 9
    assert load([STANDARD] * 50, 1.0).free == 0
