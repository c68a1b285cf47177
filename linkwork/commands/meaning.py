"""``linkwork meaning``: what the model of meaning has read, and having it read the rest."""

import click
from flask import Flask

from linkwork import clock, meaning
from linkwork.casework import service_vectors, understandings
from linkwork.commands import running
from linkwork.web import building

SAID_EVERY = 800
OFF = "The model of meaning is turned off here. Set LINKWORK_MEANING=auto to use it."


@click.group("meaning")
def commands() -> None:
    """Look after the model of meaning, where one is installed."""


@commands.command("build")
@click.option("--demo", "in_demo", is_flag=True, help="In the demo’s database.")
def build(*, in_demo: bool) -> None:
    """Let the model read what it has not read yet; stopped, it goes on where it was."""
    app = running.chosen(in_demo=in_demo)
    if not app.config["MEANING"]:
        running.stop(OFF)
    try:
        is_mine = building.build(app, say=_say)
    except meaning.ModelUnusable as unusable:
        running.stop(str(unusable))
    if not is_mine:
        running.stop("Another process is at it. What it does not get to waits for the next time.")
    with app.app_context():
        click.echo(_standing())


@commands.command("show")
@click.option("--demo", "in_demo", is_flag=True, help="In the demo’s database.")
def show(*, in_demo: bool) -> None:
    """Say whether there is a model, which, and how far it is."""
    app = running.chosen(in_demo=in_demo)
    for package, version in meaning.versions().items():
        click.echo(f"{package}: {version or 'not installed'}")
    with app.app_context():
        click.echo(_standing())
    if not app.config["MEANING"]:
        running.stop(OFF)
    try:
        meaning.checked()
    except meaning.ModelUnusable as unusable:
        running.stop(str(unusable))
    click.echo("Both files are the ones that Linkwork knows.")


def after_import(app: Flask) -> None:
    """Read what an import has changed, in the same command; say nothing where there is no model."""
    if not app.config["MEANING"]:
        return
    try:
        building.build(app, say=_say)
    except meaning.ModelAbsent:
        return
    except meaning.ModelUnusable as unusable:
        click.echo(str(unusable), err=True)


def _say(what: str, done: int, of: int) -> None:
    if done == of or done % SAID_EVERY == 0:
        click.echo(f"{what}: {done:,} of {of:,} read.")


def _standing() -> str:
    found, row = service_vectors.standing(), understandings.found()
    taught = "have been read" if understandings.is_taught() else "wait to be read"
    finished = row.finished_at if row else None
    when = f" Last finished on {clock.london(finished):%-d %B %Y at %H:%M}." if finished else ""
    return (
        f"{found.with_vector:,} of {found.services:,} activities have been read, "
        f"{found.waiting:,} wait. The words of needs and interests {taught}.{when}"
    )
