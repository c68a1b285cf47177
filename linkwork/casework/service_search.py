"""Looks for activities in the directory: words and filters in, one page of services out.

One statement finds, counts, orders and cuts the page, on either engine; three more bring what
the page shows of each service.
"""

import math
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Float,
    Select,
    String,
    and_,
    case,
    cast,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import joinedload, selectinload

from linkwork import access, clock
from linkwork.casework.service_words import KM_PER_MILE, fresh_since, stale_until
from linkwork.database import db
from linkwork.geography import Place
from linkwork.models import (
    CostOption,
    Location,
    Schedule,
    Service,
    ServiceAtLocation,
    ServiceKind,
    ServiceStatus,
    User,
    service_text,
)

PAGE_SIZE = 25
KM_PER_DEGREE = 111.195
RUNNING = (ServiceStatus.ACTIVE, ServiceStatus.TEMPORARILY_CLOSED)
STEP_FREE = ("%step-free%", "%step free%", "%wheelchair%", "%level access%")
DAYS = {
    "MO": "monday",
    "TU": "tuesday",
    "WE": "wednesday",
    "TH": "thursday",
    "FR": "friday",
    "SA": "saturday",
    "SU": "sunday",
}


@dataclass(frozen=True, slots=True)
class Criteria:
    """What is looked for; None, False and "" are not asked.

    ``day`` is MO to SU, ``miles`` the furthest a place may be from ``near``, ``channel`` one of
    the channels of a service, ``freshness`` "fresh" or "stale". ``everything`` includes what is
    unlisted, ended or closed, for those who may see it.
    """

    words: str = ""
    need: str | None = None
    kind: ServiceKind | None = None
    day: str | None = None
    near: Place | None = None
    miles: float | None = None
    is_free: bool = False
    is_step_free: bool = False
    age: int | None = None
    channel: str | None = None
    freshness: str | None = None
    everything: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """One page of services, the number found in all, and the page it is (from 1).

    ``any_word`` says that no service has all of the words, and these have some of them.
    """

    services: list[Service]
    total: int
    number: int
    any_word: bool = False

    @property
    def pages(self) -> int:
        """How many pages there are, at least 1."""
        return max(math.ceil(self.total / PAGE_SIZE), 1)


def search(criteria: Criteria, *, user: User, on: date, number: int = 1) -> Found:
    """Find the services of the directory that ``user`` may see, best or nearest or A to Z first.

    Services that hold all of the words are found; where there are none, those with any of them.
    A page beyond the last is the first.
    """
    found = _page(criteria, user, on, number, every=True)
    if not found.services and number > 1:
        found = _page(criteria, user, on, 1, every=True)
    if not found.services and criteria.words:
        found = replace(_page(criteria, user, on, 1, every=False), any_word=True)
    return found


def _page(criteria: Criteria, user: User, on: date, number: int, *, every: bool) -> Found:
    words = service_text.matching(criteria.words, every=every) if criteria.words else None
    if criteria.words and words is None:
        return Found([], 0, number)
    chosen = _chosen(criteria, user, on, words).cte("chosen")
    order = [column for column in chosen.c if column.name != "id"] + [chosen.c.id]
    page = select(chosen).order_by(*order).limit(PAGE_SIZE).offset((number - 1) * PAGE_SIZE)
    of_page = page.subquery("page")
    total = select(func.count()).select_from(chosen).scalar_subquery()
    query = (
        select(Service, total.label("total"))
        .join(of_page, Service.id == of_page.c.id)
        .order_by(*(of_page.c[column.name] for column in order))
        .options(
            joinedload(Service.provider),
            selectinload(Service.places_at),
            selectinload(Service.schedules),
            selectinload(Service.costs),
        )
    )
    rows = db.session.execute(query).unique().all()
    return Found([row[0] for row in rows], rows[0].total if rows else 0, number)


