"""Trying a word out: where it is found in a note, whether it counts there, and why not."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from linkwork.matching.concepts import Concept
from linkwork.matching.context import counts, is_denied, is_name
from linkwork.matching.languages import is_other_language
from linkwork.matching.lexicon import Lexicon
from linkwork.matching.words import Hit, Phrases, Text, parts

TRIED = "tried"
MOST_FOUND = 200


class WhyNot(StrEnum):
    """Why a phrase that stands in a note does not count."""

    NAME = "name"
    DENIED = "denied"
    ANOTHERS = "anothers"
    LANGUAGE = "language"


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase at the characters ``start`` to ``end`` of a note, for one concept."""

    concept: str
    words: str
    start: int
    end: int
    is_hint: bool
    why_not: WhyNot | None
    """None where it counts."""


def found(note: str, lexicon: Lexicon) -> tuple[Found, ...]:
    """Return every phrase of the lexicon that stands in the note, in order, at most 200."""
    return _judged(Text.of(note), lexicon.people, lexicon)


def caught(phrase: str, note: str, concept: Concept) -> tuple[Found, ...]:
    """Return where one phrase stands in the note, were it one of this concept’s."""
    tried = Lexicon.of({concept.id: replace(concept, people_say=(phrase,))})
    return _judged(Text.of(note), tried.people, tried)


def with_phrase(lexicon: Lexicon, phrase: str, concept: str) -> Lexicon:
    """Return the lexicon as it would be with this phrase among what people say."""
    known = lexicon.concepts[concept]
    changed = replace(known, people_say=(*known.people_say, phrase))
    return Lexicon.of({**lexicon.concepts, concept: changed})


def stands_in(phrase: str, texts: Iterable[str]) -> list[bool]:
    """Say of each text whether the phrase stands in it, whatever surrounds it there."""
    looked_for = Phrases([(TRIED, phrase)])
    return [bool(looked_for.find(Text.of(text))) for text in texts]


def plainest(phrase: str) -> str:
    """Return the longest piece that stands in every text in which the phrase does.

    Empty where there is none: it is for leaving texts out before they are read with care.
    """
    words = [part.rstrip("*") for part in parts(phrase) if part != "_"]
    pieces = [piece for word in words for piece in word.split("'")]
    return max((piece for piece in pieces if piece.isascii()), key=len, default="")


def pieces(source: str, places: Sequence[Found]) -> tuple[tuple[str, bool], ...]:
    """Return the text in pieces in order, each with whether it was found."""
    cut: list[tuple[str, bool]] = []
    at = 0
    for begins, end in sorted((one.start, one.end) for one in places):
        start = max(begins, at)
        if start < end:
            cut += [(source[at:start], False), (source[start:end], True)]
            at = end
    return tuple((text, is_found) for text, is_found in (*cut, (source[at:], False)) if text)


def _judged(text: Text, phrases: Phrases, lexicon: Lexicon) -> tuple[Found, ...]:
    is_other = is_other_language(text.words)
    return tuple(
        Found(
            hit.concept,
            text.written(hit.first, hit.after),
            text.spans[hit.first][0],
            text.spans[hit.after - 1][1],
            hit.weak,
            WhyNot.LANGUAGE if is_other else _why_not(text, hit, lexicon.concepts[hit.concept]),
        )
        for hit in phrases.find(text)[:MOST_FOUND]
    )


def _why_not(text: Text, hit: Hit, concept: Concept) -> WhyNot | None:
    if counts(text, hit, concept):
        return None
    if is_name(text, hit):
        return WhyNot.NAME
    return WhyNot.DENIED if is_denied(text, hit, concept) else WhyNot.ANOTHERS
