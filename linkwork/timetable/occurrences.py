"""When schedules are open: between two dates, next, and at a moment. Times are those of London.

Nobody is told of a time that is not sure: what may be closed (a bank holiday of which nothing is
said, term time) carries its caveat, and what falls on no known day is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from zoneinfo import ZoneInfo

import holidays

from linkwork.timetable.recurrence import Times, codes, falls_on, is_of
from linkwork.timetable.slots import LAST_MINUTE

LONDON = ZoneInfo("Europe/London")
MOST_DAYS, MOST_FOUND = 400, 2_000
LOOK_AHEAD_DAYS = 100
"""The fifth Monday of a month may be three months away."""
MOST_SCHEDULES = 50
YEARS_KNOWN = range(1990, 2101)
EARLIEST = date(1, 1, 2)


class Caveat(StrEnum):
    """Why somebody should ask before they go."""

    TERM_TIME = "term_time"
    APPOINTMENT = "appointment"
    BANK_HOLIDAY = "bank_holiday"
    """It falls on one, and nothing is said of them."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time it is open: the day and hours in London, and what to mind."""

    on: date
    opens_at: time | None = None
    closes_at: time | None = None
    caveats: tuple[Caveat, ...] = ()

    @property
    def starts(self) -> datetime:
        """When it begins, in UTC; the beginning of the day where no hour is said."""
        return _moment(self.on, self.opens_at or time.min)

    @property
    def ends(self) -> datetime:
        """When it is over, in UTC; with no hour said, at the end of the day."""
        return ends(self.on, self.opens_at, self.closes_at).astimezone(UTC)


def ends(on: date, opens_at: time | None, closes_at: time | None) -> datetime:
    """When hours of a day are over, in London: at its end where no end is said.

    What closes before it opens goes on until the next day.
    """
    closes = closes_at if closes_at and closes_at < LAST_MINUTE else time.min
    goes_on = closes_at is None or closes_at >= LAST_MINUTE or closes_at <= (opens_at or time.min)
    if goes_on and on == date.max:
        return _last()
    return datetime.combine(on + timedelta(days=goes_on), closes, LONDON)


def between(schedules: Iterable[Times], first_on: date, last_on: date) -> list[Occurrence]:
    """Every time from one date to another, both included, in order.

    At most 400 days and 2,000 times from the first date; fifty schedules are looked at.
    """
    known = list(schedules)[:MOST_SCHEDULES]
    found: list[Occurrence] = []
    for day in _days(first_on, last_on):
        found += _on(known, day)
        if len(found) >= MOST_FOUND:
            break
    return found[:MOST_FOUND]


def next_session(
    schedules: Sequence[Times],
    after: datetime,
    *,
    not_before: date | None = None,
    until: date | None = None,
    suits: Callable[[Occurrence], bool] | None = None,
) -> Occurrence | None:
    """The first time that begins after an aware moment and within 100 days; None where none does.

    ``not_before`` and ``until`` are the first and last days of the activity itself, ``suits``
    passes over the others. A time of today with no hours said counts as still to come.
    """
    today = after.astimezone(LONDON).date()
    first = max(today, not_before or today)
    last = min(_later(first, LOOK_AHEAD_DAYS), until or date.max)
    known = schedules[:MOST_SCHEDULES]
    for day in _days(first, last):
        for one in _on(known, day):
            if suits and not suits(one):
                continue
            if one.starts > after or (one.opens_at is None and one.closes_at is None):
                return one
            if one.opens_at is None and one.ends > after:
                return one
    return None


def is_open(schedules: Sequence[Times], at: datetime) -> bool | None:
    """Whether one of them is open at an aware moment; None where their words leave it unsure."""
    today = at.astimezone(LONDON).date()
    unsure = False
    # What began yesterday evening may go on after midnight.
    for one in between(schedules, max(today, EARLIEST) - timedelta(days=1), today):
        if one.starts <= at < one.ends:
            if not one.caveats and one.opens_at is not None and one.closes_at is not None:
                return True
            unsure = True
    return None if unsure else False


def is_bank_holiday(day: date) -> bool:
    """Whether a day is a bank holiday in England, as far as they are known."""
    return day in _bank_holidays(day.year)


def closed_days(schedule: Times, first_on: date, last_on: date) -> list[date]:
    """The days its rule names between two dates, at most 400 days, on which it is closed."""
    days = _days(first_on, last_on)
    return [day for day in days if falls_on(schedule, day) and _is_closed(schedule, day)]


def _on(schedules: Iterable[Times], day: date) -> list[Occurrence]:
    found = {
        Occurrence(day, one.opens_at, one.closes_at, _caveats(one, day))
        for one in schedules
        if falls_on(one, day) and not _is_closed(one, day)
    }
    return sorted(found, key=lambda one: (one.opens_at or time.min, one.closes_at or time.max))


def _caveats(schedule: Times, day: date) -> tuple[Caveat, ...]:
    held = (
        (Caveat.TERM_TIME, schedule.term_time_only),
        (Caveat.APPOINTMENT, schedule.by_appointment),
        (Caveat.BANK_HOLIDAY, is_bank_holiday(day)),
    )
    return tuple(caveat for caveat, holds in held if holds)


def _is_closed(schedule: Times, day: date) -> bool:
    if schedule.closed_bank_holidays and is_bank_holiday(day):
        return True
    if any(is_of(code, day) for code in codes(schedule.closed_byday)):
        return True
    return any(_holds(span, day) for span in schedule.closed_on or ())


def _holds(span: str, day: date) -> bool:
    """Whether a day is within ``2026-12-24/2027-01-02``, ``12-25`` or ``12-24/01-02``."""
    first, _, last = span.partition("/")
    last = last or first
    # Days of a year written alike compare as they follow one another.
    said = day.isoformat() if len(first) == 10 else day.isoformat()[5:]
    if len(first) == 5 and last < first:
        return said >= first or said <= last
    return first <= said <= last


def _days(first_on: date, last_on: date) -> Iterator[date]:
    last = min(last_on, _later(first_on, MOST_DAYS - 1))
    for ordinal in range(first_on.toordinal(), last.toordinal() + 1):
        yield date.fromordinal(ordinal)


def _later(day: date, days: int) -> date:
    return date.fromordinal(min(day.toordinal() + days, date.max.toordinal()))


def _moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, LONDON).astimezone(UTC)


def _last() -> datetime:
    return datetime.max.replace(tzinfo=UTC)


@cache
def _bank_holidays(year: int) -> frozenset[date]:
    if year not in YEARS_KNOWN:
        return frozenset()
    return frozenset(holidays.country_holidays("GB", subdiv="ENG", years=[year]))
