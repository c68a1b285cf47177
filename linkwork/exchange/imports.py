"""Imports of the directory: received, shown, and then applied as a whole or not at all."""

import tempfile
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import delete, select

from linkwork import audit
from linkwork.audit import Event
from linkwork.casework import sources
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.exchange import directory_entries, import_changes, import_files, import_reading
from linkwork.exchange.directory import Importing, Progress, bring
from linkwork.exchange.import_holding import hold_reason
from linkwork.models import (
    DirectoryImport,
    ImportChange,
    ImportState,
    Source,
    User,
)

OPEN = frozenset({ImportState.RECEIVED, ImportState.PREVIEWED, ImportState.HELD})
KEPT = timedelta(days=30)
"""How long a file waits for somebody to decide; its preview may be read as long again."""
COUNTED = ("rows", "added", "changed", "unchanged", "gone", "quarantined", "warnings")


def receive(
    file: Path,
    name: str,
    source: Source,
    *,
    by: User | None,
    at: datetime,
    is_scheduled: bool = False,
    is_partial: bool = False,
    missing: Sequence[str] = (),
) -> DirectoryImport:
    """Keep a file that came under this ``name``; what it would change is not worked out yet.

    What it lacks is not gone where it ``is_partial`` or names it among the ``missing``. The same
    file, sent again before somebody decided, is the same import; where it comes by the schedule
    it is applied, unless it is held.
    """
    sources.hold(source)
    digest = import_files.digest(file)
    found = _same(source, digest, is_partial)
    if found is not None:
        found.is_scheduled |= is_scheduled and found.state is not ImportState.HELD
        return found
    if is_scheduled:
        _supersede(source, at=at)
    made = DirectoryImport(
        source=source,
        file_name=import_files.safe_name(name),
        file_digest=digest,
        is_scheduled=is_scheduled,
        is_partial=is_partial,
        missing=list(missing),
        by_id=by.id if by else None,
        at=at,
    )
    db.session.add(made)
    db.session.flush()
    import_files.keep(made, file)
    audit.record(Event.IMPORT_RECEIVED, made, by=by, scheduled=is_scheduled)
    return made


def _same(source: Source, digest: str, is_partial: bool) -> DirectoryImport | None:
    query = select(DirectoryImport).where(
        DirectoryImport.source_id == source.id,
        DirectoryImport.file_digest == digest,
        DirectoryImport.is_partial == is_partial,
        DirectoryImport.state.in_(OPEN),
    )
    return db.session.scalar(query.order_by(DirectoryImport.id.desc()).limit(1))


def _supersede(source: Source, *, at: datetime) -> None:
    """What an earlier fetch brought, and nobody decided, is out of date."""
    query = select(DirectoryImport).where(
        DirectoryImport.source_id == source.id,
        DirectoryImport.is_scheduled,
        DirectoryImport.state.in_(OPEN),
    )
    for import_ in db.session.scalars(query).all():
        abandon(import_, by=None, at=at)


def preview(
    import_: DirectoryImport,
    *,
    at: datetime,
    today: date,
    file: Path | None = None,
    progress: Progress | None = None,
) -> None:
    """Work out what the import would change, without changing it.

    ``file`` is its file where that is at hand. Raises FileRefused where the file cannot be read,
    and RuleBroken where the import was decided meanwhile.
    """
    hold(import_)
    _must_be_open(import_)
    if file is not None:
        _look(import_, file, at=at, today=today, progress=progress)
        return
    with tempfile.TemporaryDirectory() as folder:
        found = import_files.unpack(import_, Path(folder))
        _look(import_, found, at=at, today=today, progress=progress)


def apply(
    import_: DirectoryImport,
    *,
    shown: str | None,
    by: User | None,
    at: datetime,
    today: date,
    reason: str | None = None,
) -> bool:
    """Write what was shown into the directory, in the present transaction; say whether it was.

    ``shown`` is the fingerprint of what whoever decided has seen. Where the directory changed
    since, so that something else would come of it, nothing is written, what would come of it is
    worked out anew, and the answer is False. Raises RuleBroken where the import was decided
    before, or is held and there is no ``reason``; FileRefused where its file is gone.
    """
    sources.hold(import_.source)  # first, as a fetch holds it before it comes here
    directory_entries.alone()
    hold(import_)
    _must_be_open(import_)
    if import_.state is ImportState.RECEIVED or import_.shown != shown:
        return False
    if import_.state is ImportState.HELD and not reason:
        raise RuleBroken("Say why this is right: the reason is kept with the import.")
    with tempfile.TemporaryDirectory() as folder:
        file = import_files.unpack(import_, Path(folder))
        if not _write(import_, file, at=at, today=today):
            _look(import_, file, at=at, today=today)
            if import_.shown != shown or not _write(import_, file, at=at, today=today):
                return False
    db.session.expire_all()
    _decide(import_, ImportState.APPLIED, by=by, at=at, reason=reason)
    sources.applied(import_.source, rows=import_.rows, at=at, is_partial=import_.is_partial)
    numbers = {name: getattr(import_, name) for name in COUNTED}
    audit.record(Event.DIRECTORY_IMPORTED, import_, by=by, **numbers)
    return True


