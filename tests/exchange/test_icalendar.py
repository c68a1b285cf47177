"""Times for calendars: any calendar reads them as we do."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import icalendar as calendars
import pytest
from sqlalchemy import select

from linkwork.audit import Event
from linkwork.database import db
from linkwork.exchange import icalendar
from linkwork.exchange.icalendar import Going
from linkwork.models import AuditEntry, Plan, Schedule, Service
from linkwork.timetable.occurrences import LONDON
from tests import cast as make

NOW = datetime(2026, 11, 18, 10, 30, tzinfo=UTC)
pytestmark = pytest.mark.one_engine


def service(name: str = "Choir", **facts: Any) -> Service:
    made: Service = make.service(name)
    facts = {"freq": "WEEKLY", "byday": "WE", "opens_at": time(10), "closes_at": time(12)} | facts
    made.schedules = [Schedule(**facts)]
    db.session.flush()
    return made


def events(text: bytes) -> list[Any]:
    return list(calendars.Calendar.from_ical(text).walk("VEVENT"))


def test_a_weekly_time_is_a_rule_in_the_time_of_london(cast: Any) -> None:
    text = icalendar.of_service(service(), by=cast.amina, at=NOW)
    assert b"BEGIN:VTIMEZONE" in text
    assert b"TZID:Europe/London" in text
    [event] = events(text)
    assert event.decoded("dtstart") == datetime(2026, 11, 18, 10, tzinfo=LONDON)
    assert event.decoded("dtend") == datetime(2026, 11, 18, 12, tzinfo=LONDON)
    rule = event["rrule"].to_ical().decode()
    assert rule.startswith("FREQ=WEEKLY;")
    assert "BYDAY=WE" in rule
    assert "UNTIL=20271117T100000Z" in rule


def test_days_it_is_closed_are_left_out(cast: Any) -> None:
    made = service(closed_byday="-1WE", closed_on=["2026-12-02"], valid_to=date(2026, 12, 31))
    [event] = events(icalendar.of_service(made, by=cast.amina, at=NOW))
    left_out = [one.dt.date() for part in event["exdate"] for one in part.dts]
    assert left_out == [date(2026, 11, 25), date(2026, 12, 2)]


def test_the_same_time_has_the_same_name_every_time(cast: Any) -> None:
    made = service()
    first, later = (
        events(icalendar.of_service(made, by=cast.amina, at=at))[0]
        for at in (NOW, NOW + timedelta(days=30))
    )
    assert first["uid"] == later["uid"]


def test_words_are_escaped_and_folded(cast: Any) -> None:
    name = "Tea, cake; and \\ more\nBEGIN:VEVENT\nSUMMARY:Not ours " + "é" * 200
    text = icalendar.of_service(service(name), by=cast.amina, at=NOW)
    [event] = events(text)
    assert str(event["summary"]) == " ".join(name.split())
    assert all(len(line) <= 75 for line in text.split(b"\r\n"))


def test_what_is_in_doubt_or_on_no_known_day_is_left_out(cast: Any) -> None:
    doubtful = service(doubt="differs", reading="abc")
    assert events(icalendar.of_service(doubtful, by=cast.amina, at=NOW)) == []
    unknown = service(interval=2)
    assert events(icalendar.of_service(unknown, by=cast.amina, at=NOW)) == []


def test_a_day_without_hours_is_a_whole_day_and_term_time_is_not_sure(cast: Any) -> None:
    made = service(opens_at=None, closes_at=None, byday="-1FR", freq="MONTHLY", term_time_only=True)
    [event] = events(icalendar.of_service(made, by=cast.amina, at=NOW))
    assert event.decoded("dtstart") == date(2026, 11, 27)
    assert event["status"] == "TENTATIVE"
    assert "BYDAY=-1FR" in event["rrule"].to_ical().decode()


def test_a_plan_begins_with_the_first_session_and_names_nobody(cast: Any) -> None:
    case = make.case(cast.northside, worker=cast.amina)
    somebody = case.person
    plan = Plan(case_id=case.id, agreed_at=NOW, agreed_by_id=cast.amina.id)
    db.session.add(plan)
    db.session.flush()
    goings = [Going(service(), date(2026, 12, 2))]
    text = icalendar.of_plan(plan, somebody, goings, by=None, at=NOW)
    [event] = events(text)
    assert event.decoded("dtstart").date() == date(2026, 12, 2)
    assert event["class"] == "PRIVATE"
    assert somebody.family_name.encode() not in text
    db.session.commit()
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.number.desc())).first()
    assert entry is not None
    assert (entry.event, entry.person_id) == (Event.CALENDAR_EXPORTED.value, somebody.id)
