"""Imports about organisations, shown before they are carried out.

The files are kept packed in the database for a day, so that what was shown is what is done.
"""

import io
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path

from sqlalchemy import select, update

from linkwork.database import db
from linkwork.errors import FileRefused, NotYours, RuleBroken
from linkwork.exchange.organisations import Named, Report, import_files
from linkwork.models import OrganisationImport, User

KEPT = timedelta(days=1)


def preview(files: Sequence[Named], *, by: User, at: datetime, on: date) -> OrganisationImport:
    """Keep some files with what they would change; nothing is changed.

    Raises FileRefused as ``import_files`` does.
    """
    _forget_old(at)
    # Carried out as it will be, and taken back: what is shown is what will be done.
    attempt = db.session.begin_nested()
    try:
        report = import_files(files, by=by, at=at, on=on, on_trial=True)
        lines, counts = report.lines(), report.counts()
    finally:
        attempt.rollback()
        db.session.expire_all()
    made = OrganisationImport(
        made_at=at,
        made_by_id=by.id,
        names=[named.name or named.file.name for named in files],
        files=_packed([named.file for named in files]),
        lines=lines,
        counts=dict(counts),
    )
    db.session.add(made)
    db.session.flush()
    return made


def apply(made: OrganisationImport, *, by: User, at: datetime, on: date) -> Report:
    """Carry an import out.

    Raises ``RuleBroken`` where it was decided before or is a day old, and FileRefused where what
    is stored has changed so much since that the files no longer fit.
    """
    _hold(made)
    with _unpacked(made) as files:
        try:
            report = import_files(files, by=by, at=at, on=on)
        except FileRefused as refusal:
            raise RuleBroken(str(refusal)) from None
    made = db.session.get_one(OrganisationImport, made.id)
    made.lines, made.applied_at, made.files = report.lines(), at, None
    return report


def abandon(made: OrganisationImport, *, at: datetime) -> None:
    """Drop an import. Raises ``RuleBroken`` where it was decided before."""
    _hold(made)
    made.abandoned_at, made.files = at, None


def find(key: str) -> OrganisationImport:
    """One of them; for administrators. Raises ``NotYours`` where there is none."""
    query = select(OrganisationImport).where(OrganisationImport.key == key)
    found = None if "\0" in key else db.session.scalar(query)
    if found is None:
        raise NotYours(OrganisationImport.__name__)
    return found


def _hold(made: OrganisationImport) -> None:
    db.session.flush()
    db.session.refresh(made, with_for_update={"of": OrganisationImport})
    if made.is_decided:
        raise RuleBroken("This was decided already.")
    if made.files is None:
        raise RuleBroken("The files were kept for a day and are gone. Bring them in again.")


def _forget_old(at: datetime) -> None:
    old = update(OrganisationImport).where(OrganisationImport.made_at < at - KEPT)
    db.session.execute(old.where(OrganisationImport.files.is_not(None)).values(files=None))


def _packed(files: Sequence[Path]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, file in enumerate(files):
            archive.write(file, f"{number}")
    return packed.getvalue()


@contextmanager
def _unpacked(made: OrganisationImport) -> Iterator[list[Named]]:
    with tempfile.TemporaryDirectory() as folder:
        with zipfile.ZipFile(io.BytesIO(made.files or b"")) as archive:
            archive.extractall(folder)  # the names are ours: numbers
        yield [Named(Path(folder) / f"{number}", name) for number, name in enumerate(made.names)]
