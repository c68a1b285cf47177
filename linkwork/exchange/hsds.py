"""Services of HSDS 3.x, the standard that Open Referral UK 3.0 is a profile of, and its own habits.

Where the profile says a thing on the service, HSDS may say it on the service at a location, or
have a fuller word for it. Feeds that list organisations have their services within them.
"""

from collections.abc import Iterator
from typing import Any

Record = dict[str, Any]
LIFTED = ("schedules", "phones", "contacts", "service_areas")
OF_ITS_OWN = frozenset(("status", "service_at_locations", "organization", "schedules"))


def services_of(record: Record) -> Iterator[Record]:
    """The services of an organisation, each with the organisation; a service gives itself."""
    services = record.get("services")
    if not isinstance(services, list) or not OF_ITS_OWN.isdisjoint(record):
        yield record
        return
    organization = {name: value for name, value in record.items() if name != "services"}
    for service in services:
        if isinstance(service, dict):
            yield {"organization": organization, **service}


def profiled(record: Record) -> Record:
    """The same service in the words of the UK profile. What it has no word for stays."""
    turned = dict(record)
    if not turned.get("fees") and turned.get("fees_description"):
        turned["fees"] = turned.pop("fees_description")
    locations = turned.get("locations")
    if isinstance(locations, list) and "service_at_locations" not in turned:
        turned["service_at_locations"] = [{"location": one} for one in turned.pop("locations")]
    for link in _objects(turned.get("service_at_locations")):
        _lift(turned, link)
    if isinstance(turned.get("attributes"), list):
        turned["attributes"] = [_attribute(one) for one in turned["attributes"]]
    return turned


def _objects(value: Any) -> list[Record]:
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _lift(service: Record, link: Record) -> None:
    """Bring what is said of a service at a place up to the service, unless it is there already."""
    for name in LIFTED:
        said = service.get(name)
        below = _objects(link.get(name))
        if below and (said is None or isinstance(said, list)):
            there = said or []
            service[name] = [*there, *(one for one in below if one not in there)]


def _attribute(attribute: Any) -> Any:
    term = attribute.get("taxonomy_term") if isinstance(attribute, dict) else None
    if not isinstance(term, dict) or term.get("taxonomy"):
        return attribute
    detail = term.get("taxonomy_detail")
    name = detail.get("name") if isinstance(detail, dict) else None
    return {**attribute, "taxonomy_term": {**term, "taxonomy": name}} if name else attribute
