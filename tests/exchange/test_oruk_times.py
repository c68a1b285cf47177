"""Schedules of a feed: its own days first, else those of its words, and doubt where they part."""

from datetime import date, time
from typing import Any

import pytest

from linkwork.exchange.oruk_times import rows
from linkwork.exchange.oruk_values import Values

KEY = "6c1ea0c5-4d25-4f0c-9ed6-0b6b6e3f8a11"
pytestmark = pytest.mark.one_engine


def read(*schedules: dict[str, Any]) -> list[dict[str, Any]]:
    return rows(Values(one, lambda name, why: None) for one in schedules)


def said(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["freq"], row["byday"], row["opens_at"], row["closes_at"], row["doubt"]


def test_words_without_days_become_schedules() -> None:
    words = "Tuesdays 10am-12pm, first Saturday of the month 2-4pm. Closed on bank holidays."
    first, second = read({"id": KEY, "description": words})
    assert said(first) == ("WEEKLY", "TU", time(10), time(12), None)
    assert said(second) == ("MONTHLY", "1SA", time(14), time(16), None)
    assert first["closed_bank_holidays"]
    assert first["from_words"]
    assert first["description"] == second["description"] == words
    assert first["source_id"] == KEY != second["source_id"]


def test_what_was_read_in_part_is_in_doubt_and_keeps_what_was_not_read() -> None:
    [row] = read({"description": "Tuesdays 10am-12pm at the old school"})
    assert said(row) == ("WEEKLY", "TU", time(10), time(12), "partly")
    assert row["unread"] == "the old school"
    assert row["reading"]


def test_what_is_refused_stays_words_with_the_reason() -> None:
    [row] = read({"description": "Most Tuesdays 10am-12pm"})
    assert said(row) == (None, None, None, None, "refused")
    assert row["unread"].startswith("It holds words")


def test_words_that_say_no_times_are_in_no_doubt() -> None:
    [row] = read({"description": "By appointment"})
    assert said(row) == (None, None, None, None, None)


def test_the_days_of_a_feed_win_over_its_words_and_a_difference_is_in_doubt() -> None:
    given = {"freq": "WEEKLY", "byday": "TU", "opens_at": "10:30", "closes_at": "12:00"}
    [row] = read({**given, "description": "Daily (except Tues & Sat) 10:30am - 12pm"})
    assert said(row) == ("WEEKLY", "TU", time(10, 30), time(12), "differs")
    [row] = read({**given, "description": "Drop in when you like it"})
    assert row["doubt"] is None


def test_the_words_of_several_schedules_are_held_against_all_of_them() -> None:
    words = "Tues 10-11am, Thurs 2-4pm, closed in August"
    found = read(
        {"byday": "TU", "opens_at": "10:00", "closes_at": "11:00", "description": words},
        {"byday": "TH", "opens_at": "14:00", "closes_at": "16:00", "description": words},
    )
    assert [row["doubt"] for row in found] == [None, None]
    assert [row["closed_on"] for row in found] == [["08-01/08-31"]] * 2


def test_hours_of_the_feed_complete_the_days_of_its_words() -> None:
    [row] = read({"opens_at": "10:00", "closes_at": "12:00", "description": "Mondays"})
    assert said(row) == ("WEEKLY", "MO", time(10), time(12), None)
    [row] = read({"opens_at": "10:00", "closes_at": "12:00", "description": "Mondays 2-4pm"})
    assert said(row) == (None, None, time(10), time(12), "differs")


def test_daily_is_every_day_of_the_week() -> None:
    [row] = read({"freq": "DAILY", "opens_at": "08:00"})
    assert said(row)[:2] == ("WEEKLY", "MO,TU,WE,TH,FR,SA,SU")


def test_the_end_of_a_rule_is_its_last_day() -> None:
    [row] = read({"byday": "MO", "until": "2026-12-31"})
    assert row["valid_to"] == date(2026, 12, 31)


@pytest.mark.parametrize(
    "words",
    [
        "Tuesdays 10am-12pm, first Saturday of the month 2-4pm",
        "Wed 10-12 and 2-4pm, last Wednesday closed",
        "Tuesdays 10am-12pm at the old school",
        "Most Tuesdays",
        "Every other Friday 1-3pm, term time only",
    ],
)
def test_rows_written_out_and_read_again_are_the_same(words: str) -> None:
    first = read({"id": KEY, "description": words})
    names = "freq interval byday description valid_from valid_to".split()
    again = read(
        *(
            {
                **{name: row[name] for name in names},
                "id": row["source_id"],
                "opens_at": row["opens_at"] and f"{row['opens_at']:%H:%M}",
                "closes_at": row["closes_at"] and f"{row['closes_at']:%H:%M}",
            }
            for row in first
        )
    )
    assert again == first
