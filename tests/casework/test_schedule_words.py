"""Times in words: exceptions are said, and what was not read for sure stays theirs."""

from datetime import date, time
from typing import Any

import pytest

from linkwork.casework import schedule_words
from linkwork.models import Schedule, Service

TUESDAYS = {"freq": "WEEKLY", "byday": "TU", "opens_at": time(10), "closes_at": time(16)}
pytestmark = pytest.mark.one_engine


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"closed_byday": "-1TH"}, "closed last Thursday of the month"),
        ({"closed_bank_holidays": True}, "closed on bank holidays"),
        ({"closed_on": ["2026-12-22", "12-24/01-02"]},
         "closed 22 December 2026 and 24 December to 2 January"),
        ({"term_time_only": True, "by_appointment": True}, "by appointment; in term time only"),
        ({"valid_from": date(2026, 1, 6), "valid_to": date(2026, 3, 31)},
         "from 6 January 2026; until 31 March 2026"),
    ],
)  # fmt: skip
def test_exceptions_follow_the_days(facts: dict[str, Any], words: str) -> None:
    said = schedule_words.times(Schedule(**TUESDAYS, **facts))
    assert said == f"Tuesdays, 10am to 4pm; {words}"


@pytest.mark.parametrize(
    ("hours", "words"),
    [
        ((time(0), time(23, 59)), "Every day, all day and night"),
        ((time(18), time(23, 59)), "Every day, 6pm to midnight"),
    ],
)
def test_a_day_that_ends_at_midnight_is_said_so(hours: tuple[time, time], words: str) -> None:
    daily = Schedule(byday="MO,TU,WE,TH,FR,SA,SU", opens_at=hours[0], closes_at=hours[1])
    assert schedule_words.times(daily) == words


@pytest.mark.parametrize(
    ("doubt", "said"),
    [
        (None, ["Tuesdays, 10am to 4pm"]),
        (
            "partly",
            ["Tuesdays, 10am to 4pm", "“Tue 10-4 at the mill”, in the provider’s own words"],
        ),
        ("differs", ["“Tue 10-4 at the mill”, in the provider’s own words"]),
        ("refused", ["“Tue 10-4 at the mill”, in the provider’s own words"]),
    ],
)
def test_words_in_doubt_are_quoted_until_an_editor_confirms_them(
    doubt: str | None, said: list[str]
) -> None:
    words = "Tue 10-4 at the mill"
    one = Schedule(**TUESDAYS, description=words, doubt=doubt, reading="abc" if doubt else None)
    service = Service(name="Mill", schedules=[one])
    assert schedule_words.when(service) == said
    assert schedule_words.own_words(service) == ([words] if doubt else [])
    service.times_confirmed = "abc"
    assert schedule_words.when(service) == ["Tuesdays, 10am to 4pm"]


def test_long_words_are_cut_between_words_in_a_list_and_whole_on_the_page() -> None:
    words = "most days " * 40
    one = Schedule(description=words, doubt="refused", reading="abc")
    service = Service(name="Mill", schedules=[one])
    assert schedule_words.when(service)[0].startswith("“most days most")
    assert len(schedule_words.when(service)[0]) < 200
    assert words in schedule_words.when(service, whole=True)[0]
    assert schedule_words.own_words(service) == [words]
