"""Days and hours that look like a timetable and are something else.

"Friday 6pm to Sunday 4pm" is one long time, "starting Tuesday" says when it begins, and in
"Mon-Thurs 9-5, Fri 4pm" the last may be when it closes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from linkwork.timetable.closures import Piece
from linkwork.timetable.days import Days
from linkwork.timetable.elements import Element
from linkwork.timetable.hours import Written
from linkwork.timetable.slots import Unreadable
from linkwork.timetable.tokens import Kind
from linkwork.timetable.vocabulary import OTHER

LEADS_ON = frozenset({"this", "from", "start", "starts", "starting"})
REPEATS = ("every", "each", "all", "days")
TIMED = (Piece.DAYS, Piece.HOURS)


def must_be_sure(text: str, found: Sequence[Element], read: Sequence[int]) -> None:
    """Raise Unreadable where what was read at some places may mean something else."""
    for place in read:
        if found[place].piece is Piece.DAYS:
            _must_not_end_a_span(text, found, place)
            _must_not_be_the_first(text, found, place)
    for place in read:
        _must_not_be_of_another(found, place)
    _must_be_alike([one for place in read for one in _hours(found[place])])


def _must_not_end_a_span(text: str, found: Sequence[Element], place: int) -> None:
    """No "to" or "until" before a day: that of "Monday to Friday" is within the days."""
    for at in _soft_before(found, place):
        if found[at].data is not Kind.TO:
            continue
        is_dash = text[found[at].start] in "-=\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
        first = min(_soft_before(found, at), default=at)
        if not is_dash or (first and found[first - 1].piece in TIMED):
            raise Unreadable("It may go on from one day to another.")


def _must_not_be_the_first(text: str, found: Sequence[Element], place: int) -> None:
    """No "starting Tuesday" or "this Tuesday": one day, and not each week’s."""
    days, said = found[place].data, _said(text, found[place])
    if not isinstance(days, Days) or len(days.each) != 1 or any(word in said for word in REPEATS):
        return
    if any(_said(text, found[at]) in LEADS_ON for at in _soft_before(found, place)):
        raise Unreadable("A day is named on which it begins, not one that comes again.")


def _must_not_be_of_another(found: Sequence[Element], place: int) -> None:
    """No "Mondays 9am deliveries": hours right before such a word are hardly the activity’s."""
    after = place + 1
    while after < len(found) and found[after].piece is Piece.SOFT:
        after += 1
    if after < len(found) and found[after].piece is Piece.PROSE and found[after].data in OTHER:
        raise Unreadable("The times may be those of something else that goes on there.")


def _must_be_alike(hours: Sequence[Written | None]) -> None:
    """A time alone beside ranges may be an end; a beginning beside an end may be one long time."""
    alone = [one for one in hours if one and one.last is None]
    begins = [one for one in alone if not one.end_only]
    if len(begins) < len(alone) and begins:
        raise Unreadable("It is not said which beginning and which end belong together.")
    if len(alone) < len(hours) and any(not one.is_led for one in begins):
        raise Unreadable("A time stands alone beside others, and may be when it closes.")


def _hours(element: Element) -> Sequence[Written | None]:
    return element.data if element.piece is Piece.HOURS else ()


def _soft_before(found: Sequence[Element], place: int) -> Iterator[int]:
    """The places right before one that hold small words and signs, nearest first."""
    while place and found[place - 1].piece is Piece.SOFT:
        place -= 1
        yield place


def _said(text: str, element: Element) -> str:
    return text[element.start : element.end].lower()
