"""The directory as the tabular data package of Open Referral UK 3.0: a zip of CSV tables.

One table for each kind of object, named by ``exchange.oruk_shape``, with a ``datapackage.json``
that describes them. An object that several services share stands once.
"""

import csv
import json
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any
from zipfile import ZIP_DEFLATED, ZipFile

from linkwork.exchange.formulas import neutral_for_programs
from linkwork.exchange.oruk_shape import SHAPES

Record = Mapping[str, Any]
PACKAGE = "datapackage.json"
# The columns that say to which object another belongs.
OWNED_BY: dict[str, tuple[str, ...]] = {
    "service": ("organization_id",),
    "organization_identifier": ("organization_id",),
    "service_at_location": ("service_id", "location_id"),
    "address": ("location_id",),
    "accessibility": ("location_id",),
    "schedule": ("service_id",),
    "cost_option": ("service_id",),
    "service_area": ("service_id",),
    "language": ("service_id",),
    "funding": ("service_id",),
    "phone": ("service_id",),
    "attribute": ("link_id", "link_entity", "taxonomy_term_id"),
}
TYPES = {"number": "number", "date": "date", "time": "time", "moment": "datetime"}
# Two services may stand at one location, run by one organisation, filed under one term.
SHARED = frozenset({"organization", "location", "taxonomy_term", "taxonomy"})
KINDS = tuple(SHAPES)


def write(records: Iterable[Record], to: IO[bytes]) -> int:
    """Write the package of these full records, and return how many services it has."""
    with TemporaryDirectory(prefix="linkwork_") as folder:
        with ExitStack() as opened:
            tables = {kind: _Table(kind, Path(folder), opened) for kind in KINDS}
            count = 0
            for record in records:
                _put(tables, "service", record, {})
                count += 1
        with ZipFile(to, "w", ZIP_DEFLATED) as package:
            for table in tables.values():
                if table.has_rows:
                    package.write(table.path, table.path.name)
            package.writestr(PACKAGE, json.dumps(_description(tables), indent=1))
    return count


def columns(kind: str) -> list[str]:
    """The columns of the table of one kind: its plain properties, then what it belongs to."""
    own = [name for name, one in SHAPES[kind].properties.items() if not one.is_nested]
    return own + [name for name in OWNED_BY.get(kind, ()) if name not in own]


class _Table:
    """One CSV file that is being written."""

    def __init__(self, kind: str, folder: Path, opened: ExitStack) -> None:
        self.kind, self.path = kind, folder / f"{SHAPES[kind].file}.csv"
        self.columns, self.has_rows = columns(kind), False
        self._known: set[str] = set()
        file = opened.enter_context(self.path.open("w", encoding="utf-8", newline=""))
        self._writer = csv.writer(file)
        self._writer.writerow(self.columns)

    def is_new(self, key: str) -> bool:
        """Whether an object that several may share stands here for the first time."""
        if self.kind not in SHARED:
            return True
        if key in self._known:
            return False
        self._known.add(key)
        return True

    def add(self, row: Record) -> None:
        """Write one row."""
        self._writer.writerow([_cell(row.get(name)) for name in self.columns])
        self.has_rows = True


def _put(tables: Mapping[str, _Table], kind: str, one: Record, of: Record) -> None:
    """Write an object and all it holds, with the columns ``of`` that say where it belongs."""
    if not tables[kind].is_new(one["id"]):
        return
    held = {name: known for name, known in SHAPES[kind].properties.items() if known.is_nested}
    row = {**one, **of}
    for name, known in held.items():
        if name in one and not known.many:
            row[f"{known.type}_id"] = one[name]["id"]
    tables[kind].add(row)
    if kind == "taxonomy_term":
        _put_taxonomy(tables, one)
    for name, known in held.items():
        for part in one.get(name, []) if known.many else filter(None, [one.get(name)]):
            _put(tables, known.type, part, _owner(kind, known.type, one["id"]))


def _put_taxonomy(tables: Mapping[str, _Table], term: Record) -> None:
    key, name = term.get("taxonomy_id"), term.get("taxonomy", "")
    if key:
        _put(tables, "taxonomy", {"id": key, "name": name, "description": name}, {})


def _owner(kind: str, part: str, key: str) -> dict[str, str]:
    if part == "attribute":
        return {"link_id": key, "link_entity": kind}
    return {f"{kind}_id": key} if f"{kind}_id" in OWNED_BY.get(part, ()) else {}


def _cell(value: Any) -> Any:
    return neutral_for_programs(value) if isinstance(value, str) else value


def _description(tables: Mapping[str, _Table]) -> dict[str, Any]:
    return {
        "name": "linkwork-directory",
        "profile": "tabular-data-package",
        "resources": [_resource(table) for table in tables.values() if table.has_rows],
    }


def _resource(table: _Table) -> dict[str, Any]:
    properties = SHAPES[table.kind].properties
    types = {name: TYPES.get(known.type, "string") for name, known in properties.items()}
    fields = [{"name": name, "type": types.get(name, "string")} for name in table.columns]
    return {
        "name": SHAPES[table.kind].file,
        "path": table.path.name,
        "profile": "tabular-data-resource",
        "schema": {"fields": fields, "primaryKey": "id"},
    }
