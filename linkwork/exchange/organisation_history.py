"""Storing what the dated reports say: when each practice was with which PCN, and what closed.

Somebody’s own word stays: a move or a closure that an administrator wrote down is not undone by a
report that does not know of it yet; it is named.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import delete, select, update

from linkwork.database import db
from linkwork.exchange.organisation_reports import Partners, PracticeFacts, Spell
from linkwork.exchange.organisation_store import Store, alike, write
from linkwork.models import (
    Organisation,
    OrganisationChange,
    OrganisationChangeKind,
    OrganisationKind,
    OrganisationParent,
)

AT_ONCE = 500
Stay = tuple[int, date, date | None]
"""The number of a PCN, the first day with it and the last."""


@dataclass
class Dated:
    """Writes what has dates, and counts what moved and what closed."""

    store: Store
    on: date
    moved: Counter[str]
    closed: Counter[str]

    def partners(self, found: Partners) -> None:
        """Bring every practice’s history to what the report says of it."""
        self._pcns(found)
        self.store.named(OrganisationKind.PRACTICE, self._practices(found), self.on)
        stored, by_hand = _stays(), _last_moves()
        gone, begun = list[int](), list[dict[str, Any]]()
        for code, spells in found.spells.items():
            known = self.store.known.get(code)
            if known is None or known.kind is not OrganisationKind.PRACTICE:
                continue
            if by_hand.get(known.id, date.min) > spells[-1].start_on:
                self.store.left_out.note("Moved by hand since; left where they are", code)
                continue
            now = stored.get(known.id, {})
            wanted = [self._stay(spell) for spell in spells]
            if sorted(now.values(), key=str) != sorted(wanted, key=str):
                self.store.changed["histories"] += 1
                gone += now
                begun += [self._row(known.id, stay) for stay in wanted]
        for ids in _in_parts(gone):
            db.session.execute(delete(OrganisationParent).where(OrganisationParent.id.in_(ids)))
        write(OrganisationParent, begun, [])
        self._settle(found)

    def practices(self, found: Mapping[str, PracticeFacts]) -> None:
        """Store names, postcodes and closures; add those that are open and not known."""
        store = self.store
        wanted = {
            code: {"name": facts.name, "postcode": facts.postcode}
            for code, facts in found.items()
            if code in store.known or facts.closed_on is None
        }
        store.named(OrganisationKind.PRACTICE, wanted, self.on)
        by_hand, rows = _closed_by_hand(), list[dict[str, Any]]()
        query = select(Organisation.ods_code, Organisation.id, Organisation.closed_on)
        for code, number, closed_on in db.session.execute(query):
            facts = found.get(code or "")
            if code is None or facts is None or facts.closed_on == closed_on or facts.is_undated:
                continue
            if number in by_hand:
                store.left_out.note("Closed by hand on another day; left so", code)
                continue
            rows.append({"id": number, "closed_on": facts.closed_on})
            self.closed["practices" if facts.closed_on else "practices open again"] += 1
        for group in alike(rows):
            db.session.execute(update(Organisation), group)

    def _pcns(self, found: Partners) -> None:
        """PCNs that practices are with; one that all have left is kept for its history."""
        new = {code for code in found.pcns if code not in self.store.known}
        wanted = {code: {"name": name} for code, name in found.pcns.items()}
        self.store.named(OrganisationKind.PCN, wanted, self.on)
        ends: dict[str, list[date | None]] = defaultdict(list)
        for spells in found.spells.values():
            for spell in spells:
                ends[spell.pcn].append(spell.end_on)
        rows = []
        for code in sorted(new):
            last = max(end or date.max for end in ends[code]) if ends[code] else date.max
            if last < self.on:
                rows.append({"id": self.store.known[code].id, "closed_on": last + timedelta(1)})
        for group in alike(rows):
            db.session.execute(update(Organisation), group)
        self.closed["PCNs"] += len(rows)

    def _practices(self, found: Partners) -> dict[str, dict[str, Any]]:
        """Those known, and those that are with a PCN now or will be."""
        lasting = {
            code
            for code, spells in found.spells.items()
            if spells[-1].end_on is None or spells[-1].end_on >= self.on
        }
        left = [c for c in found.practices if c not in lasting and c not in self.store.known]
        self.store.left_out.note("Practices that left their PCN and were not known", *left)
        return {
            code: {"name": name}
            for code, name in found.practices.items()
            if code in lasting or code in self.store.known
        }

    def _stay(self, spell: Spell) -> Stay:
        return self.store.known[spell.pcn].id, spell.start_on, spell.end_on

    def _row(self, number: int, stay: Stay) -> dict[str, Any]:
        parent_id, start_on, end_on = stay
        return {
            "organisation_id": number,
            "parent_id": parent_id,
            "start_on": start_on,
            "end_on": end_on,
            "created_at": self.store.at,
        }

    def _settle(self, found: Partners) -> None:
        """Put each practice where its history says it is today."""
        rows, stored = [], _stays()
        for code in found.spells:
            known = self.store.known.get(code)
            if known is None or known.id not in stored:
                continue
            home = next(
                (
                    parent_id
                    for parent_id, start_on, end_on in stored[known.id].values()
                    if start_on <= self.on and (end_on is None or end_on >= self.on)
                ),
                None,
            )
            if home != known.parent_id:
                rows.append({"id": known.id, "parent_id": home})
                self.moved["practices"] += known.parent_id is not None
                known.parent_id = home
        for group in alike(rows):
            db.session.execute(update(Organisation), group)


def _stays() -> dict[int, dict[int, Stay]]:
    """Every stored stay of a practice or PCN, by organisation and by number of the row."""
    found: dict[int, dict[int, Stay]] = defaultdict(dict)
    for row in db.session.execute(
        select(
            OrganisationParent.organisation_id,
            OrganisationParent.id,
            OrganisationParent.parent_id,
            OrganisationParent.start_on,
            OrganisationParent.end_on,
        )
    ):
        found[row[0]][row[1]] = (row[2], row[3], row[4])
    return found


def _last_moves() -> dict[int, date]:
    """The day of the newest move that somebody wrote down, by organisation.

    The practices of a PCN that was closed went with it: what a change moved is noted with it.
    """
    query = select(OrganisationChange.takes_effect_on, OrganisationChange.before)
    found: dict[int, date] = {}
    for day, before in db.session.execute(query.where(OrganisationChange.undone_at.is_(None))):
        for number in map(int, before.get("parents", ())):
            found[number] = max(day, found.get(number, day))
    return found


def _closed_by_hand() -> set[int]:
    query = select(OrganisationChange.organisation_id).where(
        OrganisationChange.kind == OrganisationChangeKind.CLOSED,
        OrganisationChange.undone_at.is_(None),
    )
    return set(db.session.scalars(query))


def _in_parts(numbers: Iterable[int]) -> Iterator[Sequence[int]]:
    rest = iter(numbers)
    while part := list(islice(rest, AT_ONCE)):
        yield part
