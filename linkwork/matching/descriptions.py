"""Concepts by name and concepts of services: the look-up a worker types into, and the import's."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from linkwork.matching.context import is_disliked_or_denied
from linkwork.matching.lexicon import Concept, Lexicon, plain
from linkwork.matching.words import Phrases, Text

NAME, TAXONOMY, DESCRIPTION, EACH_FURTHER = 1.0, 0.9, 0.6, 0.15
TERMS_REMEMBERED = 2_000


def find_concept(words: str, lexicon: Lexicon, *, at_most: int = 10) -> tuple[Concept, ...]:
    """Return the concepts a worker may mean by these words, best first, without any certainty.

    First the concept of that very name, then names that begin so ("gard"), then names found in
    the words, then concepts that people or directories speak of in these words.
    """
    text = Text.of(words[:200])
    if not text.words:
        return ()
    typed = " ".join(text.words)
    titles = lexicon.titles.items()
    named = [concept for concept, names in titles if typed in names]
    named += [concept for concept, names in titles if any(n.startswith(typed) for n in names)]
    found = [lexicon.concepts[concept] for concept in named]
    for phrases in (lexicon.names, lexicon.people, lexicon.directories):
        hits = sorted(phrases.find(text), key=lambda hit: (hit.weak, hit.first - hit.after))
        found += [lexicon.concepts[hit.concept] for hit in hits]
    return tuple({concept.id: concept for concept in found}.values())[:at_most]


def describe(
    *, name: str, description: str = "", taxonomy: Iterable[str] = (), lexicon: Lexicon
) -> dict[str, float]:
    """Return the concepts of a service with weights from 0 to 1, from directory words only.

    A word in the name or in a taxonomy term weighs more than one in the description, and a term
    that the files map to a concept counts as that concept, whatever its words.
    """
    phrases = lexicon.directories
    said = [(NAME, _said(phrases, name))]
    said += [(TAXONOMY, _meant(term, lexicon)) for term in taxonomy]
    said.append((DESCRIPTION, _said(phrases, description)))
    weights: dict[str, float] = {}
    for weight, concepts in said:
        for concept, weak in concepts:
            first = (weight / 2) if weak else weight
            before = weights.get(concept)
            again = max(before, first) + EACH_FURTHER * first if before is not None else first
            weights[concept] = round(min(1.0, again), 3)
    return weights


def _said(phrases: Phrases, field: str) -> tuple[tuple[str, bool], ...]:
    """The concepts of a text in their order, and whether each is only a hint."""
    text = Text.of(field)
    found = phrases.find(text)
    return tuple(
        [(hit.concept, hit.weak) for hit in found if not is_disliked_or_denied(text, hit.first)]
    )


def _meant(term: str, lexicon: Lexicon) -> tuple[tuple[str, bool], ...]:
    said = _said_by_term(lexicon.directories, term)
    mapped = lexicon.terms.get(_plain_term(term), ())
    if not mapped:
        return said
    return (
        *((concept, False) for concept in mapped),
        *((concept, weak) for concept, weak in said if concept not in mapped),
    )


@lru_cache(maxsize=TERMS_REMEMBERED)
def _plain_term(term: str) -> str:
    return plain(term)


@lru_cache(maxsize=TERMS_REMEMBERED)
def _said_by_term(phrases: Phrases, term: str) -> tuple[tuple[str, bool], ...]:
    # A directory files all it has under a few hundred terms.
    return _said(phrases, term)
