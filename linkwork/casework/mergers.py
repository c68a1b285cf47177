"""PCNs that merged: when the work, staff, share and list of one count with the other’s.

A merger is written down for a day, and carried out when somebody moves on what the closed PCN left
(``successions.carry_on``). Its cases and posts go over then, for all the past as well, so
everything else goes with them: until then it counts by itself, and from then on with its successor.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache

from sqlalchemy import Select, bindparam, select

from linkwork.capacity.calendar import long_date
from linkwork.casework import successions
from linkwork.database import db
from linkwork.models import Organisation, OrganisationKind, Succession


@dataclass(frozen=True, slots=True)
class Step:
    """Which one a PCN merged into, from which day, and whether that was carried out."""

    into_id: int
    on: date
    is_carried: bool


Steps = Mapping[int, Step]


def steps() -> dict[int, Step]:
    """Every merger that is written down, by number of the PCN that closes. One query."""
    return {
        old: Step(new, on, carried_at is not None)
        for old, new, on, carried_at in db.session.execute(_written_down())
    }


@cache
def _written_down() -> Select[int, int, date, datetime | None]:
    """The mergers there are, put together once: every page of capacity asks."""
    one = Succession
    columns = (one.organisation_id, one.successor_id, one.succeeded_on, one.carried_at)
    return select(*columns).where(one.is_sole)


def carried_out(all_of_them: Steps) -> dict[int, Step]:
    """Those of some mergers that were carried out."""
    return {old: step for old, step in all_of_them.items() if step.is_carried}


def heirs(some: Steps) -> dict[int, int]:
    """For every PCN that closed in some mergers, the one that has all of it, however far on."""
    return {old: _path(old, some)[-1].into_id for old in some}


def still_listed(some: Steps, newest: Mapping[int, date]) -> set[int]:
    """PCNs that closed in some mergers and whose patients are on no list of a successor yet.

    ``newest`` is the day of the newest list of each PCN that has one.
    """
    return {
        old
        for old in some
        if not any(newest.get(step.into_id, date.min) >= step.on for step in _path(old, some))
    }


def whose_lists(some: Steps, newest: Mapping[int, date]) -> dict[int, list[int]]:
    """For every PCN that has what others left, the PCNs whose lists together are its patients.

    Its own newest list, and those of the closed ones while its own is from before the merger.
    """
    found = {heir: [heir] if heir in newest else [] for heir in heirs(some).values()}
    apart = still_listed(some, newest)
    for old, heir in heirs(some).items():
        if old in apart:
            found[heir].append(old)
    return found


def notes(pcn: Organisation, *, on: date) -> list[str]:
    """What to know of the mergers of a PCN by a day, in sentences. One or two queries."""
    found = []
    if pcn.is_closed(on):
        for step in successions.of(pcn):
            found += [_of_closed(pcn, step)] if step.is_sole else []
    for name, merged_on in db.session.execute(_not_moved_on(), {"heir_id": pcn.id, "day": on}):
        found.append(
            f"{name} merged into this PCN on {long_date(merged_on)}. Its cases,"
            " posts and share of the target count there, not here, until they are moved on."
        )
    return found


@cache
def _not_moved_on() -> Select[str, date]:
    """PCNs that merged into one by a day and whose work is still theirs, put together once."""
    return (
        select(Organisation.name, Succession.succeeded_on)
        .join(Organisation, Organisation.id == Succession.organisation_id)
        .where(
            Succession.successor_id == bindparam("heir_id"),
            Organisation.kind == OrganisationKind.PCN,
            Succession.is_sole,
            Succession.carried_at.is_(None),
            Succession.succeeded_on <= bindparam("day"),
        )
        .order_by(Organisation.name)
    )


def _of_closed(pcn: Organisation, step: Succession) -> str:
    merged = f"{pcn.name} merged into {step.successor.name} on {long_date(step.succeeded_on)}."
    if step.carried_at is not None:
        return (
            f"{merged} Its cases, posts and share of the target count there, for all of the year."
        )
    return f"{merged} Its cases, posts and share of the target count here until they are moved on."


def _path(old: int, some: Steps) -> list[Step]:
    """The steps from one PCN on, to where they end; a circle is left before it closes."""
    found, seen = [some[old]], {old}
    while (now := found[-1].into_id) in some and now not in seen:
        seen.add(now)
        found.append(some[now])
    return found
