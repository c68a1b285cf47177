"""What distance, blanks, age of an entry and a waiting list leave of every score at once."""

from __future__ import annotations

from datetime import date

import numpy as np

from linkwork.matching.asked import Limits, belongs_to
from linkwork.matching.facts import NEVER, Floats
from linkwork.matching.offers import WAITLIST
from linkwork.matching.prepared import Prepared
from linkwork.matching.reasons import STALE
from linkwork.matching.sieve import Sifted, is_at_a_distance

NEAR_LIMIT = 0.05
EACH_UNKNOWN = 0.04
STALE_FACTOR = 0.9
FOR_OTHERS_FACTOR = 0.6
"""A service that seems to be for a group the person is not known to belong to."""
WAITING_FACTOR = 0.92


def factor(prepared: Prepared, sifted: Sifted, limits: Limits, on: date) -> Floats:
    """Return what distance, blanks, age of the entry and a waiting list leave of each score."""
    left: Floats = 1.0 - EACH_UNKNOWN * sifted.unknown.astype(np.float64)
    theirs = prepared.with_any(belongs_to(limits))
    left[prepared.is_for_some & ~theirs] *= FOR_OTHERS_FACTOR
    if limits.max_km:
        journey = np.where(is_at_a_distance(prepared, limits), 0.0, sifted.km / limits.max_km)
        left *= 1 - NEAR_LIMIT * np.minimum(1.0, np.nan_to_num(journey))
    waits = prepared.facts.capacity.where(lambda offer: offer.capacity_status == WAITLIST)
    left[waits] *= WAITING_FACTOR
    verified_on = prepared.facts.verified_on
    stale = (verified_on == NEVER) | (on.toordinal() - verified_on > STALE.days)
    left[stale] *= STALE_FACTOR
    return left
