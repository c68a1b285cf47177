"""A person's hard limits, and whether a service keeps to each: fits, not stated, or no.

Most directory fields are blank, so "not stated" is its own answer: the service stays in the list
with the words "check with the provider". A limit that was never asked gives no check at all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from enum import StrEnum

from linkwork.matching import wording
from linkwork.matching.distance import kilometres
from linkwork.matching.offers import (
    AT_A_DISTANCE,
    HOME,
    NO_CAPACITY,
    ONLINE,
    PHONE,
    TEXT,
    WITHOUT_LEAVING_HOME,
    Offer,
    Session,
)

ENGLISH = "en"
ENDED, FULL = "ended", "places"
LONG_ENOUGH_MINUTES = 120
"""Two hours of a long drop-in are enough; a shorter session has to fit as a whole."""
COMES_TO_YOU_KM = 15.0
"""How far a service that visits people at home is taken to travel, where it does not say."""
INTERPRETED = frozenset(
    "benefits esol food_help helpline homelessness housing immigration legal "
    "talking_therapy".split()
)
"""Services that see people with an interpreter: another language is a question, not a no."""
EVERY_DAY = frozenset(range(7))


class Fit(StrEnum):
    """The three answers to "does this service keep to the limit?"."""

    FITS = "fits"
    NOT_STATED = "not_stated"
    NO = "no"


@dataclass(frozen=True, slots=True)
class Limits:
    """What a service must keep to for this person; None or an empty set was not asked.

    ``origin`` is (latitude, longitude) in degrees, ``max_km`` straight kilometres, ``days``
    weekdays with Monday 0, ``max_cost`` pounds a session, ``gender`` "women", "men" or another
    word, ``groups`` the concepts of groups the person belongs to (None: not asked).
    """

    origin: tuple[float, float] | None = None
    max_km: float | None = None
    days: frozenset[int] = frozenset()
    from_time: time | None = None
    to_time: time | None = None
    age: int | None = None
    gender: str | None = None
    max_cost: Decimal | None = None
    access: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    groups: frozenset[str] | None = None
    heard_groups: frozenset[str] = frozenset()
    """Groups heard in a note and not yet confirmed: a service for them is "not stated"."""
    housebound: bool = False
    online: bool = True
    phone: bool = True


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


def nearest_km(offer: Offer, limits: Limits) -> float | None:
    """Return the kilometres to the nearest place of the service, None where either is unknown."""
    if limits.origin is None or not offer.places:
        return None
    origin = limits.origin
    return min(kilometres(origin, place) for place in offer.places)


def is_at_a_distance(offer: Offer, limits: Limits) -> bool:
    """Say whether the person can use the service by phone, text or online, from anywhere."""
    accepted = {ONLINE} if limits.online else set()
    return bool(offer.channels & (accepted | ({PHONE, TEXT} if limits.phone else set())))


def fitting_sessions(offer: Offer, limits: Limits) -> tuple[Session, ...]:
    """Return the sessions on the person's days that leave time within the person's hours."""
    days = limits.days or EVERY_DAY
    return tuple(s for s in offer.sessions if s.weekday in days and _in_hours(s, limits))


def _in_hours(session: Session, limits: Limits) -> bool:
    if session.opens is None or (limits.from_time is None and limits.to_time is None):
        return True
    opens = _minutes(session.opens)
    closes = _minutes(session.closes) if session.closes else opens + 60
    begins = max(opens, _minutes(limits.from_time) if limits.from_time else 0)
    ends = min(closes, _minutes(limits.to_time) if limits.to_time else 24 * 60)
    return ends - begins >= min(LONG_ENOUGH_MINUTES, max(1, closes - opens))


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


def _closed(offer: Offer, on: date) -> str | None:
    if offer.ends_on and offer.ends_on < on:
        return ENDED
    return FULL if offer.capacity_status == NO_CAPACITY else None


def _gender(offer: Offer, limits: Limits) -> Fit | None:
    if offer.gender is None:
        return None
    if limits.gender not in ("women", "men"):
        return Fit.NOT_STATED
    return Fit.FITS if offer.gender == limits.gender else Fit.NO


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
    if offer.groups & limits.groups:
        return Fit.FITS
    return Fit.NOT_STATED if offer.groups & limits.heard_groups else Fit.NO


def _language(offer: Offer, limits: Limits) -> Fit | None:
    if not limits.languages:
        return None
    if not offer.languages:
        return None if ENGLISH in limits.languages else Fit.NOT_STATED
    if offer.languages & limits.languages:
        return Fit.FITS
    return Fit.NO if INTERPRETED.isdisjoint(offer.concepts) else Fit.NOT_STATED


def _channel(offer: Offer, limits: Limits) -> Fit | None:
    if not limits.housebound and limits.online and limits.phone:
        return None
    if not offer.channels:
        return Fit.NOT_STATED
    left = offer.channels if not limits.housebound else offer.channels & WITHOUT_LEAVING_HOME
    left = left if limits.online else left - {ONLINE}
    return Fit.FITS if (left if limits.phone else left - {PHONE, TEXT}) else Fit.NO


def _distance(offer: Offer, limits: Limits) -> Fit | None:
    if limits.origin is None or limits.max_km is None:
        return None
    if offer.channels & AT_A_DISTANCE and is_at_a_distance(offer, limits):
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
    if limits.days in (frozenset(), EVERY_DAY) and not (limits.from_time or limits.to_time):
        return None
    if not offer.sessions:
        return Fit.NOT_STATED
    return Fit.FITS if fitting_sessions(offer, limits) else Fit.NO


def _access(offer: Offer, limits: Limits) -> Fit | None:
    if not limits.access or offer.channels & WITHOUT_LEAVING_HOME:
        return None
    if offer.access is None:
        return Fit.NOT_STATED
    return Fit.FITS if limits.access <= offer.access else Fit.NO


def _words(name: str, fit: Fit, offer: Offer, limits: Limits) -> str:
    if name == "distance" and fit is not Fit.NOT_STATED:
        km = nearest_km(offer, limits)
        reached = offer.channels & AT_A_DISTANCE and is_at_a_distance(offer, limits)
        return wording.distance(None if reached else km)
    if name == "time" and fit is Fit.FITS:
        return wording.session(fitting_sessions(offer, limits)[0])
    return wording.of_limit(name, fit, offer, limits.access)


JUDGES: dict[str, Judge] = {
    "gender": _gender,
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
