"""A directory made ready for ranking: made once, then asked by every request.

Ranking thousands of services one by one takes longer than a worker types. So what never changes
between two requests stands here in arrays: which services are about a concept and how much, what
their entries say of each limit, and the order of their names. A service is a number: its place.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from linkwork.matching.facts import Facts, Numbers, flags
from linkwork.matching.lexicon import Lexicon
from linkwork.matching.offers import Offer, meant_for, sensitive_concepts

NOBODY: frozenset[str] = frozenset()


class About(NamedTuple):
    """The services that are about one concept, in order, and how much each is."""

    numbers: Numbers
    weights: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """Services with everything that ranking asks of all of them at once; never changed."""

    offers: tuple[Offer, ...]
    lexicon: Lexicon
    numbers: Mapping[str, int]
    """The place of each service, by its id."""
    about: Mapping[str, About]
    sensitive: Mapping[str, Numbers]
    """The services that are mainly about each sensitive concept."""
    is_sensitive: NDArray[np.bool_]
    is_plain: NDArray[np.bool_]
    """Services about something we know and nothing sensitive: nobody is shown one by mistake."""
    is_for_some: NDArray[np.bool_]
    """Services that seem to be for one group of people."""
    by_name: Numbers
    """The place of each service in the order of their names, then of their ids."""
    families: Numbers
    """Equal for services of one provider with the same concepts: only these may be duplicates."""
    facts: Facts

    @classmethod
    def of(cls, offers: Iterable[Offer], lexicon: Lexicon) -> Prepared:
        """Make services ready; time and memory grow with their number."""
        every = tuple(offers)
        sensitive = _sensitive(every, lexicon)
        return cls(
            offers=every,
            lexicon=lexicon,
            numbers=MappingProxyType({offer.id: number for number, offer in enumerate(every)}),
            about=_about(every),
            sensitive=sensitive,
            is_sensitive=flags(len(every), sensitive.values()),
            is_plain=np.array([_is_plain(offer, lexicon) for offer in every], np.bool_),
            is_for_some=np.array([_is_for_some(offer, lexicon) for offer in every], np.bool_),
            by_name=_by_name(every),
            families=_families(every),
            facts=Facts.of(every),
        )

    def __len__(self) -> int:
        """How many services there are."""
        return len(self.offers)

    def with_any(self, concepts: Iterable[str]) -> NDArray[np.bool_]:
        """Say of each service whether it is about one of these concepts at all."""
        known = (self.about[concept].numbers for concept in concepts if concept in self.about)
        return flags(len(self), known)


def _about(offers: tuple[Offer, ...]) -> Mapping[str, About]:
    numbers: defaultdict[str, list[int]] = defaultdict(list)
    weights: defaultdict[str, list[float]] = defaultdict(list)
    for number, offer in enumerate(offers):
        for concept, weight in offer.concepts.items():
            numbers[concept].append(number)
            weights[concept].append(weight)
    return {
        concept: About(np.array(found, np.intp), np.array(weights[concept], np.float64))
        for concept, found in numbers.items()
    }


def _sensitive(offers: tuple[Offer, ...], lexicon: Lexicon) -> Mapping[str, Numbers]:
    found: defaultdict[str, list[int]] = defaultdict(list)
    for number, offer in enumerate(offers):
        for concept in sensitive_concepts(offer, lexicon):
            found[concept].append(number)
    return {concept: np.array(numbers, np.intp) for concept, numbers in found.items()}


def _is_plain(offer: Offer, lexicon: Lexicon) -> bool:
    return bool(offer.concepts) and lexicon.sensitive.isdisjoint(offer.concepts)


def _is_for_some(offer: Offer, lexicon: Lexicon) -> bool:
    return meant_for(offer, NOBODY, lexicon) is not None


def _by_name(offers: tuple[Offer, ...]) -> Numbers:
    ordered = sorted(range(len(offers)), key=lambda n: (offers[n].name, offers[n].id))
    places = np.empty(len(offers), np.intp)
    places[ordered] = np.arange(len(offers))
    return places


def _families(offers: tuple[Offer, ...]) -> Numbers:
    known: dict[tuple[str, frozenset[str]], int] = {}
    found = np.empty(len(offers), np.intp)
    for number, offer in enumerate(offers):
        family = (offer.provider.casefold(), frozenset(offer.concepts))
        # Who provides it is not known: it is a duplicate of none.
        found[number] = known.setdefault(family, number) if offer.provider else number
    return found
