"""Section 4: people started, once a year, in one PCN."""

from datetime import UTC, date, datetime
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwork.capacity.calendar import FinancialYear
from linkwork.capacity.counting import MonthRow, Start, count
from linkwork.capacity.targets import Scope

YEAR = FinancialYear(2025)


def at(year: int, month: int, day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


starts_of = st.lists(
    st.builds(
        Start,
        st.integers(1, 8),
        st.sampled_from(["U1", "U2", "U3"]),
        st.datetimes(datetime(2025, 3, 1), datetime(2026, 5, 1), timezones=st.just(UTC)),  # noqa: DTZ001
        st.booleans(),
    ),
    max_size=40,
)


def test_section_4_two_episodes_of_a_person_in_a_year_count_once() -> None:
    found = count([Start(1, "U1", at(2025, 5, 1)), Start(1, "U1", at(2025, 11, 1))], YEAR)
    assert (found.of("U1").people, found.everyone.people) == (1, 1)
    assert found.of("U1").started_on == (date(2025, 5, 1),)


def test_section_4_a_person_counts_again_in_the_next_year() -> None:
    starts = [Start(1, "U1", at(2025, 5, 1)), Start(1, "U1", at(2026, 5, 1))]
    assert [count(starts, year).everyone.people for year in (YEAR, YEAR.next)] == [1, 1]


def test_section_4_a_person_in_two_pcns_is_attributed_to_the_earliest_start() -> None:
    found = count([Start(1, "U1", at(2025, 7, 1)), Start(1, "U2", at(2025, 6, 1))], YEAR)
    first, second = found.of("U1"), found.of("U2")
    assert (first.people, first.also_elsewhere, first.counted_elsewhere) == (0, 1, 1)
    assert (second.people, second.also_elsewhere, second.counted_elsewhere) == (1, 1, 0)
    assert (found.everyone.people, found.everyone.also_elsewhere) == (1, 1)


def test_section_4_starts_at_the_same_moment_go_to_the_lower_code() -> None:
    found = count([Start(1, "U2", at(2025, 6, 1)), Start(1, "U1", at(2025, 6, 1))], YEAR)
    assert (found.of("U1").people, found.of("U2").people) == (1, 0)


def test_an_earlier_start_in_the_year_before_attributes_nothing() -> None:
    found = count([Start(1, "U1", at(2025, 3, 1)), Start(1, "U2", at(2025, 6, 1))], YEAR)
    assert (found.of("U2").people, found.of("U2").also_elsewhere) == (1, 0)


def test_section_2_half_past_midnight_on_1_april_is_april_of_the_new_year() -> None:
    found = count([Start(1, "U1", at(2025, 3, 31, 23, 30))], YEAR)
    assert found.of("U1").months(YEAR)[0] == 1
    assert count([Start(1, "U1", at(2025, 3, 31, 22, 30))], YEAR).everyone.people == 0


def test_starts_after_the_date_are_left_out() -> None:
    starts = [Start(1, "U1", at(2025, 6, 30)), Start(2, "U1", at(2025, 7, 1))]
    assert count(starts, YEAR, as_of=date(2025, 6, 30)).everyone.people == 1


def test_section_1_the_scope_counts_the_starts_of_its_own_workers() -> None:
    starts = [Start(1, "U1", at(2025, 6, 1)), Start(1, "U2", at(2025, 7, 1), additional=True)]
    found = count(starts, YEAR, scope=Scope.ADDITIONAL)
    assert (found.of("U2").people, found.of("U1").people) == (1, 0)
    assert found.scope is Scope.ADDITIONAL


def test_the_month_table_runs_from_april_to_march_with_its_running_total() -> None:
    starts = [
        Start(1, "U1", date(2025, 4, 2)),
        Start(2, "U1", date(2025, 4, 30)),
        Start(3, "U2", date(2025, 4, 9)),
        Start(4, "U1", date(2026, 3, 31)),
    ]
    table = count(starts, YEAR).month_table("U1")
    assert table[0] == MonthRow(date(2025, 4, 1), 2, 2)
    assert table[-1] == MonthRow(date(2026, 3, 1), 1, 3)
    assert len(table) == 12
    assert count(starts, YEAR).month_table()[0].people == 3


def test_a_pcn_that_started_nobody_has_a_table_of_noughts() -> None:
    nobody = count([], YEAR)
    assert nobody.of("U1").people == 0
    assert {row.so_far for row in nobody.month_table("U1")} == {0}


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        count([Start(1, "U1", datetime(2025, 6, 1))], YEAR)  # noqa: DTZ001


@given(starts_of, st.sampled_from(Scope))
def test_the_pcns_sum_to_the_distinct_people(starts: list[Start], scope: Scope) -> None:
    found = count(starts, YEAR, scope=scope)
    inside = {
        start.person
        for start in starts
        if FinancialYear.containing(start.started_at) == YEAR and scope.includes(start.additional)
    }
    assert sum(pcn.people for pcn in found.pcns) == found.everyone.people == len(inside)


@given(starts_of)
def test_the_months_of_the_pcns_sum_to_the_months_of_all(starts: list[Start]) -> None:
    found = count(starts, YEAR)
    by_month = [sum(month) for month in zip(*(pcn.months(YEAR) for pcn in found.pcns), strict=True)]
    assert by_month == (list(found.everyone.months(YEAR)) if found.pcns else [])
    assert found.month_table()[-1].so_far == found.everyone.people


@given(starts_of, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(starts: list[Start], random: Random) -> None:
    other = list(starts)
    random.shuffle(other)
    assert count(other, YEAR) == count(starts, YEAR)


@given(starts_of, st.dates(YEAR.start, YEAR.end), st.dates(YEAR.start, YEAR.end))
def test_a_later_date_never_counts_fewer_people(starts: list[Start], a: date, b: date) -> None:
    early, late = sorted((a, b))
    before, after = count(starts, YEAR, early), count(starts, YEAR, late)
    assert before.everyone.people <= after.everyone.people
    assert all(before.of(pcn.pcn_code).people <= pcn.people for pcn in after.pcns)
