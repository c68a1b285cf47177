"""Section 10: money."""

import pytest

from linkwork.capacity.assumptions import REFERENCE_COSTS
from linkwork.capacity.calendar import FinancialYear
from linkwork.capacity.figure import Figure
from linkwork.capacity.money import NO_COST, NOBODY, at_capacity, cost_per_start, spent

YEAR = FinancialYear(2025)


def test_section_10_the_reference_points_and_136_pounds_a_person_at_250() -> None:
    assert dict(REFERENCE_COSTS) == {"2019/20": 34_113, "2022/23": 36_428}
    assert at_capacity(34_113, 250).text() == "136"


def test_section_10_spend_to_date_over_people_started() -> None:
    half_year = spent(36_428, 1.0 * YEAR.working_days() / 2, YEAR)
    assert half_year.text() == "18,214"
    assert cost_per_start(half_year, 100).text() == "182"


def test_section_10_a_dash_when_nobody_was_started() -> None:
    found = cost_per_start(Figure(1000), 0)
    assert (found.text(), found.reason) == ("-", NOBODY)


def test_section_10_without_a_cost_nothing_is_guessed() -> None:
    assert spent(None, 100, YEAR).reason == NO_COST
    assert cost_per_start(spent(None, 100, YEAR), 10).reason == NO_COST
    assert at_capacity(None, 250).reason == NO_COST


@pytest.mark.parametrize("people_per_wte", [0, 5e-324])
def test_dividing_by_next_to_nothing_is_words_and_not_infinity(people_per_wte: float) -> None:
    assert at_capacity(36_428, people_per_wte).text() == "-"
