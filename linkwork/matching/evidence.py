"""How much speaks for each service: what is wanted held against what the service is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log1p

from linkwork.matching.lexicon import Lexicon
from linkwork.matching.meant import NO_MEANING, Meaning
from linkwork.matching.offers import Offer, sensitive_concepts
from linkwork.matching.wanting import Want
from linkwork.matching.weights import FITTED

TEXT_ALONE = 0.75
"""A service that only shares words with the note is shown when its text is this near the best."""
LIKE_ALONE = 0.5
"""A service that only sounds like the note is shown when it stands out this far."""


@dataclass(slots=True)
class Scored:
    """A service while it is being ranked; changed in place, for there are thousands."""

    offer: Offer
    evidence: float
    met: list[tuple[Want, float]]
    text: float
    score: float = 0.0


def candidates(
    offers: list[Offer],
    wanted: Mapping[str, Want],
    text_scores: Mapping[str, float],
    lexicon: Lexicon,
    meaning: Meaning = NO_MEANING,
) -> list[Scored]:
    """Return every service with evidence, scored by its share of the best there is."""
    rarity = _rarity(offers, wanted)
    worth = {concept: want.weight * rarity[concept] for concept, want in wanted.items()}
    best_text = max(text_scores.values(), default=0.0)
    found = []
    for offer in offers:
        met = [
            (wanted[concept], worth[concept] * weight)
            for concept, weight in offer.concepts.items()
            if concept in worth
        ]
        text = text_scores.get(offer.id, 0.0) / best_text if best_text > 0 else 0.0
        is_like = meaning.likeness.get(offer.id, 0.0) >= LIKE_ALONE
        if (met or text >= TEXT_ALONE or is_like) and _may_be_seen(offer, wanted, lexicon):
            found.append(Scored(offer, _together(met), met, text))
    return _normalised(found, meaning)


def _together(met: Sequence[tuple[Want, float]]) -> float:
    """Return the evidence of all terms, each further one counting for less than the one before.

    A service that is exactly what is wanted should not lose to one that touches on everything.
    """
    if len(met) < 2:
        return met[0][1] if met else 0.0
    terms = sorted((term for _, term in met), reverse=True)
    return sum(term * FITTED.each_further**place for place, term in enumerate(terms))


def _normalised(found: list[Scored], meaning: Meaning) -> list[Scored]:
    best = max((scored.evidence for scored in found), default=0.0) or 1.0
    for scored in found:
        scored.score = scored.evidence / best + FITTED.text * scored.text
        scored.score += FITTED.likeness * meaning.likeness.get(scored.offer.id, 0.0)
    return found


def _rarity(offers: Sequence[Offer], wanted: Mapping[str, Want]) -> dict[str, float]:
    """Return for each wanted concept how telling it is: 1 for a rare one, less for common ones."""
    counted = dict.fromkeys(wanted, 0)
    for offer in offers:
        for concept in offer.concepts:
            if concept in counted:
                counted[concept] += 1
    whole = log1p(len(offers)) or 1.0
    return {concept: log1p(len(offers) / (1 + n)) / whole for concept, n in counted.items()}


def _may_be_seen(offer: Offer, wanted: Mapping[str, Want], lexicon: Lexicon) -> bool:
    sensitive = sensitive_concepts(offer, lexicon)
    return not sensitive or any(c in wanted and wanted[c].is_explicit for c in sensitive)
