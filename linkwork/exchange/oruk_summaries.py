"""Services as the lists of Open Referral UK 3.0 show them: what a service says of itself, no more.

Made from rows of ``public_services.SUMMARY`` and not from whole records: a page of a list is what
feeds ask for most.
"""

from typing import Any

from linkwork import clock
from linkwork.exchange.oruk_out import modified_at, written
from linkwork.exchange.oruk_place_out import summary as of_place
from linkwork.exchange.oruk_shape import clean, uri_of
from linkwork.models import ServiceAtLocation

Record = dict[str, Any]


def service(row: Any) -> Record:
    """A service of a list, with the organisation that provides it."""
    checked = clock.london(row.verified_at).date() if row.verified_at else None
    days = [day for day in (row.assured_on, checked) if day]
    modified = modified_at(row)
    said = {
        "id": row.key,
        "name": row.name,
        "description": row.description,
        "url": uri_of(row.url) if row.url else None,
        "email": row.email,
        "status": row.status.value,
        "fees": row.fees,
        "minimum_age": row.minimum_age,
        "maximum_age": row.maximum_age,
        "eligibility_description": row.eligibility,
        "assured_date": max(days).isoformat() if days else None,
        "alert": row.alert,
        "last_modified": written(modified) if modified else None,
    }
    found = {name: value for name, value in said.items() if value is not None and value != ""}
    if row.provider_key:
        found["organization"] = _organization(row)
    return found


def at_location(link: ServiceAtLocation, row: Any) -> Record:
    """A service at a location of a list: both in short."""
    place = clean("location", of_place(link.location)) or {}
    return {"id": link.key, "location": place, "service": service(row)}


def _organization(row: Any) -> Record:
    said = {
        "id": row.provider_key,
        "name": row.provider_name,
        "email": row.provider_email,
        "website": uri_of(row.provider_url) if row.provider_url else None,
    }
    found = {name: value for name, value in said.items() if value}
    return {**found, "description": row.provider_description or ""}
