"""Writes services of the directory in batches: a handful of statements for hundreds of services."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import bindparam, delete, insert, select, update

from linkwork.database import Addressed, Base, db
from linkwork.exchange.oruk import ServiceRecord
from linkwork.models import (
    CostOption,
    Location,
    Provider,
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
    ServiceTerm,
    TaxonomyTerm,
)

PARTS: tuple[type[Base], ...] = (Schedule, CostOption, ServiceArea, ServiceTerm, ServiceAtLocation)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A record, the columns of its service that are to be written, and the row it replaces."""

    record: ServiceRecord
    columns: Mapping[str, Any]
    service_id: int | None


def known(keys: Sequence[str]) -> dict[str, Any]:
    """What the directory has under these keys."""
    query = select(
        Service.id,
        Service.key,
        Service.name,
        Service.description,
        Service.source,
        Service.source_digest,
        Service.edited_fields,
    ).where(Service.key.in_(keys))
    return {row.key: row for row in db.session.execute(query)}


def seen(service_ids: Sequence[int], *, at: datetime) -> None:
    """Note that the source still has these services."""
    if service_ids:
        query = update(Service).where(Service.id.in_(service_ids)).values(last_seen_at=at)
        db.session.execute(query, execution_options={"synchronize_session": False})


def gone(source: str, keys: set[str]) -> list[str]:
    """The names of services of this source that are not among ``keys``, in order."""
    query = select(Service.key, Service.name).where(Service.source == source)
    return sorted(row.name for row in db.session.execute(query) if row.key not in keys)


def write(wanted: Sequence[Wanted]) -> list[int]:
    """Write these services with all their parts, and return their numbers."""
    records = [one.record for one in wanted]
    providers = _put(Provider, {r.provider["key"]: r.provider for r in records if r.provider})
    locations = _put(Location, _locations(records))
    terms = _put(TaxonomyTerm, _terms(records))
    rows = [{**one.columns, **_provider_of(one, providers)} for one in wanted]
    _add([row for one, row in zip(wanted, rows, strict=True) if one.service_id is None])
    _change([(one, row) for one, row in zip(wanted, rows, strict=True) if one.service_id])
    ids = _ids(Service, [record.key for record in records])
    _replace_parts(records, ids, locations, terms)
    return [ids[record.key] for record in records]


def _provider_of(one: Wanted, providers: Mapping[str, int]) -> dict[str, int | None]:
    provider = one.record.provider
    return {"provider_id": providers[provider["key"]] if provider else None}


def _locations(records: Iterable[ServiceRecord]) -> dict[str, dict[str, Any]]:
    return {
        place["key"]: {name: value for name, value in place.items() if name != "link_key"}
        for record in records
        for place in record.places
    }


def _terms(records: Iterable[ServiceRecord]) -> dict[str, dict[str, Any]]:
    return {
        term["key"]: {name: value for name, value in term.items() if name != "attribute_key"}
        for record in records
        for term in record.terms
    }


def _put(model: type[Addressed], rows: Mapping[str, dict[str, Any]]) -> dict[str, int]:
    """Add or change rows by their key, and return their numbers."""
    if not rows:
        return {}
    ids = _ids(model, list(rows))
    new = [row for key, row in rows.items() if key not in ids]
    old = [{"id": ids[key], **row} for key, row in rows.items() if key in ids]
    if new:
        _insert(model, new)
    if old:
        db.session.execute(update(model), old)
    return _ids(model, list(rows)) if new else ids


def _ids(model: type[Addressed], keys: Sequence[str]) -> dict[str, int]:
    query = select(model.key, model.id).where(model.key.in_(keys))
    return {row.key: row.id for row in db.session.execute(query)}


def _add(rows: list[dict[str, Any]]) -> None:
    for some in _alike(rows):
        _insert(Service, some)


def _insert(model: type[Base], rows: list[dict[str, Any]]) -> None:
    # With nulls written out the rows are alike, and go in one statement.
    db.session.execute(insert(model), rows, execution_options={"render_nulls": True})


def _change(changes: Iterable[tuple[Wanted, dict[str, Any]]]) -> None:
    # In the table and not through the mapper, which would ask for the version each row had.
    table: Any = Service.__table__
    rows = [{"of_id": one.service_id, **row} for one, row in changes]
    for some in _alike(rows):
        names = [name for name in some[0] if name != "of_id"]
        query = (
            update(table)
            .where(table.c.id == bindparam("of_id"))
            .values({**{name: bindparam(name) for name in names}, "version": table.c.version + 1})
        )
        db.session.execute(query, some)


def _alike(rows: Iterable[dict[str, Any]]) -> Iterable[list[dict[str, Any]]]:
    """The rows in groups with the same columns, as one statement needs them."""
    groups: dict[frozenset[str], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        groups[frozenset(row)].append(row)
    return groups.values()


def _replace_parts(
    records: Sequence[ServiceRecord],
    ids: Mapping[str, int],
    locations: Mapping[str, int],
    terms: Mapping[str, int],
) -> None:
    for model in PARTS:
        model_table: Any = model
        query = delete(model).where(model_table.service_id.in_(list(ids.values())))
        db.session.execute(query, execution_options={"synchronize_session": False})
    parts: dict[type[Base], list[dict[str, Any]]] = {model: [] for model in PARTS}
    for record in records:
        of: dict[str, Any] = {"service_id": ids[record.key]}
        parts[Schedule] += [{**of, **schedule} for schedule in record.schedules]
        parts[CostOption] += [{**of, **cost} for cost in record.costs]
        parts[ServiceArea] += [{**of, **area} for area in record.areas]
        parts[ServiceTerm] += [
            {**of, "term_id": terms[t["key"]], "attribute_key": t["attribute_key"]}
            for t in record.terms
        ]
    parts[ServiceAtLocation] = _links(records, ids, locations)
    for model, rows in parts.items():
        if rows:
            _insert(model, rows)


def _links(
    records: Sequence[ServiceRecord], ids: Mapping[str, int], locations: Mapping[str, int]
) -> list[dict[str, Any]]:
    asked = [place["link_key"] for record in records for place in record.places]
    taken = set(_ids(ServiceAtLocation, asked))
    rows = []
    for record in records:
        for place in record.places:
            key = place["link_key"]
            if key in taken:
                # Some feeds give the same identifier to every link.
                key = str(uuid5(UUID(record.key), f"at {place['key']}"))
            taken.add(key)
            rows.append(
                {
                    "key": key,
                    "service_id": ids[record.key],
                    "location_id": locations[place["key"]],
                }
            )
    return rows
