"""Which services use the words that concepts are called by, as a last resort beside concepts.

Only the words of labels can ever be looked for, so that only they are indexed: in memory, once for
a directory. It is the same on every database, and a look-up takes a fraction of a millisecond.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import log1p
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from linkwork.matching.lexicon import Lexicon
from linkwork.matching.words import WORD, folded

IN_THE_NAME = 4.0
HALF = 2.0
"""A service that says a word this often gets half of what saying it counts at most."""
AT_MOST = 1000
SMALL = frozenset(
    "a an and any at by for from go in into it of on or other others out people someone the their "
    "to up with without".split()
)
ENDINGS = ("ings", "ing", "ies", "ers", "er", "es", "ed", "s", "e", "y")
SHORTEST_ROOT = 3


class _Heard(NamedTuple):
    """The services that say a word, and how loudly, from 0 to 1."""

    numbers: NDArray[np.intp]
    loudness: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Mentions:
    """The services that say each word; never changed."""

    ids: tuple[str, ...]
    heard: Mapping[str, _Heard]

    @classmethod
    def of(cls, texts: Iterable[tuple[str, str, str]], lexicon: Lexicon) -> Mentions:
        """Index services given as (id, name, whatever else they say)."""
        looked_for = frozenset(
            root for concept in lexicon.concepts.values() for root in roots(concept.label)
        )
        known: dict[str, str | None] = {}
        counts: defaultdict[str, dict[int, float]] = defaultdict(dict)
        ids = []
        for number, (code, name, rest) in enumerate(texts):
            ids.append(code)
            for said, weight in ((name, IN_THE_NAME), (rest, 1.0)):
                for root in _found(said, looked_for, known):
                    counts[root][number] = counts[root].get(number, 0.0) + weight
        return cls(tuple(ids), {root: _heard(counted) for root, counted in counts.items()})

    def scores(self, labels: Iterable[str], *, at_most: int = AT_MOST) -> dict[str, float]:
        """Return a score for each service that uses a word of these labels, higher is nearer.

        A word counts the more the fewer services use it. The ``at_most`` best are kept; those as
        good as the first that is left out stay out too, so that order decides nothing.
        """
        total = np.zeros(len(self.ids))
        for root in sorted({root for label in labels for root in roots(label)}):
            if root in self.heard:
                numbers, loudness = self.heard[root]
                total[numbers] += log1p(len(self.ids) / len(numbers)) * loudness
        least = 0.0
        if np.count_nonzero(total) > at_most:
            least = float(np.partition(total, -at_most - 1)[-at_most - 1])
        return {self.ids[n]: float(total[n]) for n in np.flatnonzero(total > least).tolist()}


def roots(said: str) -> frozenset[str]:
    """Return the words of a text without their endings, but small words."""
    words = (folded(word) for word in WORD.findall(said))
    return frozenset(_root(word) for word in words if word not in SMALL)


def _found(said: str, looked_for: frozenset[str], known: dict[str, str | None]) -> Iterable[str]:
    for word in WORD.findall(said.lower()):
        if word not in known:
            plain = folded(word)
            root = None if plain in SMALL else _root(plain)
            known[word] = root if root in looked_for else None
        if (found := known[word]) is not None:
            yield found


def _root(word: str) -> str:
    """Walking, walks and walkers are all "walk"; houses and housing are both "hous"."""
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST_ROOT:
            word = word.removesuffix(ending)
            break
    return word[:-1] if len(word) > SHORTEST_ROOT and word[-1] == word[-2] else word


def _heard(counted: Mapping[int, float]) -> _Heard:
    counts = np.fromiter(counted.values(), np.float64)
    return _Heard(np.fromiter(counted, np.intp), counts / (counts + HALF))
