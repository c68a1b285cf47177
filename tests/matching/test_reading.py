"""Audiences and weekly times read from free words, and the words given back."""

from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwork.matching import Audience, Lexicon, Session, audience, read_sessions, wording
from linkwork.paths import SEED_DATA

SHIPPED = Lexicon.load(SEED_DATA / "concepts")


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Aged 60 and over", Audience(60)),
        ("Over 55s", Audience(55)),
        ("65+", Audience(65)),
        ("Ages 16 to 30. For autistic people", Audience(16, 30, None, frozenset({"autism"}))),
        ("Under 25s", Audience(None, 25)),
        ("Aged 18 and over. Women only", Audience(18, None, "women")),
        ("Men only", Audience(None, None, "men")),
        ("For people with diabetes", Audience(groups=frozenset({"diabetes"}))),
        ("For carers", Audience(groups=frozenset({"carers"}))),
        ("Everyone welcome", Audience()),
        ("", Audience()),
        ("Call 999", Audience()),
    ],
)
def test_an_audience_is_read_from_plain_words(text: str, read: Audience) -> None:
    assert audience(text, SHIPPED) == read


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("Tuesdays 10:00 to 12:00", (Session(1, time(10), time(12)),)),
        ("Wednesday 10am - 4pm", (Session(2, time(10), time(16)),)),
        (
            "Mondays, Wednesdays 10:00 to 10:45",
            (Session(0, time(10), time(10, 45)), Session(2, time(10), time(10, 45))),
        ),
        ("Thurs 6.30pm to 8pm", (Session(3, time(18, 30), time(20)),)),
        ("Monday to Wednesday", (Session(0), Session(1), Session(2))),
        (
            "Mon 9am-1pm, Sat 2pm-4pm",
            (Session(0, time(9), time(13)), Session(5, time(14), time(16))),
        ),
        ("By appointment", ()),
        ("Sunset walks, monthly", ()),
        ("", ()),
    ],
)
def test_weekly_times_are_read_from_plain_words(text: str, read: tuple[Session, ...]) -> None:
    assert read_sessions(text) == read


@given(st.text(max_size=300))
def test_any_words_are_read_without_error(text: str) -> None:
    audience(text, SHIPPED)
    assert all(0 <= session.weekday <= 6 for session in read_sessions(text))


@pytest.mark.parametrize(
    ("at", "words"),
    [
        (time(0), "midnight"),
        (time(9, 30), "9:30am"),
        (time(12), "12 noon"),
        (time(12, 30), "12:30pm"),
        (time(17), "5pm"),
    ],
)
def test_hours_are_said_as_the_nhs_says_them(at: time, words: str) -> None:
    assert wording.clock(at) == words


def test_dates_and_lists_are_plain_english() -> None:
    assert wording.day(date(2026, 11, 1)) == "1 November 2026"
    assert wording.listing(["a", "b", "c"], "or") == "a, b or c"
