"""The times of a service, or of what a plan agrees, as iCalendar (RFC 5545).

A year of them: what is further off has to be asked for again. Times are those of London, days on
which it is closed are left out of the rule, and nothing is in it that nobody could read for sure.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from icalendar import Calendar, Event, vRecur

from linkwork import audit, clock
from linkwork.casework import schedule_words, service_words
from linkwork.models import Person, Plan, Schedule, Service, User
from linkwork.timetable import occurrences
from linkwork.timetable.occurrences import LONDON

DAYS_AHEAD = 365
MEDIA_TYPE = "text/calendar; charset=utf-8"
PRODUCT = "-//Linkwork//Activities//EN"
MOST_EVENTS = 500
VALIDITY = ("valid_from", "valid_to")


@dataclass(frozen=True, slots=True)
class Going:
    """A service somebody goes to, from a day on."""

    service: Service
    first_on: date | None = None


def of_service(service: Service, *, by: User, at: datetime) -> bytes:
    """The sessions of a service for a year, as the text of a calendar file."""
    text = _calendar(service.name, [Going(service)], at, is_private=False)
    audit.record(audit.Event.CALENDAR_EXPORTED, service, by=by)
    return text


def of_plan(
    plan: Plan, person: Person, goings: Sequence[Going], *, by: User | None, at: datetime
) -> bytes:
    """The sessions of what a plan agrees for a year; nowhere whose plan it is."""
    text = _calendar("My plan", goings, at, is_private=True)
    audit.record(audit.Event.CALENDAR_EXPORTED, plan, by=by, person_id=person.id)
    return text


def _calendar(title: str, goings: Iterable[Going], at: datetime, *, is_private: bool) -> bytes:
    made = Calendar()
    made.add("prodid", PRODUCT)
    made.add("version", "2.0")
    made.add("calscale", "GREGORIAN")
    made.add("x-wr-calname", _line(title))
    made.add("x-wr-timezone", "Europe/London")
    taken: set[str] = set()
    events = (
        event for going in goings for event in _events(going, at, taken, is_private=is_private)
    )
    for _, event in zip(range(MOST_EVENTS), events, strict=False):
        made.add_component(event)
    made.add_missing_timezones()
    text: bytes = made.to_ical()
    return text


def _events(going: Going, at: datetime, taken: set[str], *, is_private: bool) -> Iterator[Event]:
    service, today = going.service, clock.london(at).date()
    first = max(day for day in (today, going.first_on, service.opens_on) if day)
    last = min(first + timedelta(days=DAYS_AHEAD), service.ends_on or date.max)
    for schedule in service.schedules:
        if schedule_words.is_doubtful(service, schedule):
            continue
        found = occurrences.between([schedule], first, last)
        if found:
            event = _event(service, schedule, found[0].on, found[-1].on)
            event.add("uid", f"{_uid(service, schedule, taken)}@linkwork")
            event.add("dtstamp", at.astimezone(UTC))
            event.add("class", "PRIVATE" if is_private else "PUBLIC")
            yield event


def _event(service: Service, schedule: Schedule, first: date, last: date) -> Event:
    made = Event()
    made.add("summary", _line(service.name))
    made.add("description", _description(service, schedule))
    places = [service_words.address(link.location) for link in service.places_at]
    if places:
        made.add("location", _line(places[0]))
    if schedule.term_time_only or schedule.by_appointment:
        made.add("status", "TENTATIVE")
    made.add("dtstart", _moment(first, schedule.opens_at) if schedule.opens_at else first)
    if schedule.opens_at and schedule.closes_at:
        made.add("dtend", occurrences.ends(first, schedule.opens_at, schedule.closes_at))
    made.add("rrule", _rule(schedule, last))
    for day in occurrences.closed_days(schedule, first, last):
        made.add("exdate", _moment(day, schedule.opens_at) if schedule.opens_at else day)
    return made


def _uid(service: Service, schedule: Schedule, taken: set[str]) -> str:
    """The same whenever the same time of the same service is written, and once in a calendar.

    A day that is closed is not in it, or a calendar brought in again would have the time twice.
    """
    names = "freq interval byday bymonthday dtstart opens_at closes_at".split()
    said = " ".join(str(getattr(schedule, name)) for name in names)
    dates = [f"{name} {day}" for name in VALIDITY if (day := getattr(schedule, name))]
    tried = [service.key, said, *dates]
    while (made := str(uuid5(NAMESPACE_URL, " ".join(tried)))) in taken:
        tried.append("again")
    taken.add(made)
    return made


def _description(service: Service, schedule: Schedule) -> str:
    lines = [schedule_words.times(schedule)]
    if service.phone:
        lines.append(f"Phone {service.phone}")
    said = [*lines, "Ring before you go: times may have changed."]
    return "\n".join(_line(words) for words in said)


def _line(words: str) -> str:
    """One line of text, with nothing in it that would end the line for some calendar."""
    return " ".join(words.split())


def _rule(schedule: Schedule, last: date) -> vRecur:
    rule: dict[str, Any] = {"freq": schedule.freq or "WEEKLY"}
    codes = [code for code in (schedule.byday or "").split(",") if code]
    if any(code[:-2] for code in codes):
        rule["freq"] = "MONTHLY"
    if (schedule.interval or 1) > 1:
        rule["interval"] = schedule.interval
    if codes:
        rule["byday"] = codes
    if schedule.bymonthday:
        rule["bymonthday"] = [int(day) for day in schedule.bymonthday.split(",")]
    at = _moment(last, schedule.opens_at).astimezone(UTC) if schedule.opens_at else last
    return vRecur({**rule, "until": at})


def _moment(day: date, at: time | None) -> datetime:
    return datetime.combine(day, at or time(), LONDON)
