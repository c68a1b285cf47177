"""Entries of the directory that may be the same activity, for an editor to look at."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import Any
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, func, select

from linkwork import access, audit, geography
from linkwork.audit import Event
from linkwork.database import db
from linkwork.matching import service_likeness
from linkwork.matching.service_likeness import Entry, Pair
from linkwork.models import (
    Location,
    Provider,
    Service,
    ServiceAtLocation,
    ServiceDistinction,
    ServiceStatus,
    User,
)
from linkwork.permissions import Permission, may

PAGE = 20
PHONE_DIGITS = 10
OVER = (ServiceStatus.DEFUNCT, ServiceStatus.INACTIVE)


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Two entries that may be one, and why."""

    one: Service
    other: Service
    pair: Pair


@dataclass(frozen=True, slots=True)
class Queue:
    """A page of the pairs, the most likely first, and how many there are."""

    duplicates: Sequence[Duplicate]
    total: int


_lock = Lock()
_kept: WeakKeyDictionary[Engine, tuple[Any, list[Pair]]] = WeakKeyDictionary()


def queue(*, user: User, number: int) -> Queue:
    """Page ``number`` (from 1) of the pairs of entries that nobody has told apart."""
    apart = _told_apart()
    found = [pair for pair in _pairs() if (pair.one, pair.other) not in apart]
    some = found[(number - 1) * PAGE : number * PAGE]
    ids = {id_ for pair in some for id_ in (pair.one, pair.other)}
    rows = db.session.scalars(access.services(user).where(Service.id.in_(ids))).unique()
    by_id = {service.id: service for service in rows}
    duplicates = [
        Duplicate(by_id[pair.one], by_id[pair.other], pair)
        for pair in some
        if pair.one in by_id and pair.other in by_id
    ]
    return Queue(duplicates, len(found))


def count(*, user: User) -> int:
    """How many pairs wait for this user to look at; none for those who do not edit."""
    if not may(user, Permission.EDIT_DIRECTORY):
        return 0
    apart = _told_apart()
    return sum((pair.one, pair.other) not in apart for pair in _pairs())


def between(one: Service, other: Service) -> Pair | None:
    """Why two entries may be one; None where little says so."""
    entries = {entry.id: entry for entry in _entries([one.id, other.id])}
    if len(entries) < 2:
        return None
    return service_likeness.compare(entries[one.id], entries[other.id])


def tell_apart(one: Service, other: Service, *, by: User, at: datetime) -> None:
    """Note that two entries are not the same: they are never shown as a pair again."""
    first, second = sorted((one.id, other.id))
    if (first, second) not in _told_apart():
        row = ServiceDistinction(one_id=first, other_id=second, by_id=by.id, at=at)
        db.session.add(row)
    audit.record(Event.SERVICES_TOLD_APART, one, by=by, other=other.id)


def _told_apart() -> set[tuple[int, int]]:
    columns = select(ServiceDistinction.one_id, ServiceDistinction.other_id)
    return {(row.one_id, row.other_id) for row in db.session.execute(columns)}


def _pairs() -> list[Pair]:
    """All pairs, worked out again only when an entry has changed."""
    stamp, engine = _stamp(), db.engine
    with _lock:
        kept = _kept.get(engine)
        if kept is None or kept[0] != stamp:
            _kept[engine] = kept = (stamp, service_likeness.pairs(_entries(None)))
    return kept[1]


def _stamp() -> Any:
    columns = (func.count(), func.max(Service.id), func.sum(Service.version))
    return tuple(db.session.execute(select(*columns)).one())


def _entries(service_ids: Sequence[int] | None) -> list[Entry]:
    query = (
        select(
            Service.id, Service.name, Service.phone, Service.url, Provider.name.label("provider")
        )
        .outerjoin(Provider, Provider.id == Service.provider_id)
        .where(Service.merged_into_id.is_(None))
        .order_by(Service.id)
    )
    if service_ids is None:
        query = query.where(Service.status.not_in(OVER))
    else:
        query = query.where(Service.id.in_(service_ids))
    places = _postcodes(service_ids)
    return [_entry(row, places.get(row.id, set())) for row in db.session.execute(query)]


def _postcodes(service_ids: Sequence[int] | None) -> dict[int, set[str]]:
    query = (
        select(ServiceAtLocation.service_id, Location.postcode)
        .join(Location, Location.id == ServiceAtLocation.location_id)
        .where(Location.postcode.is_not(None))
    )
    if service_ids is not None:
        query = query.where(ServiceAtLocation.service_id.in_(service_ids))
    found: dict[int, set[str]] = defaultdict(set)
    for service_id, postcode in db.session.execute(query):
        found[service_id].add(str(postcode))
    return found


def _entry(row: Any, postcodes: set[str]) -> Entry:
    outcodes = (geography.outcode_of(postcode) for postcode in postcodes)
    return Entry(
        id=row.id,
        name=row.name,
        provider=row.provider or "",
        postcodes=frozenset(code for code in postcodes if " " in code),
        outcodes=frozenset(code for code in outcodes if code),
        phone=_last_digits(row.phone),
        web=_page_of(row.url),
    )


def _last_digits(phone: str | None) -> str:
    digits = "".join(letter for letter in phone or "" if letter.isdigit())
    return digits[-PHONE_DIGITS:] if len(digits) >= PHONE_DIGITS else ""


def _page_of(url: str | None) -> str:
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return ""
    return (parts.netloc.lower().removeprefix("www.") + parts.path).rstrip("/")
