"""Days, dates and holidays on which something is open or closed, found in tokens.

Each rule takes the tokens and a place, and returns what begins there and the place after it, or
None where nothing of its kind does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from typing import Any

from linkwork.timetable import dates
from linkwork.timetable.days import Days, read_days
from linkwork.timetable.slots import Unreadable
from linkwork.timetable.tokens import Kind, Token


class Piece(Enum):
    """What an element says."""

    DAYS = auto()
    HOURS = auto()
    EXCEPT = auto()
    CLOSED = auto()
    BANK = auto()
    VALID = auto()
    SEASON = auto()
    TERM = auto()
    APPOINTMENT = auto()
    INTERVAL = auto()
    OF_MONTH = auto()
    PART = auto()
    SOFT = auto()
    NEWLINE = auto()
    STOP = auto()
    ASIDE = auto()
    LIMIT = auto()
    PROSE = auto()
    FIGURE = auto()
    UNSURE = auto()
    CHANGING = auto()


@dataclass(frozen=True, slots=True)
class Closure:
    """Days on which something is closed, or has other hours."""

    days: Days | None = None
    spans: tuple[dates.Span, ...] = ()
    bank_holidays: bool = False
    term_time_only: bool = False
    is_not: bool = False
    """Whether "not" says so: "not Wed 12-1" is closed then, "except Wed 9-1" has other hours."""
    hours: Any = None
    """Other hours on these days, as written."""


MAY_BE_CLOSED = "On a day it has other hours, or is closed then."
_LEADING = frozenset({"on", "the", "for", "during", "in", "all", "any", "every", "each", "over"})

Found = tuple[Piece, Any, int]
"""What an element says, the particulars, and the place after it."""


def kind_at(tokens: Sequence[Token], at: int) -> Kind | None:
    """What the token at a place is; None behind the last."""
    return tokens[at].kind if at < len(tokens) else None


def _over(tokens: Sequence[Token], at: int, kinds: frozenset[Kind]) -> int:
    """The place after tokens that only lead on: those kinds, and words such as "on the"."""
    while at < len(tokens) and (
        tokens[at].kind in kinds or (tokens[at].kind is Kind.WORD and tokens[at].words in _LEADING)
    ):
        at += 1
    return at


def closed(tokens: Sequence[Token], at: int) -> Found | None:
    """Days closed, as in "closed on Tuesdays", "except bank holidays", "except Thursdays 10-12"."""
    if tokens[at].kind not in (Kind.CLOSED, Kind.EXCEPT):
        return None
    target = _over(tokens, at + 1, frozenset({Kind.FROM, Kind.COLON, Kind.TO, Kind.BETWEEN}))
    read = _closure(tokens, target)
    if read is None:
        return None
    closure, after = read
    if tokens[at].words.endswith("not"):
        closure = replace(closure, is_not=True)
    piece = Piece.EXCEPT if tokens[at].kind is Kind.EXCEPT else Piece.CLOSED
    return piece, closure, after


def _closure(tokens: Sequence[Token], at: int) -> tuple[Closure, int] | None:
    """What is closed: days, bank holidays, school holidays, dates, joined by "and"."""
    days, spans, bank, term = None, [], False, False
    after = at
    while after < len(tokens):
        start = _over(tokens, after, frozenset({Kind.AND}) if after > at else frozenset())
        kind = kind_at(tokens, start)
        if kind is Kind.BANK:
            bank, after = True, start + 1
        elif kind is Kind.HOLIDAYS:
            term, after = True, start + 1
        elif (dated := _spans(tokens, start)) is not None:
            spans += dated[0]
            after = dated[1]
        elif days is None and (named := read_days(tokens, start)) is not None:
            days, after = named
        else:
            break
    if after == at:
        return None
    return Closure(days, tuple(spans), bank, term), after


def _spans(tokens: Sequence[Token], at: int) -> tuple[list[dates.Span], int] | None:
    if kind_at(tokens, at) not in (Kind.DATE, Kind.MONTH):
        return None
    found = dates.spans(tokens[at])
    if kind_at(tokens, at + 1) is Kind.TO and kind_at(tokens, at + 2) in (Kind.DATE, Kind.MONTH):
        return [dates.joined(found[0], dates.spans(tokens[at + 2])[-1])], at + 3
    return found, at + 1


def days_or_closed(tokens: Sequence[Token], at: int) -> Found | None:
    """Days, or days on which it is closed: "Sunday: closed"."""
    read = read_days(tokens, at)
    if read is None:
        return None
    days, after = read
    if kind_at(tokens, after) is Kind.DATE:
        raise Unreadable("A single date is named, not a time that comes again.")
    closed = after
    while kind_at(tokens, closed) in (Kind.COLON, Kind.TO, Kind.AND, Kind.PAREN):
        closed += 1
    if kind_at(tokens, closed) is Kind.CLOSED:
        ahead = _over(tokens, closed + 1, frozenset({Kind.FROM}))
        if kind_at(tokens, ahead) not in (Kind.BANK, Kind.HOLIDAYS, Kind.DATE, Kind.MONTH):
            return Piece.CLOSED, Closure(days), closed + 1
    return Piece.DAYS, days, after


def bank_holidays(tokens: Sequence[Token], at: int) -> Found | None:
    """Bank holidays: closed then, or open as ever."""
    start = at
    included = tokens[at].kind is Kind.WORD and tokens[at].words in ("including", "inc", "incl")
    start += included
    if kind_at(tokens, start) is not Kind.BANK:
        return None
    if included:
        return Piece.BANK, None, start + 1
    closed = start + 1
    while kind_at(tokens, closed) in (Kind.COLON, Kind.TO, Kind.AND):
        closed += 1
    if kind_at(tokens, closed) is Kind.CLOSED:
        return Piece.CLOSED, Closure(bank_holidays=True), closed + 1
    return Piece.UNSURE, None, start + 1


def valid(tokens: Sequence[Token], at: int) -> Found | None:
    """From or until a date with its year; a season of months or days without."""
    kind = tokens[at].kind
    if kind is Kind.TO and kind_at(tokens, at + 1) in (Kind.DATE, Kind.MONTH):
        if tokens[at].words in ("-", "="):
            return None
        last = dates.spans(tokens[at + 1])[-1][1]
        return Piece.VALID, (None, dates.day_of(last)), at + 2
    start = _over(tokens, at, frozenset({Kind.FROM, Kind.BETWEEN}))
    read = _spans(tokens, start)
    if read is None:
        return None
    span, after = read
    if after == start + 3:
        if len(span[0][0]) == 5:
            return Piece.SEASON, span[0], after
        return Piece.VALID, tuple(dates.day_of(day) for day in span[0]), after
    if kind is Kind.FROM and len(span) == 1:
        return Piece.VALID, (dates.day_of(span[0][0]), None), after
    raise Unreadable("A single date or month is named, not a time that comes again.")
