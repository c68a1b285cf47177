"""Brings records of services into the directory, or says what that would change.

Every dialect is read into full records of Open Referral UK 3.0 before. Rows that cannot be used
are left out and reported, with their position, field and reason. Importing the same again changes
nothing; what an editor changed by hand stays; nothing is deleted because a list no longer has it.
"""

import gc
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Row

from linkwork import audit
from linkwork.audit import Event
from linkwork.casework import service_changes, sources
from linkwork.casework.lexicon import concepts_of, lexicon, needs_of
from linkwork.casework.service_changes import Changed
from linkwork.database import db
from linkwork.exchange import directory_differences, oruk, oruk_extension, oruk_file
from linkwork.exchange import directory_entries as entries
from linkwork.exchange.directory_store import Writing
from linkwork.exchange.import_outcomes import Outcome, gone_of, left_out_of
from linkwork.exchange.import_report import ImportReport, Quarantined
from linkwork.exchange.oruk import ServiceRecord
from linkwork.exchange.oruk_values import Values
from linkwork.exchange.shared_rows import SharedRows
from linkwork.models import ChangeKind, User

AT_ONCE = 400
T = TypeVar("T")
Progress = Callable[[int], None]


Note = Callable[[list[Outcome]], None]


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
    """Bring the services of a file in at once, unseen, and report what came of it.

    For what is known to be good: ``imports`` shows first what would change. ``source`` names the
    feed. ``ours`` believes the ``linkwork`` extension of a record, whose days are counted from
    ``today``. ``progress`` is told the number of rows read so far. Flushes and does not commit.
    Raises FileRefused, having changed nothing, when the file is not a directory or breaks off.
    """
    of = sources.named(source)
    importing = Importing(of.name, at=at, today=today, ours=ours, writes=True, last=of.last_seen_at)
    report = bring(importing, oruk_file.records(path), progress=progress)
    db.session.expire_all()
    sources.applied(of, rows=report.rows, at=at)
    audit.record(Event.DIRECTORY_IMPORTED, of, by=by, source=of.name, **report.counts())
    return report


def bring(
    importing: "Importing", records: Iterable[Any], *, progress: Progress | None = None
) -> ImportReport:
    """Take in all ``records``, or none of them where they break off."""
    with db.session.begin_nested(), _uninterrupted():
        for some in _in_parts(enumerate(records, start=1)):
            importing.take(some)
            gc.collect(1)  # what the batch left, and not all there is
            if progress:
                progress(some[-1][0])
        importing.finish()
    return importing.report


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Keep the collector from looking through all there is again and again while rows are made.

    A sixth of the time of an import is that. What a batch leaves is looked through when it is done.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


