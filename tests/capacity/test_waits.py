"""A wait that counts whoever still waits, and never makes the list look shorter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwork.capacity.waits import days_within

DAYS = st.lists(st.integers(0, 200), max_size=30)


def test_without_anybody_waiting_half_is_the_middle_of_those_who_started() -> None:
    assert days_within(0.5, [4, 6, 10, 20, 90], []) == 10
    assert days_within(0.8, [4, 6, 10, 20, 90], []) == 20


def test_whoever_waits_longer_than_those_who_started_lengthens_the_wait() -> None:
    assert days_within(0.5, [4, 6, 10, 20, 90], [50, 50, 50]) == 20


def test_where_most_still_wait_it_cannot_be_said() -> None:
    assert days_within(0.5, [4, 6], [30, 30, 30, 30]) is None
    assert days_within(0.5, [], [30]) is None
    assert days_within(0.5, [], []) is None


def test_somebody_referred_today_tells_nothing_of_later_days() -> None:
    assert days_within(0.5, [4, 6, 10], [0, 0, 0]) == 6


@pytest.mark.parametrize("share", [0, -1, 1.1])
def test_a_share_that_is_none_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="not a share"):
        days_within(share, [1], [])


@given(DAYS, DAYS, st.integers(0, 200))
def test_one_more_who_waits_never_shortens_the_wait(
    started: list[int], waiting: list[int], more: int
) -> None:
    before = days_within(0.5, started, waiting)
    after = days_within(0.5, started, [*waiting, more])
    assert after is None or (before is not None and after >= before)


@given(DAYS, DAYS)
def test_more_people_take_at_least_as_long(started: list[int], waiting: list[int]) -> None:
    half, most = days_within(0.5, started, waiting), days_within(0.8, started, waiting)
    assert most is None or (half is not None and half <= most)
    assert half is None or half in started