def abandon(import_: DirectoryImport, *, by: User | None, at: datetime) -> None:
    """Decide against an import; its file is kept no longer. Raises RuleBroken if decided before."""
    sources.hold(import_.source)
    hold(import_)
    _must_be_open(import_)
    sources.fetch_again(import_.source, is_all=not import_.is_partial)
    _decide(import_, ImportState.ABANDONED, by=by, at=at, reason=None)
    audit.record(Event.IMPORT_ABANDONED, import_, by=by)


def purge(*, at: datetime) -> int:
    """Abandon what nobody decided for thirty days, and forget details twice as old; how many."""
    waiting = select(DirectoryImport).where(
        DirectoryImport.state.in_(OPEN), DirectoryImport.at < at - KEPT
    )
    in_order = waiting.order_by(DirectoryImport.source_id, DirectoryImport.id)
    found = [one for one in db.session.scalars(in_order).all() if _is_still_open(one)]
    for import_ in found:
        abandon(import_, by=None, at=at)
    old = select(DirectoryImport.id).where(DirectoryImport.at < at - 2 * KEPT)
    db.session.execute(
        delete(ImportChange).where(ImportChange.import_id.in_(old)),
        execution_options={"synchronize_session": False},
    )
    return len(found)


def hold(import_: DirectoryImport) -> None:
    """Hold an import, and read what another session made of it meanwhile."""
    db.session.flush()
    db.session.refresh(import_, with_for_update={"of": DirectoryImport})


def _is_still_open(import_: DirectoryImport) -> bool:
    sources.hold(import_.source)
    hold(import_)
    return import_.state in OPEN


def _must_be_open(import_: DirectoryImport) -> None:
    if import_.state in OPEN:
        return
    who = f" by {import_.decided_by.name}" if import_.decided_by else ""
    words = {
        ImportState.APPLIED: f"This import was applied already{who}.",
        ImportState.ABANDONED: f"This import was abandoned{who}. Bring the file in again.",
    }
    raise RuleBroken(words[import_.state])


def _importing(
    import_: DirectoryImport, *, at: datetime, today: date, writes: bool, note: Any = None
) -> Importing:
    return Importing(
        import_.source.name,
        at=at,
        today=today,
        writes=writes,
        note=note,
        last=import_.source.last_seen_at,
        is_partial=import_.is_partial,
        keys=set(import_.missing),
    )


def _look(
    import_: DirectoryImport,
    file: Path,
    *,
    at: datetime,
    today: date,
    progress: Progress | None = None,
) -> None:
    notes = import_changes.Notes(import_)
    importing = _importing(import_, at=at, today=today, writes=False, note=notes)
    _read(import_, importing, file, progress)
    _sum_up(import_, importing)
    import_.shown = notes.fingerprint(import_.held_for)


def _read(
    import_: DirectoryImport, importing: Importing, file: Path, progress: Progress | None = None
) -> None:
    found = import_reading.records(
        file, import_.source, name=import_.file_name, warn=importing.warn
    )
    bring(importing, found, progress=progress)


def _sum_up(import_: DirectoryImport, importing: Importing) -> None:
    report = importing.report
    for name, number in {"rows": report.rows, **report.counts()}.items():
        setattr(import_, name, number)
    import_.outcome = importing.fingerprint
    import_.rows_before = sources.rows_before(import_.source)
    import_.held_for = hold_reason(
        rows=report.rows,
        before=import_.rows_before,
        newly_gone=importing.newly_gone,
        is_partial=import_.is_partial,
        redirects=import_.is_scheduled and bool(import_changes.redirected(import_)),
    )
    import_.state = ImportState.HELD if import_.held_for else ImportState.PREVIEWED


class _OtherwiseError(Exception):
    """The directory is not as it was when the preview was made."""


def _write(import_: DirectoryImport, file: Path, *, at: datetime, today: date) -> bool:
    importing = _importing(import_, at=at, today=today, writes=True)
    try:
        with db.session.begin_nested():
            _read(import_, importing, file)
            if importing.fingerprint != import_.outcome:
                raise _OtherwiseError
    except _OtherwiseError:
        return False
    return True


def _decide(
    import_: DirectoryImport,
    state: ImportState,
    *,
    by: User | None,
    at: datetime,
    reason: str | None,
) -> None:
    import_.state, import_.decided_at, import_.reason = state, at, reason
    import_.decided_by_id = by.id if by else None
    import_files.forget(import_)
