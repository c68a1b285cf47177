"""``linkwork national-body``: an organisation whose leads see figures of all of England."""

import click

from linkwork.casework import organisations
from linkwork.commands import running
from linkwork.database import db
from linkwork.errors import RuleBroken


@click.command("national-body")
@click.option("--name", required=True, help="What it is called.")
@click.option("--code", required=True, help="Its code from the Organisation Data Service.")
def national_body(name: str, code: str) -> None:
    """Add a national body: a PCN lead of it sees England by region and board, and no case."""
    with running.real().app_context():
        try:
            made = organisations.add_national_body(name, code, by=None)
        except RuleBroken as refusal:
            running.stop(str(refusal))
        db.session.commit()
        click.echo(f"{made.name} is there. Invite its people as PCN leads, under Users.")
