"""Open now, today and next: said of what certainly meets, in the order it does."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any

import pytest

from linkwork.casework import service_hours
from linkwork.casework.service_search import Criteria, search
from linkwork.database import db
from linkwork.models import Schedule, Service, ServiceStatus
from tests import cast as the

# A Wednesday, the third of its month; half past ten in London.
AT = datetime(2026, 11, 18, 10, 30, tzinfo=UTC)
SUMMER = datetime(2026, 7, 15, 9, 30, tzinfo=UTC)
BOXING_DAY_OBSERVED = datetime(2026, 12, 28, 10, 30, tzinfo=UTC)
WEEKLY: dict[str, Any] = {"freq": "WEEKLY", "interval": 1, "byday": "WE"}


def meets(name: str, *schedules: dict[str, Any], **facts: Any) -> Service:
    made = the.service(name, **facts)
    made.schedules = [Schedule(**schedule) for schedule in schedules]
    db.session.flush()
    return made


def hours(opens: int | None, closes: int | None, **rule: Any) -> dict[str, Any]:
    at = {"opens_at": opens, "closes_at": closes}
    return {**WEEKLY, **{name: hour and time(hour) for name, hour in at.items()}, **rule}


@pytest.fixture
def found(cast: Any) -> Callable[..., list[str]]:
    def look(at: datetime = AT, **asked: Any) -> list[str]:
        user = cast.peer_coordinator
        return [one.name for one in search(Criteria(**asked), user=user, at=at).services]

    return look


def test_only_what_is_certainly_open_is_open_now(found: Any) -> None:
    meets("Weekly", hours(10, 12))
    meets("Third Wednesday", hours(10, 12, freq="MONTHLY", byday="3WE"))
    meets("Every two weeks, this one", hours(10, 12, interval=2, dtstart=date(2026, 11, 4)))
    meets("Until midnight", {**WEEKLY, "opens_at": time(9), "closes_at": time(23, 59)})
    meets("Daily", hours(9, 17, freq="DAILY", byday=None))
    certain = sorted(["Weekly", "Third Wednesday", "Every two weeks, this one", "Until midnight"])
    meets("Second Wednesday", hours(10, 12, freq="MONTHLY", byday="2WE"))
    meets("Every two weeks, the other", hours(10, 12, interval=2, dtstart=date(2026, 11, 11)))
    meets("Every two weeks from no week", hours(10, 12, interval=2))
    meets("Another day", hours(10, 12, byday="TU,TH"))
    meets("Over", hours(9, 10))
    meets("Not yet", hours(11, 12))
    meets("No end", hours(10, None))
    meets("No hours", hours(None, None))
    meets("Not since spring", hours(10, 12, valid_to=date(2026, 4, 1)))
    meets("Closed today", hours(10, 12, closed_on=["2026-11-18"]))
    meets("By appointment", hours(10, 12, by_appointment=True))
    meets("In term time", hours(10, 12, term_time_only=True))
    meets("In doubt", hours(10, 12, doubt="partly"))
    meets("Paused", hours(10, 12), status=ServiceStatus.TEMPORARILY_CLOSED)
    meets("To begin", hours(10, 12), opens_on=date(2026, 12, 1))
    meets("Nothing known")
    assert sorted(found(meets="now")) == sorted([*certain, "Daily"])
    said = [one.name for one in db.session.query(Service) if service_hours.is_open(one, at=AT)]
    assert sorted(said) == sorted(found(meets="now"))


def test_times_are_those_of_london_in_summer_too(found: Any) -> None:
    meets("Ten to eleven", hours(10, 11))
    assert found(SUMMER, meets="now") == ["Ten to eleven"]


def test_an_editor_who_finds_the_times_right_takes_the_doubt_away(found: Any) -> None:
    made = meets("Club", hours(10, 12, doubt="partly", reading="a reading"))
    assert found(meets="now") == []
    made.times_confirmed = "a reading"
    db.session.flush()
    assert found(meets="now") == ["Club"]


def test_nothing_is_said_to_be_open_on_a_bank_holiday(found: Any) -> None:
    made = meets("Club", hours(10, 12, byday="MO"))
    meets("Shut", hours(10, 12, byday="MO", closed_bank_holidays=True))
    assert (
        found(BOXING_DAY_OBSERVED, meets="now") == found(BOXING_DAY_OBSERVED, meets="today") == []
    )
    early = BOXING_DAY_OBSERVED.replace(hour=8)
    assert service_hours.next_words(made, at=early) == (
        "Today, 10am to 12 noon, a bank holiday: ask first"
    )
    assert found(early, order="next") == ["Club", "Shut"]


def test_today_is_what_is_not_over(found: Any) -> None:
    for name, opens, closes in (("On", 10, 12), ("Later", 14, 16), ("Over", 9, 10)):
        meets(name, hours(opens, closes))
    meets("Some time", hours(None, None))
    meets("Tomorrow", hours(10, 12, byday="TH"))
    assert found(meets="today") == ["Later", "On", "Some time"]
    assert found(meets="now", day="TH") == []


def test_the_next_session_comes_first_and_what_has_none_last(
    found: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    meets("Tomorrow early", hours(8, 9, byday="TH"))
    meets("This evening", hours(18, 20))
    meets("Now, then next week", hours(10, 12))
    meets("Fourth Friday", hours(10, 12, freq="MONTHLY", byday="4FR"))
    meets("First Friday", hours(10, 12, freq="MONTHLY", byday="1FR"))
    meets("Unknown")
    meets("In summer", hours(10, 12, valid_from=date(2027, 6, 1)))
    wanted = ["This evening", "Tomorrow early", "Now, then next week", "Fourth Friday"]
    later = ["First Friday", "In summer", "Unknown"]
    assert found(order="next") == [*wanted, *later]
    # The way of a long list gives the same.
    monkeypatch.setattr(service_hours, "FEW", 0)
    monkeypatch.setattr(service_hours, "AT_ONCE", 1)
    assert found(order="next") == [*wanted, *later]


@pytest.mark.parametrize(
    ("schedule", "said"),
    [
        (hours(14, 16), "Today, 2pm to 4pm"),
        (hours(10, 12, byday="TH"), "Tomorrow, 10am to 12 noon"),
        (hours(10, 12), "Wednesday 25 November, 10am to 12 noon"),
        (hours(10, None, byday="1TU", freq="MONTHLY"), "Tuesday 1 December, from 10am"),
        (hours(None, None, byday="TH"), "Tomorrow"),
        (
            hours(10, 12, byday="TH", by_appointment=True),
            "Tomorrow, 10am to 12 noon, by appointment",
        ),
        (hours(10, 12, doubt="refused"), ""),
    ],
)
@pytest.mark.one_engine
def test_the_next_session_in_words(schedule: dict[str, Any], said: str) -> None:
    made = Service(name="Club", status=ServiceStatus.ACTIVE, schedules=[Schedule(**schedule)])
    made.schedules[0].closed_on = []
    assert service_hours.next_words(made, at=AT) == said
