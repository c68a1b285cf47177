"""Limits that leave nothing: said in a sentence, so that nobody wonders at an empty list."""

from __future__ import annotations

from collections.abc import Iterator

from linkwork.matching import wording
from linkwork.matching.asked import (
    EVERY_WAY,
    Limits,
    accepted,
    windows,
)

SHORTEST_MINUTES = 30


def contradictions(limits: Limits) -> tuple[str, ...]:
    """Return what cannot all be so, each as a sentence with what to do; usually nothing."""
    return tuple(sentence for sentence in _found(limits) if sentence)


def _found(limits: Limits) -> Iterator[str]:
    yield _ways(limits)
    yield _hours(limits)
    yield _gender(limits)


def _ways(limits: Limits) -> str:
    if accepted(limits):
        return ""
    asked = wording.ways(limits.ways or EVERY_WAY)
    if limits.housebound:
        return f"They cannot leave home, and only {asked} suits them. Take one of the two away."
    return f"Only {asked} suits them, and that is ruled out as well. Take one of the two away."


def _hours(limits: Limits) -> str:
    """The first day whose hours are too short for anything, told by its hours."""
    for begins, ends in windows(limits).values():
        if ends - begins < SHORTEST_MINUTES:
            return (
                f"Nothing can begin at {_clock(begins)} or later and be over by {_clock(ends)}. "
                "Change one of the two."
            )
    return ""


def _gender(limits: Limits) -> str:
    if not limits.single_sex or limits.gender in ("women", "men"):
        return ""
    return (
        "They want a group for their own gender only, and their record does not say women or men. "
        "Add their gender to the record, or take this limit away."
    )


def _clock(minute: int) -> str:
    hour, left = divmod(minute, 60)
    return "midnight" if hour == 24 else f"{hour}:{left:02}"
