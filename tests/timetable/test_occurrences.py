"""When a schedule is open: days, exceptions, holidays, and the clocks going round."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from dateutil import rrule
from hypothesis import given, settings
from hypothesis import strategies as st

from linkwork.timetable.occurrences import (
    Caveat,
    Occurrence,
    between,
    is_bank_holiday,
    is_open,
    next_session,
)
from linkwork.timetable.reading import read
from linkwork.timetable.slots import CODES, Slot

WEDNESDAY = date(2026, 11, 18)
NOW = datetime(2026, 11, 18, 10, 30, tzinfo=UTC)
pytestmark = pytest.mark.one_engine


def days_of(slot: Slot, first_on: date, last_on: date) -> list[date]:
    return [one.on for one in between([slot], first_on, last_on)]


def test_a_weekly_time_comes_every_week() -> None:
    assert days_of(Slot("TU,TH"), WEDNESDAY, date(2026, 11, 26)) == [
        date(2026, 11, 19),
        date(2026, 11, 24),
        date(2026, 11, 26),
    ]


def test_every_other_week_is_counted_from_the_week_it_began_in() -> None:
    slot = Slot("MO,FR", interval=2, dtstart=date(2026, 11, 6))
    assert days_of(slot, date(2026, 11, 1), date(2026, 11, 30)) == [
        date(2026, 11, 6),
        date(2026, 11, 16),
        date(2026, 11, 20),
        date(2026, 11, 30),
    ]


def test_every_other_week_from_no_known_week_is_never_promised() -> None:
    assert days_of(Slot("MO", interval=2), WEDNESDAY, date(2027, 11, 1)) == []


def test_days_of_the_month_are_counted_from_either_end() -> None:
    slot = Slot("1TU,-1TH", freq="MONTHLY")
    assert days_of(slot, date(2026, 11, 1), date(2026, 12, 31)) == [
        date(2026, 11, 3),
        date(2026, 11, 26),
        date(2026, 12, 1),
        date(2026, 12, 31),
    ]


def test_a_monthly_weekday_without_its_ordinal_is_never_promised() -> None:
    assert days_of(Slot("TU", freq="MONTHLY"), WEDNESDAY, date(2027, 11, 1)) == []


def test_a_day_of_the_month_may_be_counted_from_its_end() -> None:
    slot = Slot("", freq="MONTHLY", bymonthday="1,-1")
    assert days_of(slot, date(2027, 2, 1), date(2027, 3, 1)) == [
        date(2027, 2, 1),
        date(2027, 2, 28),
        date(2027, 3, 1),
    ]


@pytest.mark.parametrize(
    ("closed", "left"),
    [
        ({"closed_byday": "-1WE"}, [2, 9, 16, 23]),
        ({"closed_on": ("2026-12-09",)}, [2, 16, 23, 30]),
        ({"closed_on": ("2026-12-09/2026-12-23",)}, [2, 30]),
        ({"closed_on": ("12-09",)}, [2, 16, 23, 30]),
        ({"closed_on": ("12-23/01-02",)}, [2, 9, 16]),
        ({"valid_from": date(2026, 12, 9), "valid_to": date(2026, 12, 16)}, [9, 16]),
    ],
)
def test_exceptions_are_left_out(closed: dict, left: list[int]) -> None:
    slot = Slot("WE", **closed)
    december = days_of(slot, date(2026, 12, 1), date(2026, 12, 31))
    assert [day.day for day in december] == left


def test_a_bank_holiday_is_closed_where_that_is_said_and_doubtful_where_it_is_not() -> None:
    christmas = date(2026, 12, 25)
    assert is_bank_holiday(christmas)
    assert is_bank_holiday(date(2026, 12, 28))
    assert between([Slot("FR", closed_bank_holidays=True)], christmas, christmas) == []
    [found] = between([Slot("FR")], christmas, christmas)
    assert found.caveats == (Caveat.BANK_HOLIDAY,)


def test_the_next_session_is_after_now_and_today_if_it_has_not_begun() -> None:
    slots = read("Wednesday 10am-12pm and 2pm-4pm").slots
    assert next_session(slots, NOW) == Occurrence(WEDNESDAY, time(14), time(16))
    late = datetime(2026, 11, 18, 14, 0, tzinfo=UTC)
    assert next_session(slots, late) == Occurrence(date(2026, 11, 25), time(10), time(12))


def test_the_next_session_is_within_the_life_of_the_activity() -> None:
    slots = read("Wednesdays 2-4pm").slots
    later = next_session(slots, NOW, not_before=date(2026, 12, 1))
    assert later is not None
    assert later.on == date(2026, 12, 2)
    assert next_session(slots, NOW, not_before=date(2026, 12, 1), until=date(2026, 12, 1)) is None


def test_a_fifth_monday_is_found_and_a_day_that_never_comes_is_not() -> None:
    assert next_session([Slot("5MO", freq="MONTHLY")], NOW).on == date(2026, 11, 30)  # type: ignore[union-attr]
    never = Slot("MO", closed_on=("01-01/12-31",))
    assert next_session([never], NOW) is None


def test_hours_are_those_of_london_on_both_sides_of_a_change_of_the_clocks() -> None:
    daily = read("Daily 9am-5pm").slots
    found = between(daily, date(2026, 10, 24), date(2026, 10, 25))
    assert [one.starts.hour for one in found] == [8, 9]
    found = between(daily, date(2027, 3, 27), date(2027, 3, 28))
    assert [(one.starts.hour, one.ends.hour) for one in found] == [(9, 17), (8, 16)]


@pytest.mark.parametrize(("on", "hours"), [(date(2026, 10, 25), 25), (date(2027, 3, 28), 23)])
def test_all_day_is_as_long_as_the_day(on: date, hours: int) -> None:
    [found] = between(read("24/7").slots, on, on)
    assert found.ends - found.starts == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("Wednesday 10am-12pm", True),
        ("Wednesday 11am-12pm", False),
        ("Wednesday 9.30-10.30am", False),
        ("Thursday 10am-12pm", False),
        ("Wednesday", None),
        ("Wednesday from 10am", None),
        ("Wednesday 10am-12pm, term time only", None),
        ("Wednesday 10am-12pm by appointment", None),
        ("24/7", True),
    ],
)
def test_open_now_is_yes_no_or_not_sure(words: str, answer: bool | None) -> None:
    assert is_open(read(words).slots, NOW) is answer


def test_open_at_the_same_hour_of_the_clock_in_summer() -> None:
    slots = read("Wednesday 10am-12pm").slots
    assert is_open(slots, datetime(2026, 7, 15, 9, 30, tzinfo=UTC)) is True
    assert is_open(slots, datetime(2026, 7, 15, 11, 30, tzinfo=UTC)) is False


@pytest.mark.parametrize(
    ("at", "answer"),
    [
        (datetime(2026, 11, 18, 21, 59, tzinfo=UTC), False),
        (datetime(2026, 11, 18, 23, 0, tzinfo=UTC), True),
        (datetime(2026, 11, 19, 1, 59, tzinfo=UTC), True),
        (datetime(2026, 11, 19, 2, 0, tzinfo=UTC), False),
        (datetime(2026, 11, 18, 1, 0, tzinfo=UTC), False),
    ],
)
def test_what_closes_before_it_opens_goes_on_until_the_next_day(at: datetime, answer: bool) -> None:
    slots = [Slot("WE", time(22), time(2))]
    assert is_open(slots, at) is answer
    [found] = between(slots, WEDNESDAY, WEDNESDAY)
    assert found.ends - found.starts == timedelta(hours=4)


FREQ = {"DAILY": rrule.DAILY, "WEEKLY": rrule.WEEKLY, "MONTHLY": rrule.MONTHLY}
starts = st.dates(date(2024, 1, 1), date(2026, 12, 31))


@st.composite
def rules(draw: st.DrawFn) -> Slot:
    """Rules that come round before long: their first days of the month, and their weekdays."""
    freq = draw(st.sampled_from(sorted(FREQ)))
    monthday = draw(st.none() | st.integers(-28, 28).filter(bool)) if freq == "MONTHLY" else None
    ordinals = ["1", "2", "3", "4", "-1", "-2"] if freq == "MONTHLY" and not monthday else [""]
    code = st.builds("{}{}".format, st.sampled_from(ordinals), st.sampled_from(CODES))
    return Slot(
        ",".join(draw(st.lists(code, max_size=3, unique=True))),
        freq=freq,
        interval=1 if monthday else draw(st.integers(1, 4)),
        dtstart=draw(starts),
        bymonthday=str(monthday) if monthday else None,
    )


@settings(deadline=None)
@given(rules(), starts)
def test_any_rule_falls_on_the_days_that_icalendar_says(slot: Slot, first_on: date) -> None:
    begins = slot.dtstart or first_on
    last_on = first_on + timedelta(days=60)
    named = [
        rrule.weekdays[CODES.index(code[-2:])](int(code[:-2] or 0) or None)
        for code in slot.byday.split(",")
        if code
    ]
    theirs = rrule.rrule(
        FREQ[slot.freq],
        dtstart=datetime.combine(begins, time()),
        interval=slot.interval,
        byweekday=named or None,
        bymonthday=int(slot.bymonthday) if slot.bymonthday else None,
    )
    first, last = (datetime.combine(day, time()) for day in (first_on, last_on))
    expected = [day.date() for day in theirs.between(first, last, inc=True)]
    assert days_of(slot, first_on, last_on) == expected


@settings(deadline=None, max_examples=50)
@given(
    st.builds(
        Slot,
        byday=st.text(max_size=20) | st.just("MO,9TU,-5FR"),
        opens_at=st.none() | st.times(),
        closes_at=st.none() | st.times(),
        freq=st.sampled_from(["WEEKLY", "MONTHLY", "DAILY", "YEARLY", ""]),
        interval=st.integers(-5, 10**9),
        bymonthday=st.none() | st.text(max_size=10) | st.just("99,-99,0"),
        dtstart=st.none() | st.dates(),
        valid_from=st.none() | st.dates(),
        valid_to=st.none() | st.dates(),
        closed_byday=st.none() | st.text(max_size=10),
        closed_on=st.lists(st.text(max_size=21)).map(tuple),
    ),
    st.dates(),
)
def test_a_hostile_schedule_is_bounded(slot: Slot, on: date) -> None:
    assert len(between([slot] * 10_000, on, date.max)) <= 2_000
    for one in between([slot], on, on):
        assert one.starts.tzinfo is not None
        assert one.ends.tzinfo is not None
