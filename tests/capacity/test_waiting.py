"""Section 8: the waiting list."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwork.capacity.waiting import LEVEL, WaitingList, relief, starts_a_week


def list_at(wte: float) -> WaitingList:
    return WaitingList(queue=60, referred=7, started=starts_a_week(wte, 250), leaving=0.1)


def test_section_8_a_list_that_empties() -> None:
    waiting = list_at(1.6)
    assert waiting.started == pytest.approx(7.69, abs=0.005)
    assert waiting.wait_weeks.value == pytest.approx(7.8, abs=0.05)
    assert round(waiting.empty_in_weeks.value or 0) == 43
    assert waiting.after(100) == 0


def test_section_8_a_list_that_grows() -> None:
    waiting = list_at(1.2)
    assert waiting.after(26) == pytest.approx(73.8, abs=0.05)
    assert waiting.growth == "The list will grow by 0.5 a week without end."
    assert waiting.empty_in_weeks.reason == waiting.growth


def test_section_8_relief_to_a_four_week_target_within_26_weeks() -> None:
    found = relief(list_at(1.2), target_weeks=4, within_weeks=26)
    assert found.first == pytest.approx(8.37, abs=0.005)
    assert found.first_wte == pytest.approx(1.74, abs=0.005)
    assert found.then == pytest.approx(7.3)
    assert found.then_wte == pytest.approx(1.52, abs=0.005)


def test_section_8_a_wait_that_nobody_ends_cannot_be_given() -> None:
    waiting = list_at(0)
    assert waiting.wait_weeks.text() == waiting.empty_in_weeks.text() == "-"
    assert "cannot be given" in waiting.wait_weeks.reason


def test_a_list_in_balance_does_not_get_shorter() -> None:
    level = WaitingList(10, 5, 5, leaving=0)
    assert level.growth == "The list will not get shorter: as many people come as can be started."
    assert not level.empty_in_weeks.known
    assert WaitingList(0, 5, 5, leaving=0).empty_in_weeks.value == 0


@pytest.mark.parametrize("more", [4e-17, 0.049, -4e-17, -0.049])
def test_nearly_as_many_who_come_as_are_started_is_level(more: float) -> None:
    nearly = WaitingList(60, 4 / 13, 4 / 13 + more, leaving=0)
    assert nearly.growth == nearly.empty_in_weeks.reason == LEVEL
    assert not nearly.is_stable


def test_section_8_free_places_limit_the_starts_of_a_week() -> None:
    assert starts_a_week(2, 250, places=3) == 3


def test_a_list_that_is_short_enough_needs_no_more_than_holding_it() -> None:
    found = relief(WaitingList(0, 7, 7))
    assert found.first == found.then


@pytest.mark.parametrize("wrong", [(-1, 1, 1, 0), (1, -1, 1, 0), (1, 1, -1, 0), (1, 1, 1, 1.1)])
def test_numbers_no_list_has_are_refused(wrong: tuple[float, float, float, float]) -> None:
    with pytest.raises(ValueError, match="waiting list"):
        WaitingList(*wrong)


def test_a_target_of_no_weeks_is_refused() -> None:
    with pytest.raises(ValueError, match="above 0"):
        relief(list_at(1), target_weeks=0)


@given(st.floats(0, 500), st.floats(0, 50), st.floats(0, 50), st.floats(0, 50))
def test_starting_more_never_lengthens_the_list(
    queue: float, referred: float, started: float, more: float
) -> None:
    now = WaitingList(queue, referred, started).after(26)
    assert 0 <= WaitingList(queue, referred, started + more).after(26) <= now
