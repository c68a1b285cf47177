"""Where a service of Open Referral UK happens: locations, with their coordinates made sense of."""

from typing import Any
from uuid import UUID, uuid5

from linkwork import geography
from linkwork.exchange.oruk_values import LINE, Values

# Around the British Isles, in degrees: enough to tell a latitude from a longitude.
LATITUDES, LONGITUDES = (49.0, 61.5), (-9.0, 2.5)
PARTS_OF_AN_ADDRESS = ("attention", "address_1", "address_2")
OURS = frozenset({"id", "name", "location_type", "latitude", "longitude"})


def places(service: Values, service_key: str) -> list[dict[str, Any]]:
    """The locations as columns, each with ``link_key``, the identifier of service at location."""
    found: dict[str, dict[str, Any]] = {}
    for number, link in enumerate(service.objects("service_at_locations")):
        location = link.object("location")
        if location is None:
            continue
        row = _location(location, _key(location, service_key, "location", number))
        row["link_key"] = _key(link, service_key, "service_at_location", number)
        found.setdefault(row["key"], row)
    return list(found.values())


def _key(values: Values, service_key: str, kind: str, number: int) -> str:
    # Made up the same way each time, so that importing twice finds it again.
    return values.key("id") or str(uuid5(UUID(service_key), f"{kind} {number}"))


def _location(location: Values, key: str) -> dict[str, Any]:
    addresses = location.objects("addresses")
    address = addresses[0] if addresses else Values({}, location.warn)
    postcode = _postcode(address)
    latitude, longitude = _coordinates(location)
    centre = geography.place_of(postcode) if latitude is None else None
    return {
        "key": key,
        "name": location.text("name", LINE),
        "location_type": location.text("location_type", LINE),
        "latitude": centre.latitude if centre else latitude,
        "longitude": centre.longitude if centre else longitude,
        "is_approximate": centre is not None,
        "address": _lines(address),
        "city": address.text("city", LINE),
        "postcode": postcode,
        "accessibility": _accessibility(location),
        "raw": {name: value for name, value in location.values.items() if name not in OURS},
    }


def _lines(address: Values) -> str | None:
    parts = [address.text(name, LINE) for name in PARTS_OF_AN_ADDRESS[1:]]
    return ", ".join(part for part in parts if part) or None


def _postcode(address: Values) -> str | None:
    words = address.text("postal_code", LINE)
    normal = geography.normal_postcode(words)
    if words and normal is None:
        address.warn("postal_code", f"“{words[:20]}” is not a UK postcode.")
    return normal


def _accessibility(location: Values) -> list[str]:
    words = (part.text("description") for part in location.objects("accessibility"))
    return list(dict.fromkeys(word for word in words if word))


def _coordinates(location: Values) -> tuple[float | None, float | None]:
    latitude, longitude = location.number("latitude"), location.number("longitude")
    if latitude is None or longitude is None:
        return None, None
    if not latitude and not longitude:
        return None, None
    north, east = float(latitude), float(longitude)
    if _within(east, LATITUDES) and _within(north, LONGITUDES):
        location.warn("latitude", "latitude and longitude were the wrong way round.")
        north, east = east, north
    if _within(north, LATITUDES) and _within(east, LONGITUDES):
        return north, east
    location.warn("latitude", f"{north}, {east} is not a place in the United Kingdom.")
    return None, None


def _within(degrees: float, limits: tuple[float, float]) -> bool:
    return limits[0] <= degrees <= limits[1]
