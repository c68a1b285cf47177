"""What is asked of the directory, and how that is said to the narrow rows it is kept in."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from linkwork import clock
from linkwork.casework.service_words import KM_PER_MILE, fresh_since, stale_until
from linkwork.geography import Place
from linkwork.models import CapacityStatus, ServiceKind, ServiceSession
from linkwork.models.service_facet import (
    ACCESS,
    CHANNELS,
    DAYS,
    NEEDS,
    PARTS,
    SOME_END_BEFORE,
    ServiceFacet,
    bits,
)

KM_PER_DEGREE = 111.195
ANY_DAY = 0b001001001001001001001
WITH_ROOM = (CapacityStatus.CAPACITY, CapacityStatus.ASSESSMENT)
WITH_A_WAIT = (*WITH_ROOM, CapacityStatus.WAITLIST)


@dataclass(frozen=True, slots=True)
class Criteria:
    """What is looked for; None, False, () and "" are not asked.

    ``day`` is MO to SU, ``part`` morning, afternoon or evening, ``miles`` the furthest a place may
    be from ``near``, ``price`` the most in pounds (0 is free), ``access`` what a building must
    have, ``gender`` of whoever goes, ``group`` one of the audiences, ``room`` "places" or
    "waiting", ``freshness`` "fresh" or "stale", ``meets`` "now" or "today". ``everything``
    includes what is unlisted, ended or closed, for those who may see it. ``order`` is "best",
    "nearest", "next" or "name". ``exactly`` leaves misspelt words as they are.
    """

    words: str = ""
    need: str | None = None
    kind: ServiceKind | None = None
    day: str | None = None
    part: str | None = None
    meets: str | None = None
    near: Place | None = None
    miles: float | None = None
    price: float | None = None
    access: tuple[str, ...] = ()
    age: int | None = None
    gender: str | None = None
    group: str | None = None
    language: str | None = None
    channel: str | None = None
    route: str | None = None
    room: str | None = None
    freshness: str | None = None
    everything: bool = False
    order: str = ""
    exactly: bool = False

    @property
    def limits(self) -> Mapping[str, Any]:
        """What narrows the search, by name: all that is asked but order and spelling."""
        besides = ("near", "everything", "order", "exactly")
        named = ((field.name, getattr(self, field.name)) for field in fields(self))
        return {
            name: value
            for name, value in named
            if name not in besides and value not in (None, "", ())
        }


def conditions(criteria: Criteria, on: date) -> list[ColumnElement[bool]]:
    """What each row must fulfil, but for words, distance and what meets now or today."""
    found = [*running(criteria, on), *_of_the_place(criteria), *_of_the_person(criteria)]
    if criteria.need:
        found.append(_has(ServiceFacet.needs, bits([criteria.need], NEEDS)))
    if criteria.channel:
        found.append(_has(ServiceFacet.channels, bits([criteria.channel], CHANNELS)))
    if criteria.kind:
        found.append(ServiceFacet.kind == criteria.kind)
    if criteria.day or criteria.part:
        found.append(_meets(criteria, on))
    if criteria.price is not None:
        found.append(ServiceFacet.price <= criteria.price)
    if criteria.route:
        found.append(ServiceFacet.referral_route == criteria.route)
    if criteria.room:
        rooms = WITH_ROOM if criteria.room == "places" else WITH_A_WAIT
        found.append(ServiceFacet.capacity_status.in_(rooms))
    return [*found, *_checked(criteria.freshness, on)]


def running(criteria: Criteria, on: date) -> list[ColumnElement[bool]]:
    """What is on offer at all; nothing is asked where everything is wanted."""
    if criteria.everything:
        return []
    not_over = or_(ServiceFacet.ends_on.is_(None), ServiceFacet.ends_on >= on)
    return [ServiceFacet.listed.is_(True), ServiceFacet.running.is_(True), not_over]


def squared(near: Place, of: Any = ServiceFacet) -> ColumnElement[float]:
    """The squared distance of a row from ``near``, in degrees of latitude.

    Equirectangular: good to a part in a thousand within a county, and a sort needs no root.
    """
    narrower = math.cos(math.radians(near.latitude))
    north = of.latitude - near.latitude
    east = (of.longitude - near.longitude) * narrower
    found: ColumnElement[float] = north * north + east * east
    return found


def _of_the_place(criteria: Criteria) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if criteria.near is None:
        found.append(ServiceFacet.spot == 0)
    else:
        found.append(ServiceFacet.latitude.is_not(None))
        if criteria.miles is not None:
            degrees = criteria.miles * KM_PER_MILE / KM_PER_DEGREE
            here = criteria.near.latitude
            found.append(ServiceFacet.latitude.between(here - degrees, here + degrees))
            found.append(squared(criteria.near) <= degrees * degrees)
    if criteria.access:
        found.append(_has_all(criteria))
    return found


def _has_all(criteria: Criteria) -> ColumnElement[bool]:
    """That one place has all that is asked of a building: near somebody, the very place."""
    wanted = bits(criteria.access, ACCESS)
    if criteria.near is not None:
        here: ColumnElement[bool] = ServiceFacet.access.op("&")(wanted) == wanted
        return here
    spot = aliased(ServiceFacet)
    with_all = select(spot.service_id).where(spot.access.op("&")(wanted) == wanted)
    return ServiceFacet.service_id.in_(with_all)


def _of_the_person(criteria: Criteria) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if criteria.age is not None:
        youngest, oldest = ServiceFacet.minimum_age, ServiceFacet.maximum_age
        found.append(or_(youngest.is_(None), youngest <= criteria.age))
        found.append(or_(oldest.is_(None), oldest >= criteria.age))
    if criteria.gender:
        found.append(func.coalesce(ServiceFacet.gender, criteria.gender) == criteria.gender)
    if criteria.group:
        found.append(_names(ServiceFacet.audience, criteria.group))
    if criteria.language:
        found.append(_names(ServiceFacet.languages, criteria.language.lower()))
    return found


def _has(column: Any, wanted: int) -> ColumnElement[bool]:
    found: ColumnElement[bool] = column.op("&")(wanted) != 0
    return found


def _names(column: Any, name: str) -> ColumnElement[bool]:
    found: ColumnElement[bool] = column.contains(f",{name},", autoescape=True)
    return found


def _meets(criteria: Criteria, on: date) -> ColumnElement[bool]:
    until = or_(ServiceFacet.times_until.is_(None), ServiceFacet.times_until >= on)
    if criteria.day in DAYS:
        until = and_(until, _goes_on(DAYS.index(criteria.day), on))
    if criteria.part not in PARTS:
        return and_(_has(ServiceFacet.days, bits([criteria.day or ""], DAYS)), until)
    part = PARTS.index(criteria.part)
    wanted = ANY_DAY << part
    if criteria.day in DAYS:
        wanted = 1 << (3 * DAYS.index(criteria.day) + part)
    return and_(_has(ServiceFacet.slots, wanted), until)


def _goes_on(day: int, on: date) -> ColumnElement[bool]:
    """That a day of the week is not over while others of the same service go on."""
    lasting = exists().where(
        ServiceSession.service_id == ServiceFacet.service_id,
        ServiceSession.day == day,
        or_(ServiceSession.last_on.is_(None), ServiceSession.last_on >= on),
    )
    return or_(ServiceFacet.days.op("&")(SOME_END_BEFORE) == 0, lasting)


def _checked(freshness: str | None, on: date) -> list[ColumnElement[bool]]:
    if freshness == "fresh":
        return [ServiceFacet.verified_at >= midnight(fresh_since(on))]
    if freshness == "stale":
        never = ServiceFacet.verified_at.is_(None)
        return [or_(never, ServiceFacet.verified_at < midnight(stale_until(on)))]
    return []


def midnight(day: date) -> datetime:
    """The moment a day begins in England."""
    return clock.utc(datetime.combine(day, time()))
