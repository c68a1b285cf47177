"""Visits without a network: what a worker takes along, and what they tell on their return.

The device says when a visit began and ended, by its own clock. What it tells has happened already,
so it is never refused: what does not fit is answered with a sentence.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from linkwork import audit, clock
from linkwork.audit import Event
from linkwork.casework import visits
from linkwork.casework.cases import hold
from linkwork.database import db
from linkwork.models import User, Visit

AHEAD = (
    "The clock of this device is ahead, so the time was set to when it arrived here. "
    "Set the device’s clock."
)
TOLERATED = timedelta(minutes=2)
"""No two clocks agree to the minute."""
ANOTHER_DAY = (
    "The clock of this device is wrong by more than a day, so its times were not used. "
    "Set the device’s clock."
)


@dataclass(frozen=True, slots=True)
class Told:
    """What a device tells of a visit: moments by its own clock, and who went along."""

    started_at: datetime | None = None
    safe_at: datetime | None = None
    companion: str | None = None


def take(*, by: User, on: date) -> Sequence[Visit]:
    """One’s own visits of an English day that are not over, to have without a network.

    Each is noted: their details leave for a device.
    """
    mine = [v for v in visits.of_day(by, on) if v.worker_id == by.id]
    taken = [v for v in mine if v.cancelled_at is None and v.safe_at is None]
    for visit in taken:
        audit.record(Event.VISITS_TAKEN, visit, by=by, person_id=visit.case.person_id)
    return taken


def expires_at(on: date) -> datetime:
    """When what was taken on an English day may no longer be read: at its end."""
    return clock.utc(datetime.combine(on + timedelta(days=1), time()))


def report(visit: Visit, told: Told, *, by: User, at: datetime) -> list[str]:
    """Note what a device tells of a visit, once; returns a sentence for all that did not fit.

    What was said before, here or by an earlier report, stays as it is.
    """
    hold(visit.case)
    db.session.refresh(visit)
    sentences = list(_differences(visit, told, by))
    if sentences or (told.started_at is None and told.safe_at is None):
        return sentences
    started, late = _believed(told.started_at or told.safe_at, visit, at)
    safe, later = _believed(told.safe_at, visit, at)
    if started is not None:
        _begin(visit, started, told.companion, by)
    if safe is not None and visit.started_at is not None and visit.safe_at is None:
        visit.safe_at, visit.safe_by = max(safe, visit.started_at), by
        _note(Event.VISIT_SAFE, visit, by)
    return list(dict.fromkeys(filter(None, (late, later))))


def _begin(visit: Visit, started: datetime, companion: str | None, by: User) -> None:
    if visit.started_at is not None:
        return
    visit.companion = visit.companion or companion
    visit.worker, visit.started_at = by, started
    visit.expected_end_at = started + timedelta(minutes=visit.minutes)
    _note(Event.VISIT_STARTED, visit, by)


def _differences(visit: Visit, told: Told, by: User) -> Sequence[str]:
    """Why what is told cannot be: something else happened here meanwhile."""
    if told.started_at is None and told.safe_at is None:
        return []
    if visit.cancelled_at is not None:
        when = f"{clock.london(visit.cancelled_at):%H:%M}"
        return [f"This visit was cancelled at {when}, so its times were not saved."]
    if visit.worker_id != by.id and visit.started_at is not None:
        return [f"{visit.worker.name} made this visit, so your times were not saved."]
    return []


def _believed(
    told_at: datetime | None, visit: Visit, now: datetime
) -> tuple[datetime | None, str | None]:
    """A moment as it can be, and a sentence where the device’s clock cannot be right."""
    if told_at is None:
        return None, None
    if told_at > now:
        ahead = told_at - now
        if ahead > timedelta(days=1):
            return None, ANOTHER_DAY
        return now, AHEAD if ahead > TOLERATED else None
    planned, day = clock.london(visit.planned_at).date(), clock.london(told_at).date()
    return (None, ANOTHER_DAY) if abs(planned - day) > timedelta(days=1) else (told_at, None)


def _note(event: Event, visit: Visit, by: User) -> None:
    audit.record(event, visit, by=by, person_id=visit.case.person_id, offline=True)
