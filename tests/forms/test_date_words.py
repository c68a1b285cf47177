"""Days in words: what each means today, and what is asked about rather than guessed."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwork.forms.date_words import WEEKDAYS, read_day, say_day

WEDNESDAY = date(2026, 11, 18)
DAYS = st.dates(date(2020, 1, 1), date(2050, 12, 31))
WEEKDAY = st.sampled_from(WEEKDAYS)


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("today", "2026-11-18"),
        ("Tomorrow", "2026-11-19"),
        ("day after tomorrow", "2026-11-20"),
        ("Tuesday", "2026-11-24"),
        ("tu", "2026-11-24"),
        ("on Thurs.", "2026-11-19"),
        ("this Friday", "2026-11-20"),
        ("next Friday", "2026-11-27"),
        ("next Monday", "2026-11-23"),
        ("Tuesday week", "2026-12-01"),
        ("a week on Tuesday", "2026-12-01"),
        ("a week today", "2026-11-25"),
        ("in 2 weeks", "2026-12-02"),
        ("two weeks’ time", "2026-12-02"),
        ("a fortnight", "2026-12-02"),
        ("in ten days", "2026-11-28"),
        ("in 3 months", "2027-02-18"),
        ("end of the week", "2026-11-20"),
        ("end of next week", "2026-11-27"),
        ("start of next week", "2026-11-23"),
        ("end of the month", "2026-11-30"),
        ("end of January", "2027-01-31"),
        ("25/12", "2026-12-25"),
        ("3/1", "2027-01-03"),
        ("25.12.26", "2026-12-25"),
        ("2026-11-20", "2026-11-20"),
        ("the 25th", "2026-11-25"),
        ("31st", "2026-12-31"),
        ("24th of December", "2026-12-24"),
        ("Dec 24", "2026-12-24"),
        ("Tuesday 24 November 2026", "2026-11-24"),
        ("yesterday", "2026-11-17"),
    ],
)
def test_words_for_a_day_are_understood(words: str, day: str) -> None:
    assert read_day(words, today=WEDNESDAY).isoformat() == day


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("Wednesday", "Write “today” or “next Wednesday”."),
        ("next week", "Say which day next week"),
        ("17/11", "17 November has just been. Write 17/11/2027"),
        ("Monday 24 November", "Tuesday 24 November 2026 is what the date says"),
        ("31/11", "31/11/2026 is not a day of the calendar."),
        ("29/2", "The next 29 February is in 2028"),
        ("0th", "No month has a day 0"),
        ("10", "could not read “10” as a day. Write a day, for example Tuesday"),
        ("when she is ready", "could not read"),
        ("x" * 500, "could not read"),
    ],
)
def test_what_may_mean_two_days_or_none_is_asked_about(words: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=r"\.$") as refusal:
        read_day(words, today=WEDNESDAY)
    assert sentence in str(refusal.value)
    assert len(str(refusal.value)) < 200


@given(today=DAYS, weekday=WEEKDAY)
def test_a_weekday_is_the_next_one_to_come(today: date, weekday: str) -> None:
    if today.weekday() == WEEKDAYS.index(weekday):
        with pytest.raises(ValueError, match="Today is"):
            read_day(weekday, today=today)
        return
    day = read_day(weekday, today=today)
    assert day.weekday() == WEEKDAYS.index(weekday)
    assert timedelta(0) < day - today < timedelta(days=7)


@given(today=DAYS, weekday=WEEKDAY)
def test_next_weekday_is_in_the_week_that_begins_next_monday(today: date, weekday: str) -> None:
    day = read_day(f"next {weekday}", today=today)
    monday = read_day("next Monday", today=today)
    assert day.weekday() == WEEKDAYS.index(weekday)
    assert monday <= day < monday + timedelta(days=7)
    assert 1 <= (monday - today).days <= 7


@given(today=DAYS, number=st.integers(0, 365))
def test_days_and_weeks_are_counted(today: date, number: int) -> None:
    assert read_day(f"in {number} days", today=today) == today + timedelta(days=number)
    assert read_day(f"{number} weeks", today=today) == today + timedelta(weeks=number)


@given(today=DAYS, ahead=st.integers(0, 300))
def test_a_day_without_its_year_is_the_next_of_its_name(today: date, ahead: int) -> None:
    meant = today + timedelta(days=ahead)
    if (meant.day, meant.month) != (29, 2):
        assert read_day(f"{meant.day}/{meant.month}", today=today) == meant


@given(today=DAYS, day=DAYS)
def test_a_day_is_understood_as_it_is_said(today: date, day: date) -> None:
    assert read_day(say_day(day), today=today) == day
    assert read_day(day.isoformat(), today=today) == day


@given(today=DAYS, words=st.text(max_size=40) | st.from_regex(r"[0-9a-z /.-]{0,14}"))
def test_anything_typed_is_a_day_or_a_sentence(today: date, words: str) -> None:
    try:
        answer = say_day(read_day(words, today=today))
    except ValueError as refusal:
        answer = str(refusal)
    assert answer.endswith(".") or isinstance(read_day(answer, today=today), date)


@pytest.mark.parametrize("words", ["29/2", "29 feb", "feb 29"])
def test_the_leap_day_is_the_next_there_is_within_a_year(words: str) -> None:
    leap = date(2028, 2, 29)
    for today in (date(2027, 3, 1), date(2027, 11, 18), leap):
        assert read_day(words, today=today) == leap
    for today, year in ((date(2026, 11, 18), 2028), (date(2028, 3, 1), 2032)):
        with pytest.raises(ValueError, match=f"The next 29 February is in {year}"):
            read_day(words, today=today)


def test_an_edge_that_has_been_is_the_next_one() -> None:
    saturday, on = date(2026, 11, 21), date(2026, 11, 18)
    assert read_day("end of the week", today=saturday) == date(2026, 11, 27)
    assert read_day("start of the week", today=on) == date(2026, 11, 23)
    assert read_day("start of the month", today=on) == date(2026, 12, 1)
    assert read_day("start of the month", today=date(2026, 11, 1)) == date(2026, 11, 1)
    with pytest.raises(ValueError, match=r"That day has been\. Write 27/11"):
        read_day("end of this week", today=saturday)
    with pytest.raises(ValueError, match="1 November has just been"):
        read_day("start of november", today=on)