@dataclass(slots=True)
class Importing:
    """One run through the records of a source: what it is told, and the keys it has seen.

    With ``writes`` the directory is changed; without, it is only read. ``note`` is given what
    becomes of the rows, a batch at a time. ``fingerprint`` is that of what the run starts from
    and finds: the same records into the same entries have the same.
    """

    source: str
    at: datetime
    today: date
    ours: bool = False
    writes: bool = False
    note: Note | None = None
    last: datetime | None = None
    is_partial: bool = False
    keys: set[str] = field(default_factory=set)
    report: ImportReport = field(init=False)
    newly_gone: int = 0
    _outcomes: list[Outcome] = field(default_factory=list)
    _states: Any = field(default_factory=hashlib.sha256)
    _writing: Writing = field(init=False)
    _shared: SharedRows = field(init=False)

    def __post_init__(self) -> None:
        """Begin with an empty report."""
        self.report = ImportReport(self.source)
        self._writing = Writing(self.at)
        self._shared = SharedRows(self.source)

    @property
    def fingerprint(self) -> str:
        """The fingerprint of everything until now."""
        found: str = self._states.hexdigest()
        return found

    def take(self, some: Iterable[tuple[int, Any]]) -> None:
        """Take one batch of the records."""
        records = [record for position, one in some if (record := self._read(position, one))]
        known = entries.known([record.key for record in records], to_change=self.writes)
        wanted: list[entries.Wanted] = []
        unchanged: list[int] = []
        for record in records:
            row = known.get(record.key)
            if row is not None and row.source != self.source:
                self._leave_to_its_source(record, row)
            elif row is not None and row.source_digest == record.digest:
                unchanged.append(row.id)
            else:
                wanted.append(entries.Wanted(record, self._columns(record, row), row))
        self._shared.settle([one.record for one in wanted])
        self._compare(wanted)
        self._count(wanted, unchanged)
        if self.note:
            self._note(wanted)
        if self.writes:
            self._write(wanted, unchanged)

    def _compare(self, wanted: list[entries.Wanted]) -> None:
        known = [one for one in wanted if one.row is not None and not one.is_merged]
        changes = directory_differences.of(known, self._writing.before)
        for one in known:
            one.changes = changes[one.record.key]

    def _write(self, wanted: list[entries.Wanted], unchanged: list[int]) -> None:
        alive = [one for one in wanted if not one.is_merged]
        if alive:
            self._writing.write(alive)
            steps = [Changed(one.row.id, one.changes) for one in alive if one.changes]
            service_changes.record(steps, at=self.at, source=self.source)
        entries.merged([one for one in wanted if one.is_merged], at=self.at)
        entries.seen(unchanged, at=self.at)

    def finish(self) -> None:
        """Find what the source no longer has."""
        if self.is_partial:
            self._hand_on()
            return
        gone = entries.gone(self.source, self.keys, last=self.last)
        self.report.gone = [row.name for row in gone]
        for row in gone:
            self._state("gone", row.key)
            self._out(gone_of(row))
        self.newly_gone = sum(row.is_new for row in gone)
        self._hand_on()

    def warn(self, part: Quarantined) -> None:
        """Note what the reader left out that belongs to no one record."""
        self.report.warn(part)
        self._out(left_out_of(ChangeKind.WARNING, part))

    def _read(self, position: int, source: Any) -> ServiceRecord | None:
        self.report.rows += 1
        position = getattr(source, "line", position)
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
        row = Quarantined(position, key, name, reason)
        self.report.quarantine(row)
        self._state("quarantined", position, reason)
        self._out(left_out_of(ChangeKind.QUARANTINED, row))
        if key:
            # It cannot be used as it stands, but the source still has it.
            self.keys.add(key)

    def _leave_to_its_source(self, record: ServiceRecord, row: Row[Any]) -> None:
        owner = f"came from “{row.source}”" if row.source else "was made here"
        reason = f"is already in the directory and {owner}. Import it under that name to change it."
        self._quarantine(record.position, record.key, "id", reason)

    def _columns(self, record: ServiceRecord, row: Row[Any] | None) -> dict[str, Any]:
        """The columns to write: never those an editor changed by hand."""
        kept = entries.kept_by(row)
        columns = {**record.service, **self._extension(record)}
        name = row.name if row is not None and "name" in kept else columns["name"]
        said = row.description if row is not None and "description" in kept else None
        concepts = concepts_of(
            name, said or columns["description"], [term["name"] for term in record.terms]
        )
        columns |= {
            "needs": columns.get("needs") or needs_of(concepts),
            "concepts": concepts,
            "described_by": lexicon().mark,
            "source": self.source,
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

    def _count(self, wanted: list[entries.Wanted], unchanged: list[int]) -> None:
        added = sum(one.row is None for one in wanted)
        changed = sum(bool(one.changes) for one in wanted)
        self.report.added += added
        self.report.changed += changed
        self.report.unchanged += len(unchanged) + len(wanted) - added - changed
        for one in wanted:
            record = one.record
            self._state(record.key, record.digest, one.row and one.row.version)
            for warning in record.warnings:
                self.warn(warning)

    def _note(self, wanted: list[entries.Wanted]) -> None:
        for one in wanted:
            record, name = one.record, one.record.service["name"]
            if one.row is None:
                details = [directory_differences.introduced(record)]
                self._out(Outcome(ChangeKind.ADDED, name, record.position, record.key, details))
            elif one.changes:
                fields = one.changes.items()
                details = [{"field": f, "old": old, "new": new} for f, (old, new) in fields]
                known_as = one.row.name
                self._out(
                    Outcome(ChangeKind.CHANGED, known_as, record.position, record.key, details)
                )
        self._hand_on()

    def _state(self, *facts: Any) -> None:
        self._states.update(json.dumps(facts).encode())

    def _out(self, outcome: Outcome) -> None:
        if self.note:
            self._outcomes.append(outcome)

    def _hand_on(self) -> None:
        if self.note and self._outcomes:
            self.note(self._outcomes)
            self._outcomes = []


def _in_parts(rows: Iterable[T]) -> Iterator[list[T]]:
    iterator = iter(rows)
    while some := list(islice(iterator, AT_ONCE)):
        yield some
