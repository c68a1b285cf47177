"""The score of a ranking, reckoned plainly for one service after the other: what it has to be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import log1p

from linkwork.matching import Lexicon, Limits, Meaning, Offer
from linkwork.matching.asked import belongs_to, is_at_a_distance, nearest_km
from linkwork.matching.factors import (
    EACH_UNKNOWN,
    FOR_OTHERS_FACTOR,
    NEAR_LIMIT,
    STALE_FACTOR,
    WAITING_FACTOR,
)
from linkwork.matching.limits import refusal
from linkwork.matching.offers import WAITLIST, meant_for, sensitive_concepts
from linkwork.matching.reasons import is_stale
from linkwork.matching.scores import LIKE_ALONE, TEXT_ALONE
from linkwork.matching.wanting import Want
from linkwork.matching.weights import FITTED


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
    meaning: Meaning,
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
        is_plain = bool(offer.concepts) and not lexicon.sensitive & offer.concepts.keys()
        speaks_alone = is_plain and (text >= TEXT_ALONE or is_like)
        if (met or speaks_alone) and _may_be_seen(offer, wanted, lexicon):
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


def factor(scored: Scored, limits: Limits, unknown: int, on: date, lexicon: Lexicon) -> float:
    """Return what distance, blanks, age of the entry and a waiting list leave of a score."""
    offer = scored.offer
    factor = 1 - EACH_UNKNOWN * unknown
    if meant_for(offer, belongs_to(limits), lexicon):
        factor *= FOR_OTHERS_FACTOR
    km = nearest_km(offer, limits)
    if km is not None and limits.max_km and not is_at_a_distance(offer, limits):
        factor *= 1 - NEAR_LIMIT * min(1.0, km / limits.max_km)
    if offer.capacity_status == WAITLIST:
        factor *= WAITING_FACTOR
    return factor * (STALE_FACTOR if is_stale(offer, on) else 1.0)


def ordered(found: list[Scored], limits: Limits, on: date, lexicon: Lexicon) -> list[Scored]:
    """Return those that keep to the limits, best first."""
    shown = []
    for scored in found:
        limit, unknown = refusal(scored.offer, limits, on=on)
        if limit is None:
            scored.score *= factor(scored, limits, unknown, on, lexicon)
            shown.append(scored)
    return sorted(
        shown,
        key=lambda s: (-round(s.score, 6), s.offer.open_for_us, s.offer.name, s.offer.id),
    )
