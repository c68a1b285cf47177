"""Section 2: financial years and working days."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwork.capacity.calendar import (
    BankHolidaysUnknown,
    FinancialYear,
    long_date,
    window_start,
    working_days,
)

YEAR = FinancialYear(2025)
DAYS = st.dates(date(2019, 4, 1), date(2027, 3, 31))


@pytest.mark.parametrize(
    ("label", "days"),
    [
        ("2020/21", 253),
        ("2021/22", 253),
        ("2022/23", 251),
        ("2023/24", 250),
        ("2024/25", 254),
        ("2025/26", 253),
        ("2026/27", 251),
    ],
)
def test_section_2_each_year_has_its_working_days(label: str, days: int) -> None:
    assert FinancialYear.from_label(label).working_days() == days


def test_section_2_half_of_2025_26_has_126_working_days() -> None:
    assert YEAR.elapsed(date(2025, 9, 30)) == 126
    assert YEAR.remaining(date(2025, 9, 30)) == 127


def test_a_year_runs_from_1_april_to_31_march() -> None:
    assert (YEAR.start, YEAR.end, YEAR.label) == (date(2025, 4, 1), date(2026, 3, 31), "2025/26")
    assert FinancialYear(1999).label == "1999/00"
    assert (YEAR.months[0], YEAR.months[9]) == (date(2025, 4, 1), date(2026, 1, 1))
    assert (YEAR.next, YEAR.previous) == (FinancialYear(2026), FinancialYear(2024))


@pytest.mark.parametrize(
    ("moment", "first_year"),
    [
        (date(2025, 3, 31), 2024),
        (date(2025, 4, 1), 2025),
        (datetime(2025, 3, 31, 22, 59, 59, tzinfo=UTC), 2024),
        (datetime(2025, 3, 31, 23, 30, tzinfo=UTC), 2025),
        (datetime(2026, 3, 31, 22, 59, tzinfo=UTC), 2025),
    ],
)
def test_section_2_half_past_midnight_of_1_april_in_london_is_in_the_new_year(
    moment: date, first_year: int
) -> None:
    assert FinancialYear.containing(moment) == FinancialYear(first_year)


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        FinancialYear.containing(datetime(2025, 4, 1, 0, 30))  # noqa: DTZ001


@pytest.mark.parametrize("label", ["", "2025", "2025/27", "25/26", "2025-26", "२०२५/26", "9999/00"])
def test_a_label_of_another_shape_is_refused(label: str) -> None:
    with pytest.raises(ValueError, match="like 2025/26"):
        FinancialYear.from_label(label)


@pytest.mark.parametrize("first_year", [1800, 2200])
def test_a_year_without_bank_holidays_says_so(first_year: int) -> None:
    with pytest.raises(BankHolidaysUnknown, match=f"bank holidays of {first_year} are not known"):
        FinancialYear(first_year).working_days()


def test_elapsed_days_are_clipped_to_the_year() -> None:
    assert YEAR.elapsed(date(2025, 3, 31)) == 0
    assert YEAR.elapsed(date(2025, 4, 1)) == 1
    assert YEAR.elapsed(date(2027, 1, 1)) == 253
    assert YEAR.remaining(date(2024, 1, 1)) == 253


def test_no_days_lie_between_dates_the_wrong_way_round() -> None:
    assert YEAR.working_days(date(2025, 9, 12), date(2025, 9, 1)) == 0
    assert working_days(date(2027, 9, 2), date(2025, 9, 1)) == 0


def test_bank_holidays_and_weekends_are_not_working_days() -> None:
    assert working_days(date(2025, 12, 24), date(2025, 12, 29)) == 2
    assert working_days(date(2022, 9, 19), date(2022, 9, 19)) == 0, "the Queen’s funeral"


@given(DAYS, DAYS, DAYS)
def test_working_days_are_additive_over_adjacent_periods(a: date, b: date, c: date) -> None:
    first, middle, last = sorted((a, b, c))
    after = middle + timedelta(days=1)
    whole = working_days(first, last)
    assert whole == working_days(first, middle) + working_days(after, last)


@given(DAYS)
def test_elapsed_and_remaining_make_the_whole_year(as_of: date) -> None:
    assert YEAR.elapsed(as_of) + YEAR.remaining(as_of) == YEAR.working_days()


def test_a_window_ends_on_its_date_and_never_starts_before_the_year() -> None:
    start = window_start(date(2025, 9, 30), 65, YEAR)
    assert YEAR.working_days(start, date(2025, 9, 30)) == 65
    assert window_start(date(2025, 5, 1), 65, YEAR) == YEAR.start
    sixty_fifth = date(2025, 7, 4)
    assert YEAR.elapsed(sixty_fifth) == 65
    day = timedelta(days=1)
    assert [window_start(sixty_fifth + n * day, 65, YEAR) for n in (-1, 0, 3)] == [
        YEAR.start,
        YEAR.start,
        date(2025, 4, 2),
    ]


def test_a_date_is_written_out() -> None:
    assert long_date(date(2025, 9, 3)) == "3 September 2025"
