"""How far somebody gets in some minutes: a stated speed for each way of travelling."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

NEAREST_MILE_FROM = 3.0


class Means(StrEnum):
    """How somebody travels."""

    WALKING = "walking"
    BUS = "bus"
    CAR = "car"
    LIFT = "lift"


MILES_AN_HOUR = {Means.WALKING: 3.0, Means.BUS: 8.0, Means.CAR: 18.0, Means.LIFT: 18.0}
"""From door to door in a town, the wait for the bus and the way to the stop among it. Walking: the
usual pace of a grown-up on level ground; the others are ours, to be put to the person."""
WORDS = {
    Means.WALKING: "on foot",
    Means.BUS: "by bus",
    Means.CAR: "by car",
    Means.LIFT: "with a lift",
}


def miles_in(minutes: int, means: Iterable[Means]) -> float:
    """Return the miles of the fastest of these ways in some minutes; walking where none is named.

    Rounded to half a mile, from three miles on to whole ones: nobody knows it more closely.
    """
    miles = minutes / 60 * MILES_AN_HOUR[_fastest(means)]
    if miles >= NEAREST_MILE_FROM:
        return float(round(miles))
    return max(0.5, round(miles * 2) / 2)


def assumption(minutes: int, means: Iterable[Means]) -> str:
    """Return what is taken for it: "about 2 miles on foot in 40 minutes"."""
    ways = list(means)
    miles = miles_in(minutes, ways)
    said = "half a mile" if miles == 0.5 else f"{miles:g} mile{'s' if miles != 1 else ''}"
    return f"about {said} {WORDS[_fastest(ways)]} in {minutes} minutes"


def _fastest(means: Iterable[Means]) -> Means:
    """The first of the fastest, in the order in which they are asked."""
    named = set(means)
    ways = [way for way in Means if way in named] or [Means.WALKING]
    return max(ways, key=MILES_AN_HOUR.__getitem__)
