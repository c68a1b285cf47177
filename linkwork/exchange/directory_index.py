"""What searches are told of new services: made of what the import holds, and not read back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from linkwork.exchange.directory_entries import Wanted
from linkwork.models import Service, service_facet, service_wording
from linkwork.models.service_text import New

Rows = dict[str, dict[str, Any]]
WHERE = ("name", "address", "city", "postcode")
# What a new row has where nothing is said of it.
UNSAID: dict[str, Any] = {
    name: column.default.arg if column.default is not None and column.default.is_scalar else None
    for name, column in Service.__table__.c.items()
    if name in service_facet.AS_IT_IS
}


@dataclass(frozen=True, slots=True)
class Shared:
    """What several services of a batch may share, as it was stored, by key."""

    providers: Rows
    locations: Rows
    terms: Rows


def of(new: Sequence[Wanted], ids: Mapping[str, int], shared: Shared) -> list[New]:
    """What is told of services that were just stored under these numbers."""
    return [_of(one, ids[one.record.key], shared) for one in new]


def _of(one: Wanted, number: int, shared: Shared) -> New:
    record, columns = one.record, one.columns
    at = [shared.locations[place["key"]] for place in record.places]
    provider = record.provider and shared.providers[record.provider["key"]]
    words = service_wording.row(
        number,
        name=columns["name"],
        description=columns["description"],
        provider=provider["name"] if provider else None,
        terms=[shared.terms[term["key"]]["name"] for term in record.terms],
        places=[*map(_where, at), *(area["name"] for area in record.areas)],
    )
    return New(
        words,
        facts={**UNSAID, **columns, "id": number},
        schedules=[SimpleNamespace(**row) for row in record.schedules],
        costs=[SimpleNamespace(**row) for row in record.costs],
        places=[SimpleNamespace(**place) for place in at],
    )


def _where(place: Mapping[str, Any]) -> str:
    return " ".join(place[name] or "" for name in WHERE)
