"""What somebody may have meant by words that no concept is known by: "gardning"."""

from __future__ import annotations

from rapidfuzz import fuzz

from linkwork.matching.lexicon import Concept, Lexicon, plain

NEAR = 72.0
FROM_BEST = 10.0
LONGEST, SHORTEST_WORD = 80, 4
SMALL_WORDS = frozenset("with help need needs from some about into more want wants".split())


def nearest(words: str, lexicon: Lexicon, *, at_most: int = 3) -> tuple[Concept, ...]:
    """Return the concepts whose names are spelt most like the words, the most alike first.

    The words as a whole and each of some length are held against every name, by rapidfuzz’s ratio
    (100 is the same); under 72, or 10 less than the best, is not like it. The same words give the
    same answer.
    """
    typed = plain(words[:LONGEST])
    tried = {typed, *(word for word in typed.split() if _counts(word))}
    near: dict[str, float] = {}
    for concept, names in lexicon.titles.items():
        best = max(fuzz.ratio(one, name) for one in tried for name in names)
        if typed and best >= NEAR:
            near[concept] = best
    least = max(near.values(), default=0.0) - FROM_BEST
    alike = [concept for concept in near if near[concept] >= least]
    found = sorted(alike, key=lambda concept: (-near[concept], concept))[:at_most]
    return tuple(lexicon.concepts[concept] for concept in found)


def _counts(word: str) -> bool:
    return len(word) >= SHORTEST_WORD and word not in SMALL_WORDS
