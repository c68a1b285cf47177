"""Sources of the directory: named, known again, and noted when they were brought in."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select, update
from sqlalchemy.exc import IntegrityError

from linkwork import audit
from linkwork.audit import Event
from linkwork.casework import notifications
from linkwork.database import db
from linkwork.errors import FileRefused, RuleBroken
from linkwork.models import NoticeKind, Role, Service, Source, User, UserRole
from linkwork.models.source import LONGEST_NAME

LONGEST_FETCH = timedelta(hours=2)
"""A run that takes longer is taken for dead, and another may try."""
FIRST_WAIT = timedelta(minutes=15)
LONGEST_WAIT = timedelta(days=1)
MOST_DOUBLED = 7
"""The longest wait is reached by then; doubled for months, it would be no time at all."""
TOLD_AFTER = 3


def named(name: str) -> Source:
    """The source of this name, made where there is none yet.

    Entries that came in before sources were kept have a name already: theirs is made here as
    well. Raises FileRefused where the name is empty or has more than 100 characters.
    """
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME:
        raise FileRefused(f"Name the source of the file in 1 to {LONGEST_NAME} characters.")
    query = select(Source).where(Source.name == name)
    found = db.session.scalar(query)
    if found is not None:
        return found
    try:
        with db.session.begin_nested():
            made = Source(name=name, columns={}, failures=0)
            db.session.add(made)
    except IntegrityError:  # somebody else made it at this moment
        return db.session.scalars(query).one()
    return made


def hold(source: Source) -> None:
    """Hold a source, and read what another session made of it meanwhile.

    What is done with one source is done by one at a time.
    """
    db.session.flush()
    db.session.refresh(source, with_for_update={"of": Source})


def applied(source: Source, *, rows: int, at: datetime, is_partial: bool = False) -> None:
    """Note that an import with so many rows was applied: the next is measured against it.

    One that has only what changed says nothing of how many there are.
    """
    if not is_partial:
        source.last_seen_at = at
        source.last_rows = rows


def rows_before(source: Source) -> int | None:
    """How many rows the source had when it was last applied; None where it never was.

    For entries older than the notes of imports it is how many there are.
    """
    if source.last_rows is not None:
        return source.last_rows
    query = select(func.count()).select_from(Service).where(Service.source == source.name)
    return db.session.scalar(query) or None


def change(
    source: Source,
    *,
    name: str,
    address: str | None,
    every_hours: int | None,
    by: User | None,
    at: datetime,
) -> None:
    """Change how a source is called, where it is fetched from, and how often by itself.

    Its entries go along with its name. Raises RuleBroken where another source has the name, or
    where it would be fetched from nowhere.
    """
    hold(source)
    if every_hours and not address:
        raise RuleBroken("Enter the address it is fetched from, or leave the hours empty.")
    before = (source.name, source.address, source.every_hours)
    if name != source.name:
        _rename(source, name)
    if address != source.address:
        source.address = address
        source.etag = source.modified = source.last_full_at = None
        source.failures, source.error = 0, None
    if (address, every_hours) != before[1:]:
        source.every_hours = every_hours
        source.next_due_at = at if every_hours else None
    after = (source.name, source.address, source.every_hours)
    names = ("name", "address", "every_hours")
    changed = [n for n, old, new in zip(names, before, after, strict=True) if old != new]
    if changed:
        audit.record(Event.SOURCE_CHANGED, source, by=by, fields=changed)


def take(source: Source, *, at: datetime) -> bool:
    """Take a source for fetching; say whether nobody else is at it. Others wait for two hours."""
    hold(source)
    if source.taken_until is not None and source.taken_until > at:
        return False
    source.taken_until = at + LONGEST_FETCH
    return True


def due(*, at: datetime) -> Source | None:
    """The source that waits the longest to be fetched by itself, taken; None where none is due."""
    query = (
        select(Source)
        .where(
            Source.every_hours.is_not(None),
            Source.address.is_not(None),
            Source.next_due_at <= at,
            or_(Source.taken_until.is_(None), Source.taken_until <= at),
        )
        .order_by(Source.next_due_at, Source.id)
        .limit(1)
        .with_for_update(of=Source, skip_locked=True)
        .execution_options(populate_existing=True)
    )
    found = db.session.scalar(query)
    if found is not None:
        found.taken_until = at + LONGEST_FETCH
    return found


def fetch_again(source: Source, *, is_all: bool) -> None:
    """What was fetched is not used: let the server give it again, and all of it if it was all."""
    source.etag = source.modified = None
    if is_all:
        source.last_full_at = None


def fetched(source: Source, *, at: datetime) -> None:
    """Note that a source was fetched; the next time comes when it is due again."""
    source.taken_until = None
    source.last_fetched_at = at
    source.error, source.failures = None, 0
    if source.every_hours:
        source.next_due_at = at + timedelta(hours=source.every_hours)


def failed(source: Source, sentence: str, *, at: datetime) -> None:
    """Note that fetching failed and why: tried again ever later, and told after the third time."""
    source.taken_until = None
    source.error = sentence
    source.failures += 1
    if source.every_hours:
        wait = FIRST_WAIT * 2 ** min(source.failures - 1, MOST_DOUBLED)
        source.next_due_at = at + min(wait, LONGEST_WAIT, timedelta(hours=source.every_hours))
    if source.failures == TOLD_AFTER:
        tell_editors(NoticeKind.FEED_FAILING, at=at)


def tell_editors(kind: NoticeKind, *, at: datetime) -> None:
    """Tell everybody who looks after the directory."""
    holding = select(UserRole.user_id).where(UserRole.role == Role.DIRECTORY_EDITOR)
    query = select(User).where(User.id.in_(holding), User.disabled_at.is_(None))
    for user in db.session.scalars(query.order_by(User.id)).unique():
        notifications.tell(user, kind, at=at)


def listed() -> Sequence[Source]:
    """All sources by name."""
    return db.session.scalars(select(Source).order_by(func.lower(Source.name), Source.id)).all()


def names() -> list[str]:
    """The names of all sources, those of entries from before sources were kept among them."""
    found = db.session.scalars(select(Source.name)).all()
    theirs = select(Service.source).where(Service.source.is_not(None)).distinct()
    return sorted({*found, *(name for name in db.session.scalars(theirs) if name)})


def entries(source: Source) -> int:
    """How many entries of the directory came from a source."""
    query = select(func.count()).select_from(Service).where(Service.source == source.name)
    return db.session.scalar(query) or 0


def _rename(source: Source, name: str) -> None:
    name = " ".join(name.split())
    other = select(Source.id).where(Source.name == name, Source.id != source.id)
    theirs = select(Service.id).where(Service.source == name).limit(1)
    if db.session.scalar(other) is not None or db.session.scalar(theirs) is not None:
        raise RuleBroken("Another list has this name already. Choose another.")
    entries_of_it = update(Service).where(Service.source == source.name)
    db.session.execute(
        entries_of_it.values(source=name, changed_at=Service.changed_at),
        execution_options={"synchronize_session": False},
    )
    db.session.expire_all()
    source.name = name
