"""The ranked list: which services fit what a person needs, in order, with reasons.

What is wanted (confirmed by the worker, heard in the note, or near to either) is held against the
concepts of every service; hard limits decide who may be shown; the rest are ordered by one score.
The words of a reason come from the very terms that made the score. Same input, same order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import log1p

from linkwork.matching import wording
from linkwork.matching.duplicates import shown_once
from linkwork.matching.lexicon import Lexicon
from linkwork.matching.limits import (
    Check,
    Limits,
    check,
    is_at_a_distance,
    nearest_km,
    refusal,
)
from linkwork.matching.offers import WAITLIST, Offer, meant_for, sensitive_concepts
from linkwork.matching.reasons import cautions, is_stale, reasons
from linkwork.matching.wanting import Want, wants

EACH_FURTHER = 0.7
TEXT_WEIGHT = 0.1
TEXT_ALONE = 0.75
"""A service that only shares words with the note is shown when its text is this near the best."""
NEAR_LIMIT = 0.05
EACH_UNKNOWN = 0.04
STALE_FACTOR = 0.9
FOR_OTHERS_FACTOR = 0.6
"""A service that seems to be for a group the person is not known to belong to."""
WAITING_FACTOR = 0.92
GOOD = 0.5
"""A match is good from this share of the best score on, when it meets something asked for."""
AT_MOST = 40


@dataclass(frozen=True, slots=True)
class Match:
    """A service to show; ``band`` is "good" or "possible", ``score`` orders within one ranking."""

    offer: Offer
    band: str
    score: float
    reasons: tuple[str, ...]
    cautions: tuple[str, ...]
    checks: tuple[Check, ...]
    also: tuple[Offer, ...] = ()
    """Near duplicates by the same provider, such as the same group in another place."""


@dataclass(frozen=True, slots=True)
class NotShown:
    """Services that answer the need but break a limit; ``words`` follow the number of them."""

    limit: str
    words: str
    offers: tuple[Offer, ...]

    @property
    def count(self) -> int:
        """How many services are left out for this reason."""
        return len(self.offers)


@dataclass(frozen=True, slots=True)
class Ranking:
    """The matches in order, and what was left out and why."""

    matches: tuple[Match, ...]
    not_shown: tuple[NotShown, ...]


@dataclass(slots=True)
class _Scored:
    """A service while it is being ranked; changed in place, for there are thousands."""

    offer: Offer
    evidence: float
    met: list[tuple[Want, float]]
    text: float
    score: float = 0.0


def rank(
    offers: Iterable[Offer],
    *,
    confirmed: Mapping[str, int],
    cues: Mapping[str, float],
    text_scores: Mapping[str, float],
    limits: Limits,
    lexicon: Lexicon,
    on: date,
    cue_words: Mapping[str, Sequence[str]] | None = None,
    at_most: int = AT_MOST,
) -> Ranking:
    """Return the services with evidence that keep to the limits, best first.

    ``confirmed`` gives an importance from 1 to 3 for each concept, ``cues`` a strength from 0 to 1
    as proposed, ``cue_words`` the words that caused them, ``text_scores`` any positive measure of
    shared words by offer id (higher is nearer). Sensitive services need their own concept to be
    confirmed or clearly heard, and are otherwise neither shown nor counted.
    """
    wanted = wants(confirmed, cues, cue_words or {}, limits, lexicon)
    candidates = _candidates(list(offers), wanted, text_scores, lexicon)
    limits = _with_groups(limits, confirmed, cues)
    shown, left = _sift(candidates, limits, on, lexicon)
    ordered = sorted(shown, key=_order)
    unique = shown_once([scored.offer for scored in ordered], most=at_most)
    best = ordered[0].score if ordered else 0.0
    by_id = {scored.offer.id: scored for scored in ordered}
    matches = tuple(
        _match(by_id[offer.id], also, best, limits, on, lexicon) for offer, also in unique
    )
    return Ranking(matches, left)


def _candidates(
    offers: list[Offer],
    wanted: Mapping[str, Want],
    text_scores: Mapping[str, float],
    lexicon: Lexicon,
) -> list[_Scored]:
    """Return every service with evidence and its share of the best possible evidence."""
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
        if (met or text >= TEXT_ALONE) and _may_be_seen(offer, wanted, lexicon):
            found.append(_Scored(offer, _together(met), met, text))
    return _normalised(found)


def _together(met: Sequence[tuple[Want, float]]) -> float:
    """Return the evidence of all terms, each further one counting for less than the one before.

    A service that is exactly what is wanted should not lose to one that touches on everything.
    """
    if len(met) < 2:
        return met[0][1] if met else 0.0
    terms = sorted((term for _, term in met), reverse=True)
    return sum(term * EACH_FURTHER**place for place, term in enumerate(terms))


def _normalised(found: list[_Scored]) -> list[_Scored]:
    best = max((scored.evidence for scored in found), default=0.0) or 1.0
    for scored in found:
        scored.score = scored.evidence / best + TEXT_WEIGHT * scored.text
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


def _with_groups(limits: Limits, confirmed: Mapping[str, int], cues: Mapping[str, float]) -> Limits:
    """A confirmed group is one the person belongs to; one only heard is still to be asked."""
    groups = None if limits.groups is None else limits.groups | confirmed.keys()
    return replace(limits, groups=groups, heard_groups=frozenset(cues))


def _sift(
    candidates: list[_Scored], limits: Limits, on: date, lexicon: Lexicon
) -> tuple[list[_Scored], tuple[NotShown, ...]]:
    shown: list[_Scored] = []
    left: dict[str, list[tuple[str, Offer]]] = {}
    for scored in candidates:
        limit, unknown = refusal(scored.offer, limits, on=on)
        if limit is None:
            scored.score *= _factor(scored, limits, unknown, on, lexicon)
            shown.append(scored)
        else:
            words = wording.left_out(limit, scored.offer)
            left.setdefault(words, []).append((limit, scored.offer))
    return shown, _not_shown(left)


def _not_shown(left: Mapping[str, list[tuple[str, Offer]]]) -> tuple[NotShown, ...]:
    groups = [
        NotShown(
            found[0][0],
            words,
            tuple(sorted((offer for _, offer in found), key=lambda offer: (offer.name, offer.id))),
        )
        for words, found in left.items()
    ]
    return tuple(sorted(groups, key=lambda group: (-group.count, group.words)))


def _factor(scored: _Scored, limits: Limits, unknown: int, on: date, lexicon: Lexicon) -> float:
    """Return what distance, blanks, age of the entry and a waiting list leave of a score."""
    offer = scored.offer
    factor = 1 - EACH_UNKNOWN * unknown
    if meant_for(offer, _belongs_to(limits), lexicon):
        factor *= FOR_OTHERS_FACTOR
    km = nearest_km(offer, limits)
    if km is not None and limits.max_km and not is_at_a_distance(offer, limits):
        factor *= 1 - NEAR_LIMIT * min(1.0, km / limits.max_km)
    if offer.capacity_status == WAITLIST:
        factor *= WAITING_FACTOR
    return factor * (STALE_FACTOR if is_stale(offer, on) else 1.0)


def _order(scored: _Scored) -> tuple[float, int, str, str]:
    return (-round(scored.score, 6), scored.offer.open_for_us, scored.offer.name, scored.offer.id)


def _match(
    scored: _Scored,
    also: tuple[Offer, ...],
    best: float,
    limits: Limits,
    on: date,
    lexicon: Lexicon,
) -> Match:
    checks = check(scored.offer, limits, on=on)
    asked = any(want.is_explicit for want, _ in scored.met)
    band = "good" if asked and scored.score >= GOOD * best else "possible"
    return Match(
        scored.offer,
        band,
        round(scored.score, 6),
        reasons(scored.offer, scored.met, checks, limits),
        cautions(scored.offer, checks, meant_for(scored.offer, _belongs_to(limits), lexicon), on),
        checks,
        also,
    )


def _belongs_to(limits: Limits) -> frozenset[str]:
    return (limits.groups or frozenset()) | limits.heard_groups
