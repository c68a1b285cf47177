"""Days as people write them: "Mon & Thurs", "first and third Tuesday of the month"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from linkwork.timetable.slots import CODES, Unreadable
from linkwork.timetable.tokens import Kind, Token

SHORT = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EVERY_DAY = tuple(range(7))
ORDINALS = {"1st": 1, "first": 1, "2nd": 2, "second": 2, "3rd": 3, "third": 3, "4th": 4}
ORDINALS |= {"fourth": 4, "5th": 5, "fifth": 5, "last": -1}
WEEKS = {"three": 3, "3": 3, "third": 3, "3rd": 3, "four": 4, "4": 4, "fourth": 4, "4th": 4}
WEEKS |= {"six": 6, "6": 6}
_JOINED = (Kind.AND,)
_FILL = frozenset({"every", "each", "on", "the", "all"})


@dataclass(frozen=True, slots=True)
class Days:
    """Days of the week, or of the month where an ordinal stands before them.

    ``each`` holds (ordinal, weekday) with ordinal 0 for every week and Monday 0.
    """

    each: tuple[tuple[int, int], ...]
    interval: int = 1
    is_all_day: bool = False
    """Whether the hours are said with the days: "24/7"."""

    @property
    def weekdays(self) -> frozenset[int]:
        """The days of the week that are named without an ordinal."""
        return frozenset(day for ordinal, day in self.each if not ordinal)

    def without(self, weekdays: frozenset[int]) -> Days:
        """These days less some days of the week."""
        left = tuple(one for one in self.each if one[0] or one[1] not in weekdays)
        return replace(self, each=left)

    def byday(self, *, monthly: bool) -> str:
        """The days of the week, or those of the month, as iCalendar writes them."""
        found = sorted({one for one in self.each if bool(one[0]) is monthly}, key=_in_order)
        return ",".join(f"{ordinal or ''}{CODES[day]}" for ordinal, day in found)


def read_days(tokens: Sequence[Token], at: int) -> tuple[Days, int] | None:
    """The days that begin at a token, and the place after them; None where none do."""
    reader = _Reader(tokens, at)
    return (Days(tuple(reader.found), reader.interval), reader.at) if reader.read() else None


def weeks(words: str) -> int:
    """How many weeks lie between two times: "every three weeks"."""
    named = (WEEKS[word] for word in words.split() if word in WEEKS)
    return next(named, 2)


def _in_order(one: tuple[int, int]) -> tuple[int, int]:
    return (one[0] if one[0] >= 0 else 9, one[1])


@dataclass(slots=True)
class _Reader:
    """Reads one group of days; ``at`` moves behind what belongs to it."""

    tokens: Sequence[Token]
    at: int
    found: list[tuple[int, int]]
    interval: int

    def __init__(self, tokens: Sequence[Token], at: int) -> None:
        self.tokens, self.at, self.found, self.interval = tokens, at, [], 1

    def read(self) -> bool:
        """Read days joined by commas and such; whether there were any."""
        if not self._one():
            return False
        while True:
            before = self.at
            while self._kind() in _JOINED:
                self.at += 1
            if not self._one():
                self.at = before
                break
        self._of_month()
        return True

    def _kind(self, ahead: int = 0) -> Kind | None:
        place = self.at + ahead
        return self.tokens[place].kind if place < len(self.tokens) else None

    def _one(self) -> bool:
        """One day, one range, or ordinals and the days they are of."""
        start, before = self.at, self.found[-1:]
        fortnightly = self._prefix()
        is_apart = self.at > start
        ordinals = self._ordinals()
        if self._kind() is Kind.DAILY and not ordinals:
            self.at += 1
            self.found += [(0, day) for day in EVERY_DAY]
        elif self._kind() is Kind.DAY:
            if before and before[0][0] and not ordinals and not is_apart:
                # "First Monday and Wednesday": the first Wednesday, or every one?
                raise Unreadable("Which of the days are of the month is not clear.")
            self._day(ordinals or [0])
        else:
            self.at = start
            return False
        if fortnightly:
            if len(self.found) > 1 or ordinals:
                raise Unreadable("It is not said which days are only every other week.")
            self.interval = fortnightly
        elif self.interval > 1:
            raise Unreadable("It is not said which days are only every other week.")
        return True

    def _prefix(self) -> int:
        """Pass over "every" and the like; the number of weeks where it is every other."""
        found = 0
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            if token.kind is Kind.INTERVAL and not _is_of_weeks(token.words):
                found = weeks(token.words)
            elif not (token.kind is Kind.WORD and token.words in _FILL):
                break
            self.at += 1
        return found

    def _ordinals(self) -> list[int]:
        found: list[int] = []
        if self._kind() is Kind.EVERY_NTH:
            found.append(ORDINALS[self.tokens[self.at].words.split()[-1]])
            if not self._says_of_month():
                raise Unreadable("“Every second” may be of the month or every other week.")
            self.at += 1
        while True:
            ahead = 0
            while found and self._kind(ahead) in _JOINED:
                ahead += 1
            if self._kind(ahead) is not Kind.ORDINAL:
                return found
            if found and not ahead:
                raise Unreadable("“Second last” may be one day of the month or two.")
            found.append(ORDINALS[self.tokens[self.at + ahead].words])
            self.at += ahead + 1

    def _says_of_month(self) -> bool:
        return any(token.kind is Kind.OF_MONTH for token in self.tokens[self.at : self.at + 8])

    def _day(self, ordinals: list[int]) -> None:
        words = self.tokens[self.at].words
        self.at += 1
        days = _named(words)
        if self._kind() is Kind.TO and self._kind(1) is Kind.DAY and len(days) == 1:
            last = _named(self.tokens[self.at + 1].words)
            if ordinals != [0] or len(last) != 1 or last == days:
                raise Unreadable("From which day to which is not clear.")
            days = [(days[0] + n) % 7 for n in range((last[0] - days[0]) % 7 + 1)]
            self.at += 2
        elif ordinals != [0] and len(days) != 1:
            raise Unreadable("An ordinal stands before more than one day.")
        self.found += [(ordinal, day) for ordinal in ordinals for day in days]

    def _of_month(self) -> None:
        if self._kind() is not Kind.OF_MONTH:
            return
        # "Tuesdays and the last Friday of the month": the last one named has the month.
        if not self.found[-1][0]:
            raise Unreadable("Which of the days of the month is meant is not said.")
        self.at += 1


def _is_of_weeks(words: str) -> bool:
    """Whether it says which weeks, for all the days there are: "alternate weeks"."""
    return "week" in words or "fortnight" in words


def _named(words: str) -> list[int]:
    if re.match(r"week\s?e", words):
        return [5, 6]
    if re.match(r"week|m\s*-", words):
        return list(range(5))
    return [SHORT.index(words[:3])]
