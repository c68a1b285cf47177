"""Imports a directory of services: Open Referral UK 3.0, as JSON.

A file goes in as a whole or not at all. Rows that cannot be used are left out and reported, with
their position, field and reason. Importing the same file again changes nothing; what an editor
changed by hand stays; nothing is deleted because a file no longer has it.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Row

from linkwork import audit
from linkwork.audit import Event
from linkwork.casework.lexicon import concepts_of, needs_of
from linkwork.database import db
from linkwork.errors import FileRefused
from linkwork.exchange import directory_store as store
from linkwork.exchange import oruk, oruk_extension, oruk_file
from linkwork.exchange.import_report import ImportReport, Quarantined
from linkwork.exchange.oruk import ServiceRecord
from linkwork.exchange.oruk_values import Values
from linkwork.models import User, service_text

AT_ONCE = 400
LONGEST_SOURCE = 100
T = TypeVar("T")
Progress = Callable[[int], None]


def import_directory(
    path: Path,
    *,
    source: str,
    by: User | None,
    at: datetime,
    today: date,
    ours: bool = False,
    progress: Progress | None = None,
) -> ImportReport:
    """Bring the services of a file into the directory, and report what came of it.

    ``source`` names the feed: what it no longer has is found by that name. ``ours`` believes the
    ``linkwork`` extension of a record, whose days are counted from ``today``. ``progress`` is told
    the number of rows read so far. Flushes and does not commit. Raises FileRefused, having
    changed nothing, when the file is not a directory or breaks off.
    """
    source = " ".join(source.split())
    if not 0 < len(source) <= LONGEST_SOURCE:
        raise FileRefused(f"Name the source of the file in 1 to {LONGEST_SOURCE} characters.")
    report = ImportReport(source)
    with db.session.begin_nested():
        importing = _Import(report, at=at, today=today, ours=ours)
        for some in _in_parts(enumerate(oruk_file.records(path), start=1)):
            importing.take(some)
            if progress:
                progress(some[-1][0])
        report.gone = store.gone(source, importing.keys)
    db.session.expire_all()
    audit.record(Event.DIRECTORY_IMPORTED, None, by=by, source=source, **report.counts())
    return report


@dataclass(slots=True)
class _Import:
    """One run: what it is told, and the keys it has seen."""

    report: ImportReport
    at: datetime
    today: date
    ours: bool
    keys: set[str] = field(default_factory=set)

    def take(self, some: Iterable[tuple[int, Any]]) -> None:
        """Write one batch of the file."""
        records = [record for position, one in some if (record := self._read(position, one))]
        known = store.known([record.key for record in records])
        wanted, unchanged = [], []
        for record in records:
            row = known.get(record.key)
            if row is not None and row.source != self.report.source:
                self._leave_to_its_source(record, row)
            elif row is not None and row.source_digest == record.digest:
                unchanged.append(row.id)
            else:
                wanted.append(store.Wanted(record, self._columns(record, row), row and row.id))
        if wanted:
            service_text.reindex(store.write(wanted))
        store.seen(unchanged, at=self.at)
        self._count(wanted, unchanged)

    def _read(self, position: int, source: Any) -> ServiceRecord | None:
        try:
            record = oruk.read(source, position)
        except oruk.Unusable as wrong:
            self._quarantine(position, wrong.key, wrong.field, str(wrong))
            return None
        if record.key in self.keys:
            self._quarantine(position, record.key, "id", "was already in this file.")
            return None
        self.keys.add(record.key)
        return record

    def _quarantine(self, position: int, key: str | None, name: str, reason: str) -> None:
        self.report.quarantine(Quarantined(position, key, name, reason))
        if key:
            # It cannot be used as it stands, but the source still has it.
            self.keys.add(key)

    def _leave_to_its_source(self, record: ServiceRecord, row: Row[Any]) -> None:
        owner = f"came from “{row.source}”" if row.source else "was made here"
        reason = f"is already in the directory and {owner}. Import it under that name to change it."
        self._quarantine(record.position, record.key, "id", reason)

    def _columns(self, record: ServiceRecord, row: Row[Any] | None) -> dict[str, Any]:
        """The columns to write: never those an editor changed by hand."""
        kept = set(row.edited_fields) if row is not None else set()
        columns = {**record.service, **self._extension(record)}
        name = row.name if row is not None and "name" in kept else columns["name"]
        said = row.description if row is not None and "description" in kept else None
        concepts = concepts_of(
            name, said or columns["description"], [term["name"] for term in record.terms]
        )
        columns |= {
            "needs": columns.get("needs") or needs_of(concepts),
            "concepts": concepts,
            "source": self.report.source,
            "source_id": record.key,
            "source_digest": record.digest,
            "last_seen_at": self.at,
        }
        return {name: value for name, value in columns.items() if name not in kept}

    def _extension(self, record: ServiceRecord) -> dict[str, Any]:
        if not self.ours:
            return {}
        position, key, warnings = record.position, record.key, record.warnings
        extension = Values(
            record.extension,
            lambda name, why: warnings.append(Quarantined(position, key, name, why)),
            "linkwork.",
        )
        return oruk_extension.columns(extension, today=self.today, at=self.at)

    def _count(self, wanted: list[store.Wanted], unchanged: list[int]) -> None:
        added = sum(one.service_id is None for one in wanted)
        self.report.added += added
        self.report.changed += len(wanted) - added
        self.report.unchanged += len(unchanged)
        for one in wanted:
            for warning in one.record.warnings:
                self.report.warn(warning)


def _in_parts(rows: Iterable[T]) -> Iterator[list[T]]:
    iterator = iter(rows)
    while some := list(islice(iterator, AT_ONCE)):
        yield some
