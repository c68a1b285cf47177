"""Days and hours that look like a timetable and are something else.

"Friday 6pm to Sunday 4pm" is one long time, "starting Tuesday" says when it begins, and in
"Mon-Thurs 9-5, Fri 4pm" the last may be when it closes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from linkwork.timetable.closures import Closure, Piece
from linkwork.timetable.days import Days
from linkwork.timetable.elements import Element
from linkwork.timetable.hours import Written
from linkwork.timetable.pairing import Run
from linkwork.timetable.slots import Unreadable
from linkwork.timetable.tokens import Kind
from linkwork.timetable.vocabulary import LIMITS, OTHER

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
        if found[place].piece is Piece.HOURS and _words_before(found, place) in LIMITS:
            raise Unreadable("A time is said before or after which something is.")
    for before, after in pairwise(read):
        _must_not_lead_to_an_hour(found, before, after)
    _must_not_close_for_a_part(found)
    _must_be_alike([one for place in read for one in _hours(found[place])])


def must_not_be_shifted(
    before: Run, run: Run, found: Sequence[Element], numbers: Sequence[int]
) -> None:
    """No "Monday art 10-12 Tuesday craft 1-3", where the hours in the middle are Monday’s."""
    ends, begins = before.places[-1], run.places[0]
    is_bare = len(before.places) == 1 and numbers[ends] == numbers[begins]
    if is_bare and len(run.places) > 1 and found[ends].piece is not found[begins].piece:
        raise Unreadable("Which hours belong to which days is not clear.")


def _must_not_end_a_span(text: str, found: Sequence[Element], place: int) -> None:
    """No "to" or "until" before a day: that of "Monday to Friday" is within the days."""
    for at in _soft_before(found, place):
        if found[at].data is Kind.BETWEEN:
            raise Unreadable("It may go on from one day to another.")
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


def _must_not_lead_to_an_hour(found: Sequence[Element], days: int, hours: int) -> None:
    """No "9am Mon - 5pm Fri": days that have an hour, and go on to another."""
    pieces = [found[days].piece, found[hours].piece]
    if pieces != list(TIMED) or not _is_alone(found[hours]):
        return
    leads = [at for at in _soft_before(found, hours) if found[at].data is Kind.TO and at > days]
    first = min(_soft_before(found, days), default=days)
    if leads and first and _is_alone(found[first - 1]):
        raise Unreadable("It may go on from one day to another.")


def _must_not_close_for_a_part(found: Sequence[Element]) -> None:
    """No "closed Wednesday morning": the day is not closed, and its hours are not said."""
    for place, element in enumerate(found):
        is_closed = isinstance(element.data, Closure) and element.data.days is not None
        after = next((one for one in found[place + 1 :] if one.piece is not Piece.SOFT), None)
        if is_closed and after and after.piece is Piece.PART:
            raise Unreadable("It is closed for a part of a day.")


def _is_alone(element: Element) -> bool:
    return any(one and one.last is None for one in _hours(element))


def _hours(element: Element) -> Sequence[Written | None]:
    return element.data if element.piece is Piece.HOURS else ()


def _words_before(found: Sequence[Element], place: int) -> object:
    at = min(_soft_before(found, place), default=place)
    return found[at - 1].data if at and found[at - 1].piece is Piece.PROSE else None


def _soft_before(found: Sequence[Element], place: int) -> Iterator[int]:
    """The places right before one that hold small words and signs, nearest first."""
    while place and found[place - 1].piece is Piece.SOFT:
        place -= 1
        yield place


def _said(text: str, element: Element) -> str:
    return text[element.start : element.end].lower()
