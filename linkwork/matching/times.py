"""Weekly times read from the free words of a directory entry.

Only what is plainly written is read ("Mondays and Wednesdays 10:00 to 12:30", "Tue 10am - 4pm",
"Monday to Friday"); anything else stays text, to be shown as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import time

from linkwork.matching.offers import Session

DAY = r"(?P<day>mon|tue|wed|thu|fri|sat|sun)(?:day|s|sday|nesday|rs|rsday|urday)?s?\b\.?"
HOUR = r"(\d{1,2})(?:[:.](\d{2}))?\s*(am|pm|noon)?"
PIECE = re.compile(
    rf"\b{DAY}|(?P<range>\b(?:to|until|till)\b|-|–)|(?P<hour>\b\d{{1,2}}(?:[:.]\d{{2}})?\s*(?:am|pm|noon)?)",
    re.I,
)
SHORT = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LONGEST = 500


def read_sessions(text: str) -> tuple[Session, ...]:
    """Return the weekly times that the text states, each once, in the order of the week."""
    found: set[Session] = set()
    days: list[int] = []
    hours: list[time] = []
    ranged = False
    for kind, value in _pieces(text[:LONGEST]):
        if kind == "range":
            ranged = True
            continue
        if kind == "day":
            if hours:
                found.update(_sessions(days, hours))
                days, hours = [], []
            days.extend(_days(days, value, ranged))
        elif (hour := _hour(value)) and len(hours) < 2:
            hours.append(hour)
        ranged = False
    found.update(_sessions(days, hours))
    return tuple(sorted(found, key=lambda s: (s.weekday, s.opens or time.min)))


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    for piece in PIECE.finditer(text):
        kind = piece.lastgroup or ""
        yield kind, (piece[kind] or "").lower()


def _days(before: list[int], day: str, ranged: bool) -> list[int]:
    number = SHORT.index(day)
    return list(range(before[-1] + 1, number + 1)) if ranged and before else [number]


def _hour(written: str) -> time | None:
    found = re.fullmatch(HOUR, written.strip())
    if not found:
        return None
    hour, minute = int(found[1]), int(found[2] or 0)
    if found[3] == "pm" and hour < 12:
        hour += 12
    if found[3] is None and found[2] is None:
        return None
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _sessions(days: list[int], hours: list[time]) -> list[Session]:
    opens = hours[0] if hours else None
    closes = hours[1] if len(hours) > 1 else None
    if opens and closes and closes <= opens:
        closes = None
    return [Session(day, opens, closes) for day in days]
