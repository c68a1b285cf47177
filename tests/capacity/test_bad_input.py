"""Bad input, formula by formula: words, never a wrong number, never infinity."""

import math
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkwork.capacity import fairness
from linkwork.capacity.calendar import BankHolidaysUnknown, FinancialYear, working_days
from linkwork.capacity.ceilings import STANDARD, Ceilings
from linkwork.capacity.control import dispersion
from linkwork.capacity.figure import Figure, ratio
from linkwork.capacity.levers import recruited, wte_to_close
from linkwork.capacity.load import load
from linkwork.capacity.money import at_capacity, cost_per_start, spent
from linkwork.capacity.pace import pace
from linkwork.capacity.posts import (
    AbsenceSpan,
    PostSpan,
    SpanRefused,
    capacity,
    over_one,
    utilisation,
    wte_days,
    wte_on,
)
from linkwork.capacity.projection import TOO_EARLY, Window, estimate, project
from linkwork.capacity.shares import Claim, ShareRefused, by_deprivation, by_list, by_wte
from linkwork.capacity.targets import Scope
from linkwork.capacity.waiting import WaitingList, relief

YEAR, UNKNOWN = FinancialYear(2025), FinancialYear(2150)
FIRST = date(2025, 4, 1)
WORKER = PostSpan(1, 1.0, date(2020, 1, 1))

NOTHING_TO_DIVIDE_BY: dict[str, Callable[[], Figure]] = {
    "5 use of no capacity": lambda: utilisation(10, 0),
    "6 open cases, no length of support": lambda: Ceilings(STANDARD, 0, 6).by_open_cases,
    "6 open cases, nothing closed": lambda: Ceilings(STANDARD, None, None).by_open_cases,
    "6 hours, no contacts": lambda: Ceilings(STANDARD, 12, 0).by_hours,
    "6 hours, nothing closed": lambda: Ceilings(STANDARD, None, None).by_hours,
    "6 load of nobody": lambda: load([], 0).used,
    "7 gap in days without a target": lambda: pace(0, 5, YEAR, date(2025, 9, 30)).gap_days,
    "7 productivity of nobody": lambda: Window(FIRST, FIRST, 5, 0).productivity,
    "7 projection from nobody": lambda: estimate(10, 5, 0, 100).expected,
    "8 wait when nobody can be started": lambda: WaitingList(60, 7, 0).wait_weeks,
    "8 wait at next to nothing": lambda: WaitingList(60, 7, 5e-324).wait_weeks,
    "8 a list in balance": lambda: WaitingList(60, 6, 6, 0).empty_in_weeks,
    "8 a list that grows": lambda: WaitingList(60, 9, 6, 0).empty_in_weeks,
    "9 a gap after the year": lambda: wte_to_close(10, date(2026, 4, 1), YEAR),
    "10 nobody started": lambda: cost_per_start(Figure(1000), 0),
    "10 nobody expected": lambda: at_capacity(36_428, 0),
    "10 no cost filled in": lambda: spent(None, 10, YEAR),
    "comparison without patients": lambda: fairness.rate(5, 0),
}


@pytest.mark.parametrize("case", NOTHING_TO_DIVIDE_BY)
def test_division_by_zero_gives_words(case: str) -> None:
    found = NOTHING_TO_DIVIDE_BY[case]()
    assert (found.value, found.text()) == (None, "-")
    assert " " in found.reason


NEED_A_CALENDAR: dict[str, Callable[[], Any]] = {
    "2": lambda: UNKNOWN.elapsed(UNKNOWN.start),
    "2 over years": lambda: working_days(date(2024, 1, 1), UNKNOWN.end),
    "5": lambda: capacity(10, UNKNOWN),
    "5 days": lambda: wte_days([WORKER], [], UNKNOWN.start, UNKNOWN.end),
    "7 pace": lambda: pace(100, 1, UNKNOWN, UNKNOWN.start),
    "7 projection": lambda: project([], [WORKER], [], UNKNOWN, date(2150, 9, 1), Scope.ALL),
    "9": lambda: recruited(1, UNKNOWN.start, UNKNOWN),
    "10": lambda: spent(36_428, 10, UNKNOWN),
}


@pytest.mark.parametrize("case", NEED_A_CALENDAR)
def test_a_year_without_bank_holidays_is_named(case: str) -> None:
    with pytest.raises(BankHolidaysUnknown, match=r"bank holidays of 21\d\d are not known"):
        NEED_A_CALENDAR[case]()


