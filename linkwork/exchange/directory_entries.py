"""Entries of the directory as an import finds them: held, compared, and noted as still there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select, text, update

from linkwork.database import db
from linkwork.exchange.oruk import ServiceRecord
from linkwork.models import Service

ONE_AT_A_TIME = 0x6C696E6B  # any number, the same for every import
Row = Any
"""A row of ``known``, or None where there is none."""


@dataclass(slots=True)
class Wanted:
    """A record, the columns of its service that are to be written, and the row it belongs to.

    ``changes`` are what it changes, field by field; a row without any is only read again.
    """

    record: ServiceRecord
    columns: Mapping[str, Any]
    row: Row
    changes: dict[str, tuple[Any, Any]] = field(default_factory=dict)

    @property
    def kept(self) -> frozenset[str]:
        """The fields an editor changed by hand."""
        return kept_by(self.row)

    @property
    def is_merged(self) -> bool:
        """Whether the entry was made one with another, which stands for it."""
        return self.row is not None and self.row.merged_into_id is not None


@dataclass(slots=True)
class Gone:
    """A service that its source no longer has; ``is_new`` where it still had it the last time."""

    key: str
    name: str
    last_seen_at: datetime | None
    is_new: bool


def alone() -> None:
    """Wait until no other import writes, and let none until the transaction ends.

    Imports share places and providers; SQLite has one writer at a time anyway.
    """
    if db.session.connection().dialect.name == "postgresql":
        db.session.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": ONE_AT_A_TIME})


def kept_by(row: Row) -> frozenset[str]:
    """The fields an editor changed by hand, which an import leaves alone."""
    return frozenset(row.edited_fields) if row is not None else frozenset()


def known(keys: Sequence[str], *, to_change: bool) -> dict[str, Row]:
    """What the directory has under these keys; ``to_change`` holds it against editors meanwhile."""
    query = select(
        Service.id,
        Service.key,
        Service.name,
        Service.description,
        Service.source,
        Service.source_digest,
        Service.edited_fields,
        Service.merged_into_id,
        Service.version,
    ).where(Service.key.in_(keys))
    if to_change:
        query = query.order_by(Service.id).with_for_update(of=Service)
    return {row.key: row for row in db.session.execute(query)}


def seen(service_ids: Sequence[int], *, at: datetime) -> None:
    """Note that the source still has these services."""
    if service_ids:
        # That it is still there does not change it.
        still = {"last_seen_at": at, "changed_at": Service.changed_at}
        query = update(Service).where(Service.id.in_(service_ids)).values(still)
        db.session.execute(query, execution_options={"synchronize_session": False})


def gone(source: str, keys: set[str], *, last: datetime | None) -> list[Gone]:
    """The services of this source that are not among ``keys``, by name.

    Those seen at ``last``, when all of the source was brought in, or by a fetch of changes since,
    are newly gone.
    """
    query = select(Service.key, Service.name, Service.last_seen_at).where(
        Service.source == source, Service.merged_into_id.is_(None)
    )
    found = [
        Gone(row.key, row.name, row.last_seen_at, _had_it(row.last_seen_at, last))
        for row in db.session.execute(query)
        if row.key not in keys
    ]
    return sorted(found, key=lambda one: (one.name, one.key))


def _had_it(seen_at: datetime | None, last: datetime | None) -> bool:
    return last is None or (seen_at is not None and seen_at >= last)


def merged(wanted: Sequence[Wanted], *, at: datetime) -> None:
    """Note what the source says now of entries that were made one with others, and no more."""
    for one in wanted:
        columns = {name: one.columns[name] for name in ("raw", "source_digest")}
        query = update(Service).where(Service.id == one.row.id)
        db.session.execute(
            query.values(**columns, last_seen_at=at, changed_at=Service.changed_at),
            execution_options={"synchronize_session": False},
        )
