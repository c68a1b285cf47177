"""Storing what the organisation files say: few statements, however many practices.

Compares the files with what is stored, writes the difference, and counts it.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select, update

from linkwork.database import db
from linkwork.exchange.organisation_files import LeftOut, Lists, Map, Pcn, Practice
from linkwork.models import ListSize, Organisation, OrganisationKind, OrganisationParent

NOUNS = {
    OrganisationKind.ICB: "boards",
    OrganisationKind.PCN: "PCNs",
    OrganisationKind.PRACTICE: "practices",
}
Fields = dict[str, Any]


@dataclass
class Known:
    """A stored organisation, as far as an import can change it."""

    id: int
    kind: OrganisationKind
    name: str
    postcode: str | None
    region: str | None
    parent_id: int | None

    def differs(self, fields: Fields) -> Fields:
        """The fields that are not stored so already."""
        return {name: value for name, value in fields.items() if getattr(self, name) != value}


@dataclass
class _Stay:
    """The present row of an organisation's history: where it belongs, and since when."""

    id: int
    parent_id: int
    start_on: date


class Store:
    """Writes organisations and list sizes, and counts into the tallies it is given."""

    def __init__(
        self,
        added: Counter[str],
        changed: Counter[str],
        unchanged: Counter[str],
        left_out: LeftOut,
        at: datetime,
    ) -> None:
        self.added, self.changed, self.unchanged = added, changed, unchanged
        self.left_out, self.at = left_out, at
        self.moved: Counter[str] = Counter()
        self.known: dict[str, Known] = {}
        self._read()

    def organisations(self, found: Map) -> None:
        """Store boards, PCNs and practices, in that order: each needs the numbers above it."""
        stays = _stays()
        self._store(OrganisationKind.ICB, _boards(found), {}, found.as_of)
        self._store(OrganisationKind.PCN, self._pcns(found), stays, found.as_of)
        self._store(OrganisationKind.PRACTICE, self._practices(found), stays, found.as_of)
        self._name_the_absent(found)

    def list_sizes(self, lists: Lists, found: Map) -> None:
        """Store list sizes as of their date, and the sum of its practices for each PCN."""
        sizes = {c: n for c, n in lists.patients.items() if c in self.known}
        strangers = [code for code in lists.patients if code not in self.known]
        self.left_out.note("List sizes of organisations not in the map", *strangers)
        if any(code in found.practices for code in sizes):
            sizes = self._summed(sizes, found) | sizes
        pcns = [code for code in found.pcns if code not in sizes]
        self.left_out.note("PCNs without a list size, so without a share", *pcns)
        self._store_sizes(sizes, lists.as_of)

    def as_map(self, on: date) -> Map:
        """What is stored, for list sizes that come without a map."""
        found, by_id = Map(on), {one.id: code for code, one in self.known.items()}
        for code, one in self.known.items():
            parent = by_id.get(one.parent_id) if one.parent_id else None
            if one.kind is OrganisationKind.PRACTICE:
                found.practices[code] = Practice(one.name, one.postcode, parent)
            elif one.kind is OrganisationKind.PCN:
                found.pcns[code] = Pcn(one.name, parent)
        return found

    def named(self, kind: OrganisationKind, wanted: dict[str, Fields], as_of: date) -> None:
        """Store what is known of each by itself; where it belongs stays as it is."""
        wanted = self._of_its_kind(kind, wanted)
        new = {code: fields for code, fields in wanted.items() if code not in self.known}
        self._change(kind, {c: f for c, f in wanted.items() if c in self.known}, {}, as_of)
        self._add(kind, new)

    def _read(self) -> None:
        columns = (
            Organisation.ods_code, Organisation.id, Organisation.kind, Organisation.name,
            Organisation.postcode, Organisation.region, Organisation.parent_id,
        )  # fmt: skip
        rows = db.session.execute(select(*columns).where(Organisation.ods_code.is_not(None)))
        self.known = {row.ods_code: Known(*row[1:]) for row in rows}

    def _pcns(self, found: Map) -> dict[str, Fields]:
        return {
            code: {"name": pcn.name, **({"parent_id": self._id(pcn.icb)} if pcn.icb else {})}
            for code, pcn in found.pcns.items()
        }

    def _practices(self, found: Map) -> dict[str, Fields]:
        return {
            code: {
                "name": practice.name,
                "postcode": practice.postcode,
                "parent_id": self._id(practice.pcn),
            }
            for code, practice in found.practices.items()
        }

    def _id(self, code: str | None) -> int | None:
        return self.known[code].id if code in self.known else None

    def _store(
        self,
        kind: OrganisationKind,
        wanted: dict[str, Fields],
        stays: dict[int, _Stay],
        as_of: date,
    ) -> None:
        """Add the new of one kind, change what differs, and keep the history of moves."""
        wanted = self._of_its_kind(kind, wanted)
        new = {code: fields for code, fields in wanted.items() if code not in self.known}
        old = {code: fields for code, fields in wanted.items() if code in self.known}
        self._change(kind, old, stays, as_of)
        self._add(kind, new)
        if kind is not OrganisationKind.ICB:
            self._settle(wanted, stays, as_of)

    def _add(self, kind: OrganisationKind, new: dict[str, Fields]) -> None:
        if new:
            rows = [
                {"kind": kind, "ods_code": code, "created_at": self.at, **fields}
                for code, fields in new.items()
            ]
            write(Organisation, rows, [])
            self._read()
        self.added[NOUNS[kind]] += len(new)

    def _of_its_kind(self, kind: OrganisationKind, wanted: dict[str, Fields]) -> dict[str, Fields]:
        other = [c for c in wanted if c in self.known and self.known[c].kind is not kind]
        self.left_out.note(f"Stored already as something other than {NOUNS[kind]}", *other)
        return {code: fields for code, fields in wanted.items() if code not in other}

    def _change(
        self,
        kind: OrganisationKind,
        wanted: dict[str, Fields],
        stays: dict[int, _Stay],
        as_of: date,
    ) -> None:
        rows = []
        for code, fields in wanted.items():
            known = self.known[code]
            news = known.differs(fields)
            stay = stays.get(known.id)
            if "parent_id" in news and stay and stay.start_on > as_of:
                self.left_out.note("Moved since the date of this file; left where it is", code)
                # The row settled below must be the stored one too.
                fields["parent_id"] = known.parent_id
                del news["parent_id"]
            if "parent_id" in news and known.parent_id is not None:
                self.moved[NOUNS[kind]] += 1
            if news:
                rows.append({"id": known.id, **news})
                vars(known).update(news)
        for group in alike(rows):
            db.session.execute(update(Organisation), group)
        self.changed[NOUNS[kind]] += len(rows)
        self.unchanged[NOUNS[kind]] += len(wanted) - len(rows)

    def _settle(self, wanted: dict[str, Fields], stays: dict[int, _Stay], as_of: date) -> None:
        """Bring the dated history to where each organisation now belongs."""
        begun, ended, corrected = [], [], []
        for code, fields in wanted.items():
            known = self.known[code]
            stay, home = stays.get(known.id), fields.get("parent_id", known.parent_id)
            if stay and (stay.parent_id == home or stay.start_on > as_of):
                continue
            if stay and stay.start_on == as_of and home:
                corrected.append({"id": stay.id, "parent_id": home})
                continue
            if stay:
                ended.append({"id": stay.id, "end_on": _last_day(stay, as_of)})
            if home:
                begun.append({"organisation_id": known.id, "parent_id": home,
                              "start_on": as_of, "created_at": self.at})  # fmt: skip
        write(OrganisationParent, begun, [*alike(corrected), *alike(ended)])

    def _name_the_absent(self, found: Map) -> None:
        there = {*found.pcns, *found.practices}
        for kind in (OrganisationKind.PCN, OrganisationKind.PRACTICE):
            gone = [c for c, one in self.known.items() if one.kind is kind and c not in there]
            self.left_out.note(f"Stored {NOUNS[kind]} not in the map; left as they are", *gone)

    def _summed(self, sizes: dict[str, int], found: Map) -> dict[str, int]:
        """List sizes of PCNs: the sum of their practices that have one."""
        sums: Counter[str] = Counter()
        for code, practice in found.practices.items():
            if code in sizes and practice.pcn:
                sums[practice.pcn] += sizes[code]
        without = [code for code in found.practices if code not in sizes]
        self.left_out.note("Practices without a list size; their PCN’s lacks them", *without)
        return dict(sums)

    def _store_sizes(self, sizes: dict[str, int], as_of: date) -> None:
        columns = (ListSize.organisation_id, ListSize.id, ListSize.patients)
        rows = db.session.execute(select(*columns).where(ListSize.as_of == as_of))
        stored = {organisation: (row, patients) for organisation, row, patients in rows}
        new, other = [], []
        for code, patients in sizes.items():
            row = stored.get(organisation := self.known[code].id)
            if row is None:
                new.append({"organisation_id": organisation, "as_of": as_of,
                            "patients": patients, "created_at": self.at})  # fmt: skip
            elif row[1] != patients:
                other.append({"id": row[0], "patients": patients})
        write(ListSize, new, alike(other))
        self.added["list sizes"] += len(new)
        self.changed["list sizes"] += len(other)
        self.unchanged["list sizes"] += len(sizes) - len(new) - len(other)


