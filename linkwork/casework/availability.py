"""Whether a service can be gone to: its places or its wait, when it begins, and when it meets next.

The next time is one of the person’s own days and hours; what is closed then, has ended or has not
begun is passed over.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from linkwork import clock
from linkwork.casework import service_hours
from linkwork.casework.offers import Meeting
from linkwork.database import db
from linkwork.matching import Limits, Session, wording
from linkwork.matching.asked import goes_any_time, leaves_time, windows
from linkwork.models import CapacityStatus, OnwardReferral, Service
from linkwork.timetable.occurrences import Occurrence

TOLD_WITHIN = timedelta(days=180)
"""What a provider said of its wait is worth telling for so long."""
ENDS_SOON = timedelta(days=28)
SOON_DAYS = 7
MONTH_DAYS = 31


class Soonness(StrEnum):
    """How soon somebody could begin, as far as the directory says."""

    NOW = "now"
    """Within seven days."""
    MONTH = "month"
    """Within 31 days."""
    LONGER = "longer"
    UNKNOWN = "unknown"
    """No day is stated, or there is a waiting list of which no length was told."""


@dataclass(frozen=True, slots=True)
class Availability:
    """What can be said of one service, each in words or empty: "waiting list, about 6 weeks"."""

    places: str = ""
    next: str = ""
    starts: str = ""
    ends_soon: str = ""
    soonness: Soonness = Soonness.UNKNOWN


def of(
    keys: Collection[str], meetings: Mapping[str, Meeting], limits: Limits, *, at: datetime
) -> dict[str, Availability]:
    """What can be said of some services, by their keys; in two questions to the database."""
    columns = (
        Service.id,
        Service.key,
        Service.capacity_status,
        Service.capacity_confirmed_at,
        Service.places,
        Service.opens_on,
        Service.ends_on,
    )
    rows = db.session.execute(select(*columns).where(Service.key.in_(list(keys)))).all()
    waiting = [row.id for row in rows if row.capacity_status is CapacityStatus.WAITLIST]
    weeks = _weeks(waiting, at) if waiting else {}
    return {row.key: _of(row, meetings.get(row.key), weeks.get(row.id), limits, at) for row in rows}


def _of(
    row: Any, meeting: Meeting | None, weeks: int | None, limits: Limits, at: datetime
) -> Availability:
    found = _next(meeting, limits, at=at) if meeting else None
    return Availability(
        places=_places(row, weeks),
        next=service_hours.words_of(found, at=at),
        starts=_starts(row.opens_on, at),
        ends_soon=_ends(row.ends_on, at),
        soonness=soonness(
            row.capacity_status, weeks, found.on if found else None, today=clock.london(at).date()
        ),
    )


def soonness(
    status: CapacityStatus | None, wait_weeks: int | None, next_on: date | None, *, today: date
) -> Soonness:
    """How soon somebody could begin: the next day it meets, and after the wait where there is one.

    A full activity has no day, nor has a waiting list of which no length was told; an activity
    whose wait was told and whose days were not is taken to meet when the wait is over.
    """
    waits = status is CapacityStatus.WAITLIST
    if status is CapacityStatus.NO_CAPACITY or (waits and wait_weeks is None):
        return Soonness.UNKNOWN
    wait_days = 7 * (wait_weeks or 0) if waits else 0
    if next_on is None and not waits:
        return Soonness.UNKNOWN
    days = max((next_on - today).days if next_on else 0, wait_days)
    if days <= SOON_DAYS:
        return Soonness.NOW
    return Soonness.MONTH if days <= MONTH_DAYS else Soonness.LONGER


def next_words(meeting: Meeting, limits: Limits, *, at: datetime) -> str:
    """When it meets next on the person’s days; empty where no such time to come is known."""
    return service_hours.words_of(_next(meeting, limits, at=at), at=at)


def _next(meeting: Meeting, limits: Limits, *, at: datetime) -> Occurrence | None:
    hours = windows(limits)

    def suits(one: Occurrence) -> bool:
        weekday = one.on.weekday()
        session = Session(weekday, one.opens_at, one.closes_at)
        return weekday in hours and leaves_time(session, hours[weekday])

    return service_hours.next_of(
        meeting.schedules,
        at=at,
        not_before=meeting.opens_on,
        until=meeting.ends_on,
        suits=None if goes_any_time(limits) else suits,
    )


def _weeks(service_ids: Collection[int], at: datetime) -> dict[int, int]:
    """The wait each was last said to have, of those that said so within half a year."""
    query = (
        select(OnwardReferral.service_id, OnwardReferral.wait_weeks)
        .where(
            OnwardReferral.service_id.in_(list(service_ids)),
            OnwardReferral.wait_weeks.is_not(None),
            OnwardReferral.waitlisted_at >= at - TOLD_WITHIN,
        )
        .order_by(OnwardReferral.waitlisted_at, OnwardReferral.id)
    )
    return {row.service_id: row.wait_weeks for row in db.session.execute(query)}


def _places(service: Any, weeks: int | None) -> str:
    since = service.capacity_confirmed_at
    day = _short(clock.london(since).date()) if since else ""
    if service.capacity_status is CapacityStatus.NO_CAPACITY:
        return f"full since {day}" if day else "full"
    if service.capacity_status is CapacityStatus.WAITLIST:
        return f"waiting list, about {weeks} week{'s' * (weeks != 1)}" if weeks else ""
    if service.places:
        said = f"{service.places} place{'s' * (service.places != 1)}"
        return f"{said} on {day}" if day else said
    return ""


def _starts(opens_on: date | None, at: datetime) -> str:
    later = opens_on is not None and opens_on > clock.london(at).date()
    return f"starts on {wording.day(opens_on)}" if opens_on and later else ""


def _ends(ends_on: date | None, at: datetime) -> str:
    today = clock.london(at).date()
    if ends_on is None or not today <= ends_on <= today + ENDS_SOON:
        return ""
    return f"ends soon, on {_short(ends_on)}"


def _short(day: date) -> str:
    return f"{day.day} {day:%B}"
