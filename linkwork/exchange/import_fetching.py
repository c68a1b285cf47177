"""Feeds fetched and brought in: by themselves when they are due, or because somebody asked.

While a feed is fetched no transaction is open. What looks right of a feed that is due is applied;
what does not is held for a person. A fetch that fails changes nothing but the notes of its source.
"""

import logging
import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from flask import current_app
from sqlalchemy import func, select

from linkwork import clock
from linkwork.casework import sources
from linkwork.database import db
from linkwork.errors import FileRefused, RuleBroken, without_values
from linkwork.exchange import feed_client, import_reading, imports
from linkwork.exchange.feed_client import Fetched, Kind
from linkwork.exchange.plain_ids import key_of
from linkwork.models import DirectoryImport, ImportState, NoticeKind, Source, User

log = logging.getLogger(__name__)
Telling = Callable[[], datetime]
"""Tells the time: fetching takes long."""
ALL_EVERY = timedelta(days=7)
"""Only what changed is asked for in between, where a feed can say so."""
OVERLAP = timedelta(days=1)
"""Clocks differ, and a record may be saved while another is read."""
SAME = "Nothing has changed there."
WRONG = "It looks wrong, and waits for somebody to decide."
OTHERWISE = "The directory changed while it was brought in. It is tried again."
FAULT = "Something went wrong here while it was brought in. It is tried again."


@dataclass(frozen=True, slots=True)
class Brought:
    """What came of fetching a source: in a sentence, and the import that is there to look at."""

    name: str
    said: str
    import_: DirectoryImport | None = None

    def __str__(self) -> str:
        return f"{self.name}: {self.said}"


def run_due(*, telling: Telling) -> Iterator[Brought]:
    """Fetch and bring in every source that is due, one after the other; what came of each.

    A second run at the same time takes other sources.
    """
    while (source := sources.due(at=telling())) is not None:
        source_id = source.id
        db.session.commit()
        yield _bring_whatever_happens(source_id, telling=telling)
    db.session.rollback()


def _bring_whatever_happens(source_id: int, *, telling: Telling) -> Brought:
    """Bring a source in; where not even its failure can be noted, the others have their turn."""
    name = db.session.get_one(Source, source_id).name
    try:
        return bring(source_id, by_id=None, is_scheduled=True, telling=telling)
    except Exception as error:
        log.error("A source could not be brought in.\n%s", without_values(error))
        db.session.rollback()
        return Brought(name, FAULT)


def bring(source_id: int, *, by_id: int | None, is_scheduled: bool, telling: Telling) -> Brought:
    """Fetch a source that was taken, and bring in what it gives; what came of it.

    Commits. Where it ``is_scheduled``, what looks right is applied; else it is only shown.
    """
    name = db.session.get_one(Source, source_id).name
    import_ = None
    try:
        said, import_ = _bring(source_id, by_id=by_id, is_scheduled=is_scheduled, telling=telling)
    except (FileRefused, RuleBroken) as refusal:
        said = str(refusal)
        _note_failure(source_id, said, telling())
    except Exception as error:  # whatever is wrong with one list, it is noted and tried again
        log.error("A source could not be brought in.\n%s", without_values(error))
        said = FAULT
        _note_failure(source_id, said, telling())
    return Brought(name, said, import_)


