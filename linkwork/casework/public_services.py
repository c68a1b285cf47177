"""The published directory: what anybody may read of it, filtered as Open Referral UK asks.

Listed entries that are not over are published, with whatever status they have. The filters read
the narrow rows that searches read; a page costs one statement, and each part of full records one
more, however many there are.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Date,
    Integer,
    Select,
    Subquery,
    and_,
    bindparam,
    exists,
    func,
    or_,
    select,
)
from sqlalchemy.orm import joinedload
from sqlalchemy.orm.interfaces import ORMOption

from linkwork.casework import timetables
from linkwork.casework.service_criteria import KM_PER_DEGREE, squared
from linkwork.database import db
from linkwork.geography import Place
from linkwork.models import (
    Location,
    Provider,
    Schedule,
    Service,
    ServiceAtLocation,
    ServiceFacet,
    ServiceTerm,
    TaxonomyTerm,
    service_text,
)

METRES_PER_DEGREE = 1000 * KM_PER_DEGREE
# The table and not the class: rows of it need nothing of the ORM.
_OF: Any = Service.__table__.c
_BY: Any = Provider.__table__.c
AS_IT_IS = tuple("name description email status fees minimum_age maximum_age alert".split())
"""What a summary has under the same name as its column, in the order of ``SUMMARY``."""
SUMMARY = (
    *(_OF[name] for name in AS_IT_IS),
    _OF.key,
    _OF.url,
    _OF.eligibility,
    _OF.assured_on,
    _OF.verified_at,
    _OF.last_modified,
    _OF.changed_at,
    _OF.created_at,
    _BY.key.label("provider_key"),
    _BY.name.label("provider_name"),
    _BY.description.label("provider_description"),
    _BY.email.label("provider_email"),
    _BY.url.label("provider_url"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a request asks for; None and "" are not asked.

    ``page`` counts from 1. ``day`` is MO to SU; a day and times are those of one schedule.
    ``metres`` is the furthest a place may be from ``near``, and the nearest come first.
    """

    page: int = 1
    per_page: int = 100
    search: str = ""
    taxonomy_term_id: str | None = None
    taxonomy_id: str | None = None
    minimum_age: float | None = None
    maximum_age: float | None = None
    day: str | None = None
    start_time: time | None = None
    end_time: time | None = None
    near: Place | None = None
    metres: float | None = None
    modified_after: datetime | None = None

    @property
    def skipped(self) -> int:
        """How many come before this page."""
        return (self.page - 1) * self.per_page


@dataclass(frozen=True, slots=True)
class Page:
    """What one page holds, and how many there are on all pages."""

    rows: Sequence[Any]
    total: int


def summaries(asked: Asked, *, on: date) -> Page:
    """One page of services as rows of ``SUMMARY``."""
    if asked == Asked(page=asked.page, per_page=asked.per_page):
        # What feeds ask for again and again is put together once.
        given = {"on": on, "most": asked.per_page, "skipped": asked.skipped}
        return _page(db.session.execute(_of_all(), given).all(), lambda: published(on), asked)
    chosen = _chosen(asked, on)
    if chosen is None:
        return Page([], 0)
    query = _summaries(_cut(chosen, asked.per_page, asked.skipped))
    return _page(db.session.execute(query).all(), lambda: chosen, asked)


def _page(rows: Sequence[Any], chosen: Callable[[], Select[Any]], asked: Asked) -> Page:
    """These rows, whose first says how many there are in all; a page beyond the last asks."""
    if rows:
        return Page(rows, rows[0].total)
    return Page([], (db.session.scalar(_counted(chosen())) or 0) if asked.page > 1 else 0)


@lru_cache(maxsize=1)
def _of_all() -> Select[Any]:
    """A page of everything that is published, for any ``on``, ``most`` and ``skipped``."""
    place = ServiceFacet.service_id.label("place")
    chosen = published(bindparam("on", type_=Date)).add_columns(place)
    return _summaries(
        _cut(chosen, bindparam("most", type_=Integer), bindparam("skipped", type_=Integer))
    )


def _summaries(page: Subquery) -> Select[Any]:
    columns: tuple[Any, ...] = (*SUMMARY, page.c.total)
    return (
        select(*columns)
        .join(page, _OF.id == page.c.service_id)
        .outerjoin(Provider.__table__, _BY.id == _OF.provider_id)
        .order_by(page.c.place, page.c.service_id)
    )


def services(asked: Asked, *, on: date, options: Sequence[ORMOption]) -> Page:
    """One page of services as records, with what ``options`` say loaded."""
    chosen = _chosen(asked, on)
    if chosen is None:
        return Page([], 0)
    page = _cut(chosen, asked.per_page, asked.skipped)
    query = select(Service, page.c.total).join(page, Service.id == page.c.service_id)
    ordered = query.options(*options).order_by(page.c.place, page.c.service_id)
    found = _page(db.session.execute(ordered).unique().all(), lambda: chosen, asked)
    return Page([row[0] for row in found.rows], found.total)


def service(key: str, *, on: date, options: Sequence[ORMOption]) -> Service | None:
    """The published service with this identifier, or None."""
    query = published(on).join(Service, Service.id == ServiceFacet.service_id)
    query = query.with_only_columns(Service).where(Service.key == key).options(*options)
    found: Service | None = db.session.scalar(query)
    return found


