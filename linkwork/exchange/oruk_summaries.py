"""Services as the lists of Open Referral UK 3.0 show them: what a service says of itself, no more.

Made from rows of ``public_services.SUMMARY`` and not from whole records: a page of a list is what
feeds ask for most.
"""

from datetime import date, datetime
from typing import Any

from linkwork import clock
from linkwork.casework.public_services import AS_IT_IS
from linkwork.exchange.oruk_out import modified_at, written
from linkwork.exchange.oruk_place_out import summary as of_place
from linkwork.exchange.oruk_shape import clean, uri_of
from linkwork.models import ServiceAtLocation

Record = dict[str, Any]


def service(row: Any) -> Record:
    """A service of a list, with the organisation that provides it."""
    found: Record = {"id": row.key}
    for name, value in zip(AS_IT_IS, row, strict=False):
        if value is not None and value != "":
            found[name] = value
    if row.url and (url := uri_of(row.url)):
        found["url"] = url
    if row.eligibility:
        found["eligibility_description"] = row.eligibility
    if days := [day for day in (row.assured_on, _day(row.verified_at)) if day]:
        found["assured_date"] = max(days).isoformat()
    if modified := modified_at(row):
        found["last_modified"] = written(modified)
    if row.provider_key:
        found["organization"] = _organization(row)
    return found


def _day(moment: datetime | None) -> date | None:
    return clock.london(moment).date() if moment else None


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
