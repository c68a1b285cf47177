"""Services of Open Referral UK 1.0, turned into records of version 3.0.

The first version knows ``regular_schedules``, ``eligibilitys``, ``link_taxonomies`` and places
with ``physical_addresses``; it needs no status, and its identifiers are any text. What version 3.0
has no word for (``holiday_schedules``, ``attending_access`` ...) is left as it stands. A record of
version 3.0 passes through unchanged.
"""

from typing import Any

from linkwork.exchange.plain_ids import key_of

Record = dict[str, Any]
SCHEDULES = ("regular_schedules", "regular_schedule")
ELIGIBILITIES = ("eligibilitys", "eligibilities", "eligibility")
TAXONOMIES = ("link_taxonomies", "link_taxonomys", "service_taxonomys", "taxonomies", "taxonomys")
ADDRESSES = ("physical_addresses", "physical_address")
ACCESS = ("accessibility_for_disabilities", "accessibilities")
NAMES = (*SCHEDULES, *ELIGIBILITIES[:2], *TAXONOMIES[:3], "fundings")
SPOKEN_OF = frozenset((*NAMES, "holiday_schedules", "attending_access", "deliverable_type"))


def is_first_version(record: Record) -> bool:
    """Whether a service speaks the words of version 1.0."""
    return not SPOKEN_OF.isdisjoint(record) or any(
        not set(ADDRESSES).isdisjoint(location)
        for link in _objects(record, "service_at_locations")
        if isinstance(location := link.get("location"), dict)
    )


def third_version(record: Record, source: str) -> Record:
    """The same service as version 3.0 writes it. ``source`` is what its identifiers belong to."""
    turned = {name: value for name, value in record.items() if name not in _TURNED}
    turned |= _identity(record, source)
    lists = {
        "schedules": _schedules(record),
        "attributes": _attributes(record, source),
        "service_at_locations": _links(record, source),
        "languages": [_language(one) for one in _objects(record, "languages")],
        "funding": _objects(record, "funding", "fundings"),
    }
    turned |= {name: value for name, value in lists.items() if value}
    return turned | _eligible(record)


_TURNED = frozenset((*NAMES, *TAXONOMIES, *ELIGIBILITIES)) | frozenset(
    ("schedules", "attributes", "service_at_locations", "languages", "funding")
)


def _objects(record: Record, *names: str) -> list[Record]:
    """The objects under any of these names, whether in a list or alone."""
    found: list[Any] = []
    for name in names:
        value = record.get(name)
        found += [value] if isinstance(value, dict) else value if isinstance(value, list) else []
    return [one for one in found if isinstance(one, dict)]


def _identity(record: Record, source: str) -> Record:
    key = key_of(record.get("id"), "service", source)
    found: Record = {"id": key} if key else {}
    if key and key != record["id"]:
        found["id_at_source"] = record["id"]
    # Only version 3.0 asks for it, and what is not in use is not listed.
    if record.get("status") in (None, ""):
        found["status"] = "active"
    if isinstance(organization := record.get("organization"), dict):
        found["organization"] = _with_key(organization, "organization", source)
    return found


def _with_key(record: Record, kind: str, source: str) -> Record:
    key = key_of(record.get("id"), kind, source)
    return {**record, "id": key} if key else record


def _schedules(record: Record) -> list[Record]:
    regular = [_schedule(one) for one in _objects(record, *SCHEDULES)]
    return _objects(record, "schedules") + regular


def _schedule(one: Record) -> Record:
    turned = dict(one)
    weekday = turned.pop("weekday", None)
    if weekday and not turned.get("byday"):
        turned["byday"] = str(weekday)[:2].upper()
    if turned.get("byday") and not turned.get("freq"):
        turned["freq"] = "WEEKLY"
    return turned


def _attributes(record: Record, source: str) -> list[Record]:
    filed = [_attribute(one, "service", source) for one in _objects(record, *TAXONOMIES)]
    for eligibility in _objects(record, *ELIGIBILITIES):
        filed += [_attribute(o, "eligibility", source) for o in _objects(eligibility, *TAXONOMIES)]
    return _objects(record, "attributes") + [one for one in filed if one]


def _attribute(link: Record, kind: str, source: str) -> Record:
    given = link.get("taxonomy") or link.get("taxonomy_term")
    term = given if isinstance(given, dict) else link if link.get("name") else None
    if term is None:
        return {}
    turned = {name: value for name, value in term.items() if name not in ("id", "vocabulary")}
    turned |= {"taxonomy": term.get("vocabulary") or term.get("taxonomy")}
    turned |= _keys(term, source)
    return {
        "id": link.get("id"),
        "link_type": link.get("link_type") or kind,
        "taxonomy_term": turned,
    }


def _keys(term: Record, source: str) -> Record:
    keys = {name: key_of(term.get(name), "term", source) for name in ("id", "parent_id")}
    if keys["id"] and keys["id"] != term["id"]:
        keys["code"] = term["id"]
    return {name: key for name, key in keys.items() if key}


def _language(one: Record) -> Record:
    return {**one, "name": one["language"]} if one.get("language") and not one.get("name") else one


def _links(record: Record, source: str) -> list[Record]:
    links = []
    for link in _objects(record, "service_at_locations"):
        turned = {name: value for name, value in link.items() if name not in SCHEDULES}
        if schedules := _schedules(link):
            turned["schedules"] = schedules
        if isinstance(location := link.get("location"), dict):
            turned["location"] = _location(location, source)
        links.append(_with_key(turned, "service_at_location", source))
    return links


def _location(location: Record, source: str) -> Record:
    names = (*ADDRESSES, *ACCESS)
    turned = {name: value for name, value in location.items() if name not in names}
    turned.setdefault("location_type", "physical")
    addresses = [{"address_type": "physical", **one} for one in _objects(location, *ADDRESSES)]
    lists = {
        "addresses": _objects(location, "addresses") + addresses,
        "accessibility": _objects(location, "accessibility")
        + [_access(one) for one in _objects(location, *ACCESS)],
    }
    turned |= {name: value for name, value in lists.items() if value}
    return _with_key(turned, "location", source)


def _access(one: Record) -> Record:
    return {**one, "description": one.get("description") or one.get("accessibility")}


def _eligible(record: Record) -> Record:
    """Ages and words of everybody it is for: an age is a limit only where each of them has one."""
    groups = _objects(record, *ELIGIBILITIES)
    found: Record = {}
    for name, furthest in (("minimum_age", min), ("maximum_age", max)):
        ages = [_age(group.get(name)) for group in groups]
        if groups and None not in ages and record.get(name) in (None, ""):
            found[name] = furthest(age for age in ages if age is not None)
    words = [str(one["eligibility"]).strip() for one in groups if one.get("eligibility")]
    said = record.get("eligibility")
    words += [said.strip()] if isinstance(said, str) else []
    if words and not record.get("eligibility_description"):
        found["eligibility_description"] = "; ".join(dict.fromkeys(words))
    return found


def _age(value: Any) -> float | None:
    try:
        age = float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return age if 0 <= age < 1000 else None
