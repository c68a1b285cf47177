"""``linkwork generate``: people who do not exist, at any size."""

from datetime import date, datetime
from typing import Any

import click

from linkwork import clock, database
from linkwork.commands import running
from linkwork.errors import RuleBroken

DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command()
@click.option("--pcns", required=True, type=int, help="PCNs: real ones where they were imported.")
@click.option("--people", required=True, type=int, help="People who are referred, altogether.")
@click.option("--years", default=3, show_default=True, help="How long it has been going on.")
@click.option("--seed", default=1, show_default=True, help="The same seed, the same data.")
@click.option("--until", type=DAY, help="The day it goes on until, 2026-11-18. [default: today]")
@click.option(
    "--password",
    prompt="A password for every generated account",
    prompt_required=False,
    hide_input=True,
    confirmation_prompt=True,
    help="Opens every generated account; without a value it is asked for. [default: none does]",
)
@click.option("--among-others", is_flag=True, help="Also where something real is.")
@click.option("--demo", "in_demo", is_flag=True, help="Into the demo’s database.")
def generate(
    pcns: int,
    people: int,
    years: int,
    seed: int,
    until: datetime | None,
    password: str | None,
    *,
    among_others: bool,
    in_demo: bool,
) -> None:
    """Fill a database with made-up people, for training, for showing it and for tests of load."""
    from linkwork.demo import generated

    with running.chosen(in_demo=in_demo).app_context():
        database.migrate()
        try:
            written = generated.generate(
                generated.Size(pcns, people, years),
                seed=seed,
                today=_day(until),
                progress=lambda step: click.echo(f"  {step} ..."),
                password_hash=_hashed(password),
                among_others=among_others,
            )
        except RuleBroken as refusal:
            database.db.session.rollback()
            running.stop(str(refusal))
    click.echo(f"Written: {_told(written)}.")


def _day(until: datetime | None) -> date:
    """The day it goes on until; raises RuleBroken for one that is still to come."""
    if until is not None and until.date() > clock.today():
        raise RuleBroken("--until must not be a day to come.")
    return until.date() if until else clock.today()


def _hashed(password: str | None) -> str | None:
    """The password as it is kept; raises RuleBroken for one that a user could not choose."""
    from linkwork import passwords

    if password is None:
        return None
    passwords.check(password)
    return passwords.hashed(password)


def _told(written: dict[str, Any]) -> str:
    return ", ".join(f"{rows:,} {table.replace('_', ' ')}" for table, rows in written.items())
