"""Weekly times read from the free words of a directory entry.

``timetable.reading`` reads them; what it refuses, or holds to be of some weeks only, is not a time
that somebody can be matched by, and stays text, to be shown as it is.
"""

from __future__ import annotations

from datetime import time

from linkwork.matching.offers import Session
from linkwork.timetable.reading import read
from linkwork.timetable.slots import CODES

LONGEST = 500


def read_sessions(text: str) -> tuple[Session, ...]:
    """Return the days and hours that the text states, each once, in the order of the week."""
    found = {
        Session(CODES.index(code[-2:]), slot.opens_at, slot.closes_at)
        for slot in read(text[:LONGEST]).slots
        for code in slot.byday.split(",")
    }
    return tuple(sorted(found, key=lambda one: (one.weekday, one.opens or time.min)))
