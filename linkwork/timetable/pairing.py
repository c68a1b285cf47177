"""Which hours belong to which days.

Days and hours that stand together, with nothing but commas and small words between them, are a
run: "Mon and Wed 10-12, Fri 1-3pm", or the other way about, "9-4 weekdays". A run that could be
paired in two ways is not read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import time
from itertools import pairwise

from linkwork.timetable.closures import Piece
from linkwork.timetable.days import Days
from linkwork.timetable.elements import Element
from linkwork.timetable.hours import Hours, Written, resolve
from linkwork.timetable.slots import LAST_MINUTE, Unreadable
from linkwork.timetable.vocabulary import CONTACT, LIMITS, OTHER

ALL_DAY: Hours = (time(0, 0), LAST_MINUTE)
Group = tuple[int, Days | list[Written | None]]
"""The place of days, or of hours that follow one another; hours of None are all day."""
MOST_PROSE_BEFORE = 4
MOST_PROSE_BETWEEN = 6
TIMED = (Piece.DAYS, Piece.HOURS)
BESIDE: tuple[Piece, ...] = (
    Piece.SOFT,
    Piece.PART,
    Piece.INTERVAL,
    Piece.EXCEPT,
    Piece.CLOSED,
    Piece.BANK,
)
BESIDE += (Piece.TERM, Piece.APPOINTMENT, Piece.OF_MONTH, Piece.VALID, Piece.SEASON)


@dataclass(slots=True)
class Draft:
    """Days with their hours, while the rest of the text may still change them.

    ``place`` is where its days stand among the elements.
    """

    days: Days
    hours: list[Hours]
    place: int


@dataclass(slots=True)
class Run:
    """Days and hours that stand together, by their places among the elements."""

    places: list[int] = field(default_factory=list)
    part: str | None = None
    is_unsure_of_part: bool = False


def runs(found: Sequence[Element]) -> list[Run]:
    """The runs of a text in order."""
    made = [Run()]
    for place, element in enumerate(found):
        if element.piece in TIMED:
            made[-1].places.append(place)
        elif element.piece is Piece.PART:
            _note_part(made[-1], element.data)
        elif element.piece is Piece.NEWLINE:
            if _has_both(made[-1], found):
                made.append(Run())
        elif element.piece not in BESIDE:
            made.append(Run())
    return [run for run in made if run.places]


def sentences(found: Sequence[Element]) -> list[int]:
    """For each element the number of the sentence or line it stands in."""
    numbers, number = [], 0
    for element in found:
        number += element.piece in (Piece.STOP, Piece.NEWLINE)
        numbers.append(number)
    return numbers


def paired(run: Run, found: Sequence[Element]) -> list[Draft]:
    """The days of a run with their hours. Raises Unreadable where it could be paired otherwise."""
    groups = _groups(run, found)
    order = "".join("D" if isinstance(data, Days) else "H" for _, data in groups)
    if set(order) == {"D"}:
        return _days_only(groups)
    if len(order) % 2 or "DD" in order or "HH" in order:
        raise Unreadable("Which hours belong to which days is not clear.")
    if _may_turn_about(run, found):
        raise Unreadable("Which hours belong to which days is not clear.")
    part = _part_of(run)
    return [_draft(groups[n], groups[n + 1], part) for n in range(0, len(groups), 2)]


def _may_turn_about(run: Run, found: Sequence[Element]) -> bool:
    """Whether hours and days stand so close that the order may change on the way.

    "Mon 10-12, 2-4 Tues, Fri 1-3": are the second hours those of Monday, or of Tuesday?
    """
    days_first = found[run.places[0]].piece is Piece.DAYS
    for before, here, after in zip([-1, *run.places], run.places, run.places[1:], strict=False):
        if after != here + 1 or found[here].piece is found[after].piece:
            continue
        if found[here].piece is Piece.DAYS and not days_first:
            return True
        several = len(found[here].data) > 1 if found[here].piece is Piece.HOURS else False
        follows = before >= 0 and found[before].piece is Piece.HOURS
        if found[here].piece is Piece.HOURS and days_first and (several or follows):
            return True
    return False


def _draft(one: Group, other: Group, part: str | None) -> Draft:
    days, hours = (one, other) if isinstance(one[1], Days) else (other, one)
    if not isinstance(days[1], Days) or isinstance(hours[1], Days):
        raise Unreadable("Which hours belong to which days is not clear.")
    return Draft(days[1], resolved(hours[1], part), days[0])


def joined(found: Sequence[Element], made: Sequence[Run], numbers: Sequence[int]) -> list[Run]:
    """Days and hours of one sentence with a few plain words between them are one run.

    "Mondays at the village hall, 10am to 12 noon": only where the sentence has no other.
    """
    whole: list[Run] = []
    for run in made:
        before = whole[-1] if whole else None
        if before and _belong(before, run, found, numbers, made):
            whole[-1] = Run(before.places + run.places, before.part or run.part)
        else:
            whole.append(run)
    return whole


def is_aside(run: Run, found: Sequence[Element], numbers: Sequence[int], after: int) -> bool:
    """Whether the words before a run say that it is about something else.

    ``after`` is the place of the last run that counted, -1 for none: what follows it at a
    distance, within one sentence, belongs to the words between.
    """
    first = run.places[0]
    begins = next(n for n in range(len(found)) if numbers[n] == numbers[first])
    between = found[max(begins, after + 1) : first]
    if any(element.piece is Piece.LIMIT for element in between):
        return True
    words = [element.data for element in between if element.piece is Piece.PROSE]
    if (CONTACT | OTHER) & set(words) or LIMITS & set(words[-1:]):
        return True
    return after >= 0 and len(words) > MOST_PROSE_BEFORE


def _note_part(run: Run, part: str) -> None:
    run.is_unsure_of_part |= run.part not in (None, part)
    run.part = part


def _has_both(run: Run, found: Sequence[Element]) -> bool:
    return {found[place].piece for place in run.places} == set(TIMED)


def _belong(
    one: Run, other: Run, found: Sequence[Element], numbers: Sequence[int], made: Sequence[Run]
) -> bool:
    sentence = numbers[one.places[0]]
    if len(one.places) != 1 or len(other.places) != 1 or numbers[other.places[0]] != sentence:
        return False
    pieces = {found[one.places[0]].piece, found[other.places[0]].piece}
    alone = sum(numbers[run.places[0]] == sentence for run in made) == 2
    between = found[one.places[0] + 1 : other.places[0]]
    prose = sum(element.piece is Piece.PROSE for element in between)
    plain = all(element.piece in (Piece.PROSE, *BESIDE) for element in between)
    fits = pieces == set(TIMED) and alone and plain and prose <= MOST_PROSE_BETWEEN
    return fits and not _is_bare(found, one) and not _is_bare(found, other)


def _is_bare(found: Sequence[Element], run: Run) -> bool:
    """Whether its hours are mere figures, such as 3-5: at a distance they may count anything."""
    hours = found[run.places[0]].data
    return isinstance(hours, list) and any(
        written and written.first.is_bare and (written.last is None or written.last.is_bare)
        for written in hours
    )


def _groups(run: Run, found: Sequence[Element]) -> list[Group]:
    """The elements of a run, with hours that follow hours put together."""
    groups: list[Group] = []
    for place in run.places:
        data = found[place].data
        if isinstance(data, list) and groups and isinstance(groups[-1][1], list):
            groups[-1] = (groups[-1][0], [*groups[-1][1], *data])
        else:
            groups.append((place, data))
    return groups


def _days_only(groups: Iterable[Group]) -> list[Draft]:
    return [
        Draft(days, [ALL_DAY if days.is_all_day else (None, None)], place)
        for place, days in groups
        if isinstance(days, Days)
    ]


def _part_of(run: Run) -> str | None:
    if run.is_unsure_of_part:
        raise Unreadable("Which hours are in the morning and which later is not clear.")
    return run.part


def resolved(hours: Sequence[Written | None], part: str | None) -> list[Hours]:
    """The hours as times of a day, in order. Raises Unreadable where they overlap."""
    found = [ALL_DAY if written is None else resolve(written, part) for written in hours]
    for before, after in pairwise(found):
        if before[1] is None or after[0] is None or after[0] < before[1]:
            raise Unreadable("The hours of a day overlap, or do not follow one another.")
    return found