def folder_of(source: Source) -> Path:
    """Where what is fetched of a source stands until it is all there, for this user only."""
    mine = Path(tempfile.gettempdir()) / f"linkwork-feeds-{os.environ.get('USER', 'user')}"
    mine.mkdir(mode=0o700, exist_ok=True)
    found = mine.lstat()  # a link there may lead anywhere
    is_mine = not hasattr(os, "getuid") or found.st_uid == os.getuid()
    if not is_mine or not stat.S_ISDIR(found.st_mode):
        mine = Path(tempfile.mkdtemp(prefix="linkwork-feeds-"))
    folder = mine / source.key
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _bring(
    source_id: int, *, by_id: int | None, is_scheduled: bool, telling: Telling
) -> tuple[str, DirectoryImport | None]:
    source = db.session.get_one(Source, source_id)
    began, address, folder = telling(), source.address, folder_of(source)
    since, etag, modified = _since(source, began), source.etag, source.modified
    db.session.rollback()  # nothing is held while another computer takes its time
    if address is None:
        raise FileRefused("It has no address to be fetched from.")
    fetched = feed_client.fetch(
        address,
        folder,
        at=began,
        since=since,
        etag=etag,
        modified=modified,
        allow_private=bool(current_app.config.get("PRIVATE_FEEDS")),
    )
    source = db.session.get_one(Source, source_id)
    sources.hold(source)
    if source.address != address:
        source.taken_until = None
        db.session.commit()
        return "Its address was changed meanwhile. What came from the old one is not used.", None
    by = db.session.get(User, by_id) if by_id else None
    import_ = _received(source, fetched, by=by, is_scheduled=is_scheduled, at=began)
    said = _brought_in(import_, fetched, telling=telling) if import_ else SAME
    sources.fetched(source, at=telling())
    source.etag, source.modified = fetched.etag, fetched.last_modified
    if not fetched.partial:
        source.last_full_at = began
    db.session.commit()
    shutil.rmtree(folder, ignore_errors=True)
    return said, import_


def _since(source: Source, at: datetime) -> datetime | None:
    """From when on changes are enough; None asks for all."""
    if source.last_full_at is None or source.last_full_at < at - ALL_EVERY:
        return None
    if _waits_whole(source):
        return None  # what changed since is no answer to what is held
    query = select(func.max(DirectoryImport.at)).where(
        DirectoryImport.source_id == source.id, DirectoryImport.state == ImportState.APPLIED
    )
    last: datetime | None = db.session.scalar(query)
    return last - OVERLAP if last else None


def _waits_whole(source: Source) -> bool:
    query = select(DirectoryImport.id).where(
        DirectoryImport.source_id == source.id,
        DirectoryImport.state.in_(imports.OPEN),
        DirectoryImport.is_scheduled,
        DirectoryImport.is_partial.is_(False),
    )
    return db.session.scalar(query.limit(1)) is not None


def _received(
    source: Source, fetched: Fetched, *, by: User | None, is_scheduled: bool, at: datetime
) -> DirectoryImport | None:
    if fetched.kind is Kind.UNCHANGED or fetched.path is None:
        return None
    name = fetched.name or fetched.path.name
    source.kind = import_reading.kind_of(fetched.path, name=name)
    missing = (key_of(given, "service", source.key) for given in fetched.missing)
    return imports.receive(
        fetched.path,
        name,
        source,
        by=by,
        at=at,
        is_scheduled=is_scheduled,
        is_partial=fetched.partial,
        missing=[key for key in missing if key],
    )


def _brought_in(import_: DirectoryImport, fetched: Fetched, *, telling: Telling) -> str:
    is_new = import_.state is ImportState.RECEIVED
    source, path = import_.source, fetched.path
    if path is None or import_reading.wants_columns(path, source, name=import_.file_name):
        return _waits(import_, is_new, "Its columns are to be chosen first.", telling())
    today = clock.london(telling()).date()
    imports.preview(import_, at=telling(), today=today, file=path)
    if import_.state is ImportState.HELD:
        return _waits(import_, is_new, WRONG, telling())
    if not import_.is_scheduled:
        return "It is there to be looked at."
    if not imports.apply(import_, shown=import_.shown, by=None, at=telling(), today=today):
        raise RuleBroken(OTHERWISE)
    return f"{import_.added} new, {import_.changed} changed, {import_.gone} not seen."


def _waits(import_: DirectoryImport, is_new: bool, said: str, at: datetime) -> str:
    if is_new and import_.is_scheduled:
        sources.tell_editors(NoticeKind.IMPORT_HELD, at=at)
    return said


def _note_failure(source_id: int, sentence: str, at: datetime) -> None:
    db.session.rollback()
    source = db.session.get_one(Source, source_id)
    sources.hold(source)
    sources.failed(source, sentence, at=at)
    db.session.commit()
