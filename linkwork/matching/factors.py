"""What distance, blanks, age of an entry and a waiting list leave of a score."""

from __future__ import annotations

from datetime import date

from linkwork.matching.evidence import Scored
from linkwork.matching.lexicon import Lexicon
from linkwork.matching.limits import Limits, is_at_a_distance, nearest_km
from linkwork.matching.offers import WAITLIST, meant_for
from linkwork.matching.reasons import is_stale

NEAR_LIMIT = 0.05
EACH_UNKNOWN = 0.04
STALE_FACTOR = 0.9
FOR_OTHERS_FACTOR = 0.6
"""A service that seems to be for a group the person is not known to belong to."""
WAITING_FACTOR = 0.92


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


def belongs_to(limits: Limits) -> frozenset[str]:
    """Return the groups that the person belongs to, as far as was asked or heard."""
    return (limits.groups or frozenset()) | limits.heard_groups
