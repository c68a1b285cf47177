"""A schedule as plain values, and what came of reading one from words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum

CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LAST_MINUTE = time(23, 59)
"""How midnight at the end of a day is written; until then is until the day is over."""


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """One time that comes again, in the columns of a schedule of Open Referral UK and ours.

    ``byday`` is ``MO,TU`` for a weekly and ``1TU,-1TH`` for a monthly one. A missing hour was not
    stated. ``closed_byday`` are days of the month without it, ``closed_on`` days: ``2026-12-25``,
    ``12-25`` for every year, or two of either with a slash for the first and last of a span.
    """

    byday: str
    opens_at: time | None = None
    closes_at: time | None = None
    freq: str = "WEEKLY"
    interval: int = 1
    bymonthday: str | None = None
    dtstart: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    closed_byday: str | None = None
    closed_on: tuple[str, ...] = ()
    closed_bank_holidays: bool = False
    term_time_only: bool = False
    by_appointment: bool = False


class Outcome(StrEnum):
    """How far some words could be read."""

    READ = "read"
    PARTLY = "partly"
    REFUSED = "refused"
    NOTHING = "nothing"
    """They say no times, so there is nothing to read."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The schedules some words state; ``unread`` are words left over, ``reason`` why none was read.

    Where there is a reason there are no slots: what might be wrong is not read at all.
    """

    slots: tuple[Slot, ...] = ()
    unread: tuple[str, ...] = ()
    reason: str | None = None
    by_appointment: bool = False

    @property
    def outcome(self) -> Outcome:
        """Read, read in part, refused, or nothing there to read."""
        if self.reason is not None:
            return Outcome.REFUSED
        if not self.slots:
            return Outcome.NOTHING
        return Outcome.PARTLY if self.unread else Outcome.READ


class Unreadable(Exception):
    """The words could mean more than one thing, or something no schedule holds. Says which."""
