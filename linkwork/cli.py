"""The ``linkwork`` command."""

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from flask import Flask

from linkwork import __version__, audit, clock, database
from linkwork.commands.capacity import capacity, keep_reports
from linkwork.commands.concepts import commands as concepts
from linkwork.commands.directory import directory, due
from linkwork.commands.exports import export
from linkwork.commands.generate import generate
from linkwork.commands.geo import geo
from linkwork.commands.matching import match
from linkwork.commands.meaning import commands as meaning
from linkwork.commands.national import national_body
from linkwork.commands.running import DEMO_FOLDER
from linkwork.commands.running import chosen as _app
from linkwork.commands.running import real as _real
from linkwork.commands.running import stop as _stop
from linkwork.errors import FileRefused, RuleBroken

DEMO_PORT = 5080
FILE = click.Path(path_type=Path, dir_okay=False)


@click.group(help="A caseload manager for social prescribing link workers.")
@click.version_option(__version__)
def main() -> None:
    """Quieten what is only of interest to those who build it."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s %(message)s")


@main.command()
@click.option("--port", default=DEMO_PORT, show_default=True, help="Where to serve it.")
@click.option("--fresh", is_flag=True, help="Throw the demo’s data away and begin again.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=DEMO_FOLDER,
    show_default=True,
    help="Where its database is kept.",
)
@click.option("--no-serve", is_flag=True, help="Only make the data.")
def demo(port: int, folder: Path, *, fresh: bool, no_serve: bool) -> None:
    """Run Linkwork with an invented care board, on this machine only."""
    from linkwork.demo import server

    app = server.prepare(folder, fresh=fresh, say=click.echo)
    server.introduce(app, port, say=click.echo)
    if not no_serve:
        server.serve(app, port)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address it listens on.")
@click.option("--port", default=8000, show_default=True, help="The port it listens on.")
@click.option("--workers", default=2, show_default=True, help="Processes that answer.")
def serve(host: str, port: int, workers: int) -> None:
    """Run the real thing on a production server, with the settings of the environment."""
    from linkwork.server import run

    run(_real(), f"{host}:{port}", workers)


@main.command()
def migrate() -> None:
    """Bring the database up to date."""
    from linkwork.casework import counted_starts

    with _real().app_context():
        database.migrate()
        counted_starts.settle()  # everybody, where nothing was kept so far
        database.db.session.commit()
    click.echo("The database is up to date.")


@main.group("import")
def import_() -> None:
    """Bring data in."""


@import_.command()
@click.argument("files", type=FILE, nargs=-1)
@click.option("--map", "map_file", type=FILE, help="The practice-to-PCN map, CSV.")
@click.option("--lists", "lists_file", type=FILE, help="List sizes, CSV.")
@click.option("--dry-run", is_flag=True, help="Only say what would change.")
@click.option("--demo", "in_demo", is_flag=True, help="Into the demo’s database.")
def organisations(
    files: tuple[Path, ...],
    map_file: Path | None,
    lists_file: Path | None,
    *,
    dry_run: bool,
    in_demo: bool,
) -> None:
    """Read practices, PCNs, list sizes, moves and closures; each file is known by its content."""
    from linkwork.exchange.organisations import Named, import_files

    given = [Named(file) for file in (map_file, lists_file, *files) if file]
    if not given:
        _stop("Name at least one file.")

    def bring() -> Any:
        return import_files(given, by=None, at=clock.now(), on=clock.today(), progress=click.echo)

    _import(bring, in_demo=in_demo, keep=not dry_run)


@main.command("freeze-shares")
@click.argument("year")
@click.option(
    "--method",
    type=click.Choice(["list", "wte", "deprivation"]),
    help="In proportion to what: as the year was begun, else by list size.",
)
@click.option("--demo", "in_demo", is_flag=True, help="In the demo’s database.")
def freeze_shares(year: str, *, method: str | None, in_demo: bool) -> None:
    """Work out every PCN’s share of the national targets for a YEAR such as 2026/27."""
    from linkwork.capacity.calendar import FinancialYear
    from linkwork.capacity.shares import Method
    from linkwork.casework import targets

    with _app(in_demo=in_demo).app_context():
        try:
            chosen = FinancialYear.from_label(year)
            how = Method(method) if method else None
            fixed = targets.freeze_shares(chosen, how, by=None, at=clock.now())
            excluded = [
                f"{row.organisation.ods_code or row.organisation.name}: {row.inputs['reason']}"
                for row in fixed
                if row.people is None and row.target == "A"
            ]
        except (RuleBroken, ValueError) as refusal:
            _stop(str(refusal))
        database.db.session.commit()
    click.echo(f"Shares for {year} are frozen.")
    for line in excluded:
        click.echo(f"No share: {line}.")


@main.command()
@click.option("--demo", "in_demo", is_flag=True, help="In the demo, whose emails go nowhere.")
def remind(*, in_demo: bool) -> None:
    """Remind everybody of what is due and send waiting emails: run it every few minutes."""
    from linkwork.casework import reminders
    from linkwork.exchange.mail import send_waiting
    from linkwork.web import settling

    app = _app(in_demo=in_demo)
    settling.settle(app)
    with app.app_context() as context:
        made = reminders.make(at=clock.now())
        database.db.session.commit()
        click.echo(f"Reminders made: {made}.")
        _ask_providers(app)
        smtp, ended = context.app.config["SMTP"], ""
        if smtp is not None:
            report = send_waiting(smtp, at=clock.now())
            click.echo(f"Emails sent: {report.sent}. Failed: {report.failed}.")
            ended = report.ended or ""
        keep_reports(clock.now())  # last, so that nothing urgent waits for it
        if ended:
            _stop(f"The mail server could not be used ({ended}). It is tried again later.")


def _ask_providers(app: Flask) -> None:
    """Ask providers whether their entries are right, where it is known what a link begins with."""
    from linkwork.casework import reminders, service_checks
    from linkwork.web.service_checks import address

    site, now = app.config["SITE"], clock.now()
    if not site or clock.london(now).hour < reminders.FROM_HOUR:
        return
    with app.test_request_context(base_url=site):
        asked = service_checks.ask_those_due(address, at=now)
        database.db.session.commit()
    click.echo(f"Providers asked: {asked}.")


@main.group("audit")
def audit_() -> None:
    """Look after the audit trail."""


@audit_.command()
@click.option("--head", help="A head noted earlier, as number:digest; it must still be there.")
@click.option("--demo", "in_demo", is_flag=True, help="The demo’s trail.")
def verify(head: str | None, *, in_demo: bool) -> None:
    """Read the whole trail and say whether anything was changed, removed or added."""
    with _app(in_demo=in_demo).app_context():
        verdict = audit.verify(noted_head=head)
    if not verdict.whole:
        _stop(f"The audit trail is not whole. {verdict.problem}")
    click.echo(f"The audit trail is whole: {verdict.entries} entries. Note this head somewhere")
    click.echo(f"else, and give it as --head next time: {verdict.head}")


@main.command()
@click.option("--name", required=True, help="Their full name.")
@click.option("--email", required=True, help="Their work email address.")
@click.option("--organisation", required=True, help="The organisation’s ODS code.")
def administrator(name: str, email: str, organisation: str) -> None:
    """Invite the first administrator: prints the path of the link that sets a password."""
    from linkwork.casework import organisations as known
    from linkwork.casework import users
    from linkwork.models import Role

    with _real().app_context():
        try:
            where = known.by_code(organisation)
            _, token = users.invite(
                name=name,
                email=email,
                organisation=where,
                roles=[Role.ADMIN],
                by=None,
                at=clock.now(),
            )
        except RuleBroken as refusal:
            _stop(str(refusal))
        database.db.session.commit()
    click.echo(f"Open this path on your Linkwork site within seven days: /join/{token}")


def _import(bring: Callable[[], Any], *, in_demo: bool, keep: bool = True) -> None:
    with _app(in_demo=in_demo).app_context():
        database.migrate()
        try:
            report = bring()
        except (FileRefused, RuleBroken) as refusal:
            database.db.session.rollback()
            _stop(str(refusal))
        lines = report.lines()
        if keep:
            database.db.session.commit()
        else:
            database.db.session.rollback()
        for line in lines:
            click.echo(line)


main.add_command(capacity)
main.add_command(concepts)
main.add_command(export)
main.add_command(generate)
main.add_command(geo)
main.add_command(match)
main.add_command(meaning)
main.add_command(national_body)
import_.add_command(directory)
import_.add_command(due)
