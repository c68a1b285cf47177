"""Times of day as people write them: "10-12.30pm" is from 10 in the morning.

What is left out of a time is taken from the other end of its range or from "morning" and the
like. Where both halves of the day would do ("7-9"), nothing is taken: ``Unreadable``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import time

from linkwork.timetable.slots import LAST_MINUTE, Unreadable

NOON, DAY = 12 * 60, 24 * 60
NIGHT = 5 * 60
SHORTEST_MINUTES, LONGEST_MINUTES = 30, 16 * 60
EARLIEST_MORNING, EARLIEST_PLAIN = 7 * 60, 9 * 60
LATEST_INHERITED = 6 * 60
_TIME = re.compile(r"(\d{1,2}?)(?:[:.]?(\d\d))?\s*([ap])?\W*(?:m\b|hrs?|hours?|h|o'?clock)?\W*")
_PARTS = {"morning": (5 * 60, NOON), "afternoon": (11 * 60, 18 * 60), "evening": (16 * 60, DAY)}
_PARTS |= {"am": _PARTS["morning"], "pm": (NOON, DAY), "night": _PARTS["evening"]}


@dataclass(frozen=True, slots=True)
class Clock:
    """A time as written: hour and minute, and the half of the day where that was said."""

    hour: int
    minute: int
    half: str | None = None
    """``a``, ``p``, ``24`` for the whole day's hours, ``noon``, ``midnight``; None is unsaid."""
    is_bare: bool = False
    """Only a figure, such as 10: no time by itself."""


@dataclass(frozen=True, slots=True)
class Written:
    """A range as written, with one end where there is only one, and the part of day it stands by.

    ``end_only`` says that the one time is when it closes, ``is_led`` that it stands behind "from"
    or "at" and so is when it opens.
    """

    first: Clock
    last: Clock | None = None
    end_only: bool = False
    is_led: bool = False


Hours = tuple[time | None, time | None]


def clock(words: str) -> Clock | None:
    """The time some words are, or None where they are none such as 25 or 10:75."""
    if "noon" in words or "mid" in words:
        return Clock(0, 0, "midnight") if "midnight" in words else Clock(12, 0, "noon")
    found = _TIME.fullmatch(words)
    if not found:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    half = found[3] or ("24" if hour > 12 or found[1].startswith("0") else None)
    if hour > 24 or minute > 59 or (half in ("a", "p") and not 1 <= hour <= 12):
        return None
    if hour == 24:
        return Clock(0, 0, "midnight") if minute == 0 else None
    return Clock(hour, minute, half, is_bare=found[2] is None and found[3] is None)


def resolve(written: Written, part: str | None = None) -> Hours:
    """The hours of a range as times of a day. Raises Unreadable where they could be others."""
    if written.last is None:
        at = _single(written.first, part)
        _must_suit(at, part)
        return (None, _time(at)) if written.end_only else (_time(at), None)
    first, last = _range(written.first, written.last, part)
    if not 0 <= first < last <= DAY or last - first > LONGEST_MINUTES:
        raise Unreadable("The hours end before they begin, or last too long.")
    _must_suit(first, part)
    return _time(first), _time(last)


def _single(at: Clock, part: str | None) -> int:
    if at.half == "midnight":
        raise Unreadable("Midnight may be the beginning of a day or its end.")
    known = _minutes(at)
    if known is not None:
        return known
    fits = _in_part(at, part) if part else _usual(at)
    if len(fits) != 1:
        raise Unreadable("It is not said whether a time is in the morning or the evening.")
    return fits[0]


def _usual(at: Clock) -> list[int]:
    """9 to 11 are in the morning, 12 to 5 in the afternoon; 6 to 8 may be either."""
    minutes = (at.hour % 12) * 60 + at.minute
    if minutes >= EARLIEST_PLAIN:
        return [minutes]
    return [minutes + NOON] if minutes < LATEST_INHERITED else []


def _range(first: Clock, last: Clock, part: str | None) -> tuple[int, int]:
    begins, ends = _minutes(first), _end(last)
    if begins is not None and ends is not None:
        return begins, ends
    if begins is not None:
        return begins, _after(begins, last)
    if ends is not None:
        return _before(first, ends, last.half, part), ends
    begins = _begins(first, last, part)
    return begins, _after(begins, last)


def _end(last: Clock) -> int | None:
    return DAY if last.half == "midnight" else _minutes(last)


def _after(begins: int, last: Clock) -> int:
    """The first time after the beginning that could be meant."""
    ends = (last.hour % 12) * 60 + last.minute
    return next((at for at in (ends, ends + NOON) if at > begins), -1)


def _before(first: Clock, ends: int, half: str | None, part: str | None) -> int:
    """The last time before the end that could be meant: the same half of the day if it can be."""
    minutes = (first.hour % 12) * 60 + first.minute
    if part:
        fits = _in_part(first, part)
        return fits[0] if len(fits) == 1 else -1
    if half == "24":
        # 10:00 beside 16:30: hours of the whole day, as they stand.
        as_it_stands = first.hour * 60 + first.minute
        return as_it_stands if as_it_stands >= EARLIEST_MORNING else -1
    if half == "midnight":
        raise Unreadable("It is not said in which half of the day it begins.")
    return next((at for at in (minutes + NOON, minutes) if NIGHT <= at < ends), -1)


def _begins(first: Clock, last: Clock, part: str | None) -> int:
    """Neither end says its half of the day: only what nobody could take for another is read."""
    begins = (first.hour % 12) * 60 + first.minute
    ends = (last.hour % 12) * 60 + last.minute
    if part:
        fits = _in_part(first, part)
        return fits[0] if len(fits) == 1 else -1
    if first.hour == 12:
        return NOON + first.minute
    crosses_noon = ends <= begins
    # "8-12" may be until midnight; "9-12" and "8-4" are not taken for anything else.
    if crosses_noon and begins >= (EARLIEST_MORNING if ends else EARLIEST_PLAIN):
        return begins
    if not crosses_noon and ends - begins < SHORTEST_MINUTES:
        raise Unreadable("The hours are too short to be sure which half of the day is meant.")
    if not crosses_noon and begins >= EARLIEST_PLAIN:
        return begins
    if not crosses_noon and 60 <= begins < LATEST_INHERITED and ends <= 9 * 60:
        return begins + NOON
    raise Unreadable("It is not said whether the hours are in the morning or the evening.")


def _minutes(at: Clock) -> int | None:
    if at.half in (None, "midnight"):
        return None
    minutes = at.hour * 60 + at.minute
    if at.half == "a":
        if at.hour == 12:
            raise Unreadable("12am may be noon or midnight.")
        return minutes
    if at.half == "24" and minutes < EARLIEST_MORNING:
        raise Unreadable("A time is in the night, or not written as a time of the whole day.")
    return minutes + NOON if at.half == "p" and at.hour < 12 else minutes


def _in_part(at: Clock, part: str) -> list[int]:
    earliest, latest = _PARTS.get(part, (0, DAY))
    both = ((at.hour % 12) * 60 + at.minute, (at.hour % 12) * 60 + at.minute + NOON)
    return [minutes for minutes in both if earliest <= minutes < latest]


def _must_suit(begins: int, part: str | None) -> None:
    earliest, latest = _PARTS.get(part or "", (0, DAY))
    if not earliest <= begins < latest:
        raise Unreadable(f"The hours are not in the {part}.")


def _time(minutes: int) -> time:
    return LAST_MINUTE if minutes == DAY else time(*divmod(minutes, 60))
