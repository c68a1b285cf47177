"""Who a service is for, read from the free words of its directory entry.

Structured fields are often blank while the text beside them says "Aged 60 and over. Women only".
What is read here only ever fills a blank; it never overrides what a provider filled in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from linkwork.matching.lexicon import Lexicon
from linkwork.matching.words import Text

OLDEST = 120
BETWEEN = re.compile(r"\b(?:ages?|aged|between)?\s*(\d{1,3})\s*(?:to|-|–|and)\s*(\d{1,3})\b", re.I)
AT_LEAST = re.compile(
    r"\b(?:aged?\s+|over\s+|from\s+age\s+)(\d{1,3})s?\b"
    r"|\b(\d{1,3})\s*(?:\+|(?:and|or|years and)\s+over)",
    re.I,
)
AT_MOST = re.compile(r"\b(?:under|up to(?: age)?|below)\s+(\d{1,3})s?\b", re.I)
WOMEN = re.compile(r"\b(?:women|female|ladies)(?:['’]s)?[ -]only\b|\bonly (?:for )?women\b", re.I)
MEN = re.compile(r"(?<!wo)\b(?:men|male)(?:['’]s)?[ -]only\b|\bonly (?:for )?men\b", re.I)
LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Audience:
    """Ages in years, "women" or "men", and concepts of groups; None or empty is not stated."""

    minimum_age: int | None = None
    maximum_age: int | None = None
    gender: str | None = None
    groups: frozenset[str] = frozenset()


def audience(text: str, lexicon: Lexicon) -> Audience:
    """Return who the eligibility text of a service says that it is for."""
    said = text[:LONGEST]
    youngest, oldest = _ages(said)
    gender = "women" if WOMEN.search(said) else "men" if MEN.search(said) else None
    return Audience(youngest, oldest, gender, _groups(said, lexicon))


def _ages(said: str) -> tuple[int | None, int | None]:
    if found := BETWEEN.search(said):
        low, high = int(found[1]), int(found[2])
        if low < high <= OLDEST:
            return low, high
    least, most = AT_LEAST.search(said), AT_MOST.search(said)
    return (_age(least[1] or least[2]) if least else None, _age(most[1]) if most else None)


def _age(written: str) -> int | None:
    return int(written) if int(written) <= OLDEST else None


def _groups(said: str, lexicon: Lexicon) -> frozenset[str]:
    hits = lexicon.directories.find(Text.of(said))
    return frozenset(
        hit.concept for hit in hits if not hit.weak and lexicon.concepts[hit.concept].is_audience
    )
