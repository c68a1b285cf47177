"""``linkwork import directory`` and ``linkwork import due``: activities from a terminal."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import click
from sqlalchemy import select

from linkwork import clock, database
from linkwork.casework import people_imports, sources
from linkwork.commands import meaning, running
from linkwork.database import db
from linkwork.errors import FileRefused, RuleBroken
from linkwork.exchange import import_fetching, import_reading, imports
from linkwork.forms.imports import HELD
from linkwork.models import ChangeKind, DirectoryImport, ImportChange, ImportState, Source
from linkwork.web import service_facts

MOST_NAMED = 20
WEB = ("http://", "https://")
TITLES = {
    ChangeKind.CHANGED: "Changed:",
    ChangeKind.GONE: "Not in this list any more, and kept:",
    ChangeKind.QUARANTINED: "Left out, to be put right at the source:",
    ChangeKind.WARNING: "Taken in without one of their parts:",
}


@click.command()
@click.argument("where")
@click.option("--source", "name", help="The name of the list; the file’s name where left out.")
@click.option("--yes", is_flag=True, help="Do not ask: bring in what looks right.")
@click.option("--demo", "in_demo", is_flag=True, help="Into the demo’s database.")
def directory(where: str, name: str | None, *, yes: bool, in_demo: bool) -> None:
    """Bring in a directory of activities from WHERE: a file, a folder or a web address.

    What would change is shown first.
    """
    app = running.chosen(in_demo=in_demo)
    with app.app_context():
        database.migrate()
        try:
            source = sources.named(name or _name_of(where))
            import_ = _fetched(source, where) if where.startswith(WEB) else _read(source, where)
        except (FileRefused, RuleBroken) as refusal:
            db.session.rollback()
            running.stop(str(refusal))
        db.session.commit()
        for line in lines(import_):
            click.echo(line)
        _decide(import_, yes=yes)
    meaning.after_import(app)


@click.command()
@click.option("--demo", "in_demo", is_flag=True, help="In the demo’s database.")
def due(*, in_demo: bool) -> None:
    """Fetch the feeds that are due, and tidy up after imports: run it every few minutes."""
    app = running.chosen(in_demo=in_demo)
    with app.app_context():
        for said in import_fetching.run_due(telling=clock.now):
            click.echo(said)
        imports.purge(at=clock.now())
        people_imports.forget_old(at=clock.now())
        db.session.commit()
    meaning.after_import(app)


def lines(import_: DirectoryImport) -> Iterator[str]:
    """What an import would change, as text: the numbers, and some of each kind."""
    yield (
        f"{import_.source.name}: {import_.rows:,} rows. {import_.added:,} added, "
        f"{import_.changed:,} changed, {import_.unchanged:,} unchanged, {import_.gone:,} not "
        f"seen, {import_.quarantined:,} left out."
    )
    for kind, title in TITLES.items():
        query = select(ImportChange).where(
            ImportChange.import_id == import_.id, ImportChange.kind == kind
        )
        found = db.session.scalars(query.order_by(ImportChange.id).limit(MOST_NAMED + 1)).all()
        if found:
            yield title
        for change in found[:MOST_NAMED]:
            yield from (f"  {line}" for line in _said(change))
        if len(found) > MOST_NAMED:
            yield "  and more"


def _said(change: ImportChange) -> Iterator[str]:
    if change.kind is ChangeKind.GONE:
        yield change.name
    elif change.kind is ChangeKind.CHANGED:
        yield change.name
        for one in change.details:
            old, new = (_one_line(one["field"], one[when]) for when in ("old", "new"))
            yield f"  {service_facts.label(one['field'])}: {old} -> {new}"
    else:
        of = f" ({change.service_key})" if change.service_key else ""
        where = f"Row {change.position}{of}, " if change.position else ""
        yield f"{where}{change.name}: {change.details[0]['reason']}"


def _one_line(name: str, value: object) -> str:
    said = "; ".join(service_facts.words(name, value).splitlines())
    return said if len(said) <= 120 else f"{said[:119]}…"


def _name_of(where: str) -> str:
    return where if where.startswith(WEB) else Path(where).stem


def _read(source: Source, where: str) -> DirectoryImport:
    given = Path(where)
    if not given.exists():
        raise FileRefused(f"There is no file {where}.")
    with tempfile.TemporaryDirectory() as folder:
        file = given
        if given.is_dir():
            file = Path(shutil.make_archive(str(Path(folder) / "tables"), "zip", given))
        import_ = imports.receive(file, file.name, source, by=None, at=clock.now())
        source.kind = import_reading.kind_of(file, name=file.name)
        if not import_reading.wants_columns(file, source, name=file.name):
            imports.preview(import_, at=clock.now(), today=clock.today(), file=file)
    return import_


def _fetched(source: Source, address: str) -> DirectoryImport:
    now = clock.now()
    if source.address != address:
        sources.change(
            source,
            name=source.name,
            address=address,
            every_hours=source.every_hours,
            by=None,
            at=now,
        )
    if not sources.take(source, at=now):
        raise RuleBroken("This list is being fetched at this moment. Wait until that has ended.")
    source_id = source.id
    db.session.commit()
    brought = import_fetching.bring(source_id, by_id=None, is_scheduled=False, telling=clock.now)
    if brought.import_ is None:
        raise FileRefused(str(brought))
    return brought.import_


def _decide(import_: DirectoryImport, *, yes: bool) -> None:
    if import_.state is ImportState.RECEIVED:
        running.stop(
            "Somebody must say first what its columns mean: open /imports on your Linkwork site."
        )
    if import_.held_for:
        running.stop(
            f"Held, nothing was brought in: {HELD[import_.held_for]} Decide at /imports on your "
            "Linkwork site."
        )
    if not yes and not click.confirm("Bring this in?"):
        imports.abandon(import_, by=None, at=clock.now())
        db.session.commit()
        click.echo("Nothing was brought in.")
        return
    done = imports.apply(import_, shown=import_.shown, by=None, at=clock.now(), today=clock.today())
    db.session.commit()
    if not done:
        running.stop("The directory changed meanwhile, and nothing was brought in. Try again.")
    click.echo("It is in the directory.")
