"""Rows of a spreadsheet as records: full services of Open Referral UK, for the one pipeline.

A service is known again by its identity: its own number where the list has one, else its name, and
where several rows have one name also postcode, address and so on, as far as it takes to tell them
apart. So a corrected address is a change of the same service. Cells that say nothing (``NA``,
``Not known``, ``-``) are nothing; columns without a meaning are kept in the record as they are.
"""

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from linkwork import geography
from linkwork.errors import FileRefused
from linkwork.exchange import column_mapping, spreadsheets
from linkwork.exchange.column_contents import is_nothing
from linkwork.exchange.column_mapping import SHEET, UNUSED, Mapped
from linkwork.exchange.oruk_values import CONTROL, uuid_of
from linkwork.exchange.row_values import ages, day, english, price, split, web_address

# What a second row of the same name differs in, in this order.
TELLING = ("postcode", "address", "venue", "category", "times", "description")
DAYS = re.compile("mon|tue|wed|thu|fri|sat|sun", re.IGNORECASE)
Cells = tuple[str, ...]


class Record(dict[str, Any]):
    """A service as Open Referral UK writes it, and the line of the file it stands in."""

    def __init__(self, said: Mapping[str, Any], line: int) -> None:
        super().__init__(said)
        self.line = line


def records(path: Path, name: str, *, mapping: Mapped, source: str) -> Iterator[Record]:
    """Give each row of a file as a record. Raises FileRefused, also while rows are read.

    ``mapping`` says which column means what; ``source`` names the list, and is part of every key.
    """
    sheet = spreadsheets.read(path, name, sheet=str(mapping.get(SHEET) or "") or None)
    lost = column_mapping.missing(mapping, sheet.headers)
    if lost:
        listed = ", ".join(f"“{header}”" for header in lost)
        raise FileRefused(
            f"{name} has no column {listed}, which the list had before. Choose its columns again. "
            "Nothing was imported."
        )
    columns = _Columns(sheet.headers, mapping)
    names = _Names(columns)
    for _, cells in sheet.rows:
        names.count(cells)
    # Read once more: the first time told which names are alone.
    again = spreadsheets.read(path, name, sheet=sheet.title or None)
    for line, cells in again.rows:
        yield Record(_record(columns, cells, names.identity(cells), source), line)


@dataclass(frozen=True, slots=True)
class _Columns:
    """What the cells of a row say, by meaning."""

    headers: tuple[str, ...]
    mapping: Mapped

    def places(self, code: str) -> list[int]:
        return [
            self.headers.index(header)
            for header in column_mapping.headers_of(self.mapping, code)
            if header in self.headers
        ]

    def said(self, cells: Cells, code: str) -> list[tuple[str, str]]:
        """The header and the words of each column of a meaning that says anything."""
        found = ((self.headers[place], _clean(cells[place])) for place in self.places(code))
        return [(header, words) for header, words in found if not is_nothing(words)]

    def all(self, cells: Cells, code: str) -> list[str]:
        return [words for _, words in self.said(cells, code)]

    def one(self, cells: Cells, code: str) -> str | None:
        return next(iter(self.all(cells, code)), None)

    def unused(self, cells: Cells) -> dict[str, str]:
        """The columns without a meaning, as they are."""
        used = {
            place
            for code in self.mapping
            if code not in (SHEET, UNUSED)
            for place in self.places(code)
        }
        rest = ((self.headers[place], _clean(text)) for place, text in enumerate(cells))
        return {
            header: text
            for place, (header, text) in enumerate(rest)
            if place not in used and not is_nothing(text)
        }


class _Names:
    """How often each name is in the file, so that one that is alone is identity enough."""

    def __init__(self, columns: _Columns) -> None:
        self._columns = columns
        self._rows: Counter[bytes] = Counter()

    def count(self, cells: Cells) -> None:
        for part in self._parts(cells):
            self._rows[_digest(part)] += 1

    def identity(self, cells: Cells) -> list[str]:
        """What tells this row from the others: its number, or its name and as much as it takes."""
        parts = self._parts(cells)
        return next((part for part in parts if self._rows[_digest(part)] == 1), parts[-1])

    def _parts(self, cells: Cells) -> list[list[str]]:
        own = self._columns.one(cells, "id")
        if own:
            return [["id", own]]
        name = " ".join((self._columns.one(cells, "name") or "").lower().split())
        parts = [["name", name]]
        for code in TELLING:
            words = " ".join(self._columns.all(cells, code)).lower()
            said = geography.normal_postcode(words) or words if code == "postcode" else words
            parts.append([*parts[-1], " ".join(said.split())])
        return parts


def _digest(part: list[str]) -> bytes:
    return hashlib.blake2b(json.dumps(part).encode(), digest_size=12).digest()


