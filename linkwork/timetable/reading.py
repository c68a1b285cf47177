"""Reads opening times from free words, or says honestly why it does not.

A wrong time sends somebody lonely to a locked door, so nothing is guessed: what could mean two
things is refused with the reason, and words that were passed over are handed back as unread.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import time
from functools import lru_cache

from linkwork.timetable import doubts
from linkwork.timetable.closures import Piece
from linkwork.timetable.conditions import close, conditions
from linkwork.timetable.elements import Element, elements
from linkwork.timetable.pairing import Draft, Run, is_aside, joined, paired, runs, sentences
from linkwork.timetable.slots import Outcome, Reading, Slot, Unreadable
from linkwork.timetable.tokens import tokens
from linkwork.timetable.vocabulary import HARMLESS

__all__ = ["Outcome", "Reading", "Slot", "read"]

LONGEST = 2_000
MOST_SLOTS = 40
KEPT = 1_000  # a directory says "Mondays 10am to 12 noon" more than once
LEFT = (Piece.PROSE, Piece.ASIDE, Piece.LIMIT, Piece.FIGURE, Piece.UNSURE, Piece.CHANGING)
TOO_LONG = f"It is longer than {LONGEST:,} characters."
NO_DAY = "It gives times or says how often, but not on which day."
UNSURE = "It holds words that leave the days or times open."
CHANGED = "It says that something is closed or changes, in a way that cannot be told."


@lru_cache(maxsize=KEPT)
def read(text: str) -> Reading:
    """Return the schedules a text states, at most 2,000 characters of it.

    Never raises: what cannot be read for sure is refused, with the reason.
    """
    if len(text) > LONGEST:
        return Reading(reason=TOO_LONG)
    try:
        return _Text(text).read()
    except Unreadable as reason:
        return Reading(reason=str(reason))


@dataclass(slots=True)
class _Text:
    """One text while it is read."""

    text: str
    found: list[Element] = field(init=False)
    numbers: list[int] = field(init=False)
    drafts: list[Draft] = field(init=False, default_factory=list)
    passed_over: list[Run] = field(init=False, default_factory=list)
    places: list[int] = field(init=False, default_factory=list)
    """The days and hours that were read."""
    used: set[int] = field(init=False, default_factory=set)
    """The sentences that hold what was read."""

    def __post_init__(self) -> None:
        self.found = elements(tokens(self.text))
        self.numbers = sentences(self.found)

    def read(self) -> Reading:
        """Pair days with hours, then apply what changes them."""
        self._pair()
        if not self.drafts:
            return self._nothing()
        self._must_be_sure()
        return Reading(self._slots(), tuple(self._unread()))

    def _pair(self) -> None:
        last = -1
        made = joined(self.found, runs(self.found), self.numbers)
        timed = [run for run in made if any(self._is_days(place) for place in run.places)]
        has_hours = any(len(run.places) > 1 for run in timed)
        for run in made:
            bare = len(run.places) == 1 and has_hours
            if run in timed and self.passed_over and not bare:
                doubts.must_not_be_shifted(self.passed_over[-1], run, self.found, self.numbers)
            if run not in timed or bare or is_aside(run, self.found, self.numbers, last):
                self.passed_over.append(run)
                continue
            self.drafts += paired(run, self.found)
            last = run.places[-1]
            self.places += run.places
            self.used |= {self.numbers[place] for place in run.places}

    def _is_days(self, place: int) -> bool:
        return self.found[place].piece is Piece.DAYS

    def _nothing(self) -> Reading:
        pieces = {element.piece for element in self.found}
        if pieces & {Piece.DAYS, Piece.HOURS, Piece.PART, Piece.CLOSED, Piece.INTERVAL}:
            return Reading(reason=NO_DAY)
        return Reading(by_appointment=Piece.APPOINTMENT in pieces)

    def _must_be_sure(self) -> None:
        doubts.must_be_sure(self.text, self.found, self.places)
        for place, element in enumerate(self.found):
            if element.piece is Piece.CHANGING:
                raise Unreadable(CHANGED)
            is_used = self.numbers[place] in self.used
            if element.piece is Piece.UNSURE and (is_used or self._leads_a_line(place)):
                raise Unreadable(UNSURE)
            if element.data in ("or", "no") and is_used and self._touches(place):
                raise Unreadable(UNSURE)
            if element.piece is Piece.FIGURE and self._touches(place):
                raise Unreadable("A figure beside the days is not a time.")

    def _leads_a_line(self, place: int) -> bool:
        """Whether its line has no stop, and the next one was read: "Occasional", "Mondays"."""
        for at in range(place, len(self.found)):
            if self.found[at].piece is Piece.STOP:
                return False
            if self.found[at].piece is Piece.NEWLINE:
                return self.numbers[at] in self.used
        return False

    def _touches(self, place: int) -> bool:
        """Whether it stands beside days or hours with no word or stop between."""
        return any(self._next_timed(place, step) for step in (-1, 1))

    def _next_timed(self, place: int, step: int) -> bool:
        at = place + step
        while 0 <= at < len(self.found) and self.found[at].piece is Piece.SOFT:
            at += step
        return 0 <= at < len(self.found) and self.found[at].piece in (Piece.DAYS, Piece.HOURS)

    def _slots(self) -> tuple[Slot, ...]:
        close(self.drafts, self.found)
        beside = conditions(self.found, self.numbers, self.drafts)
        slots = dict.fromkeys(slot for draft in self.drafts for slot in _of_draft(draft, beside))
        if len(slots) > MOST_SLOTS:
            raise Unreadable("It names more times than one activity has.")
        _must_be_apart(tuple(slots))
        return tuple(slots)

    def _unread(self) -> list[str]:
        """The words that nothing was made of, run by run, as they were written."""
        dropped = {place for run in self.passed_over for place in run.places}
        spans: list[tuple[int, int]] = []
        goes_on = False
        for place, element in enumerate(self.found):
            if element.piece in LEFT or place in dropped or self._is_vague_part(place):
                begins = spans.pop()[0] if goes_on else self._leading(place)
                spans.append((begins, element.end))
                goes_on = True
            elif element.piece not in (Piece.SOFT, Piece.STOP):
                goes_on = False
        return [" ".join(self.text[start:end].split()) for start, end in spans]

    def _leading(self, place: int) -> int:
        """Where the small words begin that lead on to one that was not read."""
        while place > 0 and self._is_small(place - 1):
            place -= 1
        return self.found[place].start

    def _is_small(self, place: int) -> bool:
        words = self.found[place].data
        return isinstance(words, str) and words in HARMLESS

    def _is_vague_part(self, place: int) -> bool:
        """Whether "morning" stands by days that have no hours, and so says more than was read."""
        if self.found[place].piece is not Piece.PART:
            return False
        return any(hours == (None, None) for draft in self.drafts for hours in draft.hours)


def _of_draft(draft: Draft, beside: Slot) -> Iterator[Slot]:
    """A slot for each range of hours, weekly days apart from days of the month."""
    interval = draft.days.interval if draft.days.interval > 1 else beside.interval
    for monthly in (False, True):
        byday = draft.days.byday(monthly=monthly)
        if not byday:
            continue
        if monthly and interval > 1:
            raise Unreadable("It says both days of the month and every other week.")
        for opens_at, closes_at in draft.hours:
            yield replace(
                beside,
                byday=byday,
                opens_at=opens_at,
                closes_at=closes_at,
                freq="MONTHLY" if monthly else "WEEKLY",
                interval=interval,
            )


def _must_be_apart(slots: Sequence[Slot]) -> None:
    """Raise Unreadable where a day has hours that overlap: one of them is not of this activity."""
    taken: list[tuple[str, time, time]] = []
    for slot in slots:
        begins = slot.opens_at or time.min
        ends = slot.closes_at or time.max
        if slot.closes_at is None:
            # "Mon-Fri 9-5, Thurs 7pm": until 7 that day, or again from 7? It takes the whole day.
            begins = time.min
        for code in slot.byday.split(","):
            for other, other_begins, other_ends in taken:
                overlap = begins == other_begins or (begins < other_ends and other_begins < ends)
                if overlap and _may_be_one_day(code, other):
                    raise Unreadable("A day is named twice, with different hours.")
            taken.append((code, begins, ends))


def _may_be_one_day(code: str, other: str) -> bool:
    """Whether two of ``TU``, ``1TU`` and ``-1TU`` can fall on one date."""
    ordinals = {code[:-2], other[:-2]}
    if code[-2:] != other[-2:]:
        return False
    return len(ordinals) == 1 or "" in ordinals or ordinals in ({"-1", "4"}, {"-1", "5"})
