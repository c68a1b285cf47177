"""Times of a feed that cannot be: left out with a warning, and none makes the reading run away."""

from datetime import date, time
from typing import Any

import pytest

from linkwork.exchange import oruk
from linkwork.exchange.oruk import ServiceRecord
from tests.exchange.feed_files import service

pytestmark = pytest.mark.one_engine


def read(**schedule: Any) -> ServiceRecord:
    usual = {"freq": "WEEKLY", "byday": "MO", "opens_at": "10:00", "closes_at": "12:00"}
    return oruk.read(service(schedules=[{**usual, **schedule}]), 1)


def test_a_time_that_ends_before_it_begins_holds_always_and_that_is_said() -> None:
    record = read(valid_from="2026-05-01", valid_to="2026-04-30")
    (row,) = record.schedules
    assert (row["valid_from"], row["valid_to"], row["byday"]) == (None, None, "MO")
    assert [one.field for one in record.warnings] == ["schedules[0].valid_to"]
    assert read(valid_from="2026-05-01", valid_to="2026-05-01").warnings == []


@pytest.mark.parametrize(
    ("opens", "closes", "read_as"),
    [
        ("00:00", "00:00", (time(0), time(23, 59))),
        ("20:00", "00:00", (time(20), time(23, 59))),
        ("20:00", "24:00", (time(20), time(23, 59))),
        (None, "00:00", (None, time(0))),
    ],
)
def test_midnight_is_the_end_of_the_day(opens: str | None, closes: str, read_as: Any) -> None:
    record = read(opens_at=opens, closes_at=closes)
    (row,) = record.schedules
    assert (row["opens_at"], row["closes_at"]) == read_as
    assert record.warnings == []


@pytest.mark.parametrize("closes", ["02:00", "09:59", "10:00"])
def test_an_end_that_is_not_after_the_beginning_is_left_out(closes: str) -> None:
    record = read(opens_at="10:00", closes_at=closes)
    (row,) = record.schedules
    assert (row["opens_at"], row["closes_at"]) == (time(10), None)
    assert [one.field for one in record.warnings] == ["schedules[0].closes_at"]


def test_a_day_that_is_said_twice_is_one_day() -> None:
    assert read(byday="MO, MO,TU,MO").schedules[0]["byday"] == "MO,TU"


@pytest.mark.parametrize(
    ("schedule", "field"),
    [
        ({"valid_to": "9999-12-31", "valid_from": "0001-01-01"}, None),
        ({"interval": 10**9}, "interval"),
        ({"interval": 0}, "interval"),
        ({"interval": "weekly"}, "interval"),
        ({"byday": "MO," * 200}, "byday"),
        ({"byday": "9MO"}, "byday"),
        ({"freq": "SECONDLY"}, "freq"),
        ({"valid_from": "0000-00-00"}, "valid_from"),
        ({"valid_from": "01/05/2026"}, "valid_from"),
        ({"opens_at": "25:00"}, "opens_at"),
        ({"description": "every second " * 1_000}, "description"),
    ],
)
def test_a_time_without_end_or_sense_costs_only_itself(
    schedule: dict[str, Any], field: str | None
) -> None:
    record = read(**schedule)
    assert {one.field for one in record.warnings} == ({f"schedules[0].{field}"} if field else set())
    assert len(record.schedules) == 1
    assert record.schedules[0]["valid_to"] in (None, date(9999, 12, 31))
