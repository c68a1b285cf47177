"""The ranked list: which services fit what a person needs, in order, with reasons.

What is wanted (confirmed by the worker, heard in the note, or near to either) is held against the
concepts of every service; hard limits decide who may be shown; the rest are ordered by one score.
The words of a reason come from the very terms that made the score. Same input, same order.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from linkwork.matching import wording
from linkwork.matching.duplicates import shown_once
from linkwork.matching.evidence import NO_MEANING, Meaning, Scored, candidates
from linkwork.matching.factors import belongs_to, factor
from linkwork.matching.lexicon import Lexicon
from linkwork.matching.limits import Check, Limits, check, refusal
from linkwork.matching.offers import Offer, meant_for
from linkwork.matching.reasons import cautions, reasons
from linkwork.matching.wanting import wants

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
    meaning: Meaning = NO_MEANING,
    lifts: Mapping[str, float] | None = None,
    at_most: int = AT_MOST,
) -> Ranking:
    """Return the services with evidence that keep to the limits, best first.

    ``confirmed`` gives an importance from 1 to 3 for each concept, ``cues`` a strength from 0 to 1
    as proposed, ``cue_words`` the words that caused them, ``text_scores`` any positive measure of
    shared words by offer id (higher is nearer), ``meaning`` what a model of meaning says of the
    note, ``lifts`` a factor near 1 by offer id, from what became of earlier people. Sensitive
    services need their own concept to be confirmed or clearly heard, and are otherwise neither
    shown nor counted.
    """
    wanted = wants(confirmed, cues, cue_words or {}, limits, lexicon)
    found = candidates(list(offers), wanted, text_scores, lexicon, meaning)
    limits = _with_groups(limits, confirmed, cues)
    shown, left = _sift(found, limits, on, lexicon, lifts or {})
    ordered = sorted(shown, key=_order)
    unique = shown_once([scored.offer for scored in ordered], most=at_most)
    best = ordered[0].score if ordered else 0.0
    by_id = {scored.offer.id: scored for scored in ordered}
    matches = tuple(
        _match(by_id[offer.id], also, best, limits, on, lexicon) for offer, also in unique
    )
    return Ranking(matches, left)


def _with_groups(limits: Limits, confirmed: Mapping[str, int], cues: Mapping[str, float]) -> Limits:
    """A confirmed group is one the person belongs to; one only heard is still to be asked."""
    groups = None if limits.groups is None else limits.groups | confirmed.keys()
    return replace(limits, groups=groups, heard_groups=frozenset(cues))


def _sift(
    found: list[Scored],
    limits: Limits,
    on: date,
    lexicon: Lexicon,
    lifts: Mapping[str, float],
) -> tuple[list[Scored], tuple[NotShown, ...]]:
    shown: list[Scored] = []
    left: dict[str, list[tuple[str, Offer]]] = {}
    for scored in found:
        limit, unknown = refusal(scored.offer, limits, on=on)
        if limit is None:
            scored.score *= factor(scored, limits, unknown, on, lexicon)
            scored.score *= lifts.get(scored.offer.id, 1.0)
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


def _order(scored: Scored) -> tuple[float, int, str, str]:
    return (-round(scored.score, 6), scored.offer.open_for_us, scored.offer.name, scored.offer.id)


def _match(
    scored: Scored,
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
        cautions(scored.offer, checks, meant_for(scored.offer, belongs_to(limits), lexicon), on),
        checks,
        also,
    )