def _record(columns: _Columns, cells: Cells, identity: list[str], source: str) -> dict[str, Any]:
    key = _key(source, identity)
    name = columns.one(cells, "name")
    said: dict[str, Any] = {
        "id": key,
        "name": " ".join(name.split()) if name else None,
        "status": _status(columns.one(cells, "status")),
        "description": "\n\n".join(columns.all(cells, "description")) or None,
        "url": web_address(columns.one(cells, "url")),
        "email": columns.one(cells, "email"),
        "phones": [{"number": english(one)} for one in columns.all(cells, "phone")],
        "fees": None,
        "assured_date": day(columns.one(cells, "checked_on")),
        "application_process": columns.one(cells, "route"),
        "organization": _provider(columns.one(cells, "provider")),
        "schedules": _schedules(columns, cells),
        "cost_options": [price(one) for one in columns.all(cells, "cost")],
        "service_areas": _named(columns, cells, "area"),
        "languages": _named(columns, cells, "languages"),
        "attributes": _attributes(columns, cells),
        "service_at_locations": _places(columns, cells),
        "columns": columns.unused(cells),
        **_for_whom(columns, cells),
    }
    return {name: value for name, value in said.items() if value not in (None, [], {})}


def _key(source: str, identity: list[str]) -> str:
    given = uuid_of(identity[1]) if identity[0] == "id" else None
    made = json.dumps([source.lower(), *identity], ensure_ascii=True)
    return given or str(uuid5(NAMESPACE_URL, f"linkwork spreadsheet {made}"))


def _clean(text: str) -> str:
    return CONTROL.sub(
        "", text.replace("\r\n", "\n").replace("\r", "\n").replace("\xa0", " ")
    ).strip()


STATUSES = {
    "active": "open running live yes y true current ongoing active".split(),
    "inactive": "inactive no n false paused suspended closed".split(),
    "defunct": "defunct ceased ended finished".split(),
    "temporarily closed": ["temporarily closed", "closed temporarily"],
}


def _status(words: str | None) -> str:
    """The status a row has: running, where it does not say; its own word, where that is none."""
    if words is None:
        return "active"
    plain = " ".join(words.lower().split())
    return next((status for status, names in STATUSES.items() if plain in names), words)


def _provider(name: str | None) -> dict[str, str] | None:
    return {"name": " ".join(name.split())} if name else None


def _named(columns: _Columns, cells: Cells, code: str) -> list[dict[str, str]]:
    said = [part for words in columns.all(cells, code) for part in split(words)]
    return [{"name": name} for name in dict.fromkeys(said)]


def _schedules(columns: _Columns, cells: Cells) -> list[dict[str, str]]:
    """The times as they are written, all columns together: they are read at the import."""
    said = columns.said(cells, "times")
    if not said:
        return []
    # A column for each day says which in its header.
    parts = [
        f"{header} {words}" if DAYS.match(header) and not DAYS.search(words) else words
        for header, words in said
    ]
    return [{"description": " ".join(parts)}]


def _attributes(columns: _Columns, cells: Cells) -> list[dict[str, Any]]:
    """The categories as terms; the taxonomy is the column they stand in."""
    return [
        {"taxonomy_term": {"name": name, "taxonomy": header}}
        for header, words in columns.said(cells, "category")
        for name in dict.fromkeys(split(words))
    ]


def _for_whom(columns: _Columns, cells: Cells) -> dict[str, Any]:
    """Ages, and in words who it is for and how people get in, under the headers of the list."""
    written = columns.one(cells, "ages")
    youngest, oldest = ages(written)
    words = columns.all(cells, "eligibility")
    if written and youngest is None and oldest is None:
        words.append(written)
    words += [f"{header}: {said}" for header, said in columns.said(cells, "route")]
    return {
        "minimum_age": columns.one(cells, "minimum_age") or youngest,
        "maximum_age": columns.one(cells, "maximum_age") or oldest,
        "eligibility_description": "\n".join(words) or None,
    }


def _places(columns: _Columns, cells: Cells) -> list[dict[str, Any]]:
    postcode, city = columns.one(cells, "postcode"), columns.one(cells, "city")
    lines = [" ".join(one.split()).strip(" ,") for one in columns.all(cells, "address")]
    address = {
        "address_1": ", ".join(lines) or None,
        "city": city,
        "state_province": columns.one(cells, "county"),
        "postal_code": postcode,
        "country": "GB",
    }
    location = {
        "name": columns.one(cells, "venue"),
        "latitude": columns.one(cells, "latitude"),
        "longitude": columns.one(cells, "longitude"),
        "accessibility": [
            {"description": f"{header}: {said}"}
            for header, said in columns.said(cells, "accessibility")
        ],
    }
    said = {key: value for key, value in address.items() if value}
    where = {key: value for key, value in location.items() if value}
    if len(said) > 1:  # more than the country
        where["addresses"] = [said]
    return [{"location": where}] if where else []
