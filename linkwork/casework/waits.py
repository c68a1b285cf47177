"""Waits: from a referral to the first conversation, as they are at a PCN now."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import Select, or_, select

from linkwork import clock
from linkwork.capacity.waits import days_within
from linkwork.database import db
from linkwork.models import CloseReason, Organisation, SupportCase

LATELY = timedelta(days=90)
FEWEST = 5
HALF, MOST = 0.5, 0.8


@dataclass(frozen=True, slots=True)
class Wait:
    """How long people wait: days from referral to first conversation.

    ``people`` started lately and ``waiting`` still wait. ``median_days`` is the time within which
    half start, ``most_days`` that within which 8 of 10 do; None where fewer than five people
    started, or where so many still wait that it cannot be said.
    """

    people: int
    waiting: int
    median_days: int | None
    most_days: int | None


def at_present(pcn: Organisation, on: date) -> Wait:
    """The wait at ``pcn`` on a day.

    Counted are all who had their first conversation in the 90 days up to ``on``, and all whose
    case is open and neither started nor paused: each of these has waited so long already, and
    the wait goes on. Who was declined or closed before a start waited for nothing and is left
    out, and so is what was opened in error. Whole days on an English calendar.
    """
    started = [_days(a, b) for a, b in db.session.execute(_started(pcn, on)) if b]
    end = _start_of(on + timedelta(days=1))
    waiting = [_days(a, _start_of(on)) for (a,) in db.session.execute(_waiting(pcn)) if a < end]
    if len(started) < FEWEST:
        return Wait(len(started), len(waiting), None, None)
    half, most = (days_within(share, started, waiting) for share in (HALF, MOST))
    return Wait(len(started), len(waiting), half, most)


def _started(pcn: Organisation, on: date) -> Select[datetime, datetime | None]:
    case = SupportCase
    return select(case.opened_at, case.first_conversation_at).where(
        case.organisation_id == pcn.id,
        case.first_conversation_at >= _start_of(on - LATELY),
        case.first_conversation_at < _start_of(on + timedelta(days=1)),
        or_(case.close_reason.is_(None), case.close_reason != CloseReason.OPENED_IN_ERROR),
    )


def _waiting(pcn: Organisation) -> Select[datetime]:
    case = SupportCase
    return select(case.opened_at).where(
        case.organisation_id == pcn.id,
        case.is_open,
        case.paused_at.is_(None),
        case.first_conversation_at.is_(None),
    )


def _start_of(day: date) -> datetime:
    return clock.utc(datetime.combine(day, time.min))


def _days(opened_at: datetime, ended_at: datetime) -> int:
    return max(0, (clock.london(ended_at).date() - clock.london(opened_at).date()).days)
