"""Where a service of Open Referral UK happens: locations, with their coordinates made sense of."""

from typing import Any
from uuid import UUID, uuid5

from linkwork import geography
from linkwork.exchange.oruk_values import LINE, Values
from linkwork.geography import Place

# Around the British Isles, in degrees: enough to tell a latitude from a longitude.
LATITUDES, LONGITUDES = (49.0, 61.5), (-9.0, 2.5)
PARTS_OF_AN_ADDRESS = ("attention", "address_1", "address_2")
# Further than any outward code reaches from its centre.
FARTHEST_KM = 75
OURS = frozenset({"id", "name", "location_type", "latitude", "longitude"})


def places(service: Values, service_key: str) -> list[dict[str, Any]]:
    """The locations as columns, each with ``link_key``, the identifier of service at location."""
    found: dict[str, dict[str, Any]] = {}
    for number, link in enumerate(service.objects("service_at_locations")):
        location = link.object("location")
        if location is None or _is_nowhere(location):
            continue
        row = _location(location, _key(location, service_key, "location", number))
        row["link_key"] = _key(link, service_key, "service_at_location", number)
        found.setdefault(row["key"], row)
    return list(found.values())


def _is_nowhere(location: Values) -> bool:
    """Whether nothing is said of a place but what it is called in another table."""
    if {name for name, value in location.values.items() if value} == {"id"}:
        location.warn("id", "names a place of which nothing else is said.")
        return True
    return False


def _key(values: Values, service_key: str, kind: str, number: int) -> str:
    # Made up the same way each time, so that importing twice finds it again.
    return values.key("id") or str(uuid5(UUID(service_key), f"{kind} {number}"))


def _location(location: Values, key: str) -> dict[str, Any]:
    addresses = location.objects("addresses")
    address = addresses[0] if addresses else Values({}, location.warn)
    postcode = _postcode(address)
    centre = geography.place_of(postcode)
    there = _coordinates(location, centre, postcode)
    place = there or centre
    return {
        "key": key,
        "name": location.text("name", LINE),
        "location_type": location.text("location_type", LINE),
        "latitude": place.latitude if place else None,
        "longitude": place.longitude if place else None,
        "is_approximate": there is None and _is_a_centre(postcode, centre),
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


def _is_a_centre(postcode: str | None, place: Place | None) -> bool:
    return place is not None and geography.exact_place_of(postcode) is None


def _coordinates(location: Values, centre: Place | None, postcode: str | None) -> Place | None:
    latitude, longitude = location.number("latitude"), location.number("longitude")
    if latitude is None or longitude is None or not (latitude or longitude):
        return None
    north, east = float(latitude), float(longitude)
    if _within(east, LATITUDES) and _within(north, LONGITUDES):
        location.warn("latitude", "latitude and longitude were the wrong way round: put right.")
        north, east = east, north
    place, said = Place(north, east), f"{north}, {east}"
    if not (_within(north, LATITUDES) and _within(east, LONGITUDES)):
        location.warn("latitude", f"{said} is not a place in the United Kingdom: left out.")
    elif not geography.is_near_land(place):
        location.warn("latitude", f"{said} is in the sea or in another country: left out.")
    elif centre and (far := geography.distance_km(place, centre)) > FARTHEST_KM:
        why = f"{said} is {far:.0f} km from the postcode {postcode}: the postcode was believed."
        location.warn("latitude", why)
    else:
        return place
    return None


def _within(degrees: float, limits: tuple[float, float]) -> bool:
    return limits[0] <= degrees <= limits[1]
