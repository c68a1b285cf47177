"""Rows of a spreadsheet as records: full services of Open Referral UK, for the one pipeline.

Cells that say nothing (``NA``, ``Not known``, ``-``) are nothing; columns without a meaning are
kept in the record as they are. Which service a row is, row_identity tells.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from linkwork.errors import FileRefused
from linkwork.exchange import column_mapping, spreadsheets
from linkwork.exchange.column_mapping import SHEET, Mapped
from linkwork.exchange.row_identity import Columns, Identities, Known, Row
from linkwork.exchange.row_values import ages, day, english, price, split, web_address

DAYS = re.compile("mon|tue|wed|thu|fri|sat|sun", re.IGNORECASE)


class Record(dict[str, Any]):
    """A service as Open Referral UK writes it, and the line of the file it stands in."""

    def __init__(self, said: Mapping[str, Any], line: int) -> None:
        super().__init__(said)
        self.line = line


def records(
    path: Path, name: str, *, mapping: Mapped, source: str, known: Known | None = None
) -> Iterator[Record]:
    """Give each row of a file as a record. Raises FileRefused, also while rows are read.

    ``mapping`` says which column means what; ``source`` names the list, and is part of every key.
    ``known`` are the services the directory has of it: see ``row_identity.known_of``.
    """
    sheet = spreadsheets.read(path, name, sheet=str(mapping.get(SHEET) or "") or None)
    lost = column_mapping.missing(mapping, sheet.headers)
    if lost:
        listed = ", ".join(f"“{header}”" for header in lost)
        raise FileRefused(
            f"{name} has no column {listed}, which the list had before. Choose its columns again. "
            "Nothing was imported."
        )
    columns = Columns(sheet.headers, mapping)
    identities = Identities(source, known or {})
    for _, cells in sheet.rows:
        identities.count(columns.read(cells))
    # Read once more: the first time told which names are alone.
    again = spreadsheets.read(path, name, sheet=sheet.title or None)
    for line, cells in again.rows:
        row = columns.read(cells)
        yield Record(_record(row, identities.key(row)), line)


def _record(row: Row, key: str) -> dict[str, Any]:
    name = row.one("name")
    said: dict[str, Any] = {
        "id": key,
        "name": " ".join(name.split()) if name else None,
        "status": _status(row.one("status")),
        "description": "\n\n".join(row.all("description")) or None,
        "url": web_address(row.one("url")),
        "email": row.one("email"),
        "phones": [{"number": english(one)} for one in row.all("phone")],
        "fees": None,
        "assured_date": day(row.one("checked_on")),
        "application_process": row.one("route"),
        "organization": _provider(row.one("provider")),
        "schedules": _schedules(row),
        "cost_options": [price(one) for one in row.all("cost")],
        "service_areas": _named(row, "area"),
        "languages": _named(row, "languages"),
        "attributes": _attributes(row),
        "service_at_locations": _places(row),
        "columns": row.unused,
        **_for_whom(row),
    }
    return {name: value for name, value in said.items() if value not in (None, [], {})}


STATUSES = {
    "active": "open running live yes y true current ongoing active".split(),
    "inactive": ["not running", *"inactive no n false paused suspended closed".split()],
    "defunct": ["closed for good", *"defunct ceased ended finished".split()],
    "temporarily closed": ["temporarily closed", "closed temporarily", "closed for a while"],
}


def _status(words: str | None) -> str:
    """The status a row has: running, where it does not say; its own word, where that is none."""
    if words is None:
        return "active"
    plain = " ".join(words.lower().split())
    return next((status for status, names in STATUSES.items() if plain in names), words)


def _provider(name: str | None) -> dict[str, str] | None:
    return {"name": " ".join(name.split())} if name else None


def _named(row: Row, code: str) -> list[dict[str, str]]:
    said = [part for words in row.all(code) for part in split(words)]
    return [{"name": name} for name in dict.fromkeys(said)]


def _schedules(row: Row) -> list[dict[str, str]]:
    """The times as they are written, all columns together: they are read at the import."""
    said = row.said("times")
    if not said:
        return []
    # A column for each day says which in its header.
    parts = [
        f"{header} {words}" if DAYS.match(header) and not DAYS.search(words) else words
        for header, words in said
    ]
    return [{"description": " ".join(parts)}]


def _attributes(row: Row) -> list[dict[str, Any]]:
    """The categories as terms; the taxonomy is the column they stand in."""
    return [
        {"taxonomy_term": {"name": name, "taxonomy": header}}
        for header, words in row.said("category")
        for name in dict.fromkeys(split(words))
    ]


def _for_whom(row: Row) -> dict[str, Any]:
    """Ages, and in words who it is for and how people get in, under the headers of the list."""
    written = row.one("ages")
    youngest, oldest = ages(written)
    words = row.all("eligibility")
    if written and youngest is None and oldest is None:
        words.append(written)
    words += [f"{header}: {said}" for header, said in row.said("route")]
    return {
        "minimum_age": row.one("minimum_age") or youngest,
        "maximum_age": row.one("maximum_age") or oldest,
        "eligibility_description": "\n".join(words) or None,
    }


def _places(row: Row) -> list[dict[str, Any]]:
    postcode, city = row.one("postcode"), row.one("city")
    lines = [" ".join(one.split()).strip(" ,") for one in row.all("address")]
    address = {
        "address_1": ", ".join(lines) or None,
        "city": city,
        "state_province": row.one("county"),
        "postal_code": postcode,
        "country": "GB",
    }
    location = {
        "name": row.one("venue"),
        "latitude": row.one("latitude"),
        "longitude": row.one("longitude"),
        "accessibility": [
            {"description": f"{header}: {said}"} for header, said in row.said("accessibility")
        ],
    }
    said = {key: value for key, value in address.items() if value}
    where = {key: value for key, value in location.items() if value}
    if len(said) > 1:  # more than the country
        where["addresses"] = [said]
    return [{"location": where}] if where else []
