"""Sections 9 and 10: what would change it, and what it costs."""

from datetime import date

import pytest

from linkwork.capacity.calendar import FinancialYear
from linkwork.capacity.figure import Figure
from linkwork.capacity.levers import (
    Effect,
    cost_per_start,
    eased,
    moved,
    possible,
    recruited,
    wte_to_close,
)

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


def test_section_9_moving_a_worker_shows_what_the_other_pcn_loses() -> None:
    effect = moved(0.2, DECEMBER, YEAR, here=250, there=200)
    assert effect.people == pytest.approx(16.6, abs=0.05)
    assert effect.loss == pytest.approx(13.3, abs=0.05)
    assert effect.lever == "Move 0.2 WTE from another PCN"


def test_section_9_easing_a_ceiling_counts_over_the_days_left() -> None:
    assert eased(127, YEAR, 148.6, 208) == pytest.approx((208 - 148.6) * 127 / 253)
    assert eased(127, YEAR, 208, 148.6) == 0


def test_section_9_extra_starts_never_exceed_the_people_there_are() -> None:
    assert possible(80, queue=30, arrivals_left=60, expected=50) == 40
    assert possible(20, queue=30, arrivals_left=60, expected=50) == 20
    assert possible(20, queue=0, arrivals_left=10, expected=50) == 0


def test_section_10_cost_per_person_is_a_dash_when_nobody_was_started() -> None:
    assert cost_per_start(34_113, 250).text() == "136"
    assert cost_per_start(34_113, 0).text() == "-"
    assert Effect("Recruit", 0, Figure(1), 100).cost_per_person.reason == (
        "Nobody more would be started."
    )
