"""An activity as boxes to fill in and as facts again: nothing is lost on the way."""

from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from linkwork.forms.service_facts import (
    BOXES,
    FACTS,
    boxes_of,
    cost_boxes,
    cost_facts,
    facts_of,
    place_boxes,
    place_facts,
    session_boxes,
    session_facts,
)
from linkwork.forms.service_rows import DAYS, WEEKS

NEW: dict[str, Any] = {}
TUESDAYS = {"freq": "WEEKLY", "byday": "TU", "opens_at": "10:00:00", "closes_at": "12:00:00"}
HALL = {"key": "k", "name": "Hall", "postcode": "M14 5RX", "latitude": 53.4, "longitude": -2.2}
times = some.times().map(lambda at: at.replace(microsecond=0).isoformat())
dates = some.dates().map(date.isoformat)
sessions = some.fixed_dictionaries(
    {},
    optional={
        "freq": some.sampled_from(["DAILY", "WEEKLY", "MONTHLY"]),
        "interval": some.integers(1, 6),
        "byday": some.lists(
            some.builds(
                lambda week, day: week + day,
                some.sampled_from(["", *WEEKS]),
                some.sampled_from(list(DAYS)),
            ),
            min_size=1,
            max_size=4,
        ).map(",".join),
        "bymonthday": some.sampled_from(["1", "1,15"]),
        "opens_at": times,
        "closes_at": times,
        "valid_from": dates,
        "valid_to": dates,
        "description": some.text(min_size=1),
        "closed_byday": some.just("-1TH"),
        "closed_on": some.lists(dates, min_size=1, max_size=3),
        "closed_bank_holidays": some.just(True),
        "attending_type": some.just("in person"),
        "source_id": some.text(min_size=1),
    },
)


@given(sessions)
def test_a_session_that_nobody_touched_stays_just_what_it_was(facts: dict[str, Any]) -> None:
    assert session_facts(session_boxes(facts), facts) == facts


@given(sessions)
def test_what_the_form_does_not_show_outlives_a_change(facts: dict[str, Any]) -> None:
    boxes = {**session_boxes(facts), "opens_at": time(3, 4, 5)}
    changed = session_facts(boxes, facts)
    for name in ("closed_byday", "attending_type", "source_id", "bymonthday"):
        assert changed.get(name) == facts.get(name)
    assert changed["opens_at"] == "03:04:05"


@pytest.mark.parametrize(
    ("boxes", "facts"),
    [
        ({"days": ["TU", "MO"]}, {"freq": "WEEKLY", "interval": 1, "byday": "MO,TU"}),
        (
            {"days": ["MO"], "often": "2", "valid_from": date(2026, 11, 2)},
            {
                "freq": "WEEKLY",
                "interval": 2,
                "byday": "MO",
                "dtstart": "2026-11-02",
                "valid_from": "2026-11-02",
            },
        ),
        (
            {"days": ["WE"], "often": "month", "weeks": ["1", "-1"]},
            {"freq": "MONTHLY", "interval": 1, "byday": "1WE,-1WE"},
        ),
        ({"words": "Ring us"}, {"description": "Ring us"}),
        ({}, {}),
    ],
)
def test_a_new_session_says_when_it_meets(boxes: dict[str, Any], facts: dict[str, Any]) -> None:
    made = session_facts({**session_boxes(NEW), **boxes}, NEW)
    assert made == facts
    shown = session_boxes(made)
    assert all(shown[name] == value for name, value in boxes.items() if name != "days")
    assert set(shown["days"]) == set(boxes.get("days", []))


def test_a_session_written_by_hand_is_in_doubt_no_more() -> None:
    read = {**TUESDAYS, "doubt": "partly", "unread": "term", "reading": "x", "from_words": True}
    changed = session_facts({**session_boxes(read), "closes_at": time(13)}, read)
    assert changed == {**TUESDAYS, "interval": 1, "closes_at": "13:00:00"}


def test_a_place_that_has_moved_is_no_longer_where_it_was() -> None:
    moved = place_facts({**place_boxes(HALL), "postcode": "M16 6AB"}, HALL)
    assert moved == {"key": "k", "name": "Hall", "postcode": "M16 6AB"}
    renamed = place_facts({**place_boxes(HALL), "name": "Village hall"}, HALL)
    assert (renamed["latitude"], renamed["name"]) == (53.4, "Village hall")


def test_access_is_ticked_or_said_in_lines() -> None:
    facts = {**HALL, "accessibility": ["Step-free", "Lift to the first floor"]}
    boxes = place_boxes(facts)
    assert (boxes["access"], boxes["more_access"]) == (["Step-free"], "Lift to the first floor")
    boxes |= {"access": ["Step-free", "Parking"], "more_access": "Lift\n\n Ramp "}
    assert place_facts(boxes, facts)["accessibility"] == ["Step-free", "Parking", "Lift", "Ramp"]


@pytest.mark.parametrize(
    ("facts", "kind"),
    [
        ({"amount": "0.00", "currency": "GBP"}, "free"),
        ({"amount": "2.50", "currency": "GBP", "option": "each session"}, "price"),
        ({"option": "Donation: £1 or what you can"}, "donation"),
        ({"option": "Ask us"}, "words"),
    ],
)
def test_costs_are_of_four_kinds_and_come_back(facts: dict[str, Any], kind: str) -> None:
    boxes = cost_boxes(facts)
    assert boxes["kind"] == kind
    assert cost_facts(boxes, NEW) == facts
    assert cost_facts(boxes, facts) == facts


def test_a_price_keeps_its_currency_and_free_has_an_amount() -> None:
    euros = {"amount": "2.00", "currency": "EUR"}
    assert cost_facts({**cost_boxes(euros), "amount": Decimal("3")}, euros)["currency"] == "EUR"
    assert cost_facts({"kind": "free", "amount": None, "words": None}, NEW)["amount"] == "0.00"


def test_rows_are_known_by_what_they_say_wherever_they_stand() -> None:
    assert set(BOXES) == set(FACTS)
    before = [{**TUESDAYS, "source_id": "a"}, {**TUESDAYS, "source_id": "b", "byday": "FR"}]
    rows = boxes_of("schedules", before)
    assert facts_of("schedules", rows[1:], before) == before[1:]
    assert facts_of("schedules", [*rows, session_boxes(NEW)], before) == before
    unknown = facts_of("schedules", rows[:1], [])
    assert unknown == [{**TUESDAYS, "interval": 1}]
