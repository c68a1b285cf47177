"""The hard limits held against all services at once, exactly as ``limits.refusal`` does by one.

Most limits read so little of a service that there are only a few hundred kinds of answers: the
plain rule is asked once for each kind. Distance and times are reckoned in arrays. A limit that is
known here in neither way is asked of each service still in question: slow, but never wrong.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np

from linkwork.matching import asked
from linkwork.matching.asked import COMES_TO_YOU_KM, Limits
from linkwork.matching.distance import KM_PER_DEGREE
from linkwork.matching.facts import NEVER, Flags, Floats, Kinds, Numbers, flags
from linkwork.matching.limits import ENDED, FULL, JUDGES, Fit
from linkwork.matching.offers import HOME, NO_CAPACITY, Offer, Session
from linkwork.matching.prepared import Prepared

SHOWN = -1


class Answer(NamedTuple):
    """Of each service, whether it breaks a limit and whether its entry does not say."""

    no: Flags
    not_stated: Flags


@dataclass(frozen=True, slots=True, eq=False)
class Sifted:
    """For each service the place in ``names`` of what refuses it, or ``SHOWN``."""

    names: tuple[str, ...]
    refused: Numbers
    unknown: Numbers
    """How many limits its entry says nothing about, before the one that refuses it."""
    km: Floats
    """Kilometres to its nearest place, NaN where that is not known."""


def sift(prepared: Prepared, candidates: Flags, limits: Limits, *, on: date) -> Sifted:
    """Hold the limits against every service; only the answers for ``candidates`` mean anything."""
    refused = np.full(len(prepared), SHOWN, np.intp)
    unknown = np.zeros(len(prepared), np.intp)
    facts, km = prepared.facts, nearest_km(prepared, limits)
    refused[facts.capacity.where(lambda offer: offer.capacity_status == NO_CAPACITY)] = 1
    refused[(facts.ends_on != NEVER) & (facts.ends_on < on.toordinal())] = 0
    for place, name in enumerate(JUDGES, 2):
        standing = candidates & (refused == SHOWN)
        answer = _answer(prepared, name, limits, standing, km)
        if answer is not None:
            unknown[standing & answer.not_stated] += 1
            refused[standing & answer.no] = place
    return Sifted((ENDED, FULL, *JUDGES), refused, unknown, km)


def _answer(
    prepared: Prepared, name: str, limits: Limits, standing: Flags, km: Floats
) -> Answer | None:
    judge = JUDGES[name]
    if name == "tried":
        return _tried(prepared, limits)
    if name == "unwanted" and not limits.unwanted:
        return None
    if name == "distance":
        return _distance(prepared, limits, km)
    if name == "time":
        return _time(prepared, limits)
    if (kinds := prepared.facts.kinds.get(name)) is not None:
        return _by(lambda offer: judge(offer, limits), kinds, standing)
    return _one_by_one(prepared, lambda offer: judge(offer, limits), standing)


def _by(judge: Callable[[Offer], Fit | None], kinds: Kinds, standing: Flags) -> Answer:
    is_asked = np.zeros(len(kinds.examples), np.bool_)
    is_asked[kinds.of[standing]] = True
    no, not_stated = np.zeros_like(is_asked), np.zeros_like(is_asked)
    for kind in np.flatnonzero(is_asked).tolist():
        fit = judge(kinds.examples[kind])
        no[kind], not_stated[kind] = fit is Fit.NO, fit is Fit.NOT_STATED
    return Answer(no[kinds.of], not_stated[kinds.of])


def _one_by_one(
    prepared: Prepared, judge: Callable[[Offer], Fit | None], standing: Flags
) -> Answer:
    found = np.flatnonzero(standing)
    fits = [judge(prepared.offers[number]) for number in found]
    no = [number for number, fit in zip(found, fits, strict=True) if fit is Fit.NO]
    blank = [number for number, fit in zip(found, fits, strict=True) if fit is Fit.NOT_STATED]
    return Answer(*(flags(len(prepared), [np.array(some, np.intp)]) for some in (no, blank)))


def _tried(prepared: Prepared, limits: Limits) -> Answer | None:
    if not limits.not_again:
        return None
    known = [prepared.numbers[one] for one in limits.not_again if one in prepared.numbers]
    no = flags(len(prepared), [np.array(known, np.intp)])
    return Answer(no, np.zeros(len(prepared), np.bool_))


def _distance(prepared: Prepared, limits: Limits, km: Floats) -> Answer | None:
    if limits.origin is None or limits.max_km is None:
        return None
    comes = prepared.facts.kinds["channel"].where(lambda offer: HOME in offer.channels)
    reach = np.where(comes, max(limits.max_km, COMES_TO_YOU_KM), limits.max_km)
    journey = ~is_at_a_distance(prepared, limits)
    return Answer(journey & (km > reach), journey & np.isnan(km))


def is_at_a_distance(prepared: Prepared, limits: Limits) -> Flags:
    """Say of each service whether the person can use it from anywhere."""
    channels = prepared.facts.kinds["channel"]
    return channels.where(lambda offer: asked.is_at_a_distance(offer, limits))


def nearest_km(prepared: Prepared, limits: Limits) -> Floats:
    """Return the kilometres to the nearest place of each service, NaN where it is not known.

    As ``distance.kilometres`` reckons it, the origin being the first of the two points.
    """
    found, places = np.full(len(prepared), np.nan), prepared.facts.places
    if limits.origin is None or not len(places.of):
        return found
    latitude, longitude = limits.origin
    narrower = np.cos(np.radians((latitude + places.latitude) / 2))
    km = KM_PER_DEGREE * np.hypot(
        places.latitude - latitude, (places.longitude - longitude) * narrower
    )
    first = np.flatnonzero(np.diff(places.of, prepend=-1))
    found[places.of[first]] = np.minimum.reduceat(km, first)
    return found


def _time(prepared: Prepared, limits: Limits) -> Answer | None:
    if asked.goes_any_time(limits):
        return None
    hours, times, size = asked.windows(limits), prepared.facts.times, len(prepared)

    def fits(session: Session) -> bool:
        day = hours.get(session.weekday)
        return day is not None and asked.leaves_time(session, day)

    fitting = np.fromiter(map(fits, times.different), np.bool_, len(times.different))
    has_any = flags(size, [times.of])
    has_fitting = flags(size, [times.of[fitting[times.which]]])
    return Answer(has_any & ~has_fitting, ~has_any)
