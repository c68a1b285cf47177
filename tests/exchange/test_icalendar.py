"""Times for calendars: any calendar reads them as we do."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import icalendar as calendars
import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from linkwork.audit import Event
from linkwork.database import db, new_uuid
from linkwork.exchange import icalendar
from linkwork.exchange.icalendar import Going
from linkwork.models import AuditEntry, Plan, Schedule, Service
from linkwork.timetable.occurrences import LONDON, between
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


def test_times_of_two_terms_have_two_names(cast: Any) -> None:
    made = service(valid_to=date(2026, 12, 31))
    again = {"freq": "WEEKLY", "byday": "WE", "opens_at": time(10), "closes_at": time(12)}
    made.schedules.append(Schedule(**again, valid_from=date(2027, 1, 10)))
    made.schedules.append(Schedule(**again, valid_from=date(2027, 1, 10), closed_byday="1WE"))
    db.session.flush()
    text = icalendar.of_service(made, by=cast.amina, at=NOW)
    found = [event["uid"] for event in events(text)]
    assert len(set(found)) == len(found) == 3
    assert [event["uid"] for event in events(text)] == found


def test_a_time_over_midnight_ends_the_next_day(cast: Any) -> None:
    made = service(opens_at=time(22), closes_at=time(2))
    [event] = events(icalendar.of_service(made, by=cast.amina, at=NOW))
    assert event.decoded("dtend") == datetime(2026, 11, 19, 2, tzinfo=LONDON)


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


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(["WEEKLY MO,TH", "WEEKLY WE", "MONTHLY 1TU,-1FR", "MONTHLY 3SU", "DAILY "]),
    st.integers(1, 3),
    st.none() | st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    st.lists(st.sampled_from(["2026-12-24/2027-01-02", "12-25", "08-01/08-31"]), unique=True),
    st.booleans(),
)
def test_any_calendar_finds_the_days_that_we_do(
    rule: str, interval: int, opens_at: time | None, closed_on: list[str], closed: bool
) -> None:
    freq, _, byday = rule.partition(" ")
    schedule = Schedule(
        freq=freq,
        byday=byday or None,
        interval=interval,
        dtstart=date(2026, 3, 2),
        opens_at=opens_at,
        closed_on=closed_on,
        closed_bank_holidays=closed,
    )
    made = Service(key=new_uuid(), name="Choir", schedules=[schedule])
    [event] = events(icalendar._calendar("Choir", [Going(made)], NOW, is_private=False))
    begins = event.decoded("dtstart")
    begins = begins.replace(tzinfo=None) if isinstance(begins, datetime) else begins
    words = re.sub("UNTIL=[0-9TZ]*", "", event["rrule"].to_ical().decode()).strip(";")
    days = rrulestr(words.replace(";;", ";"), dtstart=datetime.combine(begins, time()))
    last = date(2027, 11, 18)
    left_out = event.get("exdate", [])
    without = {
        one.dt.date() if isinstance(one.dt, datetime) else one.dt
        for part in (left_out if isinstance(left_out, list) else [left_out])
        for one in part.dts
    }
    first = datetime.combine(begins, time())
    theirs = [day.date() for day in days.between(first, datetime.combine(last, time()), inc=True)]
    ours = [one.on for one in between([schedule], date(2026, 11, 18), last)]
    assert [day for day in theirs if day not in without] == ours
