"""Writes services of the directory in batches: a handful of statements for hundreds of services."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import bindparam, case, delete, select, update

from linkwork.database import Addressed, Base, db
from linkwork.exchange import directory_index
from linkwork.exchange.directory_entries import Wanted
from linkwork.exchange.directory_index import Shared
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
    row_writing,
    service_text,
)

PARTS: dict[str, type[Base]] = {
    "schedules": Schedule,
    "costs": CostOption,
    "areas": ServiceArea,
    "terms": ServiceTerm,
    "places_at": ServiceAtLocation,
}
Rows = list[dict[str, Any]]
Shares = dict[str, dict[str, Any]]


class Writing:
    """Writes the services of one import, and remembers what shared rows said before it."""

    def __init__(self, at: datetime) -> None:
        """Begin with nothing written; ``at`` is when what is new was made."""
        self._at = at
        self.before: dict[tuple[type, str], Mapping[str, Any]] = {}
        self._indexed: set[str] = set()

    def write(self, wanted: Sequence[Wanted]) -> None:
        """Write these services with all their parts, and what they are searched by."""
        records = [one.record for one in wanted]
        shared = Shared(_providers(records), _locations(records), _terms(records))
        providers = self._put(Provider, shared.providers)
        locations = self._put(Location, shared.locations)
        terms = self._put(TaxonomyTerm, shared.terms)
        rows = [(one, {**one.columns, **_provider_of(one, providers)}) for one in wanted]
        for some in _alike(row for one, row in rows if one.row is None):
            _insert(Service, some, self._at)
        _change([(one, row) for one, row in rows if one.row is not None], self._at)
        ids = _ids(Service, [record.key for record in records])
        _replace_parts(wanted, ids, locations, terms, self._at)
        self._index(wanted, ids, shared)

    def _index(self, wanted: Sequence[Wanted], ids: Mapping[str, int], shared: Shared) -> None:
        # Of an entry that an editor changed by hand the record does not tell all.
        service_text.reindex((one.row.id for one in wanted if one.row), kept=self._indexed)
        new = [one for one in wanted if one.row is None]
        service_text.add(directory_index.of(new, ids, shared), kept=self._indexed)

    def _put(self, model: type[Addressed], rows: Shares) -> dict[str, int]:
        """Add rows, or change those that differ, by their key; return their numbers."""
        if not rows:
            return {}
        old = _stored(model, next(iter(rows.values())), list(_ids(model, list(rows))))
        changed = [
            {"id": old[key]["id"], **row}
            for key, row in rows.items()
            if key in old and any(row[name] != old[key][name] for name in row)
        ]
        for row in changed:
            self.before.setdefault((model, row["key"]), dict(old[row["key"]]))
        if changed:
            db.session.execute(update(model), changed)
        new = [row for key, row in rows.items() if key not in old]
        ids = {key: row["id"] for key, row in old.items()}
        if new:
            _insert(model, new, self._at)
            ids |= _ids(model, [row["key"] for row in new])
        return ids


def _provider_of(one: Wanted, providers: Mapping[str, int]) -> dict[str, int | None]:
    provider = one.record.provider
    if "provider" in one.kept:
        return {}
    return {"provider_id": providers[provider["key"]] if provider else None}


def _providers(records: Iterable[ServiceRecord]) -> Shares:
    return {record.provider["key"]: record.provider for record in records if record.provider}


def _locations(records: Iterable[ServiceRecord]) -> Shares:
    return {
        place["key"]: {name: value for name, value in place.items() if name != "link_key"}
        for record in records
        for place in record.places
    }


def _terms(records: Iterable[ServiceRecord]) -> Shares:
    return {
        term["key"]: {name: value for name, value in term.items() if name != "attribute_key"}
        for record in records
        for term in record.terms
    }


def _stored(
    model: type[Addressed], names: Iterable[str], keys: Sequence[str]
) -> dict[str, Mapping[str, Any]]:
    """What is stored under keys, in the columns that are asked for and its number, by key."""
    if not keys:
        return {}
    table: Any = model.__table__
    query = select(*(table.c[name] for name in ("id", *names))).where(table.c.key.in_(keys))
    return {row["key"]: dict(row) for row in db.session.execute(query).mappings()}


def _ids(model: type[Addressed], keys: Sequence[str]) -> dict[str, int]:
    return row_writing.numbers(db.session.connection(), model.__table__, keys)


def _insert(model: type[Base], rows: Rows, at: datetime) -> None:
    # Into the table and not through the mapper, whose care for each row costs more than the row.
    table: Any = model.__table__
    now = {"created_at": at}
    if "changed_at" in table.c:
        now["changed_at"] = now["created_at"]
    row_writing.add(db.session.connection(), table, [{**now, **row} for row in rows])


def _change(changes: Iterable[tuple[Wanted, dict[str, Any]]], at: datetime) -> None:
    # In the table and not through the mapper, which would ask for the version each row had.
    table: Any = Service.__table__
    rows = [
        {
            "of_id": one.row.id,
            "of_step": int(bool(one.changes)),
            "of_said": int(bool(one.changes or one.row.source_digest)),
            "of_now": at,
            **row,
        }
        for one, row in changes
    ]
    for some in _alike(rows):
        names = [name for name in some[0] if not name.startswith("of_")]
        values: dict[str, Any] = {name: bindparam(name) for name in names}
        values["version"] = table.c.version + bindparam("of_step")
        # Who follows the API is told of whatever its source says otherwise, also of what no field
        # of an entry shows; but not of a record that is only read again.
        said = case((bindparam("of_said") == 1, bindparam("of_now")), else_=table.c.changed_at)
        values["changed_at"] = said
        db.session.execute(
            update(table).where(table.c.id == bindparam("of_id")).values(values), some
        )


def _alike(rows: Iterable[dict[str, Any]]) -> Iterable[Rows]:
    """The rows in groups with the same columns, as one statement needs them."""
    groups: dict[frozenset[str], Rows] = defaultdict(list)
    for row in rows:
        groups[frozenset(row)].append(row)
    return groups.values()


def _replace_parts(
    wanted: Sequence[Wanted],
    ids: Mapping[str, int],
    locations: Mapping[str, int],
    terms: Mapping[str, int],
    at: datetime,
) -> None:
    for name, model in PARTS.items():
        old = [one.row.id for one in wanted if one.row is not None and name not in one.kept]
        if old:
            table: Any = model.__table__
            db.session.execute(delete(table).where(table.c.service_id.in_(old)))
        records = [one.record for one in wanted if name not in one.kept]
        rows = _rows(name, records, ids, locations, terms)
        for some in _alike(rows):
            _insert(model, some, at)


def _rows(
    name: str,
    records: Sequence[ServiceRecord],
    ids: Mapping[str, int],
    locations: Mapping[str, int],
    terms: Mapping[str, int],
) -> Rows:
    if name == "places_at":
        return _links(records, ids, locations)
    if name == "terms":
        return [
            {
                "service_id": ids[record.key],
                "term_id": terms[term["key"]],
                "attribute_key": term["attribute_key"],
            }
            for record in records
            for term in record.terms
        ]
    return [
        {"service_id": ids[record.key], **row}
        for record in records
        for row in getattr(record, name)
    ]


def _links(
    records: Sequence[ServiceRecord], ids: Mapping[str, int], locations: Mapping[str, int]
) -> Rows:
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
