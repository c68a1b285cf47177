"""Section 7: weekly starts and their limits."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwork.capacity.control import Week, chart, dispersion, limits, weekly

MONDAY = date(2025, 6, 2)


def weeks_of(counts: list[int]) -> list[Week]:
    return [Week(MONDAY + timedelta(weeks=n), people) for n, people in enumerate(counts)]


def test_section_7_limits_are_the_mean_and_2_66_mean_moving_ranges() -> None:
    found = limits([10, 12, 11, 13])
    assert found.moving_range == pytest.approx(5 / 3)
    assert found.mean == 11.5
    assert found.upper == pytest.approx(11.5 + 2.66 * 5 / 3)
    assert found.lower == pytest.approx(11.5 - 2.66 * 5 / 3)


def test_the_lower_limit_is_never_below_nobody() -> None:
    assert limits([0, 5, 0, 5]).lower == 0


def test_only_whole_weeks_count_and_empty_ones_do_too() -> None:
    starts = [date(2025, 5, 30), MONDAY, date(2025, 6, 8), date(2025, 6, 23), date(2025, 6, 30)]
    found = weekly(starts, date(2025, 5, 28), date(2025, 7, 1))
    assert [week.people for week in found] == [2, 0, 0, 1]
    assert found[0].monday == MONDAY


def test_a_period_without_a_whole_week_has_none() -> None:
    assert weekly([], MONDAY, date(2025, 6, 7)) == ()
    assert weekly([], date(2025, 6, 4), date(2025, 6, 5)) == ()
    assert len(weekly([], MONDAY, date(2025, 6, 8))) == 1


def test_a_chart_of_fewer_than_12_weeks_says_that_it_has_no_limits() -> None:
    short = chart(weeks_of([3] * 11))
    assert short.limits is None
    assert short.reason == "Limits need 12 whole weeks; there are 11 so far."
    assert chart(weeks_of([3] * 12)).limits is not None


def test_a_week_beyond_a_limit_and_a_long_run_are_signals() -> None:
    burst = chart(weeks_of([4, 5] * 6 + [30]))
    assert [week.people for week in burst.outside] == [30]
    shift = chart(weeks_of([2] * 7 + [8] * 7))
    assert [week.monday for week in shift.shifts] == [
        MONDAY + timedelta(weeks=6),
        MONDAY + timedelta(weeks=13),
    ]


def test_weeks_on_the_mean_are_no_run() -> None:
    assert chart(weeks_of([3] * 20)).shifts == ()


def test_one_count_has_no_limits() -> None:
    with pytest.raises(ValueError, match="two or more"):
        limits([3])


@pytest.mark.parametrize(
    ("counts", "phi"), [([], 1), ([4], 1), ([0, 0, 0], 1), ([5, 5, 5], 1), ([0, 10], 10)]
)
def test_section_7_dispersion_is_variance_over_mean_and_at_least_one(
    counts: list[int], phi: float
) -> None:
    assert dispersion(counts) == pytest.approx(phi)


@given(st.lists(st.integers(0, 500), min_size=2, max_size=60))
def test_the_mean_lies_within_its_limits(counts: list[int]) -> None:
    found = limits(counts)
    assert 0 <= found.lower <= found.mean <= found.upper
