"""Opening times in words, as the boxes of sessions: shown back to be confirmed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from linkwork.casework import service_facts, service_words
from linkwork.forms.service_facts import session_boxes
from linkwork.forms.service_rows import EVERY_FEW
from linkwork.timetable.reading import read
from linkwork.timetable.slots import CODES, Slot

PATTERN = ("freq", "interval", "byday", "bymonthday", "opens_at", "closes_at")
REST = ("valid_from", "valid_to", "closed_byday", "term_time_only", "by_appointment")
NOTHING = "We found no days and times in these words. Choose them below."


@dataclass(frozen=True, slots=True)
class Understood:
    """What some words were read as: boxes of each session, the times in words, and the rest."""

    rows: list[dict[str, Any]]
    times: list[str]
    unread: str
    reason: str


def understand(words: str) -> Understood:
    """Read words as sessions. What is not sure is not read: ``reason`` says why."""
    reading = read(words)
    slots = [part for slot in reading.slots for part in _apart(slot)]
    facts = [_facts(slot) for slot in slots]
    rows = [_boxes(one) for one in facts]
    if rows:
        rows[0]["words"] = words
    times = [service_words.times(service_facts.row_of("schedules", one)) for one in facts]
    reason = "" if rows else reading.reason or NOTHING
    return Understood(rows, times, "; ".join(reading.unread), reason)


def _apart(slot: Slot) -> Iterator[Slot]:
    """The days that leave out a week of the month, apart from those that do not."""
    days = (slot.byday or "").split(",")
    closed = [code for code in (slot.closed_byday or "").split(",") if code[-2:] in days]
    without = {code[-2:] for code in closed}
    if slot.freq != "WEEKLY" or not slot.closed_byday or without == set(days):
        yield slot
        return
    yield replace(slot, byday=_joined(day for day in days if day not in without), closed_byday=None)
    if without:
        some = _joined(day for day in days if day in without)
        yield replace(slot, byday=some, closed_byday=_joined(closed))


def _joined(codes: Iterable[str]) -> str:
    return ",".join(codes)


def _facts(slot: Slot) -> dict[str, Any]:
    if slot.freq == "DAILY":
        slot = replace(slot, freq="WEEKLY", byday=",".join(CODES))
    facts = {name: service_facts.said(getattr(slot, name)) for name in (*PATTERN, *REST)}
    facts |= {
        "closed_on": list(slot.closed_on),
        "closed_bank_holidays": slot.closed_bank_holidays,
    }
    return {name: value for name, value in facts.items() if value not in (None, [], False)}


def _boxes(facts: dict[str, Any]) -> dict[str, Any]:
    boxes = session_boxes(facts)
    every = str(facts.get("interval") or 1)
    if facts.get("freq") == "WEEKLY" and every in EVERY_FEW:
        boxes["often"] = every  # the form then asks for the first day
    return boxes