def _boards(found: Map) -> dict[str, Fields]:
    return {c: {"name": icb.name, "region": icb.region} for c, icb in found.icbs.items()}


def _stays() -> dict[int, _Stay]:
    columns = (OrganisationParent.organisation_id, OrganisationParent.id,
               OrganisationParent.parent_id, OrganisationParent.start_on)  # fmt: skip
    rows = db.session.execute(select(*columns).where(OrganisationParent.end_on.is_(None)))
    return {row.organisation_id: _Stay(*row[1:]) for row in rows}


def _last_day(stay: _Stay, as_of: date) -> date:
    return max(stay.start_on, as_of - timedelta(days=1))


def alike(rows: Iterable[Fields]) -> list[list[Fields]]:
    """Rows grouped by which fields they set: one statement sets the same in each."""
    groups: dict[tuple[str, ...], list[Fields]] = {}
    for row in rows:
        groups.setdefault(tuple(sorted(row)), []).append(row)
    return list(groups.values())


def write(model: type[Any], new: Sequence[Fields], others: Sequence[Sequence[Fields]]) -> None:
    """Insert the new rows, and update the others, which come in groups that set the same."""
    if new:
        # Or rows with and without a value would go in separate statements.
        db.session.execute(insert(model), new, execution_options={"render_nulls": True})
    for group in others:
        db.session.execute(update(model), group)
