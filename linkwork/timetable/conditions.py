"""What changes the times of a text as a whole: days it is closed, terms, dates, appointments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from linkwork.timetable import dates
from linkwork.timetable.closures import MAY_BE_CLOSED, Closure, Piece
from linkwork.timetable.days import Days
from linkwork.timetable.elements import Element
from linkwork.timetable.hours import Hours
from linkwork.timetable.pairing import Draft, resolved
from linkwork.timetable.slots import Slot, Unreadable

CLOSED_THEN = "It names a day, and says that it is closed then."


def close(drafts: list[Draft], found: Sequence[Element]) -> None:
    """Take out of the days what is closed or has other hours. Raises Unreadable if that is odd."""
    for place, element in enumerate(found):
        if isinstance(element.data, Closure) and element.data.days is not None:
            if element.data.days.interval > 1:
                raise Unreadable("It is closed every other week, and which is not said.")
            if element.data.days.weekdays:
                _without(drafts, place, element.piece, element.data.days, element.data)
            elif element.data.hours:
                raise Unreadable("Other hours on a day of the month are not read.")


def _without(drafts: list[Draft], place: int, piece: Piece, days: Days, closure: Closure) -> None:
    weekdays = days.weekdays
    touched = [d for d in drafts if d.place < place and d.days.weekdays & weekdays]
    if piece is Piece.EXCEPT and not weekdays <= _named(touched):
        raise Unreadable("It excepts a day that it did not name before.")
    if piece is Piece.CLOSED and any(
        d.place > place and d.days.weekdays & weekdays for d in drafts
    ):
        raise Unreadable(CLOSED_THEN)
    for draft in touched:
        draft.days = draft.days.without(weekdays)
        if not draft.days.each:
            raise Unreadable(CLOSED_THEN)
    if closure.hours:
        hours = resolved(closure.hours, None)
        if any(_is_within(one, of) for one in hours for d in touched for of in d.hours):
            raise Unreadable(MAY_BE_CLOSED)
        drafts.append(Draft(Days(days.each), hours, place))


def _is_within(one: Hours, other: Hours) -> bool:
    """Whether hours neither begin nor end with others they are within: as a break does."""
    if one[0] is None or one[1] is None or other[0] is None or other[1] is None:
        return False
    return other[0] < one[0] and one[1] < other[1]


def _named(drafts: Sequence[Draft]) -> frozenset[int]:
    return frozenset().union(*(draft.days.weekdays for draft in drafts))


def conditions(found: Sequence[Element], numbers: Sequence[int], drafts: Sequence[Draft]) -> Slot:
    """A slot without days or hours that holds all the rest, for each to be made from."""
    beside = Slot("")
    for place, element in enumerate(found):
        if element.piece is Piece.TERM:
            _must_not_stand_between(place, numbers, drafts)
            beside = replace(beside, term_time_only=True)
        elif element.piece is Piece.APPOINTMENT:
            if _is_of_all(place, numbers, drafts, found):
                beside = replace(beside, by_appointment=True)
        elif element.piece is Piece.VALID:
            beside = _valid(beside, element.data)
        elif element.piece is Piece.SEASON:
            beside = _closed_on(beside, [dates.outside(element.data)])
        elif element.piece is Piece.INTERVAL:
            beside = _every(beside, element.data, drafts)
        elif element.piece is Piece.OF_MONTH and any(d.days.weekdays for d in drafts):
            raise Unreadable("It is monthly, and on which of the days is not said.")
        elif isinstance(element.data, Closure):
            beside = _closed(beside, element.data)
    return beside


def _must_not_stand_between(place: int, numbers: Sequence[int], drafts: Sequence[Draft]) -> None:
    same = [draft.place < place for draft in drafts if numbers[draft.place] == numbers[place]]
    if len(set(same)) > 1:
        raise Unreadable("Which of the times are in term time only is not clear.")


def _is_of_all(
    place: int, numbers: Sequence[int], drafts: Sequence[Draft], found: Sequence[Element]
) -> bool:
    """Whether all is by appointment; not where its sentence is about times that were not read."""
    same = [draft for draft in drafts if numbers[draft.place] == numbers[place]]
    if len(same) > 1 or (same and len(drafts) > 1):
        raise Unreadable("Which of the times are by appointment is not clear.")
    if any(draft.days.is_all_day for draft in drafts):
        raise Unreadable("It is open all day and night, and only when asked.")
    timed = (Piece.DAYS, Piece.HOURS, Piece.PART)
    others = (n for n, e in enumerate(found) if numbers[n] == numbers[place] and e.piece in timed)
    return bool(same) or not any(others)


def _valid(beside: Slot, told: tuple[date | None, date | None]) -> Slot:
    first, last = told
    if (first and beside.valid_from) or (last and beside.valid_to):
        raise Unreadable("It gives two dates from which it begins, or on which it ends.")
    made = replace(beside, valid_from=first or beside.valid_from, valid_to=last or beside.valid_to)
    if made.valid_from and made.valid_to and made.valid_to < made.valid_from:
        raise Unreadable("The dates end before they begin.")
    return made


def _every(beside: Slot, interval: int, drafts: Sequence[Draft]) -> Slot:
    if len(drafts) != 1 or len(drafts[0].days.each) != 1 or beside.interval > 1:
        raise Unreadable("It is not said which days are only every other week.")
    if drafts[0].days.interval > 1:
        raise Unreadable("It says twice that it is not every week.")
    return replace(beside, interval=interval)


def _closed(beside: Slot, closure: Closure) -> Slot:
    made = _closed_on(beside, closure.spans)
    if closure.days is not None and (codes := closure.days.byday(monthly=True)):
        known = made.closed_byday.split(",") if made.closed_byday else []
        joined = dict.fromkeys([*known, *codes.split(",")])
        made = replace(made, closed_byday=",".join(joined))
    return replace(
        made,
        closed_bank_holidays=made.closed_bank_holidays or closure.bank_holidays,
        term_time_only=made.term_time_only or closure.term_time_only,
    )


def _closed_on(beside: Slot, spans: Sequence[dates.Span]) -> Slot:
    known = dict.fromkeys([*beside.closed_on, *(dates.written(span) for span in spans)])
    return replace(beside, closed_on=tuple(known))
