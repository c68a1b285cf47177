"""Fills an empty database with the demo, the same for the same day."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any

from linkwork import audit, clock
from linkwork.audit import Event
from linkwork.casework.targets import freeze_shares
from linkwork.database import db
from linkwork.demo import kept_reports
from linkwork.demo.arrivals import Arrival, arrivals
from linkwork.demo.chronicle import World
from linkwork.demo.content import content
from linkwork.demo.days import Days
from linkwork.demo.episodes import Episode
from linkwork.demo.lately import Lately
from linkwork.demo.match_answers import MatchAnswers
from linkwork.demo.people import People, Somebody
from linkwork.demo.plans import Plans
from linkwork.demo.referring import Referring
from linkwork.demo.rows import Rows
from linkwork.demo.services import Activities
from linkwork.demo.sessions import Sessions
from linkwork.demo.staff import Staff
from linkwork.models import CaseNeed, CloseReason, SupportCase

SEED = 125_000
KNOWN_TWICE = (("Z00001", "Z00002"), ("Z00006", "Z00005"))
BETWEEN_PCNS_DAYS = 35
LONG_ENOUGH_AGO = timedelta(days=85)
Progress = Callable[[str], None]


def build(today: date, *, progress: Progress) -> None:
    """Fill an empty database as if the care board had worked with Linkwork until ``today``.

    ``progress`` is told what is being made. Commits once, at the end.
    """
    rng, days = Random(SEED), Days(today)  # noqa: S311 - the same demo each time is the point
    # Keys by a chance of their own: one row more of the staff changes nobody’s story.
    rows = Rows(Random(SEED + 1))  # noqa: S311
    progress("Organisations, staff and posts")
    staff = Staff(days, rows)
    rows.write()
    for year in (days.year.previous, days.year):
        freeze_shares(year, by=None, at=clock.utc(datetime.combine(year.start, time())))
    progress("Activities")
    activities = Activities(days.cutoff, today)
    progress("People, referrals and conversations")
    people = People(rows, rng)
    referring = Referring(staff, rows, rng)
    world = World(days, rows, rng, staff, people, activities, referring)
    lived = [_live(world, arrival) for arrival in arrivals(days, rng)]
    for first, second in KNOWN_TWICE:
        _know_twice(world, lived, first, second)
    progress("Plans")
    Plans(rows, days).write(_needs(rows))
    progress("Writing it down")
    counts = {"cases": len(rows.of(SupportCase))}
    rows.write()
    progress("The last weeks")
    Lately(days).live()
    Sessions(days).live()
    MatchAnswers(days).live()
    kept_reports.keep(today)
    audit.record(Event.DEMO_LOADED, None, by=None, **counts)
    db.session.commit()


def _needs(rows: Rows) -> dict[int, list[str]]:
    """The needs found in each case, the most important first."""
    found: dict[int, list[str]] = defaultdict(list)
    for row in rows.of(CaseNeed):
        found[row["case_id"]].append(str(row["need"]))
    return found


def _live(world: World, arrival: Arrival) -> Episode:
    stories = content("notes")["stories"]
    story = world.rng.choices(stories, [story["weight"] for story in stories])[0]
    practice = _practice(world, arrival.pcn_code)
    made_at = world.days.cutoff - (world.days.today - arrival.on)
    somebody = world.people.cast(story, practice, made_at)
    return _episode(world, arrival, story, practice, somebody)


def _know_twice(world: World, lived: list[Episode], first: str, second: str) -> None:
    """Let somebody whose support ended at one PCN move, and be supported by another."""
    latest = world.days.cutoff - LONG_ENOUGH_AGO
    there = world.staff.organisation_ids[first]
    before = next(
        one
        for one in reversed(lived)
        if one.pcn_id == there
        and one.case["close_reason"] == CloseReason.PLAN_COMPLETED
        and one.case["closed_at"] < latest
    )
    practice = _practice(world, second)
    on = world.days.after(before.case["closed_at"].date(), BETWEEN_PCNS_DAYS)
    moved = world.people.moved(before.somebody, practice)
    _episode(world, Arrival(on, second), before.story, practice, moved, smooth=True)


def _episode(
    world: World,
    arrival: Arrival,
    story: dict[str, Any],
    practice: dict[str, Any],
    somebody: Somebody,
    smooth: bool = False,
) -> Episode:
    pcn_id = world.staff.organisation_ids[arrival.pcn_code]
    episode = Episode(world, somebody, story, pcn_id, practice, arrival.on, smooth)
    episode.live()
    return episode


def _practice(world: World, pcn_code: str) -> dict[str, Any]:
    practices = world.staff.practices[pcn_code]
    return world.rng.choices(practices, [one["list_size"] for one in practices])[0]
