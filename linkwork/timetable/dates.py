"""Dates, months and spans of them as people write them, with or without a year."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from linkwork.timetable.slots import Unreadable
from linkwork.timetable.tokens import MONTHS, Kind, Token

NAMED = {
    "christmas day": (12, 25),
    "christmas eve": (12, 24),
    "boxing day": (12, 26),
    "new year's day": (1, 1),
    "new years day": (1, 1),
    "new year's eve": (12, 31),
    "new years eve": (12, 31),
}
LEAP_YEAR = 2028
_MONTH = re.compile("|".join(MONTHS))
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_DAY = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)?\b(?!\d)")

Span = tuple[str, str]
"""First and last day: both ``2026-12-25``, or both ``12-25`` where no year is said."""


def spans(token: Token) -> list[Span]:
    """The days a DATE or MONTH token names. Raises Unreadable where there are no such days."""
    words = " ".join(token.words.split())
    try:
        return _month(words) if token.kind is Kind.MONTH else _dates(words)
    except ValueError:
        raise Unreadable("A date is not one of the calendar.") from None


def joined(first: Span, last: Span) -> Span:
    """From the first of one to the last of the other; a year that only one has is both’s."""
    begins, ends = first[0], last[1]
    if len(begins) == 5 < len(ends):
        begins = f"{ends[:4]}-{begins}"
    if len(begins) != len(ends) or (len(begins) > 5 and begins > ends):
        raise Unreadable("The dates do not say which years are meant.")
    return begins, ends


def written(span: Span) -> str:
    """A span as ``closed_on`` of a schedule has it."""
    return span[0] if span[0] == span[1] else f"{span[0]}/{span[1]}"


def day_of(words: str) -> date:
    """A day that must have its year. Raises Unreadable without one."""
    if len(words) == 5:
        raise Unreadable("A date has no year.")
    return date.fromisoformat(words)


def outside(span: Span) -> Span:
    """The rest of the year: what is open from April to October is closed from November to March."""
    before = date.fromisoformat(f"{LEAP_YEAR}-{span[0]}").toordinal() - 1
    after = date.fromisoformat(f"{LEAP_YEAR}-{span[1]}").toordinal() + 1
    return date.fromordinal(after).isoformat()[5:], date.fromordinal(before).isoformat()[5:]


def _month(words: str) -> list[Span]:
    month, year = _month_in(words), _YEAR.search(words)
    last = monthrange(int(year[0]) if year else LEAP_YEAR, month)[1]
    return [(_said(year, month, 1), _said(year, month, last))]


def _dates(words: str) -> list[Span]:
    if words in NAMED:
        return [(_said(None, *NAMED[words]),) * 2]
    if figures := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d\d|\d{4})", words):
        year = figures[3] if len(figures[3]) == 4 else f"20{figures[3]}"
        day = date(int(year), int(figures[2]), int(figures[1])).isoformat()
        return [(day, day)]
    if re.fullmatch(r"\d{4}-\d\d-\d\d", words):
        day = date.fromisoformat(words).isoformat()
        return [(day, day)]
    return _in_words(words)


def _in_words(words: str) -> list[Span]:
    month, year = _month_in(words), _YEAR.search(words)
    days = [int(found) for found in _DAY.findall(_YEAR.sub("", words))]
    said = [_said(year, month, day) for day in days]
    if len(said) == 2 and re.search(r"-|\bto\b", words):
        if days[0] >= days[1]:
            raise Unreadable("The dates end before they begin.")
        return [(said[0], said[1])]
    return [(day, day) for day in said]


def _month_in(words: str) -> int:
    found = _MONTH.search(words)
    if found is None:
        raise ValueError(words)
    return MONTHS.index(found[0]) + 1


def _said(year: re.Match[str] | None, month: int, day: int) -> str:
    checked = date(int(year[0]) if year else LEAP_YEAR, month, day)
    return checked.isoformat() if year else checked.isoformat()[5:]