def links(asked: Asked, *, on: date) -> Page:
    """One page of services at locations: rows of ``SUMMARY``, each with the link at its end."""
    chosen = _chosen(asked, on)
    if chosen is None:
        return Page([], 0)
    wanted = chosen.subquery("chosen")
    link = ServiceAtLocation
    columns: tuple[Any, ...] = (*SUMMARY, link)
    query = (
        select(*columns)
        .select_from(link)
        .join(wanted, wanted.c.service_id == link.service_id)
        .join(Service.__table__, _OF.id == link.service_id)
        .outerjoin(Provider.__table__, _BY.id == _OF.provider_id)
        .options(joinedload(link.location))
        .order_by(wanted.c.place, link.id)
    )
    near = _is_near(asked)
    if near is not None:
        query = query.join(Location, Location.id == link.location_id).where(near)
    total = db.session.scalar(select(func.count()).select_from(query.order_by(None).subquery()))
    rows = db.session.execute(query.limit(asked.per_page).offset(asked.skipped)).all()
    return Page(rows, total or 0)


def link(key: str, *, on: date) -> tuple[ServiceAtLocation, Service] | None:
    """The published link of a service and a location with this identifier: both, or None."""
    query = (
        select(ServiceAtLocation, Service)
        .join(Service, Service.id == ServiceAtLocation.service_id)
        .where(ServiceAtLocation.key == key, Service.id.in_(published(on)))
    )
    found = db.session.execute(query).first()
    return (found[0], found[1]) if found else None


def published(on: date | BindParameter[date]) -> Select[Any]:
    """The numbers of the services that anybody may read of on a day."""
    not_over = or_(ServiceFacet.ends_on.is_(None), ServiceFacet.ends_on >= on)
    query = select(ServiceFacet.service_id)
    return query.where(ServiceFacet.spot == 0, ServiceFacet.listed.is_(True), not_over)


def _chosen(asked: Asked, on: date) -> Select[Any] | None:
    """Numbers of the services asked for with their place in the order; None for no word at all."""
    query = published(on).where(*_limits(asked))
    place: Any = ServiceFacet.service_id
    if asked.search:
        words = service_text.matching(asked.search)
        if words is None:
            return None
        query = query.join(words, words.c.service_id == ServiceFacet.service_id)
        place = -words.c.score
    if asked.near is not None:
        nearest = _nearest(asked).cte("nearest")
        query = query.join(nearest, nearest.c.service_id == ServiceFacet.service_id)
        place = nearest.c.distance
    return query.add_columns(place.label("place"))


def _cut(chosen: Select[Any], most: Any, skipped: Any) -> Subquery:
    """The numbers of one page in their order, each with how many there are in all."""
    total = _counted(chosen).scalar_subquery()
    ordered = chosen.add_columns(total.label("total"))
    ordered = ordered.order_by("place", ServiceFacet.service_id)
    return ordered.limit(most).offset(skipped).subquery("page")


def _counted(chosen: Select[Any]) -> Select[Any]:
    return select(func.count()).select_from(chosen.subquery("counted"))


def _nearest(asked: Asked) -> Select[Any]:
    assert asked.near is not None  # noqa: S101 - asked for only where it is
    distance = squared(asked.near)
    columns: tuple[Any, ...] = (ServiceFacet.service_id, func.min(distance).label("distance"))
    query = select(*columns)
    query = query.where(ServiceFacet.latitude.is_not(None)).group_by(ServiceFacet.service_id)
    if asked.metres is None:
        return query
    return query.where(distance <= (asked.metres / METRES_PER_DEGREE) ** 2)


def _is_near(asked: Asked) -> ColumnElement[bool] | None:
    """Whether this very place is near enough, and not only some other place of its service."""
    if asked.near is None or asked.metres is None:
        return None
    return squared(asked.near, Location) <= (asked.metres / METRES_PER_DEGREE) ** 2


def _limits(asked: Asked) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked.minimum_age is not None:
        found.append(ServiceFacet.minimum_age >= asked.minimum_age)
    if asked.maximum_age is not None:
        found.append(ServiceFacet.maximum_age <= asked.maximum_age)
    if asked.taxonomy_term_id or asked.taxonomy_id:
        found.append(_is_filed(asked))
    if asked.day or asked.start_time or asked.end_time:
        found.append(_meets(asked))
    if asked.modified_after is not None:
        found.append(_changed_since(asked.modified_after))
    return found


def _is_filed(asked: Asked) -> ColumnElement[bool]:
    by = [ServiceTerm.service_id == ServiceFacet.service_id]
    by.append(TaxonomyTerm.id == ServiceTerm.term_id)
    if asked.taxonomy_term_id:
        by.append(TaxonomyTerm.key == asked.taxonomy_term_id)
    if asked.taxonomy_id:
        by.append(TaxonomyTerm.taxonomy_key == asked.taxonomy_id)
    return exists().where(*by)


def _meets(asked: Asked) -> ColumnElement[bool]:
    # Days that are not published, being only guessed from words, are not found either.
    by = [Schedule.service_id == ServiceFacet.service_id, timetables.are_no_guess()]
    if asked.day:
        on_it = Schedule.byday.contains(asked.day)
        by.append(or_(on_it, and_(Schedule.freq == "DAILY", Schedule.byday.is_(None))))
    if asked.start_time:
        by.append(Schedule.opens_at >= asked.start_time)
    if asked.end_time:
        by.append(Schedule.closes_at <= asked.end_time)
    return exists().where(*by)


def _changed_since(moment: datetime) -> ColumnElement[bool]:
    here = func.coalesce(Service.changed_at, Service.created_at) >= moment
    changed = or_(here, Service.last_modified >= moment)
    return exists().where(Service.id == ServiceFacet.service_id, changed)
