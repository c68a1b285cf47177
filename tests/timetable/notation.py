"""Readings in few letters, for tables of labels.

A slot is its days and hours (``MO,WE 1000-1230``, ``-1TH 1400-``, ``SA/2 0915-1215`` for every
other week); slots are parted by ``; ``. After ``|`` comes what holds for all: ``term``, ``appt``,
``nobank``, ``x-1TH`` or ``x12-25`` for closed, ``from2026-01-06``, ``to2026-03-31``. A ``~``
before it all says that words were left unread; ``!`` is refused, and "" says no times.
"""

from linkwork.timetable.slots import Outcome, Reading, Slot


def compact(reading: Reading) -> str:
    """The reading in the notation above."""
    if reading.outcome is Outcome.REFUSED:
        return "!"
    said = "; ".join(_slot(slot) for slot in reading.slots)
    beside = " ".join(_beside(reading.slots[0])) if reading.slots else ""
    if len({tuple(_beside(slot)) for slot in reading.slots}) > 1:
        beside = "MIXED"
    return ("~" if reading.unread and said else "") + said + (f" | {beside}" if beside else "")


def _slot(slot: Slot) -> str:
    days = slot.byday + (f"/{slot.interval}" if slot.interval > 1 else "")
    if slot.opens_at is None and slot.closes_at is None:
        return days
    opens = f"{slot.opens_at:%H%M}" if slot.opens_at else ""
    closes = f"{slot.closes_at:%H%M}" if slot.closes_at else ""
    return f"{days} {opens}-{closes}"


def _beside(slot: Slot) -> list[str]:
    flags = ("term", slot.term_time_only), ("appt", slot.by_appointment)
    found = [word for word, holds in (*flags, ("nobank", slot.closed_bank_holidays)) if holds]
    found += [f"x{code}" for code in (slot.closed_byday or "").split(",") if code]
    found += [f"x{day}" for day in slot.closed_on]
    found += [f"from{slot.valid_from}"] if slot.valid_from else []
    return found + ([f"to{slot.valid_to}"] if slot.valid_to else [])
