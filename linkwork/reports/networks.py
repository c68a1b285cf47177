"""What is known of every PCN of England at once: counts, shares, staff, lists.

A fixed number of queries that add up in the database; no record is built, and no query carries a
list of PCNs. What may be printed of it is for ``england`` to say.
"""

from collections import Counter
from collections.abc import ItemsView, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import CompoundSelect, Result, func, or_, select

from linkwork.capacity.calendar import FinancialYear
from linkwork.capacity.targets import Scope, target_for
from linkwork.casework import mergers, posts, targets
from linkwork.casework.posts import Wte
from linkwork.casework.starts import midnight
from linkwork.database import db
from linkwork.models import ListProfile, ListSize, Organisation, OrganisationKind, SupportCase
from linkwork.reports import caseloads, frames


@dataclass(frozen=True, slots=True)
class Place:
    """A PCN or a board as a table names it."""

    id: int
    key: str
    name: str
    code: str
    parent_id: int | None
    region: str | None
    closed_on: date | None

    def is_open(self, on: date) -> bool:
        """Whether it is open on a day."""
        return self.closed_on is None or self.closed_on > on


@dataclass(frozen=True, slots=True)
class Network:
    """A PCN with the people it started, by scope, those who wait, and what there is to do it with.

    ``waiting`` are those at the end of the day, as it is known now.
    ``share`` is None where no list size was known or nothing is frozen; ``has_share`` says which.
    ``patients`` is its newest list size by the date, None where there is none.
    """

    place: Place
    additional: int
    everybody: int
    waiting: int
    share: int | None
    has_share: bool
    patients: int | None
    quintiles: tuple[float, ...] | None
    in_post_wte: float
    funded_wte: float
    has_posts: bool

    def started(self, scope: Scope) -> int:
        """People started within a scope."""
        return self.additional if scope is Scope.ADDITIONAL else self.everybody


@dataclass(frozen=True, slots=True)
class Networks:
    """Every PCN that is open or has a count, in order of name, and the boards by number."""

    pcns: tuple[Network, ...]
    boards: dict[int, Place]


def places() -> tuple[list[Place], dict[int, Place]]:
    """Every PCN, and every board by number, closed ones too. One query."""
    columns = (
        Organisation.id,
        Organisation.key,
        Organisation.name,
        Organisation.ods_code,
        Organisation.parent_id,
        Organisation.region,
        Organisation.closed_on,
        Organisation.kind,
    )
    kinds = (OrganisationKind.PCN, OrganisationKind.ICB)
    query = select(*columns).where(Organisation.kind.in_(kinds))
    pcns, boards = [], {}
    for id_, key, name, code, parent, region, closed, kind in db.session.execute(
        query.order_by(Organisation.name, Organisation.id)
    ):
        place = Place(id_, key, name, code or "", parent, region, closed)
        if kind is OrganisationKind.PCN:
            pcns.append(place)
        else:
            boards[id_] = place
    return pcns, boards


def read(year: FinancialYear, as_of: date, scope: Scope, staff: Iterable[Wte]) -> Networks:
    """Everything for the year up to the end of ``as_of``; ``scope`` is of shares and WTE."""
    pcns, boards = places()
    additional = frames.totals(None, year, as_of, Scope.ADDITIONAL)
    everybody = frames.totals(None, year, as_of, Scope.ALL)
    merged = mergers.carried_out(mergers.steps())
    waiting, patients, profiles = _waiting(as_of), *_lists(as_of, merged)
    shares = targets.people_by_pcn(year, target_for(scope).code, merged)
    wte = _by_pcn(staff)
    found = []
    for place in pcns:
        number, rows = place.id, wte.get(place.id, [])
        counts = (additional.get(number, 0), everybody.get(number, 0), waiting.get(number, 0))
        if (number in merged or not place.is_open(as_of)) and not any(counts):
            continue
        counted = [row for row in rows if scope.includes(row.additional)]
        found.append(
            Network(
                place,
                *counts,
                share=shares.get(number),
                has_share=number in shares,
                patients=patients.get(number),
                quintiles=profiles.get(number),
                in_post_wte=sum(row.in_post for row in counted),
                funded_wte=sum(row.funded for row in counted),
                has_posts=bool(rows),
            )
        )
    return Networks(tuple(found), boards)


def staff_of(board_id: int | None, staff: Iterable[Wte]) -> list[Wte]:
    """Those of some staff whose PCN belongs to a board today. One query."""
    own = set(db.session.scalars(select(Organisation.id).where(Organisation.parent_id == board_id)))
    return [row for row in staff if row.pcn_id in own]


