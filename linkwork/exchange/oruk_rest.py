"""What the parts of a full record say that no column of ours holds: kept, and given out again.

It stands in ``Service.raw`` beside the properties of the service itself, under the name of the
part; the parts of a list by their identifier. Locations keep their own in ``Location.raw``.
"""

from collections.abc import Mapping
from typing import Any

from linkwork.exchange.oruk_values import uuid_of

Raw = dict[str, Any]
# What the columns of a part hold; the rest of what it says is kept here.
HELD = {
    "organization": frozenset(
        "id name description url website email organization_identifiers".split()
    ),
    "schedules": frozenset(
        "id freq interval byday bymonthday dtstart opens_at closes_at valid_from valid_to "
        "attending_type description linkwork".split()
    ),
    "cost_options": frozenset("id option amount amount_description currency".split()),
    "service_areas": frozenset("id name service_area".split()),
    "service_at_locations": frozenset("id location service".split()),
    "attributes": frozenset("id taxonomy_term".split()),
}
HELD_OF_TERM = frozenset("id name description taxonomy taxonomy_id parent_id".split())
PARTS = frozenset(HELD)


def rest(record: Mapping[str, Any]) -> Raw:
    """By part, what a full record says there that no column holds; empty for most records."""
    found: Raw = {}
    for part, held in HELD.items():
        kept = _of_part(part, record.get(part), held)
        if kept:
            found[part] = kept
    return found


def _of_part(part: str, value: Any, held: frozenset[str]) -> Raw:
    if isinstance(value, dict):
        return _unheld(value, held)
    if not isinstance(value, list):
        return {}
    rows: Raw = {}
    for one in value:
        if isinstance(one, dict) and (row := _of_row(part, one, held)) and (key := _id(one)):
            rows[key] = row
    return rows


def _of_row(part: str, row: Raw, held: frozenset[str]) -> Raw:
    kept = _unheld(row, held)
    term = row.get("taxonomy_term") if part == "attributes" else None
    if isinstance(term, dict):
        more = _unheld(term, HELD_OF_TERM)
        if more.get("term") == term.get("name"):
            more.pop("term", None)
        if more:
            kept["taxonomy_term"] = more
    if part == "schedules" and not row.get("description"):
        kept.pop("notes", None)  # the column of the description holds them
    return kept


def _unheld(row: Raw, held: frozenset[str]) -> Raw:
    if held.issuperset(row):  # as in most rows
        return {}
    return {name: value for name, value in row.items() if name not in held and value is not None}


def _id(row: Raw) -> str:
    given = row.get("id")
    return (uuid_of(given.strip()) or "") if isinstance(given, str) else ""
