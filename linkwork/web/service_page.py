"""The page of one activity: what it says first, and what its editors can do."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from linkwork import clock
from linkwork.access import Permission, may
from linkwork.casework import (
    schedule_words,
    service_checks,
    service_merges,
    service_remarks,
    service_words,
    services,
    timetables,
)
from linkwork.database import db
from linkwork.models import Location, Service, ServiceStatus, User
from linkwork.web.display import day
from linkwork.web.service_facts import label
from linkwork.web.service_list import row_of

TONES = {"fresh": "green", "ageing": "grey", "stale": "yellow", "never": "grey"}
CLOSED = {
    ServiceStatus.INACTIVE: "It is not running now.",
    ServiceStatus.DEFUNCT: "It has closed for good. Choose another activity.",
}


def of_service(service: Service, user: User, *, at: datetime) -> dict[str, Any]:
    """What the page of an activity shows."""
    row, today = row_of(service, None, at), clock.london(at).date()
    may_edit = may(user, Permission.EDIT_DIRECTORY)
    edited = sorted(service.edited_fields, key=label)
    return {
        "service": service,
        "row": row,
        "warnings": list(_warnings(service, today)),
        "for_whom": service_words.for_whom(service),
        "places": [_place(link.location) for link in service.places_at],
        "link": service.url if service_words.is_web_address(service.url or "") else None,
        "verified_by": db.session.get(User, service.verified_by_id or 0),
        "tone": TONES[row.checked.freshness],
        "may_edit": may_edit,
        "edited": [(name, label(name)) for name in edited] if may_edit else [],
        "doubt": timetables.why_doubted(service) if may_edit else "",
        "when": schedule_words.when(service, whole=True),
        "own_words": schedule_words.own_words(service),
        "not_read": timetables.not_read(service),
        "read_as": [schedule_words.times(one) for one in timetables.read_as(service)],
        "merges": service_merges.of_service(service) if may_edit else [],
        "remarks": service_remarks.of_service(service) if may_edit else [],
        "objections": service_checks.objections_to(service) if may_edit else [],
    }


def _warnings(service: Service, today: date) -> Iterator[str]:
    """What stands at the top: why nobody should be sent there now."""
    if not service.listed:
        yield "It is off the list: link workers do not find it."
    if services.has_ended(service, on=today) and service.ends_on:
        yield f"It ended on {day(service.ends_on)}."
    if service.status is ServiceStatus.TEMPORARILY_CLOSED:
        yield _closed_for_a_while(service, today)
    elif service.status in CLOSED:
        yield CLOSED[service.status]
    if service.opens_on and service.opens_on > today:
        yield f"It has not begun yet: it opens on {day(service.opens_on)}."


def _closed_for_a_while(service: Service, today: date) -> str:
    until = service.closed_until
    if until is None:
        return "It is closed for a while. When it opens again is not known."
    if until <= today:
        return f"It was to open again on {day(until)}. Ring before you send somebody."
    return f"It is closed for a while, and opens again on {day(until)}."


def _place(location: Location) -> tuple[str, str, bool]:
    """The address of a place, what is said of access there, and whether one can go there."""
    access = ", ".join(dict.fromkeys(location.accessibility))
    return service_words.address(location), access, bool(location.address or location.postcode)