def _chosen(criteria: Criteria, user: User, on: date, words: CTE | None) -> Select[Any]:
    """Numbers of all services that fit, with what they are put in order by, first things first."""
    query = access.services(user).where(*_conditions(criteria, on))
    order: list[Any] = []
    if criteria.near is not None:
        nearest = _distances(criteria.near, criteria.miles)
        query = query.join(nearest, nearest.c.service_id == Service.id)
        order.append(nearest.c.distance)
    if words is not None:
        query = query.join(words, words.c.service_id == Service.id)
        order.append((-words.c.score).label("unlikeness"))
    # What nobody has checked for long sinks, unless the words or the way there say otherwise.
    stale = case((Service.verified_at >= _midnight(stale_until(on)), 0), else_=1)
    order += [stale.label("stale"), func.lower(Service.name).label("name")]
    return query.with_only_columns(Service.id, *order)


def _conditions(criteria: Criteria, on: date) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if not criteria.everything:
        found += [Service.listed.is_(True), Service.status.in_(RUNNING)]
        found.append(or_(Service.ends_on.is_(None), Service.ends_on >= on))
    if criteria.need:
        found.append(_lists(Service.needs, criteria.need))
    if criteria.channel:
        found.append(_lists(Service.channels, criteria.channel))
    if criteria.kind:
        found.append(Service.kind == criteria.kind)
    if criteria.age is not None:
        found.append(or_(Service.minimum_age.is_(None), Service.minimum_age <= criteria.age))
        found.append(or_(Service.maximum_age.is_(None), Service.maximum_age >= criteria.age))
    if criteria.day in DAYS:
        found.append(_meets_on(criteria.day))
    if criteria.is_free:
        found.append(_costs_nothing())
    if criteria.is_step_free:
        found.append(_can_be_entered())
    return [*found, *_checked(criteria.freshness, on)]


def _lists(column: Any, code: str) -> ColumnElement[bool]:
    # Codes are ours and hold no wildcard worth the name: "_" stands for itself at worst.
    found: ColumnElement[bool] = cast(column, String).like(f'%"{code}"%')
    return found


def _meets_on(day: str) -> ColumnElement[bool]:
    named = and_(Schedule.byday.is_(None), func.lower(Schedule.description).like(f"%{DAYS[day]}%"))
    return exists().where(
        Schedule.service_id == Service.id,
        or_(Schedule.byday.like(f"%{day}%"), Schedule.freq == "DAILY", named),
    )


def _costs_nothing() -> ColumnElement[bool]:
    of_service = CostOption.service_id == Service.id
    free = or_(CostOption.amount == 0, func.lower(CostOption.option).like("free%"))
    said = or_(exists().where(of_service, free), func.lower(Service.fees).like("free%"))
    return and_(said, ~exists().where(of_service, CostOption.amount > 0))


def _can_be_entered() -> ColumnElement[bool]:
    said = func.lower(cast(Location.accessibility, String))
    return exists().where(
        ServiceAtLocation.service_id == Service.id,
        Location.id == ServiceAtLocation.location_id,
        or_(*(said.like(words) for words in STEP_FREE)),
    )


def _checked(freshness: str | None, on: date) -> list[ColumnElement[bool]]:
    if freshness == "fresh":
        return [Service.verified_at >= _midnight(fresh_since(on))]
    if freshness == "stale":
        never = Service.verified_at.is_(None)
        return [or_(never, Service.verified_at < _midnight(stale_until(on)))]
    return []


def _midnight(day: date) -> datetime:
    return clock.utc(datetime.combine(day, time()))


def _distances(near: Place, miles: float | None) -> CTE:
    """The squared distance in degrees of latitude to the nearest place of each service.

    Equirectangular around ``near``: good to a part in a thousand within a county, and a sort
    needs no root. Services with no place known have no distance and are not found.
    """
    narrower = math.cos(math.radians(near.latitude))
    north = Location.latitude - near.latitude
    east = (Location.longitude - near.longitude) * narrower
    distance = cast(func.min(north * north + east * east), Float).label("distance")
    query = (
        select(ServiceAtLocation.service_id, distance)
        .join(Location, ServiceAtLocation.location_id == Location.id)
        .where(Location.latitude.is_not(None), Location.longitude.is_not(None))
        .group_by(ServiceAtLocation.service_id)
    )
    if miles is not None:
        degrees = miles * KM_PER_MILE / KM_PER_DEGREE
        query = query.where(
            Location.latitude.between(near.latitude - degrees, near.latitude + degrees),
            north * north + east * east <= degrees * degrees,
        )
    return query.cte("nearest").prefix_with("MATERIALIZED")