REFUSED: dict[str, tuple[type[ValueError], str, Callable[[], Any]]] = {
    "3 nothing to divide": (ShareRefused, "nothing to divide", lambda: by_list(100, [], 0)),
    "3 no WTE in England": (ShareRefused, "nothing to divide", lambda: by_wte(100, [], 0)),
    "3 lists above England": (
        ShareRefused,
        "more than the national figure",
        lambda: by_list(100, [Claim("U1", 10)], 5),
    ),
    "3 a tilt of 2": (ShareRefused, "from 0 to 1", lambda: by_deprivation(100, [], tilt=2)),
    "5 a post backwards": (
        SpanRefused,
        "ends before it starts",
        lambda: PostSpan(1, 1, date(2025, 5, 2), date(2025, 5, 1)),
    ),
    "5 an absence backwards": (
        SpanRefused,
        "ends before it starts",
        lambda: AbsenceSpan(1, date(2025, 5, 2), date(2025, 5, 1)),
    ),
    "5 a WTE that is no number": (
        SpanRefused,
        "number from 0",
        lambda: PostSpan(1, math.nan, FIRST),
    ),
    "8 an endless queue": (ValueError, "waiting list", lambda: WaitingList(math.inf, 1, 1)),
    "8 relief in no time": (ValueError, "above 0", lambda: relief(WaitingList(1, 1, 1), 4, 0)),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_is_refused_in_words(case: str) -> None:
    kind, words, act = REFUSED[case]
    with pytest.raises(kind, match=words):
        act()


def test_a_list_without_a_size_is_named_and_never_a_silent_0() -> None:
    shares = by_list(125_000, [Claim("U1", 52_000), Claim("U2"), Claim("U3", 0)])
    assert [(out.code, out.reason) for out in shares.excluded] == [
        ("U2", "no list size"),
        ("U3", "no list size"),
    ]
    assert "no list size" in shares.of("U2").reason


def test_a_wte_of_one_and_a_half_for_one_person_counts_and_is_warned_of() -> None:
    twice = [PostSpan(1, 1.0, FIRST), PostSpan(1, 0.5, date(2025, 6, 1))]
    assert wte_on(twice, [], date(2025, 6, 1)) == 1.5
    (warning,) = over_one(twice)
    assert (warning.wte, warning.on) == (1.5, date(2025, 6, 1))


def test_a_date_before_the_year_expects_nobody_and_projects_nothing() -> None:
    before = date(2025, 3, 31)
    assert pace(108, 0, YEAR, before).expected == 0
    assert project([], [WORKER], [], YEAR, before, Scope.ALL).expected.reason == TOO_EARLY


def test_a_date_after_the_year_is_its_end() -> None:
    after = date(2026, 11, 1)
    assert pace(108, 90, YEAR, after).expected == 108
    found = project([FIRST, date(2026, 5, 1)], [WORKER], [], YEAR, after, Scope.ALL)
    assert (found.expected.value, found.is_final) == (1, True)


def test_29_february_is_a_day_of_its_year() -> None:
    leap = FinancialYear(2023)
    day = date(2024, 2, 29)
    assert leap.working_days(day, day) == 1
    assert FinancialYear.containing(day) == leap
    days = wte_days([PostSpan(1, 1.0, day, day)], [], leap.start, leap.end)
    assert days == 1
    assert leap.elapsed(date(2024, 2, 29)) == leap.elapsed(date(2024, 2, 28)) + 1


@settings(max_examples=60)
@given(st.floats(0, 1e300), st.floats(0, 1e300))
def test_a_ratio_is_a_finite_number_or_words(top: float, bottom: float) -> None:
    found = ratio(top, bottom, "Nothing to divide by.")
    assert found.value is None or math.isfinite(found.value)


@settings(max_examples=60)
@given(st.integers(0, 500), st.integers(0, 200), st.floats(0, 300), st.floats(0, 300))
def test_a_projection_is_finite_or_words(n: int, more: int, past: float, left: float) -> None:
    found = estimate(n, more, past, left)
    for figure in (found.expected, found.lower, found.upper):
        assert figure.known or figure.reason


def test_no_starts_in_some_weeks_leave_a_dispersion_of_one() -> None:
    assert dispersion([]) == dispersion([0, 0, 0]) == 1
