"""What was asked of a person: their limits, and what follows from them for a time and a place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from decimal import Decimal
from functools import lru_cache

from linkwork.matching.distance import kilometres
from linkwork.matching.offers import (
    AT_A_DISTANCE,
    HOME,
    IN_PERSON,
    NEARLY_FIRST,
    ONLINE,
    PHONE,
    TEXT,
    WITHOUT_LEAVING_HOME,
    Offer,
    Session,
)

EVERY_WAY = frozenset({IN_PERSON, HOME, PHONE, ONLINE, TEXT})
EVERY_DAY = frozenset(range(7))
Hours = tuple[int, int]
"""From and to, in minutes of the day."""
ENGLISH = "en"
COMES_TO_YOU_KM = 15.0
"""How far a service that visits people at home is taken to travel, where it does not say."""
ONE_TO_ONE = frozenset(
    "benefits esol food_help homelessness housing immigration talking_therapy".split()
)
"""What people are seen for one by one, also with an interpreter: a question, not a no."""
COMPANY = frozenset(
    "befriending bereavement coffee_morning hoarding loneliness social_club".split()
)
"""What lives by talking, so that a language in common is the whole of it."""
SELDOM_STATED = frozenset({"seat", "parking"})
"""What few entries speak of, so that saying nothing of it is no sign that it is missing."""
WHOLE_DAY = (0, 24 * 60)
LONG_ENOUGH_MINUTES = 120
"""Two hours of a long drop-in are enough; a shorter session has to fit as a whole."""


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
    more_days: frozenset[int] = frozenset()
    """Days with hours of their own: ``more_from`` to ``more_to`` instead of the usual ones."""
    more_from: time | None = None
    more_to: time | None = None
    age: int | None = None
    gender: str | None = None
    single_sex: bool = False
    """Whether only groups for their own gender will do."""
    max_cost: Decimal | None = None
    access: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    interpreter: bool | None = None
    """Whether an interpreter would do instead of the language; None was not asked."""
    groups: frozenset[str] | None = None
    all_groups: bool = True
    """Whether ``groups`` are all there are: else any other group is "not stated"."""
    heard_groups: frozenset[str] = frozenset()
    """Groups heard in a note and not yet confirmed: a service for them is "not stated"."""
    ways: frozenset[str] = frozenset()
    """In person, at home, by phone, online, by text: those that suit them, none of them is any."""
    housebound: bool = False
    online: bool = True
    phone: bool = True
    not_again: frozenset[str] = frozenset()
    """Ids of services that were tried and are not wanted again."""
    unwanted: frozenset[str] = frozenset()
    """Concepts that were tried and are not wanted again."""


def accepted(limits: Limits) -> frozenset[str]:
    """Return the ways of taking part that suit the person."""
    ways = limits.ways or EVERY_WAY
    if ways is EVERY_WAY and limits.online and limits.phone and not limits.housebound:
        return EVERY_WAY
    if limits.housebound:
        ways &= WITHOUT_LEAVING_HOME
    if not limits.online:
        ways -= {ONLINE}
    return ways if limits.phone else ways - {PHONE, TEXT}


def windows(limits: Limits) -> Mapping[int, Hours]:
    """Return the hours of each weekday the person can go on: from and to, in minutes of the day.

    A day that is not in it is none of theirs. Midnight as an end is the end of the day.
    """
    usual = (limits.days, limits.from_time, limits.to_time)
    return _windows(*usual, limits.more_days, limits.more_from, limits.more_to)


@lru_cache(maxsize=512)
def _windows(
    days: frozenset[int],
    begins: time | None,
    ends: time | None,
    more_days: frozenset[int],
    more_begins: time | None,
    more_ends: time | None,
) -> Mapping[int, Hours]:
    usual, others = _hours(begins, ends), _hours(more_begins, more_ends)
    found = dict.fromkeys(days or EVERY_DAY, usual) | dict.fromkeys(more_days, others)
    return dict(sorted(found.items()))


def goes_any_time(limits: Limits) -> bool:
    """Say whether no day and no hour is ruled out."""
    if not (limits.days or limits.from_time or limits.to_time or limits.more_days):
        return True
    known = windows(limits)
    return len(known) == len(EVERY_DAY) and all(hours == WHOLE_DAY for hours in known.values())


def nearest_km(offer: Offer, limits: Limits) -> float | None:
    """Return the kilometres to the nearest place of the service, None where either is unknown."""
    if limits.origin is None or not offer.places:
        return None
    origin = limits.origin
    return min(kilometres(origin, place) for place in offer.places)


def belongs_to(limits: Limits) -> frozenset[str]:
    """Return the groups that the person belongs to, as far as was asked or heard."""
    return (limits.groups or frozenset()) | limits.heard_groups


def is_at_a_distance(offer: Offer, limits: Limits) -> bool:
    """Say whether the person can use the service by phone, text or online, from anywhere."""
    return bool(offer.channels & AT_A_DISTANCE & accepted(limits))


def mainly(offer: Offer) -> frozenset[str]:
    """Return the concepts that a service is mainly about, not those it mentions in passing."""
    least = NEARLY_FIRST * max(offer.concepts.values(), default=0.0)
    return frozenset(concept for concept, weight in offer.concepts.items() if weight >= least)


def is_one_to_one(offer: Offer) -> bool:
    """Say whether a service is mainly one where a person is seen alone, about a matter."""
    if ONE_TO_ONE.isdisjoint(offer.concepts):
        return False
    about = mainly(offer)
    return not ONE_TO_ONE.isdisjoint(about) and COMPANY.isdisjoint(about)


def fitting_sessions(offer: Offer, limits: Limits) -> tuple[Session, ...]:
    """Return the sessions on the person's days that leave time within the person's hours."""
    hours = windows(limits)
    return tuple(
        session
        for session in offer.sessions
        if session.weekday in hours and leaves_time(session, hours[session.weekday])
    )


def leaves_time(session: Session, hours: Hours) -> bool:
    """Say whether enough of a session lies between two minutes of the day.

    A session with no hours stated does; one with no end is taken to last an hour, and one that
    ends before it begins to end the day after.
    """
    if session.opens is None or hours == WHOLE_DAY:
        return True
    opens = _minutes(session.opens)
    closes = _minutes(session.closes) if session.closes else opens + 60
    closes += WHOLE_DAY[1] if closes <= opens else 0
    together = min(closes, hours[1]) - max(opens, hours[0])
    return together >= min(LONG_ENOUGH_MINUTES, max(1, closes - opens))


def _hours(begins: time | None, ends: time | None) -> Hours:
    to = _minutes(ends) if ends else 0
    return (_minutes(begins) if begins else 0), to or WHOLE_DAY[1]


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute
