"""``linkwork match``: what fits a note, from a terminal, with the engine of the pages."""

import json
import re
import sys
from collections.abc import Iterator
from datetime import time
from decimal import Decimal
from typing import Any

import click

from linkwork import clock, geography
from linkwork.casework import enquiries
from linkwork.casework.enquiries import Enquiry
from linkwork.casework.limits import KM_PER_MILE, WAYS
from linkwork.commands import running
from linkwork.errors import RuleBroken
from linkwork.matching import Limits, Match
from linkwork.matching.contradictions import contradictions
from linkwork.matching.tongues import codes_of

FROM_STDIN = "-"
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
ACCESS = ("step_free", "toilet", "seat", "hearing_loop", "quiet", "parking")
BANDS = {"good": "Good matches", "possible": "Possible"}
MOST_NAMED = 3
HOUR = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")
SAFETY = "Words of crisis: {words}. Ask about safety before anything else."


def _hour(_context: click.Context, _option: click.Parameter, said: str | None) -> time | None:
    if said is None:
        return None
    found = HOUR.fullmatch(said)
    if found is None:
        raise click.BadParameter(f"{said} is no time of the day. Write it like 14:30.")
    return time(int(found[1]), int(found[2]))


@click.command("match")
@click.option("--note", default="", help="What was said; - reads it from standard input.")
@click.option("--postcode", help="Where the person lives: all of it, or its first half.")
@click.option(
    "--need", "needs", multiple=True, help="A need or interest that is sure; again for more."
)
@click.option("--miles", type=click.FloatRange(0, 200), help="How far they can go.")
@click.option(
    "--max-cost", type=click.FloatRange(0, 1000), help="The most a session may cost, in £."
)
@click.option("--age", type=click.IntRange(0, 120), help="Their age.")
@click.option(
    "--gender", type=click.Choice(["women", "men"]), help="Groups for one gender they may join."
)
@click.option(
    "--day",
    "days",
    multiple=True,
    type=click.Choice(DAYS),
    help="A day that suits; again for more.",
)
@click.option("--from", "begins", metavar="HH:MM", callback=_hour, help="Not before this time.")
@click.option("--to", "ends", metavar="HH:MM", callback=_hour, help="Not after this time.")
@click.option("--access", multiple=True, type=click.Choice(ACCESS), help="What they need there.")
@click.option("--language", "languages", multiple=True, help="A language they speak.")
@click.option(
    "--way", "ways", multiple=True, type=click.Choice(WAYS), help="A way that suits them."
)
@click.option("--housebound", is_flag=True, help="Only what comes to them, or needs no going out.")
@click.option(
    "--most", default=20, show_default=True, type=click.IntRange(1, 40), help="How many to show."
)
@click.option("--format", "form", default="table", show_default=True,
              type=click.Choice(["table", "json"]), help="For people or for programs.")  # fmt: skip
@click.option("--demo", "in_demo", is_flag=True, help="In the demo’s directory.")
def match(
    note: str, needs: tuple[str, ...], most: int, form: str, *, in_demo: bool, **asked: Any
) -> None:
    """Show which activities fit a NOTE, and why, and what is not shown and why not.

    Nothing is kept. A note that is typed into the command itself stays in your shell’s history
    and can be seen by others on this machine: give --note - and pipe it in or type it, ended
    with Ctrl-D, whenever it speaks of somebody real.
    """
    said = sys.stdin.read() if note == FROM_STDIN else note
    with running.chosen(in_demo=in_demo).app_context():
        try:
            limits = _limits(**asked)
            found = enquiries.ask(said, needs, limits, on=clock.today())
        except RuleBroken as refusal:
            running.stop(str(refusal))
    if found.crisis:
        click.echo(_safety(found), err=True)
    if found.is_shortened:
        click.echo(
            f"Only the first {enquiries.LONGEST:,} characters of the note were read.", err=True
        )
    if form == "json":
        click.echo(json.dumps(_plain(found, most), ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(_lines(found, most)))


def _limits(
    *,
    postcode: str | None,
    miles: float | None,
    max_cost: float | None,
    age: int | None,
    gender: str | None,
    days: tuple[str, ...],
    begins: time | None,
    ends: time | None,
    access: tuple[str, ...],
    languages: tuple[str, ...],
    ways: tuple[str, ...],
    housebound: bool,
) -> Limits:
    place = geography.place_of(postcode) if postcode else None
    if postcode and place is None:
        raise RuleBroken(f"We do not know where {postcode} is. Check the postcode.")
    if miles is not None and place is None:
        raise RuleBroken("Miles are from somewhere: give --postcode too.")
    limits = Limits(
        origin=(place.latitude, place.longitude) if place else None,
        max_km=None if miles is None else miles * KM_PER_MILE,
        days=frozenset(DAYS.index(day) for day in days),
        from_time=begins,
        to_time=ends,
        age=age,
        gender=gender,
        max_cost=None if max_cost is None else Decimal(str(max_cost)),
        access=frozenset(access),
        languages=frozenset().union(*map(codes_of, languages)),
        ways=frozenset(ways),
        housebound=housebound,
    )
    if wrong := contradictions(limits):
        raise RuleBroken(" ".join(wrong))
    return limits


def _safety(found: Enquiry) -> str:
    return SAFETY.format(words=", ".join(f"“{words}”" for words in found.crisis))


def _lines(found: Enquiry, most: int) -> Iterator[str]:
    if found.crisis:
        yield from (_safety(found), "")
    yield "Heard in the note"
    for one in found.proposals:
        yield f"  {one.label}: {', '.join(f'“{words}”' for words in one.words)}"
    if not found.proposals:
        yield "  Nothing. Name what you know with --need."
    if found.named:
        yield f"Taken as sure: {', '.join(label for _, label in found.named)}"
    shown = found.ranking.matches[:most]
    for band, title in BANDS.items():
        yield from _band(title, [one for one in shown if one.band == band])
    if not shown:
        yield from ("", "No activity fits.")
    yield from _not_shown(found)


def _band(title: str, matches: list[Match]) -> Iterator[str]:
    if matches:
        yield from ("", title)
    for one in matches:
        by = f", {one.offer.provider}" if one.offer.provider else ""
        yield f"  {one.offer.name}{by}"
        yield f"    Because: {'; '.join(one.reasons) or 'its words are like those of the note'}"
        if one.cautions:
            yield f"    Check: {'; '.join(one.cautions)}"
        if one.also:
            yield f"    Also: {'; '.join(other.name for other in one.also)}"


def _not_shown(found: Enquiry) -> Iterator[str]:
    if found.ranking.not_shown:
        yield from ("", "Not shown")
    for group in found.ranking.not_shown:
        names = "; ".join(offer.name for offer in group.offers[:MOST_NAMED])
        more = f" and {group.count - MOST_NAMED:,} more" if group.count > MOST_NAMED else ""
        yield f"  {group.count:,} {group.words}: {names}{more}"


def _plain(found: Enquiry, most: int) -> dict[str, Any]:
    return {
        "crisis_words": found.crisis,
        "proposals": [
            {
                "concept": one.concept,
                "label": one.label,
                "need": one.need,
                "words": one.words,
                "strength": one.strength,
            }
            for one in found.proposals
        ],
        "confirmed": [{"concept": concept, "label": label} for concept, label in found.named],
        "matches": [_match(one) for one in found.ranking.matches[:most]],
        "not_shown": [
            {
                "limit": group.limit,
                "words": group.words,
                "count": group.count,
                "services": [offer.id for offer in group.offers[:MOST_NAMED]],
            }
            for group in found.ranking.not_shown
        ],
    }


def _match(one: Match) -> dict[str, Any]:
    return {
        "service": one.offer.id,
        "name": one.offer.name,
        "provider": one.offer.provider,
        "band": one.band,
        "score": one.score,
        "reasons": one.reasons,
        "cautions": one.cautions,
        "checks": [{"limit": c.limit, "fit": c.fit, "words": c.words} for c in one.checks],
        "also": [other.id for other in one.also],
    }
