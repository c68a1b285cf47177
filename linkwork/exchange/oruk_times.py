"""The schedules of a record as rows: days and hours as the feed gives them, else as its words do.

Feeds often put everything into ``description`` and leave the days out. Several schedules with the
same words are one text cut up; what they give together is held against what the words say, so
that a feed read again after it was written out here gives the same rows.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import time
from typing import Any
from uuid import UUID, uuid5

from linkwork.exchange.oruk_values import LINE, MONTHDAYS, WORDS, Values, uuid_of
from linkwork.timetable.reading import Outcome, Reading, Slot, read
from linkwork.timetable.slots import CODES, LAST_MINUTE

FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY")
EVERY_DAY = ",".join(CODES)
SAID_BESIDE = tuple(
    "closed_byday closed_on closed_bank_holidays term_time_only by_appointment".split()
)
TIMES = ("freq", "interval", "byday", "opens_at", "closes_at", "valid_from", "valid_to")
PLAIN: dict[str, Any] = {
    "closed_byday": None,
    "closed_on": [],
    "closed_bank_holidays": False,
    "term_time_only": False,
    "by_appointment": False,
    "from_words": False,
    "doubt": None,
    "unread": None,
    "reading": None,
}
Row = dict[str, Any]


def rows(given: Iterable[Values]) -> list[Row]:
    """The rows for the schedules of one record, those with the same words side by side."""
    groups: dict[str | None, list[Row]] = defaultdict(list)
    for number, row in enumerate(_row(one) for one in given):
        words = row["description"]
        groups[words if words else f"\0{number}"].append(row)
    made = [row for group in groups.values() for row in _told(group)]
    if not any(row["doubt"] for row in made):
        return [{**row, "reading": None} for row in made]
    fingerprint = _fingerprint(made)
    return [{**row, "reading": fingerprint if row["doubt"] else None} for row in made]


def _row(one: Values) -> Row:
    freq = (one.text("freq", LINE) or "").upper() or None
    if freq not in (None, *FREQUENCIES):
        one.warn("freq", f"“{str(freq)[:20]}” is not one of {', '.join(FREQUENCIES)}.")
        freq = None
    monthdays = (one.text("bymonthday", LINE) or "").replace(" ", "")
    if monthdays and not MONTHDAYS.fullmatch(monthdays):
        one.warn("bymonthday", "is not a list of days of the month such as 1,15.")
        monthdays = ""
    interval, byday = one.whole("interval", 52), one.weekdays("byday")
    if freq == "DAILY" and (interval or 1) == 1:
        # The standard knows no days but those of a week or a month.
        freq, byday = "WEEKLY", byday or EVERY_DAY
    return {
        "source_id": one.text("id", LINE),
        "freq": freq,
        "interval": interval,
        "byday": byday,
        "bymonthday": monthdays or None,
        "dtstart": one.day("dtstart"),
        **_hours(one),
        **_validity(one),
        "attending_type": one.text("attending_type", LINE),
        "description": one.text("description") or one.text("notes"),
        **PLAIN,
    }


def _hours(one: Values) -> Row:
    """When it opens and closes: no end where it would be before the beginning.

    From 09:00 to 05:00 is a slip of the pen more often than a night. Midnight ends a day.
    """
    opens, closes = one.clock("opens_at"), one.clock("closes_at")
    if closes == time.min and opens is not None:
        closes = LAST_MINUTE
    if opens and closes and closes <= opens:
        one.warn("closes_at", f"{closes:%H:%M} is not after {opens:%H:%M}: it was left out.")
        closes = None
    return {"opens_at": opens, "closes_at": closes}


def _validity(one: Values) -> Row:
    """From when until when it holds: neither where it would end before it begins."""
    start, end = one.day("valid_from"), one.day("valid_to") or one.day("until")
    if start and end and end < start:
        one.warn("valid_to", f"{end} is before valid_from, {start}: both were left out.")
        start = end = None
    return {"valid_from": start, "valid_to": end}


def _told(group: Sequence[Row]) -> Iterator[Row]:
    """The rows that share some words, with what the words say."""
    first = group[0]
    reading = read(first["description"] or "")
    if any(_says_days(row) for row in group):
        yield from _given(group, reading)
    elif len(group) == 1 and reading.slots and _suits(first, reading):
        yield from _from_words(first, reading)
    else:
        # Hours beside words with other hours, or the same words twice: nobody knows which.
        doubt = "differs" if reading.slots else _doubt(reading)
        yield from ({**row, "doubt": doubt, "unread": _unread(reading)} for row in group)


def _says_days(row: Mapping[str, Any]) -> bool:
    return bool(row["byday"] or row["bymonthday"] or (row["freq"] and row["dtstart"]))


def _given(group: Sequence[Row], reading: Reading) -> Iterator[Row]:
    agrees = _as_set(group) == _as_set([_columns(slot) for slot in reading.slots])
    doubt = _doubt(reading) if agrees or not reading.slots else "differs"
    beside = _beside(reading.slots[0]) if agrees and reading.slots else {}
    marks = {"from_words": agrees and bool(reading.slots), "doubt": doubt}
    yield from ({**row, **beside, **marks, "unread": _unread(reading)} for row in group)


def _suits(row: Mapping[str, Any], reading: Reading) -> bool:
    """Whether hours that stand by words are those of the words, or the words have none."""
    hours = (row["opens_at"], row["closes_at"])
    said = {(slot.opens_at, slot.closes_at) for slot in reading.slots}
    return hours == (None, None) or said in ({hours}, {(None, None)})


def _from_words(row: Row, reading: Reading) -> Iterator[Row]:
    for number, slot in enumerate(reading.slots):
        told = {name: value for name, value in _columns(slot).items() if value is not None}
        yield {
            **row,
            **told,
            **_beside(slot),
            "source_id": row["source_id"] if number == 0 else _another(row["source_id"], number),
            "from_words": True,
            "doubt": _doubt(reading),
            "unread": _unread(reading),
        }


def _columns(slot: Slot) -> Row:
    return {name: getattr(slot, name) for name in TIMES}


def _beside(slot: Slot) -> Row:
    found = {name: getattr(slot, name) for name in SAID_BESIDE}
    return {**found, "closed_on": list(slot.closed_on)}


def _another(source_id: str | None, number: int) -> str | None:
    key = uuid_of(source_id or "")
    return str(uuid5(UUID(key), f"time {number}")) if key else None


def _as_set(group: Iterable[Mapping[str, Any]]) -> set[tuple[Any, ...]]:
    """What rows say, day by day, so that two ways to write the same are the same."""
    return {
        (
            (code if code[:-2] else (row["freq"] or "WEEKLY", code)),
            row["interval"] or 1,
            row["opens_at"],
            row["closes_at"],
        )
        for row in group
        for code in (row["byday"] or "").split(",")
    }


def _doubt(reading: Reading) -> str | None:
    return {Outcome.PARTLY: "partly", Outcome.REFUSED: "refused"}.get(reading.outcome)


def _unread(reading: Reading) -> str | None:
    return (reading.reason or "; ".join(reading.unread))[:WORDS] or None


def _fingerprint(made: Sequence[Row]) -> str:
    """What an editor confirms: the words and the times, whatever their rows are called."""
    names = (*TIMES, "bymonthday", "dtstart", "description", *SAID_BESIDE)
    said = [[str(row[name]) for name in names] for row in made]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()
