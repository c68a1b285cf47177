"""``linkwork export``: what leaves as a file."""

from pathlib import Path
from tempfile import TemporaryDirectory

import click
from sqlalchemy import select

from linkwork import database
from linkwork.commands import running
from linkwork.models import Service

FILE = click.Path(path_type=Path, dir_okay=False, writable=True)


@click.group("export")
def export() -> None:
    """Save data as a file."""


@export.command()
@click.argument("file", type=FILE)
@click.option("--demo", "in_demo", is_flag=True, help="From the demo’s database.")
def directory(file: Path, *, in_demo: bool) -> None:
    """Save the directory: Open Referral UK as .json or .zip of tables, or a .csv or .xlsx sheet."""
    from linkwork.exchange import directory_export

    kind = file.suffix.lower().lstrip(".")
    if kind not in directory_export.KINDS:
        endings = ", ".join(f".{one}" for one in directory_export.KINDS)
        running.stop(f"The file’s name must end in one of {endings}.")
    if not file.parent.is_dir():
        running.stop(f"There is no folder {file.parent}.")
    app = running.chosen(in_demo=in_demo)
    # Written beside the file, and put in its place when it is whole.
    with app.app_context(), TemporaryDirectory(dir=file.parent, prefix=".linkwork_") as folder:
        whole = Path(folder) / file.name
        with whole.open("wb") as to:
            count = directory_export.export(kind, select(Service), to, by=None)
        database.db.session.commit()
        whole.replace(file)
    click.echo(f"{count:,} activities are in {file}.")
