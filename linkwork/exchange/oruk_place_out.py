"""Locations as Open Referral UK 3.0 has them: the inverse of ``exchange.oruk_places``."""

from collections.abc import Mapping
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from linkwork import geography
from linkwork.exchange.oruk_shape import PLACES
from linkwork.exchange.oruk_values import uuid_of
from linkwork.models import Location

COUNTRY = "GB"


def location(place: Location) -> dict[str, Any]:
    """A location with its address and what is said of access.

    Coordinates that are only the middle of a postcode district are left out: whoever reads this
    can work them out as we did, and would not know that they are not the door.
    """
    raw = place.raw or {}
    found = {
        **raw,
        "id": place.key,
        "location_type": place.location_type if place.location_type in PLACES else PLACES[0],
        "name": place.name,
        "addresses": _addresses(place, raw.get("addresses")),
        "accessibility": _accessibility(place, raw.get("accessibility")),
    }
    if not place.is_approximate:
        found |= {"latitude": place.latitude, "longitude": place.longitude}
    return found


def summary(place: Location) -> dict[str, Any]:
    """A location without its address: what a list shows."""
    found = location(place)
    return {name: value for name, value in found.items() if not isinstance(value, list)}


def _addresses(place: Location, given: Any) -> list[dict[str, Any]]:
    """The address as it now stands, and any further ones the source had."""
    known = [one for one in given if isinstance(one, dict)] if isinstance(given, list) else []
    if not known and not (place.address or place.city or place.postcode):
        return []
    first, *others = known or [{}]
    kind = place.location_type if place.location_type in PLACES else PLACES[0]
    usual = {"state_province": "", "country": COUNTRY, "address_type": kind}
    changed = {
        **_lines(place, first),
        "city": place.city or "",
        "postal_code": place.postcode or _unread_postcode(first),
    }
    whole = {**usual, **_said(first), **changed}
    return [_with_id(place, "address", n, one) for n, one in enumerate([whole, *others])]


def _lines(place: Location, given: Mapping[str, Any]) -> dict[str, Any]:
    """The lines of the address as the source cut them, where they still say the same."""
    parts = [given.get(name) for name in ("address_1", "address_2")]
    texts = [part.strip() for part in parts if isinstance(part, str)]
    if ", ".join(text for text in texts if text) == (place.address or "") and given:
        return {"address_1": texts[0] if isinstance(parts[0], str) else ""}
    return {"address_1": place.address or "", "address_2": None}


def _unread_postcode(given: Mapping[str, Any]) -> str:
    """What the source wrote where a postcode stands, if it is none that we could read."""
    words = given.get("postal_code")
    return words if isinstance(words, str) and not geography.normal_postcode(words) else ""


def _said(given: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if value is not None}


def _accessibility(place: Location, given: Any) -> list[dict[str, Any]]:
    known = [one for one in given if isinstance(one, dict)] if isinstance(given, list) else []
    by_words = {_words(one): one for one in reversed(known)}
    return [
        _with_id(place, "accessibility", n, {**by_words.get(words, {}), "description": words})
        for n, words in enumerate(place.accessibility)
    ]


def _words(one: Mapping[str, Any]) -> str:
    return str(one.get("description", "")).strip()


def _with_id(place: Location, part: str, number: int, row: dict[str, Any]) -> dict[str, Any]:
    space = UUID(place.key) if uuid_of(place.key) else NAMESPACE_URL
    return {**row, "id": uuid_of(str(row.get("id"))) or str(uuid5(space, f"{part} {number}"))}
