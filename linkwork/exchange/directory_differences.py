"""What a record would change in the entry it belongs to, field by field.

Values are plain, as ``service_facts`` writes them down for the history of an entry as well.
Identifiers of parts are no difference: many feeds make new ones each time.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from linkwork.casework import service_facts
from linkwork.casework.service_facts import COLUMNS, PLACE, said
from linkwork.database import db
from linkwork.exchange.directory_entries import Wanted
from linkwork.exchange.oruk import ServiceRecord
from linkwork.models import Location, Provider, Service, TaxonomyTerm

Changes = dict[str, tuple[Any, Any]]
"""By field, what it says now and what it would say."""
NOT_COMPARED = frozenset({"link_key", "attribute_key", "source_id", "reading"})
EMPTY: tuple[Any, ...] = (None, [], {}, False, "")
Before = Mapping[tuple[type, str], Mapping[str, Any]]


def of(wanted: Sequence[Wanted], before: Before) -> dict[str, Changes]:
    """The changes of entries that are known, by their keys; an entry may have none.

    ``before`` holds what this run has itself changed of places, providers and terms: that is no
    less a change of the next entry that shares them.
    """
    if not wanted:
        return {}
    asked = {one.record.key: one for one in wanted}
    query = (
        select(Service)
        .where(Service.key.in_(asked))
        .options(
            joinedload(Service.provider),
            *(selectinload(getattr(Service, name)) for name in (*service_facts.ROWS, "places_at")),
            selectinload(Service.terms),
        )
    )
    found = db.session.scalars(query.execution_options(populate_existing=True))
    return {
        service.key: _changes(service, asked[service.key], before) for service in found.unique()
    }


def introduced(record: ServiceRecord) -> dict[str, Any]:
    """What tells a new entry from others of its name: who runs it, and where."""
    where = [place["city"] or place["postcode"] or place["name"] for place in record.places]
    return {
        "provider": record.provider["name"] if record.provider else None,
        "place": ", ".join(dict.fromkeys(word for word in where if word))[:200] or None,
    }


def _changes(service: Service, wanted: Wanted, before: Before) -> Changes:
    changes: Changes = {}
    for name, new in _said_by(wanted).items():
        old = service_facts.plain(service, name)
        if name in ("places_at", "terms", "provider"):
            old = _as_before(name, old, before)
        if _comparable(old) != _comparable(new):
            changes[name] = (old, new)
    return changes


def _said_by(wanted: Wanted) -> dict[str, Any]:
    """What the record says, of the fields that it may change."""
    record = wanted.record
    says: dict[str, Any] = {
        name: said(value) for name, value in wanted.columns.items() if name in COLUMNS
    }
    by = record.provider
    says |= {
        "provider": {"key": by["key"], "name": by["name"]} if by else None,
        "places_at": [_place(place) for place in record.places],
        "schedules": [_row(row) for row in record.schedules],
        "costs": [_row(row) for row in record.costs],
        "areas": [_row(row) for row in record.areas],
        "terms": [
            {name: term[name] for name in ("key", "name", "attribute_key")} for term in record.terms
        ],
    }
    return {name: value for name, value in says.items() if name not in wanted.kept}


def _place(place: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: said(place[name]) for name in PLACE if place[name] not in EMPTY}
    return {"key": place["key"], "link_key": place["link_key"], **kept}


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    # Said first: an amount of nothing is an amount, and equals False.
    plain = {name: said(value) for name, value in row.items()}
    return {name: value for name, value in plain.items() if value not in EMPTY}


def _as_before(name: str, old: Any, before: Before) -> Any:
    """What the entry said before this run began to write."""
    model = {"places_at": Location, "terms": TaxonomyTerm, "provider": Provider}[name]
    if isinstance(old, dict):
        return {**old, **_named(before.get((model, old["key"]), {}), old)}
    if not isinstance(old, list):
        return old
    return [_row_before(name, row, before.get((model, row["key"]))) for row in old]


def _row_before(name: str, row: dict[str, Any], known: Mapping[str, Any] | None) -> dict[str, Any]:
    if known is None:
        return row
    if name == "places_at":
        return _place({**known, "link_key": row["link_key"]})
    return {**row, **_named(known, row)}


def _named(known: Mapping[str, Any], like: Mapping[str, Any]) -> dict[str, Any]:
    return {name: said(value) for name, value in known.items() if name in like}


def _comparable(value: Any) -> Any:
    if isinstance(value, dict):
        return {n: v for n, v in value.items() if n not in NOT_COMPARED and v not in EMPTY}
    if isinstance(value, list):
        return sorted(json.dumps(_comparable(one), sort_keys=True) for one in value)
    return value
