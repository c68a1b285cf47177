"""Section 7: pace."""

from datetime import date

from linkwork.capacity.calendar import FinancialYear
from linkwork.capacity.pace import pace

YEAR = FinancialYear(2025)
HALFWAY = date(2025, 9, 30)


def test_section_7_expected_follows_working_days() -> None:
    assert round(pace(108, 47, YEAR, HALFWAY).expected) == 54


def test_section_7_the_gap_is_given_in_people_and_in_working_days() -> None:
    behind = pace(253, 116, YEAR, HALFWAY)
    assert (behind.expected, behind.gap_people, behind.gap_days.value) == (126, -10, -10)
    assert behind.sentence == "10 people, or 10 working days, behind the expected pace."


def test_being_ahead_is_said_too() -> None:
    assert pace(506, 253, YEAR, HALFWAY).sentence == (
        "1 person, or 0 working days, ahead of the expected pace."
    )


def test_a_gap_under_half_a_person_is_none() -> None:
    assert pace(253, 126, YEAR, HALFWAY).sentence == "As many people as expected by now."


def test_without_a_target_there_is_no_gap_in_days() -> None:
    nothing = pace(0, 5, YEAR, HALFWAY)
    assert nothing.gap_days.text() == "-"
    assert nothing.gap_days.reason == "There is no target to keep up with."


def test_before_and_after_the_year_the_expectation_is_nothing_and_everything() -> None:
    assert pace(108, 0, YEAR, date(2025, 3, 1)).expected == 0
    assert pace(108, 0, YEAR, date(2027, 3, 1)).expected == 108
