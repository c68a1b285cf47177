"""Sources of the directory: named, known again, and noted when they were brought in."""

from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from linkwork.database import db
from linkwork.errors import FileRefused
from linkwork.models import Service, Source
from linkwork.models.source import LONGEST_NAME


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


def rename(source: Source, name: str) -> None:
    """Give a source another name, with all its entries. For ``rename`` of the casework."""
    entries = update(Service).where(Service.source == source.name)
    db.session.execute(
        entries.values(source=name, changed_at=Service.changed_at),
        execution_options={"synchronize_session": False},
    )
    source.name = name
