"""Places, providers and terms that several services share: whose they are, and what they keep.

A shared row belongs to the list of the service that had it first, or to nobody's where that was
made here. Another list may name it and never changes it: identifiers are published, so anybody's
feed can hold them. A row that is known by its name alone is never emptied by a list's poorer row.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import ColumnElement, func, select

from linkwork.database import db
from linkwork.exchange.import_report import Quarantined
from linkwork.exchange.oruk import ServiceRecord
from linkwork.models import (
    Location,
    Provider,
    Service,
    ServiceAtLocation,
    ServiceTerm,
    TaxonomyTerm,
    row_writing,
)

Row = dict[str, Any]
NOTHING: tuple[Any, ...] = (None, "", [], {})
# Columns of the link to a service, and what no page shows.
BESIDE = frozenset({"link_key", "attribute_key"})
UNSEEN = frozenset({"raw", "identifiers", "is_approximate"})


@dataclass(frozen=True, slots=True)
class _Kind:
    """One kind of shared row: where records have it, and the first service that uses it.

    ``named`` are the words that its identifier is made of, where it came without one.
    """

    model: Any
    part: str
    rows: Callable[[ServiceRecord], Sequence[Row]]
    first: Any
    named: Callable[[Row], str] | None = None


def _first(used_by: Any, where: ColumnElement[bool]) -> Any:
    # Plus nothing, so that all users are read by the index of what they use: the smallest number
    # of all services is otherwise looked for from the first service on.
    return select(func.min(used_by + 0)).where(where).scalar_subquery().label("first_user")


KINDS = (
    _Kind(
        Provider,
        "organization",
        lambda record: [record.provider] if record.provider else [],
        _first(Service.id, Service.provider_id == Provider.id),
        lambda row: f"provider {row['name'].lower()}",
    ),
    _Kind(
        Location,
        "location",
        lambda record: record.places,
        _first(ServiceAtLocation.service_id, ServiceAtLocation.location_id == Location.id),
    ),
    _Kind(
        TaxonomyTerm,
        "taxonomy_term",
        lambda record: record.terms,
        _first(ServiceTerm.service_id, ServiceTerm.term_id == TaxonomyTerm.id),
        lambda row: f"term {row['taxonomy']} {row['name'].lower()}",
    ),
)


class SharedRows:
    """What one run through a list knows of shared rows: those of others, and what names said."""

    def __init__(self, source: str) -> None:
        """Begin to read the list of this name."""
        self._source = source
        self._asked: set[tuple[str, str]] = set()
        self._of_others: dict[tuple[str, str], tuple[Row, str | None]] = {}
        self._said: dict[tuple[str, str], Row] = {}
        self._warned: set[tuple[str, str]] = set()

    def settle(self, records: Sequence[ServiceRecord]) -> None:
        """Make the shared rows of these records say what the directory will say.

        A record whose own words are left out for those of another list is given a warning.
        """
        for kind in KINDS:
            self._ask(kind, (row["key"] for record in records for row in kind.rows(record)))
            for record in records:
                for row in kind.rows(record):
                    self._settle(kind, record, row)

    def _ask(self, kind: _Kind, keys: Iterable[str]) -> None:
        new = {key for key in keys if (kind.part, key) not in self._asked}
        self._asked |= {(kind.part, key) for key in new}
        if not new:
            return
        table = kind.model.__table__
        # Most are new to the directory, which is soon told.
        there = row_writing.numbers(db.session.connection(), table, sorted(new))
        if not there:
            return
        query = select(table, kind.first).where(table.c.key.in_(sorted(there)))
        found = [dict(row) for row in db.session.execute(query).mappings()]
        sources = _sources({row["first_user"] for row in found} - {None})
        for row in found:
            first, known = row.pop("first_user"), (kind.part, row["key"])
            if first is not None and sources[first] != self._source:
                self._of_others[known] = (row, sources[first])
            elif kind.named:
                self._said[known] = row

    def _settle(self, kind: _Kind, record: ServiceRecord, row: Row) -> None:
        known = (kind.part, row["key"])
        if known in self._of_others:
            said, owner = self._of_others[known]
            self._warn(known, record, row, said, owner)
            row.update(_own(said, row))
        elif kind.named:
            said = self._said.get(known, row)
            lost = {n: v for n, v in _own(said, row).items() if row[n] in NOTHING and v != row[n]}
            if lost and row["key"] == str(uuid5(NAMESPACE_URL, kind.named(row))):
                row.update(lost)
            self._said[known] = row

    def _warn(
        self,
        known: tuple[str, str],
        record: ServiceRecord,
        row: Row,
        said: Mapping[str, Any],
        owner: str | None,
    ) -> None:
        differs = any(
            row[name] not in NOTHING and row[name] != value
            for name, value in _own(said, row).items()
            if name not in UNSEEN
        )
        if not differs or known in self._warned:
            return
        self._warned.add(known)
        whose = f"belongs to “{owner}”" if owner else "belongs to an activity that was made here"
        why = f"{whose} and stays as it is there."
        record.warnings.append(Quarantined(record.position, record.key, known[0], why))


def _own(said: Mapping[str, Any], like: Row) -> Row:
    return {name: said[name] for name in like if name not in BESIDE and name in said}


def _sources(service_ids: set[int]) -> dict[int, str | None]:
    query = select(Service.id, Service.source).where(Service.id.in_(service_ids))
    return {row.id: row.source for row in db.session.execute(query)} if service_ids else {}
