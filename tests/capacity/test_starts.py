"""The next day on which somebody new could have a first conversation."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwork.capacity.calendar import working_days
from linkwork.capacity.load import Complexity, Load, load
from linkwork.capacity.starts import LOOK_AHEAD_DAYS, next_free_start

WEDNESDAY = date(2026, 11, 18)
THURSDAY, FRIDAY, MONDAY = date(2026, 11, 19), date(2026, 11, 20), date(2026, 11, 23)
CHRISTMAS_EVE, AFTER_CHRISTMAS = date(2026, 12, 24), date(2026, 12, 29)


def with_cases(number: int, wte: float = 1.0) -> Load:
    return load([Complexity.STANDARD] * number, wte)


@pytest.mark.parametrize(
    ("cases", "booked", "unbooked", "on", "expected"),
    [
        (0, [], 0, WEDNESDAY, THURSDAY),
        (0, [THURSDAY], 0, WEDNESDAY, FRIDAY),
        (0, [THURSDAY, FRIDAY], 0, WEDNESDAY, MONDAY),
        (0, [FRIDAY], 1, WEDNESDAY, MONDAY),
        (0, [], 2, WEDNESDAY, MONDAY),
        (0, [THURSDAY, THURSDAY], 0, WEDNESDAY, FRIDAY),
        (0, [], 0, CHRISTMAS_EVE, AFTER_CHRISTMAS),
        (39, [], 0, WEDNESDAY, THURSDAY),
        (40, [], 0, WEDNESDAY, None),
        (44, [], 0, WEDNESDAY, None),
        (0, [], 90, WEDNESDAY, None),
    ],
)
def test_it_is_the_first_working_day_nobody_has_taken(
    cases: int, booked: list[date], unbooked: int, on: date, expected: date | None
) -> None:
    assert next_free_start(with_cases(cases), booked, unbooked, on=on) == expected


def test_without_hours_there_is_no_room() -> None:
    assert next_free_start(with_cases(0, wte=0.0), [], 0, on=WEDNESDAY) is None


def test_a_half_does_not_hold_a_whole_person() -> None:
    half = load([Complexity.STANDARD] * 39 + [Complexity.LIGHT], 1.0)
    assert next_free_start(half, [], 0, on=WEDNESDAY) is None


DAYS = st.dates(WEDNESDAY, WEDNESDAY + timedelta(days=40))


@given(st.lists(DAYS, max_size=40), st.integers(0, 10), DAYS)
def test_the_day_is_free_a_working_day_ahead_and_leaves_room_for_those_who_wait(
    booked: list[date], unbooked: int, on: date
) -> None:
    found = next_free_start(with_cases(0), booked, unbooked, on=on)
    assert found is not None
    assert on < found <= on + timedelta(days=LOOK_AHEAD_DAYS)
    assert found not in booked
    assert working_days(found, found) == 1
    before = [on + timedelta(days=n) for n in range(1, (found - on).days)]
    free = [day for day in before if working_days(day, day) and day not in booked]
    assert len(free) == unbooked
