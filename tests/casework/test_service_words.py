"""A service is put into plain words, and what is not stated is said not to be."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from linkwork.casework import service_words
from linkwork.casework.service_words import Freshness
from linkwork.models import CostOption, Schedule, Service
from tests import cast as the

AT = datetime(2026, 11, 18, 10, 30, tzinfo=UTC)
ON = date(2026, 11, 18)


@pytest.mark.parametrize(
    ("days", "freshness"),
    [(0, "fresh"), (89, "fresh"), (90, "ageing"), (180, "ageing"), (181, "stale"), (None, "never")],
)
def test_an_entry_ages_with_its_last_check(days: int | None, freshness: str) -> None:
    when = None if days is None else AT - timedelta(days=days)
    told = service_words.checked(Service(name="Choir", verified_at=when), on=ON)
    assert told.freshness is Freshness(freshness)


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"byday": "TU", "opens_at": time(10), "closes_at": time(12)}, "Tuesdays, 10am to 12 noon"),
        ({"byday": "MO,TU,WE,TH,FR", "opens_at": time(9, 30)}, "Monday to Friday, from 9:30am"),
        ({"byday": "1SA", "freq": "MONTHLY"}, "First Saturday of the month"),
        ({"byday": "-1FR,2MO", "freq": "MONTHLY"}, "Last Friday and second Monday of the month"),
        ({"byday": "WE", "freq": "WEEKLY", "interval": 2}, "Wednesdays, every 2 weeks"),
        ({"freq": "DAILY", "closes_at": time(17)}, "Every day, until 5pm"),
        (
            {"byday": "MO", "freq": "MONTHLY", "opens_at": time(10)},
            "Mondays in the month, ask which, from 10am",
        ),
        ({"freq": "MONTHLY", "bymonthday": "1,15"}, "The 1st and 15th of the month"),
        ({"freq": "MONTHLY", "bymonthday": "12,22,-1"}, "The 12th, 22nd and last day of the month"),
        ({"freq": "WEEKLY", "dtstart": ON, "opens_at": time(10)}, "Wednesdays, from 10am"),
        ({"freq": "WEEKLY", "dtstart": ON, "interval": 2}, "Wednesdays, every 2 weeks"),
        ({"description": "By appointment"}, "By appointment"),
        ({}, ""),
    ],
)
def test_times_are_said_as_people_say_them(facts: dict[str, Any], words: str) -> None:
    assert service_words.times(Schedule(**facts)) == words


def test_what_is_not_stated_is_said_not_to_be(cast: Any) -> None:
    blank = the.service("Blank")
    assert service_words.cost(blank) == "Cost not stated"
    assert service_words.room(blank) == "Places not known"
    assert service_words.town(blank) == "Place not stated"
    assert service_words.for_whom(blank) == "Anybody, as far as we know"


def test_a_price_is_said_once(cast: Any) -> None:
    made = the.service("Club", fees="Concessions half price")
    made.costs = [
        CostOption(option="Free", amount=Decimal(0), currency="GBP"),
        CostOption(option="A session", amount=Decimal("2.50"), currency="GBP"),
    ]
    assert service_words.cost(made) == "Free; £2.50 (a session); Concessions half price"


@pytest.mark.parametrize(
    ("address", "is_one"),
    [
        ("https://choir.example/a?b=c", True),
        ("http://choir.example", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//choir.example", False),
        ("https://", False),
        ("http://[", False),
        ("http://a b", False),
        ("", False),
    ],
)
def test_only_addresses_of_the_web_become_links(address: str, is_one: bool) -> None:
    assert service_words.is_web_address(address) is is_one
