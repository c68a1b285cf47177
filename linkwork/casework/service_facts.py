"""What an entry of the directory says, field by field, as plain values that JSON holds.

One way to write a field down and one to set it again serves the form, the history, what is put
back, and merging. A field is a column of the service, or one of its parts: its sessions, costs,
places, terms, areas, or who provides it. Days and times are ISO texts, amounts decimal texts.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, time
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from linkwork import geography
from linkwork.casework import providers
from linkwork.database import Record, db
from linkwork.models import (
    CostOption,
    Location,
    Provider,
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
    ServiceTerm,
    TaxonomyTerm,
)

COLUMNS = tuple(
    "name description url email phone status fees minimum_age maximum_age eligibility alert kind "
    "needs audience gender referral_route channels languages places capacity_status opens_on "
    "ends_on closed_until listed co_produced_by delivered_by".split()
)
ROWS: dict[str, type[Record]] = {
    "schedules": Schedule,
    "costs": CostOption,
    "areas": ServiceArea,
}
PARTS = ("provider", "places_at", *ROWS, "terms")
FIELDS = (*COLUMNS, *PARTS)
NOT_SAID = frozenset({"id", "created_at", "service_id"})
PLACE = tuple(
    "name location_type address city postcode latitude longitude is_approximate "
    "accessibility".split()
)


def plain(service: Service, name: str) -> Any:
    """What a field of this service says. Raises KeyError for a name that is no field."""
    if name in COLUMNS:
        return said(getattr(service, name))
    if name in ROWS:
        return [row_said(row) for row in getattr(service, name)]
    return {"provider": _provider, "places_at": _places, "terms": _terms}[name](service)


def said(value: Any) -> Any:
    """One value as JSON holds it; an empty text or list is None or []."""
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    if isinstance(value, list | tuple | set):
        return list(value)
    return None if value == "" else value


def row_said(row: Record) -> dict[str, Any]:
    """What a session, a cost or an area says, without what is empty."""
    names = [column.name for column in row.__table__.columns if column.name not in NOT_SAID]
    values = {name: said(getattr(row, name)) for name in names}
    return {name: value for name, value in values.items() if value not in (None, [], {}, False)}


def differs(one: Any, other: Any) -> bool:
    """Whether two plain values say something else; the order of a list of codes says nothing."""
    if isinstance(one, list) and isinstance(other, list):
        if all(isinstance(word, str) for word in (*one, *other)):
            return bool(sorted(one) != sorted(other))
        return bool([_seen(row) for row in one] != [_seen(row) for row in other])
    if isinstance(one, dict) and isinstance(other, dict):
        return bool(_seen(one) != _seen(other))
    return bool(one != other)


def put(service: Service, name: str, value: Any) -> None:
    """Let a field say this plain value. Raises KeyError for a name that is no field."""
    if name in COLUMNS:
        setattr(service, name, _real(Service, name, value))
    elif name in ROWS:
        _put_rows(service, name, value)
    else:
        PUTS[name](service, value)


def _seen(row: Any) -> Any:
    if not isinstance(row, Mapping):
        return row
    return {name: value for name, value in row.items() if value not in (None, [], "", False)}


def _provider(service: Service) -> dict[str, str] | None:
    by = service.provider
    return {"key": by.key, "name": by.name} if by else None


def _places(service: Service) -> list[dict[str, Any]]:
    return [place_said(link) for link in service.places_at]


def place_said(link: ServiceAtLocation) -> dict[str, Any]:
    """What is said of a place, with the key of its location and of the link to it."""
    place = link.location
    values = {name: said(getattr(place, name)) for name in PLACE}
    kept = {name: value for name, value in values.items() if value not in (None, [], False)}
    return {"key": place.key, "link_key": link.key, **kept}


def _terms(service: Service) -> list[dict[str, Any]]:
    return [
        {"key": link.term.key, "name": link.term.name, "attribute_key": link.attribute_key}
        for link in service.terms
    ]


def _real(model: type[Record], name: str, value: Any) -> Any:
    """A plain value as the column of a table holds it."""
    column: Any = model.__table__.c[name]
    kind = column.type.python_type
    if value is None or value == "":
        return [] if kind in (dict, list) and not column.nullable else None
    if issubclass(kind, date | time):
        return kind.fromisoformat(value) if isinstance(value, str) else value
    if issubclass(kind, Decimal | StrEnum):
        return kind(value)
    return list(value) if isinstance(value, list | tuple) else value


def _put_rows(service: Service, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
    setattr(service, name, [row_of(name, row) for row in rows])


def row_of(name: str, row: Mapping[str, Any]) -> Any:
    """A session, a cost or an area as a record of no service yet."""
    model = ROWS[name]
    known = {column.name for column in model.__table__.columns} - NOT_SAID
    return model(**{key: _real(model, key, value) for key, value in row.items() if key in known})


def _put_provider(service: Service, value: Mapping[str, str] | None) -> None:
    if value is None:
        service.provider = None
        return
    found = providers.of_key(value["key"]) if value.get("key") else None
    service.provider = found or Provider(name=value["name"], identifiers=[])


def _put_places(service: Service, rows: Sequence[Mapping[str, Any]]) -> None:
    """Link the places again. One that says something new is a place of its own from now on: that
    of a feed is shared with the feed's other services, and the feed would write over it.
    """
    links = {link.location.key: link for link in service.places_at}
    made: list[ServiceAtLocation] = []
    for row in rows:
        location = _location(row)
        if any(location is link.location for link in made):
            continue
        link = links.get(str(row.get("key")))
        if link is None or link in made:
            link = ServiceAtLocation()
        link.location = location
        made.append(link)
    service.places_at = made


def _location(row: Mapping[str, Any]) -> Location:
    found = db.session.scalar(select(Location).where(Location.key == row.get("key")))
    values = {name: row.get(name) for name in PLACE}
    if found is not None and not differs(
        _seen({name: said(getattr(found, name)) for name in PLACE}), _seen(values)
    ):
        return found
    values["postcode"] = geography.normal_postcode(values["postcode"]) or values["postcode"]
    if found is None or found.postcode != values["postcode"]:
        values |= _whereabouts(values)
    values["is_approximate"] = bool(values["is_approximate"])
    return Location(**{**values, "accessibility": values["accessibility"] or []})


def _whereabouts(values: Mapping[str, Any]) -> dict[str, Any]:
    """Where a postcode is: as nearly as is known, unless the value says where itself."""
    if values.get("latitude") is not None:
        return {}
    centre = geography.place_of(values["postcode"]) if values["postcode"] else None
    if centre is None:
        return {}
    return {"latitude": centre.latitude, "longitude": centre.longitude, "is_approximate": True}


def _put_terms(service: Service, rows: Sequence[Mapping[str, Any]]) -> None:
    kept = {link.term.key: link for link in service.terms}
    keys = list(dict.fromkeys(row["key"] for row in rows))
    found = select(TaxonomyTerm).where(TaxonomyTerm.key.in_(keys))
    terms = {term.key: term for term in db.session.scalars(found)}
    files = {row["key"]: row.get("attribute_key") for row in rows}
    service.terms = [
        kept.get(key) or ServiceTerm(term=terms[key], attribute_key=files[key])
        for key in keys
        if key in terms
    ]


PUTS: dict[str, Callable[[Service, Any], None]] = {
    "provider": _put_provider,
    "places_at": _put_places,
    "terms": _put_terms,
}
