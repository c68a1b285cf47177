"""The pieces a timetable is made of, found in its tokens one after the other.

Days, hours, what is closed and when it holds are read here by themselves; which hours belong to
which days is for ``pairing``. A word that no rule knows is prose, and stays so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from linkwork.timetable.closures import (
    MAY_BE_CLOSED,
    Closure,
    Found,
    Piece,
    bank_holidays,
    closed,
    days_or_closed,
    kind_at,
    valid,
)
from linkwork.timetable.days import EVERY_DAY, Days, weeks
from linkwork.timetable.hours import Clock, Written, clock
from linkwork.timetable.slots import Unreadable
from linkwork.timetable.tokens import Kind, Token
from linkwork.timetable.vocabulary import CHANGING, HARMLESS, OTHERWISE_ENDING, UNSURE


@dataclass(frozen=True, slots=True)
class Element:
    """A piece of the text from ``start`` to before ``end``, and what it says."""

    piece: Piece
    start: int
    end: int
    data: Any = None


SOFT = frozenset({Kind.AND, Kind.COLON, Kind.PAREN, Kind.TO, Kind.FROM, Kind.BETWEEN})
SIMPLE = {
    Kind.TERM: Piece.TERM,
    Kind.APPOINTMENT: Piece.APPOINTMENT,
    Kind.OF_MONTH: Piece.OF_MONTH,
    Kind.NEWLINE: Piece.NEWLINE,
    Kind.STOP: Piece.STOP,
    Kind.ASIDE: Piece.ASIDE,
    Kind.LAST_ENTRY: Piece.LIMIT,
    Kind.HOLIDAYS: Piece.UNSURE,
    Kind.EVERY_NTH: Piece.UNSURE,
    Kind.ORDINAL: Piece.UNSURE,
    Kind.EXCEPT: Piece.UNSURE,
    Kind.CLOSED: Piece.CHANGING,
    Kind.DATE: Piece.CHANGING,
    Kind.FEAST: Piece.CHANGING,
    Kind.SO_MANY: Piece.CHANGING,
    Kind.MONTH: Piece.CHANGING,
}


def elements(tokens: Sequence[Token]) -> list[Element]:
    """The elements of a text in order. Raises Unreadable for what is read in two ways."""
    found: list[Element] = []
    at = 0
    while at < len(tokens):
        piece, data, after = _element(tokens, at)
        found.append(Element(piece, tokens[at].start, tokens[after - 1].end, data))
        at = after
    return list(_with_other_hours(found))


def _with_other_hours(found: Sequence[Element]) -> Iterator[Element]:
    """Let "except Thursdays 10-12" take its hours, where the sentence had hours before it."""
    has_hours = False
    place = 0
    while place < len(found):
        one, after = found[place], found[place + 1 : place + 2]
        has_hours = one.piece not in (Piece.STOP, Piece.NEWLINE) and (
            has_hours or one.piece is Piece.HOURS
        )
        is_other = one.piece is Piece.EXCEPT and one.data.days is not None and has_hours
        if is_other and after and after[0].piece is Piece.HOURS:
            _must_be_other_hours(one.data, after[0].data)
            one = replace(one, end=after[0].end, data=replace(one.data, hours=after[0].data))
            place += 1
        yield one
        place += 1


def _must_be_other_hours(closure: Closure, hours: Sequence[Written | None]) -> None:
    """Raise Unreadable where it may be closed at these hours: "not Wed 12-1", or "from 1pm"."""
    begins = any(one and one.last is None and not one.end_only for one in hours)
    if closure.is_not or begins:
        raise Unreadable(MAY_BE_CLOSED)


def _element(tokens: Sequence[Token], at: int) -> Found:
    for rule in RULES:
        found = rule(tokens, at)
        if found is not None:
            return found
    token = tokens[at]
    if token.kind in SIMPLE:
        return SIMPLE[token.kind], token.words, at + 1
    if token.kind in SOFT:
        return Piece.SOFT, token.kind, at + 1
    return _word(token), token.words, at + 1


def _word(token: Token) -> Piece:
    if token.kind in (Kind.NUMBER, Kind.TIME):
        return Piece.FIGURE
    if token.words in CHANGING or _is_another_rhythm(token.words):
        return Piece.CHANGING
    if token.words in UNSURE or (token.words.endswith(("day", "days")) and len(token.words) > 6):
        return Piece.UNSURE
    return Piece.SOFT if token.words in HARMLESS else Piece.PROSE


def _is_another_rhythm(words: str) -> bool:
    """Whether it is such as "bi-monthly", and neither "weekly" nor a plain word of its own."""
    if words in HARMLESS or words in UNSURE:
        return False
    return words.endswith(OTHERWISE_ENDING)


def _interval(tokens: Sequence[Token], at: int) -> Found | None:
    if tokens[at].kind is not Kind.INTERVAL:
        return None
    return Piece.INTERVAL, weeks(tokens[at].words), at + 1


def _part(tokens: Sequence[Token], at: int) -> Found | None:
    if tokens[at].kind is not Kind.PART:
        return None
    return Piece.PART, tokens[at].words.replace(" ", "").rstrip("s"), at + 1


def _hours(tokens: Sequence[Token], at: int) -> Found | None:
    """One or more ranges of hours: "9.30-11.30am and 12.30-2.30pm", "from 6pm", "24 hours"."""
    if tokens[at].kind is Kind.ALL_DAY:
        return Piece.HOURS, [None], at + 1
    read = _one_range(tokens, at)
    if read is None:
        return None
    ranges, after = [read[0]], read[1]
    while True:
        ahead = after
        while kind_at(tokens, ahead) is Kind.AND:
            ahead += 1
        more = _one_range(tokens, ahead) if ahead > after else None
        if more is None:
            return Piece.HOURS, ranges, after
        if tokens[after].words == "/":
            raise Unreadable("Hours on either side of a stroke may be those of different days.")
        ranges.append(more[0])
        after = more[1]


def _one_range(tokens: Sequence[Token], at: int) -> tuple[Written, int] | None:
    start, leads = at, kind_at(tokens, at)
    while kind_at(tokens, start) in (Kind.FROM, Kind.BETWEEN):
        leads, start = kind_at(tokens, start), start + 1
    if leads is Kind.TO and tokens[at].words not in ("-", "="):
        start += 1
    first = _clock(tokens, start)
    if first is None:
        return None
    between = Kind.AND if leads is Kind.BETWEEN else Kind.TO
    last = _clock(tokens, start + 2) if kind_at(tokens, start + 1) is between else None
    if leads is Kind.TO:
        return None if last or first.is_bare else (Written(first, end_only=True), start + 1)
    if last is not None:
        return Written(first, last), start + 3
    if first.is_bare and leads is not Kind.FROM:
        return None
    return Written(first, is_led=leads is Kind.FROM), start + 1


def _clock(tokens: Sequence[Token], at: int) -> Clock | None:
    kind = kind_at(tokens, at)
    # 519 may be the number of a house; 5.19 and 5pm are times, and 5 beside another time.
    words = tokens[at].words if kind in (Kind.TIME, Kind.NUMBER) else ""
    # 13-19 are ages as likely as hours, which are written 13:00 or 1pm.
    is_hour = kind is Kind.TIME or (words.isdecimal() and len(words) <= 2 and int(words) <= 12)
    return clock(words) if is_hour else None


def _always(tokens: Sequence[Token], at: int) -> Found | None:
    """Days with all their hours: "24/7"."""
    if tokens[at].kind is not Kind.ALWAYS:
        return None
    return Piece.DAYS, Days(tuple((0, day) for day in EVERY_DAY), is_all_day=True), at + 1


RULES: tuple[Callable[[Sequence[Token], int], Found | None], ...] = (
    closed,
    bank_holidays,
    valid,
    _hours,
    days_or_closed,
    _always,
    _interval,
    _part,
)
