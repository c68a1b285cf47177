"""What a row of a list says, and which service it is: the same one in the next file.

A row is known by its own number where the list has one, else by its name. Where several rows have
one name, postcode, address and so on are added, as far as it takes to tell them apart. When a
second row of a name comes, or goes again, the service the directory has keeps its identity.
"""

import json
from collections import Counter
from collections.abc import Mapping
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import select

from linkwork import geography
from linkwork.database import db
from linkwork.exchange import column_mapping
from linkwork.exchange.column_contents import is_nothing
from linkwork.exchange.column_mapping import NOT_MEANINGS, Mapped
from linkwork.exchange.formulas import plain
from linkwork.exchange.oruk_values import CONTROL, uuid_of
from linkwork.models import Location, Service, ServiceAtLocation

# What a second row of the same name differs in, in this order.
TELLING = ("postcode", "address", "venue", "category", "times", "description")
Known = Mapping[str, str | None]
"""The keys of services the directory has of a source, each with a postcode of it."""


class Columns:
    """Which cells of a row say what."""

    def __init__(self, headers: tuple[str, ...], mapping: Mapped) -> None:
        used = {
            header: code
            for code in mapping
            if code not in NOT_MEANINGS
            for header in column_mapping.headers_of(mapping, code)
        }
        # In the order of the mapping: the first of several is said first.
        order = {header: number for number, header in enumerate(used)}
        named = [(place, header, used.get(header)) for place, header in enumerate(headers)]
        self._places = sorted(named, key=lambda one: order.get(one[1], len(order)))

    def read(self, cells: tuple[str, ...]) -> "Row":
        """What a row says."""
        row = Row()
        for place, header, code in self._places:
            words = _clean(cells[place])
            if is_nothing(words):
                continue
            if code is None:
                row.unused[header] = words
            else:
                row.by_meaning.setdefault(code, []).append((header, words))
        return row


class Row:
    """What one row says, by meaning; what it does not say is not there."""

    __slots__ = ("by_meaning", "unused")

    def __init__(self) -> None:
        self.by_meaning: dict[str, list[tuple[str, str]]] = {}
        self.unused: dict[str, str] = {}
        """Columns without a meaning, as they are."""

    def said(self, code: str) -> list[tuple[str, str]]:
        """The header and the words of each column of a meaning that says anything."""
        return self.by_meaning.get(code, [])

    def all(self, code: str) -> list[str]:
        """The words of each column of a meaning that says anything."""
        return [words for _, words in self.said(code)]

    def one(self, code: str) -> str | None:
        """The words of the first column of a meaning that says anything."""
        said = self.by_meaning.get(code)
        return said[0][1] if said else None


class Identities:
    """Tells the rows of one file apart; every row is counted before the first is asked about."""

    def __init__(self, source: str, known: Known) -> None:
        self._source, self._known = source.lower(), known
        self._rows: Counter[int] = Counter()

    def count(self, row: Row) -> None:
        """Note a row."""
        for part in _parts(row):
            self._rows[hash(tuple(part))] += 1

    def key(self, row: Row) -> str:
        """The key of the service of a row: a UUID."""
        own = row.one("id")
        if own:
            return uuid_of(own) or self._made(["id", own])
        parts = _parts(row)
        alone = [part for part in parts if self._is_alone(part)] or parts[-1:]
        usual = self._made(alone[0])
        if not self._known or usual in self._known:
            return usual
        if not self._is_alone(parts[0]) and self._was_alone(parts, row):
            return self._made(parts[0])
        before = (made for part in alone[1:] if (made := self._made(part)) in self._known)
        return next(before, usual)

    def _is_alone(self, part: list[str]) -> bool:
        return self._rows[hash(tuple(part))] == 1

    def _was_alone(self, parts: list[list[str]], row: Row) -> bool:
        """Whether the directory has one of this name, and it is where only this row is."""
        where = self._known.get(self._made(parts[0]))
        postcode = geography.normal_postcode(row.one("postcode"))
        return where is not None and where == postcode and self._is_alone(parts[1])

    def _made(self, part: list[str]) -> str:
        said = json.dumps([self._source, *part], ensure_ascii=True)
        return str(uuid5(NAMESPACE_URL, f"linkwork spreadsheet {said}"))


def known_of(source_name: str) -> dict[str, str | None]:
    """The services the directory has of a source: their keys, each with a postcode of it."""
    query = (
        select(Service.key, Location.postcode)
        .outerjoin(ServiceAtLocation, ServiceAtLocation.service_id == Service.id)
        .outerjoin(Location, Location.id == ServiceAtLocation.location_id)
        .where(Service.source == source_name)
        .order_by(Service.id, Location.id)
    )
    found: dict[str, str | None] = {}
    for key, postcode in db.session.execute(query):
        found.setdefault(key, geography.normal_postcode(postcode))
    return found


def _parts(row: Row) -> list[list[str]]:
    name = " ".join((row.one("name") or "").lower().split())
    parts = [["name", name]]
    for code in TELLING:
        words = " ".join(row.all(code)).lower()
        said = geography.normal_postcode(words) or words if code == "postcode" else words
        parts.append([*parts[-1], " ".join(said.split())])
    return parts


def _clean(text: str) -> str:
    if "\r" in text or "\xa0" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ")
    return CONTROL.sub("", plain(text)).strip()
