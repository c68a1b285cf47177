"""A person's hard limits, and whether a service keeps to each: fits, not stated, or no.

Most directory fields are blank, so "not stated" is its own answer: the service stays in the list
with the words "check with the provider". A limit that was never asked gives no check at all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from linkwork.matching import wording
from linkwork.matching.asked import (
    COMES_TO_YOU_KM,
    ENGLISH,
    EVERY_DAY,
    EVERY_WAY,
    LONG_ENOUGH_MINUTES,
    SELDOM_STATED,
    Limits,
    accepted,
    fitting_sessions,
    goes_any_time,
    is_at_a_distance,
    is_one_to_one,
    mainly,
    nearest_km,
    windows,
)
from linkwork.matching.offers import (
    HOME,
    NO_CAPACITY,
    WITHOUT_LEAVING_HOME,
    Offer,
)

__all__ = [
    "COMES_TO_YOU_KM",
    "ENGLISH",
    "EVERY_DAY",
    "JUDGES",
    "LONG_ENOUGH_MINUTES",
    "SELDOM_STATED",
    "Check",
    "Fit",
    "Limits",
    "accepted",
    "check",
    "fitting_sessions",
    "is_at_a_distance",
    "is_one_to_one",
    "mainly",
    "nearest_km",
    "refusal",
    "windows",
]
ENDED, FULL = "ended", "places"


class Fit(StrEnum):
    """The three answers to "does this service keep to the limit?"."""

    FITS = "fits"
    NOT_STATED = "not_stated"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Check:
    """One limit held against one service, with words for people."""

    limit: str
    fit: Fit
    words: str


Judge = Callable[[Offer, Limits], Fit | None]


def check(offer: Offer, limits: Limits, *, on: date) -> tuple[Check, ...]:
    """Return the answer to every limit that was asked, in the order people care about them."""
    closed = _closed(offer, on)
    answers = [(closed, Fit.NO)] if closed else []
    answers += [(name, fit) for name, judge in JUDGES.items() if (fit := judge(offer, limits))]
    return tuple(Check(name, fit, _words(name, fit, offer, limits)) for name, fit in answers)


def refusal(offer: Offer, limits: Limits, *, on: date) -> tuple[str | None, int]:
    """Return the first limit that rules the service out, or None with how many are not stated."""
    if closed := _closed(offer, on):
        return closed, 0
    unknown = 0
    for name, judge in JUDGES.items():
        fit = judge(offer, limits)
        if fit is Fit.NO:
            return name, unknown
        unknown += fit is Fit.NOT_STATED
    return None, unknown


def _closed(offer: Offer, on: date) -> str | None:
    if offer.ends_on and offer.ends_on < on:
        return ENDED
    return FULL if offer.capacity_status == NO_CAPACITY else None


def _tried(offer: Offer, limits: Limits) -> Fit | None:
    return Fit.NO if offer.id in limits.not_again else None


def _unwanted(offer: Offer, limits: Limits) -> Fit | None:
    if limits.unwanted.isdisjoint(offer.concepts):
        return None
    return None if limits.unwanted.isdisjoint(mainly(offer)) else Fit.NO


def _gender(offer: Offer, limits: Limits) -> Fit | None:
    if offer.gender is None:
        return None
    if limits.gender not in ("women", "men"):
        return Fit.NOT_STATED
    return Fit.FITS if offer.gender == limits.gender else Fit.NO


def _mixed(offer: Offer, limits: Limits) -> Fit | None:
    """A group that says nothing is for everybody; alone with somebody, one can ask for a woman."""
    if not limits.single_sex or offer.gender is not None:
        return None
    alone = offer.channels & WITHOUT_LEAVING_HOME or is_one_to_one(offer)
    return Fit.NOT_STATED if alone else Fit.NO


def _age(offer: Offer, limits: Limits) -> Fit | None:
    if limits.age is None:
        return None
    if offer.minimum_age is None and offer.maximum_age is None:
        return Fit.NOT_STATED
    youngest, oldest = offer.minimum_age or 0, offer.maximum_age or 200
    return Fit.FITS if youngest <= limits.age <= oldest else Fit.NO


def _group(offer: Offer, limits: Limits) -> Fit | None:
    if not offer.groups:
        return None
    if limits.groups is None:
        return Fit.NOT_STATED
    if not limits.groups.isdisjoint(offer.groups | mainly(offer)):
        return Fit.FITS
    return Fit.NO if limits.all_groups else Fit.NOT_STATED


def _language(offer: Offer, limits: Limits) -> Fit | None:
    if not limits.languages:
        return None
    if not offer.languages:
        return None if ENGLISH in limits.languages else Fit.NOT_STATED
    if offer.languages & limits.languages:
        return Fit.FITS
    would_do = is_one_to_one(offer) if limits.interpreter is None else limits.interpreter
    return Fit.NOT_STATED if would_do else Fit.NO


def _channel(offer: Offer, limits: Limits) -> Fit | None:
    ways = accepted(limits)
    if ways == EVERY_WAY:
        return None
    if not offer.channels:
        return Fit.NOT_STATED
    return Fit.FITS if offer.channels & ways else Fit.NO


def _distance(offer: Offer, limits: Limits) -> Fit | None:
    if limits.origin is None or limits.max_km is None:
        return None
    if is_at_a_distance(offer, limits):
        return Fit.FITS
    km = nearest_km(offer, limits)
    if km is None:
        return Fit.NOT_STATED
    reach = max(limits.max_km, COMES_TO_YOU_KM) if HOME in offer.channels else limits.max_km
    return Fit.FITS if km <= reach else Fit.NO


def _cost(offer: Offer, limits: Limits) -> Fit | None:
    if limits.max_cost is None:
        return None
    if offer.is_free:
        return Fit.FITS
    if offer.cost is None:
        return Fit.NOT_STATED
    return Fit.FITS if offer.cost <= limits.max_cost else Fit.NO


def _time(offer: Offer, limits: Limits) -> Fit | None:
    if goes_any_time(limits):
        return None
    if not offer.sessions:
        return Fit.NOT_STATED
    return Fit.FITS if fitting_sessions(offer, limits) else Fit.NO


def _access(offer: Offer, limits: Limits) -> Fit | None:
    if not limits.access or offer.channels & WITHOUT_LEAVING_HOME & accepted(limits):
        return None
    if offer.access is None:
        return Fit.NOT_STATED
    missing = limits.access - offer.access
    if not missing:
        return Fit.FITS
    return Fit.NOT_STATED if missing <= SELDOM_STATED else Fit.NO


def _words(name: str, fit: Fit, offer: Offer, limits: Limits) -> str:
    if name == "distance" and fit is not Fit.NOT_STATED:
        reached = is_at_a_distance(offer, limits)
        return wording.distance(None if reached else nearest_km(offer, limits))
    if name == "channel" and fit is Fit.FITS:
        ways = wording.ways(offer.channels & accepted(limits))
        return "can be used from home" if limits.housebound else ways
    if name == "time" and fit is Fit.FITS:
        return wording.session(fitting_sessions(offer, limits)[0])
    return wording.of_limit(name, fit, offer, limits.access)


JUDGES: dict[str, Judge] = {
    "tried": _tried,
    "unwanted": _unwanted,
    "gender": _gender,
    "mixed": _mixed,
    "age": _age,
    "group": _group,
    "language": _language,
    "channel": _channel,
    "distance": _distance,
    "cost": _cost,
    "time": _time,
    "access": _access,
}
"""Every limit in the order in which a reason for leaving a service out is looked for."""