def wte(on: date) -> list[Wte]:
    """The staff of every PCN on a day, added up by kind of post. One query."""
    return posts.wte_by_pcn(on)


def _waiting(on: date) -> dict[int, int]:
    """Cases open at the end of a day that had not started by then, by PCN, as known today."""
    found: Counter[int] = Counter()
    for number, cases in db.session.execute(_waited(), {"end": midnight(on + timedelta(days=1))}):
        found[number] += cases
    return found


@cache
def _waited() -> CompoundSelect[int, int]:
    """Numbers of PCNs and of cases to be added up: those open still, then those ended since.

    What ended since is little, and is looked for PCN by PCN, which has an index: asked for all
    of them at once, PostgreSQL would read every case there ever was.
    """
    first = SupportCase.first_conversation_at
    unbegun = or_(first.is_(None), first >= caseloads.END)
    still, *since = caseloads.were_open_each()
    number = SupportCase.organisation_id
    is_open = select(number, func.count()).where(still, unbegun).group_by(number)
    closed, declined = (
        select(func.count())
        .select_from(SupportCase)
        .where(number == Organisation.id, ended, unbegun)
        .correlate(Organisation)
        .scalar_subquery()
        for ended in since
    )
    have_ended = select(Organisation.id, closed + declined)
    return is_open.union_all(have_ended.where(Organisation.kind == OrganisationKind.PCN))


def _lists(on: date, merged: mergers.Steps) -> tuple[dict[int, int], dict[int, tuple[float, ...]]]:
    """The patients of each PCN by a day, and the parts of its list by deprivation.

    Of each the newest there is; where PCNs merged and the one that carries on has none of after
    that day, those of all of them together, and nothing where one of them is not known.
    """
    sizes = {row[0]: row[1:] for row in _newest(ListSize, on, ListSize.patients)}
    fifths = [getattr(ListProfile, f"q{fifth}") for fifth in range(1, 6)]
    parts = {row[0]: row[1:] for row in _newest(ListProfile, on, *fifths)}
    patients = {number: row[1] for number, row in sizes.items()}
    profiles = {number: tuple(row[1:]) for number, row in parts.items()}
    together = _each_with_day(sizes, merged), _each_with_day(parts, merged)
    summed = {heir: _sum([patients.get(n) for n in those]) for heir, those in together[0]}
    mixed = {
        heir: _mixed([(patients.get(n), profiles.get(n)) for n in those])
        for heir, those in together[1]
    }
    return _replaced(patients, summed, merged), _replaced(profiles, mixed, merged)


def _each_with_day(rows: Mapping[int, Any], merged: mergers.Steps) -> ItemsView[int, list[int]]:
    return mergers.whose_lists(merged, {number: row[0] for number, row in rows.items()}).items()


def _sum(lists: Sequence[int | None]) -> int | None:
    known = [patients for patients in lists if patients is not None]
    return sum(known) if known and len(known) == len(lists) else None


def _mixed(
    lists: Sequence[tuple[int | None, tuple[float, ...] | None]],
) -> tuple[float, ...] | None:
    """The parts of some lists together, each by its patients."""
    if len(lists) == 1:
        return lists[0][1]
    known = [(patients, parts) for patients, parts in lists if patients and parts]
    if not known or len(known) < len(lists):
        return None
    whole = sum(patients for patients, _ in known)
    return tuple(sum(n * parts[q] for n, parts in known) / whole for q in range(5))


def _replaced(
    own: Mapping[int, Any], together: Mapping[int, Any], merged: mergers.Steps
) -> dict[int, Any]:
    """What is known of each PCN, of those that merged only in the one that carries on."""
    found = {**own, **together}
    return {n: one for n, one in found.items() if one is not None and n not in merged}


def _newest(model: type[Any], on: date, *columns: Any) -> Result[*tuple[Any, ...]]:
    """The newest row of each PCN by a day: its number, the day of the row, the columns."""
    networks = select(Organisation.id).where(Organisation.kind == OrganisationKind.PCN)
    newest = (
        select(model.organisation_id, func.max(model.as_of).label("as_of"))
        .where(model.as_of <= on, model.organisation_id.in_(networks))
        .group_by(model.organisation_id)
        .subquery()
    )
    is_newest = (newest.c.organisation_id == model.organisation_id) & (
        newest.c.as_of == model.as_of
    )
    return db.session.execute(
        select(model.organisation_id, model.as_of, *columns).join(newest, is_newest)
    )


def _by_pcn(staff: Iterable[Wte]) -> dict[int, list[Wte]]:
    found: dict[int, list[Wte]] = {}
    for row in staff:
        found.setdefault(row.pcn_id, []).append(row)
    return found
