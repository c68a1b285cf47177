"""Section 9: the arithmetic of each lever."""

from datetime import date, timedelta

import pytest

from linkwork.capacity.calendar import FinancialYear
from linkwork.capacity.levers import built_up, eased, possible, recruited, wte_to_close

YEAR = FinancialYear(2025)
DECEMBER = date(2025, 12, 1)


def test_section_9_a_recruit_from_1_december() -> None:
    assert recruited(1.0, DECEMBER, YEAR, ramp=False) == pytest.approx(83.0, abs=0.05)
    assert recruited(1.0, DECEMBER, YEAR) == pytest.approx(68.6, abs=0.05)


def test_section_9_closing_a_gap_of_100_takes_one_and_a_half_wte() -> None:
    assert wte_to_close(100, DECEMBER, YEAR).value == 1.5
    assert wte_to_close(0, DECEMBER, YEAR).value == 0


def test_a_gap_cannot_be_closed_after_the_year() -> None:
    assert wte_to_close(10, date(2026, 4, 1), YEAR).reason.startswith("Nobody who begins after")


def test_the_ramp_runs_from_the_first_day_of_work_even_before_the_year() -> None:
    assert recruited(1.0, date(2025, 1, 1), YEAR) == 250


def test_without_the_ramp_less_is_enough_to_close_a_gap() -> None:
    assert wte_to_close(100, DECEMBER, YEAR, ramp=False).value == 1.3


def test_section_9_the_ramp_goes_from_a_quarter_to_a_whole_in_eight_weeks() -> None:
    weeks = [built_up(DECEMBER, DECEMBER + timedelta(weeks=n)) for n in (0, 4, 8, 20)]
    assert weeks == [0.25, 0.625, 1, 1]
    assert built_up(DECEMBER, DECEMBER - timedelta(days=1)) == 0
    assert built_up(DECEMBER, DECEMBER, ramp=False) == 1


def test_a_recruit_who_begins_after_the_year_starts_nobody_in_it() -> None:
    late = date(2027, 1, 4)
    assert recruited(1, late, YEAR) == recruited(1, late, YEAR, ramp=False) == 0


def test_section_9_easing_a_ceiling_counts_over_the_days_left() -> None:
    assert eased(127, YEAR, 148.6, 208) == pytest.approx((208 - 148.6) * 127 / 253)
    assert eased(127, YEAR, 208, 148.6) == 0


def test_section_9_extra_starts_never_exceed_the_people_there_are() -> None:
    assert possible(80, queue=30, arrivals_left=60, expected=50) == 40
    assert possible(20, queue=30, arrivals_left=60, expected=50) == 20
    assert possible(20, queue=0, arrivals_left=10, expected=50) == 0
