"""Looks for activities in the directory: words and filters in, one page of services out.

One statement finds, counts, orders and cuts the page, on either engine; four more bring what
the page shows of each service. Only a search that finds nothing asks more: which words are
misspelt, and which filter to loosen.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import CTE, Select, case, func, literal, select, union_all
from sqlalchemy.orm import joinedload, selectinload

from linkwork import access, clock, directory_access
from linkwork.casework import service_hours, service_spelling
from linkwork.casework.service_criteria import Criteria, conditions, midnight, squared
from linkwork.casework.service_words import stale_until
from linkwork.database import db
from linkwork.models import Service, ServiceFacet, User, service_text

__all__ = ["PAGE_SIZE", "Criteria", "Found", "loosened", "search"]

PAGE_SIZE = 25
NOT_ASKED: Mapping[str, Any] = {"words": "", "access": ()}
NEARBY_MILES = (4.0, 16.0)
ORDER = ("distance", "unlikeness", "stale", "name", "service_id")


@dataclass(frozen=True, slots=True)
class Found:
    """One page of services, the number found in all, and the page it is (from 1).

    ``corrected`` holds the words that were looked for instead of misspelt ones; ``any_word`` says
    that no service has all of the words, and these have some of them.
    """

    services: list[Service]
    total: int
    number: int
    corrected: str | None = None
    any_word: bool = False

    @property
    def pages(self) -> int:
        """How many pages there are, at least 1."""
        return max(math.ceil(self.total / PAGE_SIZE), 1)


def search(criteria: Criteria, *, user: User, at: datetime, number: int = 1) -> Found:
    """Find the services of the directory that ``user`` may see, in the order asked for.

    Services that hold all of the words are found; where there are none, misspelt words are put
    right; where none has those either, services with any of them. A page beyond the last is the
    first. Without an order the nearest come first where ``near`` is given, else the best.
    """
    found = _page(criteria, user, at, number)
    if found.total and not found.services:
        found = _page(criteria, user, at, 1)
    if found.total or not criteria.words:
        return found
    words = criteria.words
    if not criteria.exactly:
        on = clock.london(at).date()
        words = service_spelling.corrected(words, criteria, user=user, on=on)
        if words != criteria.words:
            found = _page(replace(criteria, words=words), user, at, number)
    if not found.total:
        found = _page(replace(criteria, words=words), user, at, number, every=False)
        found = replace(found, any_word=True)
    return replace(found, corrected=words if words != criteria.words else None)


def loosened(criteria: Criteria, *, user: User, at: datetime) -> dict[str, int]:
    """How many services each filter keeps out by itself, most first: for a search without any.

    The names are those of ``Criteria.limits``; a filter that changes nothing is not among them.
    """
    words = _words(criteria, every=True)
    ways = []
    for name in criteria.limits:
        changes: dict[str, Any] = {name: NOT_ASKED.get(name)}
        without = replace(criteria, **changes)
        query = _chosen(without, user, at, words if without.words else None)
        counted = select(func.count()).select_from(query.subquery(f"without_{name}"))
        ways.append(select(literal(name).label("name"), counted.scalar_subquery().label("n")))
    if not ways or (criteria.words and words is None):
        return {}
    rows = db.session.execute(union_all(*ways)).all()
    return {row.name: row.n for row in sorted(rows, key=lambda row: -row.n) if row.n}


def _page(
    criteria: Criteria, user: User, at: datetime, number: int, *, every: bool = True
) -> Found:
    words = _words(criteria, every=every)
    if criteria.words and words is None:
        return Found([], 0, number)
    chosen = _chosen(criteria, user, at, words)
    skipped = (number - 1) * PAGE_SIZE
    if criteria.order == "next":
        total = _count(chosen)
        ids = service_hours.in_order(chosen, total, at=at, skipped=skipped, most=PAGE_SIZE)
    else:
        ids, total = _nearby(criteria, user, at, words, number) or _numbers(chosen, skipped)
    return Found(_services(ids, user), total, number)


def _nearby(
    criteria: Criteria, user: User, at: datetime, words: CTE | None, number: int
) -> tuple[list[int], int] | None:
    """The nearest of many without measuring how far all of them are; None where that is no help."""
    if criteria.near is None or criteria.miles is not None or criteria.order not in ("", "nearest"):
        return None
    for miles in NEARBY_MILES:
        nearby = _chosen(replace(criteria, miles=miles), user, at, words)
        ids, _ = _numbers(nearby, (number - 1) * PAGE_SIZE)
        if len(ids) == PAGE_SIZE:
            # Each is counted once, whichever of its places is the nearest.
            everywhere = replace(criteria, order="name")
            once = _chosen(everywhere, user, at, words)
            if not criteria.access:  # which another place than the first may have
                once = once.group_by(None).where(ServiceFacet.spot == 0)
            return ids, _count(once.with_only_columns(ServiceFacet.service_id))
    return None


def _count(chosen: Select[Any]) -> int:
    return db.session.scalar(select(func.count()).select_from(chosen.subquery())) or 0


def _numbers(chosen: Select[Any], skipped: int) -> tuple[list[int], int]:
    """The numbers of one page of services in order, and how many there are in all."""
    all_of_them = chosen.cte("chosen")
    order = [all_of_them.c[name] for name in ORDER if name in all_of_them.c]
    total = select(func.count()).select_from(all_of_them).scalar_subquery()
    query = select(all_of_them.c.service_id, total.label("total")).order_by(*order)
    rows = db.session.execute(query.limit(PAGE_SIZE).offset(skipped)).all()
    if rows or not skipped:
        return [row.service_id for row in rows], rows[0].total if rows else 0
    return [], _count(chosen)


def _services(ids: Sequence[int], user: User) -> list[Service]:
    query = (
        access.services(user)
        .where(Service.id.in_(ids))
        .options(
            joinedload(Service.provider),
            selectinload(Service.places_at),
            selectinload(Service.schedules),
            selectinload(Service.costs),
        )
    )
    if not ids:
        return []
    known = {service.id: service for service in db.session.scalars(query).unique()}
    return [known[number] for number in ids if number in known]


def _chosen(criteria: Criteria, user: User, at: datetime, words: CTE | None) -> Select[Any]:
    """Numbers of all services that fit, with what they are put in order by."""
    on = clock.london(at).date()
    query = directory_access.facets(user).where(*conditions(criteria, on))
    if words is not None:
        query = query.join(words, words.c.service_id == ServiceFacet.service_id)
    if criteria.meets:
        query = query.where(service_hours.meeting(criteria.meets, at=at))
    columns = _ordered_by(criteria, words, on)
    if criteria.near is None:
        return query.with_only_columns(ServiceFacet.service_id, *columns.values())
    # A service with several places is as near as its nearest.
    query = query.group_by(ServiceFacet.service_id)
    nearest = (func.min(column.element).label(name) for name, column in columns.items())
    return query.with_only_columns(ServiceFacet.service_id, *nearest)


def _words(criteria: Criteria, *, every: bool) -> CTE | None:
    return service_text.matching(criteria.words, every=every) if criteria.words else None


def _ordered_by(criteria: Criteria, words: CTE | None, on: Any) -> dict[str, Any]:
    order = criteria.order or ("nearest" if criteria.near else "best")
    found: dict[str, Any] = {}
    if order == "nearest" and criteria.near is not None:
        found["distance"] = squared(criteria.near)
    if order == "best" and words is not None:
        found["unlikeness"] = -words.c.score
    if order != "name":
        # What nobody has checked for long sinks, unless the words or the way say otherwise.
        fresh = ServiceFacet.verified_at >= midnight(stale_until(on))
        found["stale"] = case((fresh, 0), else_=1)
    found["name"] = ServiceFacet.name
    return {name: column.label(name) for name, column in found.items()}
