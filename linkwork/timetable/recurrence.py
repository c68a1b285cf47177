"""On which days a schedule comes round: the part of iCalendar’s rules that directories use.

Weekly, daily and monthly, every so many, by day of the week, of the month, and both; from and to
dates. What does not say on which days it falls, such as every other week from no known week,
falls on none.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from datetime import date, time, timedelta
from functools import lru_cache
from typing import Protocol

from linkwork.timetable.slots import CODES

_CODE = re.compile(r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)")
_DAY = re.compile(r"-?\d{1,2}")


class Times(Protocol):
    """What a schedule says: one of the database, or a ``Slot``."""

    @property
    def freq(self) -> str | None: ...
    @property
    def interval(self) -> int | None: ...
    @property
    def byday(self) -> str | None: ...
    @property
    def bymonthday(self) -> str | None: ...
    @property
    def dtstart(self) -> date | None: ...
    @property
    def opens_at(self) -> time | None: ...
    @property
    def closes_at(self) -> time | None: ...
    @property
    def valid_from(self) -> date | None: ...
    @property
    def valid_to(self) -> date | None: ...
    @property
    def closed_byday(self) -> str | None: ...
    @property
    def closed_on(self) -> Sequence[str]: ...
    @property
    def closed_bank_holidays(self) -> bool: ...
    @property
    def term_time_only(self) -> bool: ...
    @property
    def by_appointment(self) -> bool: ...


Code = tuple[int, int]
"""An ordinal, 0 for every week, and a weekday with Monday 0."""


@lru_cache(maxsize=1_000)
def codes(byday: str | None) -> tuple[Code, ...]:
    """The days of ``MO,2TU,-1FR``; what is none of them is left out."""
    found = (_CODE.fullmatch(code.strip()) for code in (byday or "").split(","))
    return tuple((int(one[1] or 0), CODES.index(one[2])) for one in found if one)


def falls_on(schedule: Times, day: date) -> bool:
    """Whether the rule of a schedule names a day, whatever may be closed on it."""
    if (schedule.valid_from and day < schedule.valid_from) or (
        schedule.valid_to and day > schedule.valid_to
    ):
        return False
    if schedule.dtstart and day < schedule.dtstart:
        return False
    days = codes(schedule.byday)
    freq = schedule.freq or ("WEEKLY" if days else None)
    if freq == "MONTHLY" or any(ordinal for ordinal, _ in days):
        return _monthly(schedule, days, day)
    if freq == "WEEKLY":
        return _weekly(schedule, days, day)
    return freq == "DAILY" and _daily(schedule, days, day)


def is_of(code: Code, day: date) -> bool:
    """Whether a day is such a weekday, and the one of its month that the ordinal says."""
    ordinal, weekday = code
    if day.weekday() != weekday:
        return False
    if ordinal >= 0:
        return ordinal in (0, (day.day - 1) // 7 + 1)
    return -ordinal == (_length(day) - day.day) // 7 + 1


def is_known(schedule: Times) -> bool:
    """Whether its words say on which days it falls at all."""
    every = schedule.interval or 1
    days = codes(schedule.byday)
    if every > 1 and schedule.dtstart is None:
        return False
    if schedule.freq == "MONTHLY" and days and not schedule.bymonthday:
        return all(ordinal for ordinal, _ in days)
    return bool(days or schedule.dtstart or schedule.bymonthday or schedule.freq == "DAILY")


def _daily(schedule: Times, days: Sequence[Code], day: date) -> bool:
    if days and not any(is_of(code, day) for code in days):
        return False
    every = schedule.interval or 1
    if every <= 1:
        return True
    return schedule.dtstart is not None and (day - schedule.dtstart).days % every == 0


def _weekly(schedule: Times, days: Sequence[Code], day: date) -> bool:
    start = schedule.dtstart
    weekdays = {weekday for _, weekday in days} or ({start.weekday()} if start else set())
    if day.weekday() not in weekdays:
        return False
    every = schedule.interval or 1
    if every <= 1:
        return True
    if start is None:
        return False
    weeks = (_monday(day) - _monday(start)).days // 7
    return weeks % every == 0


def _monthly(schedule: Times, days: Sequence[Code], day: date) -> bool:
    start, every = schedule.dtstart, schedule.interval or 1
    if every > 1:
        months = (day.year - start.year) * 12 + day.month - start.month if start else 1
        if months % every:
            return False
    if not days and not schedule.bymonthday:
        return start is not None and day.day == start.day
    if schedule.bymonthday and not _is_monthday(schedule.bymonthday, day):
        return False
    # A weekday without an ordinal is every week by the letter, and hardly what was meant.
    named = [code for code in days if code[0] or schedule.bymonthday]
    return any(is_of(code, day) for code in named) if days else True


def _is_monthday(monthdays: str, day: date) -> bool:
    named = {int(one) for one in monthdays.split(",") if _DAY.fullmatch(one.strip())}
    return bool(named & {day.day, day.day - _length(day) - 1})


def _monday(day: date) -> date:
    # The first days of the calendar have no Monday before them.
    return date.min if day.toordinal() <= day.weekday() else day - timedelta(day.weekday())


def _length(day: date) -> int:
    return monthrange(day.year, day.month)[1]
