"""Section 9: the levers side by side."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkwork.capacity.calendar import FinancialYear
from linkwork.capacity.figure import Figure, missing
from linkwork.capacity.waiting import NO_STARTS, WaitingList
from linkwork.capacity.what_ifs import (
    NOBODY_MORE,
    OVER,
    Effect,
    Lever,
    Outset,
    ease,
    move,
    nothing,
    recruit,
    weeks_left,
)

YEAR = FinancialYear(2025)
AS_OF, DECEMBER = date(2025, 11, 30), date(2025, 12, 1)
MANY = 10_000.0


def outset(
    queue: float = MANY, referred: float = 7, wte: float = 1.2, as_of: date = AS_OF
) -> Outset:
    return Outset(
        year=YEAR,
        as_of=as_of,
        expected=Figure(200),
        anyway=80,
        waiting=WaitingList(queue, referred, 0, 0.1),
        weeks=weeks_left(as_of, YEAR, lambda _: wte),
        wte_days_left=wte * YEAR.remaining(as_of),
        people_per_wte=250,
        places=1000,
        cost_per_wte=Figure(36_428),
    )


def test_section_9_recruiting_one_wte_from_1_december() -> None:
    plain = recruit(replace(outset(), ramp=False), 1.0, DECEMBER)
    ramped = recruit(outset(), 1.0, DECEMBER)
    assert (plain.extra, ramped.extra) == (
        pytest.approx(83.0, abs=0.05),
        pytest.approx(68.6, abs=0.05),
    )
    assert ramped.total.value == pytest.approx(268.6, abs=0.05)
    assert ramped.cost.value == pytest.approx(36_428 * 84 / 253)
    assert ramped.cost_per_person.value == pytest.approx(36_428 * 84 / 253 / ramped.extra)
    assert ramped.label == "Recruit 1 WTE from 1 December 2025"


def test_section_9_doing_nothing_adds_nobody_and_costs_nothing() -> None:
    found = nothing(outset(60))
    assert (found.lever, found.extra, found.total.value, found.cost.value) == (
        Lever.NOTHING,
        0,
        200,
        0,
    )
    assert found.cost_per_person.reason == NOBODY_MORE


def test_section_8_the_wait_of_doing_nothing_is_that_of_the_waiting_list() -> None:
    start = outset(60, as_of=date(2025, 9, 30))
    weeks = [replace(week, part=1.0) for week in start.weeks][:26]
    wait = nothing(replace(start, weeks=tuple(weeks))).wait_weeks.value
    assert wait == pytest.approx(73.8 / 5.77, abs=0.02)


def test_section_9_moving_a_worker_shows_what_the_other_pcn_loses() -> None:
    found = move(outset(), 0.2, DECEMBER, 200, "Southside PCN")
    assert found.extra == pytest.approx(16.6, abs=0.05)
    assert found.loss == pytest.approx(13.3, abs=0.05)
    assert found.label == "Move 0.2 WTE here from Southside PCN"
    assert found.note == "Southside PCN would start 13 people fewer."


def test_section_9_shorter_support_counts_over_the_days_left_and_costs_nothing() -> None:
    start = replace(outset(), people_per_wte=148.6)
    found = ease(start, Lever.SHORTER, "Shorten support", 208, "No")
    assert found.extra == pytest.approx((208 - 148.6) * start.wte_days_left / 253)
    assert (found.cost.value, found.cost_per_person.value, found.note) == (0, 0, "")
    same = ease(start, Lever.SHORTER, "Shorten support", 120, "Something else limits you.")
    assert (same.extra, same.note) == (0, "Something else limits you.")
    assert same.wait_weeks == nothing(start).wait_weeks


def test_section_9_extra_starts_never_exceed_the_queue_and_the_arrivals_left() -> None:
    start = outset(queue=10)
    found = recruit(start, 5, DECEMBER)
    assert found.extra == pytest.approx(10 + start.arrivals_left - 80)
    assert found.note == "Only 39 people would be left to start."


def test_section_9_closing_a_gap_of_100_takes_one_and_a_half_wte_where_there_are_so_many() -> None:
    assert outset().to_close(Figure(100), DECEMBER).value == 1.5
    few = outset(queue=10).to_close(Figure(100), DECEMBER)
    assert few.reason == "Only 39 people would be left to start, so no recruit can close it."
    assert outset().to_close(missing("No share."), DECEMBER).reason == "No share."


def test_nobody_more_to_start_has_no_cost_for_each() -> None:
    found = recruit(outset(queue=0, referred=0), 1, DECEMBER)
    assert (found.extra, found.cost_per_person.reason) == (0, NOBODY_MORE)


def test_a_recruit_from_after_the_year_adds_nobody_and_says_so() -> None:
    found = recruit(outset(), 1, date(2026, 4, 1))
    assert (found.extra, found.cost.value) == (0, 0)
    assert found.note == "They would begin after 31 March."


def test_what_is_not_known_is_words_for_every_lever() -> None:
    start = replace(outset(wte=0), expected=missing("Too early."), cost_per_wte=missing("No cost."))
    found = recruit(start, 0.5, date(2026, 4, 1))
    assert found.total.reason == "Too early."
    assert found.cost.reason == found.cost_per_person.reason == "No cost."
    assert found.wait_weeks.reason == NO_STARTS
    over = outset(as_of=YEAR.end)
    assert nothing(over).wait_weeks.reason == over.to_close(Figure(10), DECEMBER).reason == OVER


def test_what_is_printed_as_nobody_has_no_cost_for_each() -> None:
    found = recruit(outset(), 0.1, YEAR.end)
    assert 0 < found.extra < 0.5
    assert found.cost_per_person.reason == NOBODY_MORE


def test_the_weeks_left_end_on_31_march_in_a_leap_year_too() -> None:
    for year in (YEAR, FinancialYear(2027)):
        weeks = weeks_left(year.start, year, lambda _: 1)
        assert sum(week.part for week in weeks) * 7 == pytest.approx((year.end - year.start).days)
    assert weeks_left(YEAR.end, YEAR, lambda _: 1) == ()
    assert weeks_left(date(2024, 1, 1), YEAR, lambda _: 1)[0].first_on == YEAR.start


amounts = st.floats(0, 500)


@settings(max_examples=40)
@given(amounts, st.floats(0, 40), st.floats(0, 20), st.floats(0.1, 10), st.floats(0, 1000))
def test_whatever_the_numbers_nothing_is_infinite_or_more_than_there_are(
    queue: float, referred: float, wte: float, more: float, better: float
) -> None:
    start = outset(queue, referred, wte)
    effects: list[Effect] = [
        nothing(start),
        recruit(start, more, DECEMBER),
        ease(start, Lever.FEWER, "Fewer contacts", better, "No"),
        move(start, more, DECEMBER, 250, "another PCN"),
    ]
    for effect in effects:
        assert 0 <= effect.extra <= queue + start.arrivals_left
        assert effect.wait_weeks.known or effect.wait_weeks.reason
    waits = [effect.wait_weeks.value for effect in effects]
    if waits[0] is not None and waits[1] is not None:
        assert waits[1] <= waits[0] + 1e-9
