"""The ranked list: which services fit what a person needs, in order, with reasons.

What is wanted (confirmed by the worker, heard in the note, or near to either) is held against the
concepts of every service; hard limits decide who may be shown; the rest are ordered by one score.
The words of a reason come from the very terms that made the score. Same input, same order.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING

from linkwork.matching.asked import belongs_to
from linkwork.matching.duplicates import shown_once
from linkwork.matching.lexicon import Lexicon
from linkwork.matching.limits import Check, Limits, check
from linkwork.matching.meant import NO_MEANING, Meaning
from linkwork.matching.offers import Offer, meant_for
from linkwork.matching.picked import Picked
from linkwork.matching.reasons import because, cautions, facts
from linkwork.matching.telling import Telling, Told
from linkwork.matching.wanting import Want, wants
from linkwork.matching.weights import FITTED, Weights

if TYPE_CHECKING:
    from linkwork.matching.prepared import Prepared
    from linkwork.matching.scores import Evidence
    from linkwork.matching.standing import Standing

GOOD = 0.5
"""A match is good from this share of the best score on, when it meets something asked for."""
AT_MOST = 40
NO_LIMITS = Limits()
NEARLY, MOST_NEARLY = 0.8, 200
"""What is left out is promising from this share of what would be good on."""


@dataclass(frozen=True, slots=True)
class Match:
    """A service to show; ``band`` is "good" or "possible", ``score`` orders within one ranking."""

    offer: Offer
    band: str
    score: float
    telling: Telling
    """What there is to say of it, put in words when first asked for: most are never read."""
    also: tuple[Offer, ...] = ()
    """Near duplicates by the same provider, such as the same group in another place."""

    @property
    def because(self) -> tuple[str, ...]:
        """The terms that scored."""
        return self.telling.told.because

    @property
    def facts(self) -> tuple[str, ...]:
        """What else speaks for it: how far, when, for how much."""
        return self.telling.told.facts

    @property
    def reasons(self) -> tuple[str, ...]:
        """Everything that speaks for it, the terms that scored first."""
        return (*self.because, *self.facts)

    @property
    def cautions(self) -> tuple[str, ...]:
        """What is not stated, out of date or full for now, each with what to do about it."""
        return self.telling.told.cautions

    @property
    def checks(self) -> tuple[Check, ...]:
        """Each limit that was asked for, and whether it keeps to it."""
        return self.telling.told.checks

    def saying(self, facts: tuple[str, ...] = (), cautions: tuple[str, ...] = ()) -> Match:
        """The same match with more to say of it."""
        return replace(self, telling=Telling(lambda: self.telling.told.and_also(facts, cautions)))


@dataclass(frozen=True, slots=True)
class NotShown:
    """Services that answer the need but break a limit; ``words`` follow the number of them.

    ``offers`` stand in the order of their names; there may be thousands: ask for a slice.
    """

    limit: str
    words: str
    offers: Sequence[Offer]

    @property
    def count(self) -> int:
        """How many services are left out for this reason."""
        return len(self.offers)


@dataclass(frozen=True, slots=True)
class Ranking:
    """The matches in order, and what was left out and why."""

    matches: tuple[Match, ...]
    not_shown: tuple[NotShown, ...]
    nearly: Sequence[Offer] = ()
    """Of all that is left out the most promising, best first: what other limits might bring."""
    limits: Limits = field(default=NO_LIMITS, compare=False)
    """What it kept to: the limits asked for, and the groups that were confirmed or heard."""


def rank(
    offers: Iterable[Offer] | Prepared,
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
    busy: Mapping[str, int] | None = None,
    without: Collection[str] = (),
    weights: Weights = FITTED,
    at_most: int = AT_MOST,
) -> Ranking:
    """Return the services with evidence that keep to the limits, best first.

    ``offers`` made ready once (``Prepared.of``) are ranked in milliseconds. ``confirmed`` gives an
    importance from 1 to 3 by concept, ``cues`` a strength from 0 to 1 as proposed, ``cue_words``
    the words for them, ``text_scores`` a measure of shared words by offer id, ``meaning`` what a
    model says of the note, ``lifts`` a factor near 1 by offer id, from what became of earlier
    people, ``busy`` how many of our referrals each has open. Those ``without`` which it is asked
    count as not there. Sensitive services need their own concept to be confirmed or clearly heard.
    """
    # Here, because numpy costs a tenth of a second that only matching should pay.
    from linkwork.matching import scores, standing

    known = _made_ready(offers, lexicon)
    wanted = wants(confirmed, cues, cue_words or {}, limits, lexicon, meaning, weights)
    evidence = scores.weigh(known, wanted, text_scores, meaning, without, weights)
    limits = _with_groups(limits, confirmed, cues, lexicon)
    stand = standing.stand(known, evidence, limits, on, lifts=lifts or {}, busy=busy or {})
    matches = tuple(
        _match(_shown(stand, evidence, wanted, offer), also, limits, on, lexicon)
        for offer, also in shown_once(stand.first(at_most), most=at_most)
    )
    nearly = stand.nearly(NEARLY * GOOD * stand.best, MOST_NEARLY)
    return Ranking(matches, _not_shown(known, stand), Picked(known.offers, nearly), limits)


def _made_ready(offers: Iterable[Offer] | Prepared, lexicon: Lexicon) -> Prepared:
    from linkwork.matching.prepared import Prepared

    if isinstance(offers, Prepared) and offers.lexicon is lexicon:
        return offers
    return Prepared.of(offers.offers if isinstance(offers, Prepared) else offers, lexicon)


def _with_groups(
    limits: Limits, confirmed: Iterable[str], cues: Iterable[str], lexicon: Lexicon
) -> Limits:
    """A confirmed group is one the person belongs to; one only heard is still to be asked."""
    groups = limits.groups
    if groups is not None:
        groups |= {
            c for c in confirmed if c in lexicon.concepts and lexicon.concepts[c].is_audience
        }
    return replace(limits, groups=groups, heard_groups=frozenset(cues))


def _not_shown(known: Prepared, stand: Standing) -> tuple[NotShown, ...]:
    groups = [
        NotShown(limit, words, Picked(known.offers, numbers))
        for limit, words, numbers in stand.left_out()
    ]
    return tuple(sorted(groups, key=lambda group: (-group.count, group.words)))


@dataclass(frozen=True, slots=True)
class _Shown:
    """A service to explain."""

    offer: Offer
    score: float
    best: float
    met: Sequence[tuple[Want, float]]

    @property
    def band(self) -> str:
        asked = any(want.is_explicit for want, _ in self.met)
        return "good" if asked and self.score >= GOOD * self.best else "possible"


def _shown(stand: Standing, evidence: Evidence, wanted: Mapping[str, Want], offer: Offer) -> _Shown:
    met = [
        (wanted[concept], evidence.worth[concept] * weight)
        for concept, weight in offer.concepts.items()
        if concept in evidence.worth
    ]
    return _Shown(offer, stand.score_of(offer), stand.best, met)


def _match(
    shown: _Shown, also: tuple[Offer, ...], limits: Limits, on: date, lexicon: Lexicon
) -> Match:
    def tell() -> Told:
        offer = shown.offer
        checks, group = check(offer, limits, on=on), meant_for(offer, belongs_to(limits), lexicon)
        return Told(
            because(shown.met),
            facts(offer, checks, limits),
            cautions(offer, checks, lexicon.label(group) if group else None, on),
            checks,
        )

    return Match(shown.offer, shown.band, round(shown.score, 6), Telling(tell), also)
