"""Who stands where: the services that keep to the limits, in order, and those that do not.

Everything here is done for all services at once; nothing is put in words but the names of groups.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from linkwork.matching import wording
from linkwork.matching.asked import Limits
from linkwork.matching.factors import factor
from linkwork.matching.facts import Floats, Numbers
from linkwork.matching.offers import Offer
from linkwork.matching.prepared import Prepared
from linkwork.matching.scores import Evidence, column
from linkwork.matching.sieve import SHOWN, Sifted, sift

DECIMALS = 6


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """The numbers of the services to show, the best first, the score of each, and the others."""

    prepared: Prepared
    ordered: Numbers
    score: Floats
    sifted: Sifted
    left: Numbers

    @property
    def best(self) -> float:
        """The score of the first, 0 where there is none."""
        return float(self.score[self.ordered[0]]) if len(self.ordered) else 0.0

    def score_of(self, offer: Offer) -> float:
        """Return the score of one of these services."""
        return float(self.score[self.prepared.numbers[offer.id]])

    def first(self, most: int) -> list[Offer]:
        """Return, in order, what may be among the first ``most`` or be a near duplicate of one.

        Only services of one family are near duplicates, so once there are more families than are
        shown, of all that follow only members of those families can matter.
        """
        families = self.prepared.families[self.ordered]
        begins = np.sort(np.unique(families, return_index=True)[1])
        if len(begins) <= most:
            return self._offers(self.ordered)
        cut = begins[most]
        members = np.isin(families[cut:], families[:cut])
        rest = self.ordered[cut:][members]
        return self._offers(np.concatenate((self.ordered[:cut], rest)))

    def nearly(self, least: float, most: int) -> list[int]:
        """Return the numbers of what would score at least so much were it not left out.

        The best first, equals in order of their names, no more than ``most``.
        """
        score = np.round(self.score[self.left], DECIMALS)
        ordered = np.lexsort((self.prepared.by_name[self.left], -score))
        numbers: list[int] = self.left[ordered[score[ordered] >= least][:most]].tolist()
        return numbers

    def _offers(self, numbers: Numbers) -> list[Offer]:
        return [self.prepared.offers[number] for number in numbers]

    def left_out(self) -> Iterator[tuple[str, str, list[int]]]:
        """Yield limits that refuse services, in words, with their numbers in order of names."""
        groups: dict[str, tuple[str, list[Numbers]]] = {}
        refused = self.sifted.refused[self.left]
        for place in np.unique(refused):
            name = self.sifted.names[place]
            for numbers in self._alike(name, self.left[refused == place]):
                words = wording.left_out(name, self.prepared.offers[numbers[0]])
                groups.setdefault(words, (name, []))[1].append(numbers)
        for words, (name, parts) in groups.items():
            numbers = np.concatenate(parts)
            yield name, words, numbers[np.argsort(self.prepared.by_name[numbers])].tolist()

    def _alike(self, name: str, numbers: Numbers) -> Iterator[Numbers]:
        """Parts of which the reason is put in the same words: women only, men only."""
        if name != "gender":
            yield numbers
            return
        kinds = self.prepared.facts.kinds[name].of[numbers]
        for kind in np.unique(kinds):
            yield numbers[kinds == kind]


def stand(
    prepared: Prepared,
    evidence: Evidence,
    limits: Limits,
    on: date,
    *,
    lifts: Mapping[str, float],
    busy: Mapping[str, int],
) -> Standing:
    """Put the services with evidence in order; ties go to those with fewer open referrals."""
    sifted = sift(prepared, evidence.is_candidate, limits, on=on)
    score = evidence.score * factor(prepared, sifted, limits, on) * column(prepared, lifts, 1.0)
    is_shown = evidence.is_candidate & (sifted.refused == SHOWN)
    shown = np.flatnonzero(is_shown)
    open_for_us = column(prepared, busy, prepared.facts.open_for_us)
    keys = (prepared.by_name[shown], open_for_us[shown], -np.round(score[shown], DECIMALS))
    left = np.flatnonzero(evidence.is_candidate & ~is_shown)
    return Standing(prepared, shown[np.lexsort(keys)], score, sifted, left)
