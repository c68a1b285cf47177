"""``linkwork concepts``: the words we listen for checked, found, and put to use."""

import os
from pathlib import Path

import click

from linkwork import config
from linkwork.casework import concepts, lexicon
from linkwork.commands import running
from linkwork.database import db
from linkwork.errors import SettingsWrong
from linkwork.matching import Lexicon, LexiconError, find_concept
from linkwork.matching.words import Text

FOLDER = click.Path(path_type=Path, file_okay=False)
MOST_SAID = 12


@click.group("concepts")
def commands() -> None:
    """Look after the words that needs and interests are known by."""


@commands.command()
@click.argument("folder", type=FOLDER, required=False)
def check(folder: Path | None) -> None:
    """Read the concept files of FOLDER over those that ship, and say everything that is wrong.

    Without FOLDER those of LINKWORK_CONCEPTS are read. Nothing is changed.
    """
    own = folder or _setting()
    if own is not None and not own.is_dir():
        running.stop(f"There is no folder {own}.")
    try:
        read = Lexicon.load(*lexicon.folders(own))
    except LexiconError as wrong:
        running.stop(str(wrong))
    shipped = Lexicon.load(*lexicon.folders(None)).concepts
    now = read.concepts
    click.echo(f"{len(now):,} concepts. Nothing is wrong.")
    _say("Added", [one for one in now if one not in shipped])
    _say("Changed", [one for one in now if one in shipped and now[one] != shipped[one]])
    _say("Taken out", [one for one in shipped if one not in now])
    if own is not None and read.mark != Lexicon.load(*lexicon.folders(None)).mark:
        click.echo("Activities are found by other words now: run linkwork concepts apply.")


@commands.command()
@click.argument("words")
def find(words: str) -> None:
    """Say which concepts are known by these WORDS, and by which words of theirs."""
    own = _setting()
    try:
        known = Lexicon.load(*lexicon.folders(own))
    except LexiconError as wrong:
        running.stop(str(wrong))
    found = find_concept(words, known)
    if not found:
        running.stop(f"Nothing is known by “{words}”. Try the beginning of another word.")
    text = Text.of(words)
    for concept in found:
        click.echo(f"{concept.label} ({concept.kind}): [concept.{concept.id}] in {concept.file}")
        of = Lexicon.of({concept.id: concept})
        for title, phrases, said in (
            ("people say", of.people, concept.people_say),
            ("directories say", of.directories, concept.directories_say),
        ):
            mark = "  caught, " if phrases.find(text) else "  "
            click.echo(f"{mark}{title}: {', '.join(said[:MOST_SAID]) or 'nothing'}{_more(said)}")


@commands.command()
@click.option("--demo", "in_demo", is_flag=True, help="In the demo’s directory.")
def apply(*, in_demo: bool) -> None:
    """Find anew what each activity is about: after the words were changed, or Linkwork was.

    Broken off, it goes on where it stopped.
    """
    with running.chosen(in_demo=in_demo).app_context():
        done = None
        for done in concepts.apply():
            db.session.commit()
            click.echo(f"{done.done:,} of {done.of:,} activities")
    if done is None:
        click.echo("Every activity was described by the words in use.")
    else:
        click.echo(f"Done. Found to be about something else than before: {done.changed:,}.")


def _setting() -> Path | None:
    try:
        return config.concepts_of(os.environ)
    except SettingsWrong as wrong:
        running.stop(str(wrong))


def _say(title: str, names: list[str]) -> None:
    if names:
        click.echo(f"{title}: {', '.join(sorted(names))}.")


def _more(said: tuple[str, ...]) -> str:
    return f" and {len(said) - MOST_SAID} more" if len(said) > MOST_SAID else ""
