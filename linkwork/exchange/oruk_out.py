"""Services as full records of Open Referral UK 3.0: the inverse of ``exchange.oruk``.

What is empty is left out, except what the standard insists on, which is then an empty text. What
we know beyond the standard stands under ``linkwork``. What a source said beyond the standard never
leaves, nor do contacts, who may be volunteers, nor coordinates that are only the middle of a
postcode district. What has no identifier gets one that is made up the same way each time.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import Select
from sqlalchemy.orm import joinedload, selectinload, undefer
from sqlalchemy.orm.interfaces import ORMOption

from linkwork import clock
from linkwork.database import db
from linkwork.exchange import oruk_times_out
from linkwork.exchange.oruk import taxonomy_id
from linkwork.exchange.oruk_place_out import location
from linkwork.exchange.oruk_rest import PARTS as PARTS_WITH_REST
from linkwork.exchange.oruk_shape import SHAPES, clean
from linkwork.exchange.oruk_values import uuid_of
from linkwork.models import (
    CostOption,
    Provider,
    Service,
    ServiceAtLocation,
    ServiceTerm,
    TaxonomyTerm,
)

Record = dict[str, Any]
AT_ONCE = 200
# What a full record is made of, brought by one query for each part, however many services.
PARTS: tuple[ORMOption, ...] = (
    undefer(Service.raw),
    joinedload(Service.provider),
    selectinload(Service.places_at).joinedload(ServiceAtLocation.location),
    selectinload(Service.schedules),
    selectinload(Service.costs),
    selectinload(Service.areas),
    selectinload(Service.terms).joinedload(ServiceTerm.term),
)
# Of what a source said beyond our columns, its own properties that the standard names: the rest,
# such as unused columns of a spreadsheet, is kept and never leaves.
SPREAD = frozenset(SHAPES["service"].properties) - PARTS_WITH_REST - {"phones"}
OUR_OWN = (
    "kind needs audience gender referral_route channels places capacity_status "
    "capacity_confirmed_at verified_at opens_on ends_on closed_until co_produced_by delivered_by"
).split()
INSIDE = frozenset({"co_produced_by", "delivered_by"})


def full(service: Service) -> Record:
    """The full record of a service, valid by the official schemas."""
    raw = service.raw or {}
    record = {
        **{name: value for name, value in raw.items() if name in SPREAD},
        **_facts(service),
        "organization": organization(service.provider, raw.get("organization", {})),
        "service_at_locations": [
            {**_rest(raw, "service_at_locations", link.key), **at_location(link)}
            for link in service.places_at
        ],
        "schedules": [
            _part(service, "schedules", n, one.source_id, **oruk_times_out.said(service, one))
            for n, one in enumerate(service.schedules)
        ],
        "cost_options": [_cost(service, n, one) for n, one in enumerate(service.costs)],
        "service_areas": [
            _part(service, "service_areas", n, one.source_id, name=one.name, service_area=one.name)
            for n, one in enumerate(service.areas)
        ],
        "languages": [
            {"id": _made_up(service, f"language {name}"), "name": name}
            for name in service.languages
        ],
        "attributes": [_attribute(service, one) for one in service.terms],
        "linkwork": _our_own(service),
    }
    if service.phone:
        record["phones"] = [{"id": _made_up(service, "phone"), "number": service.phone}]
    return _sure("service", record)


def published(service: Service) -> Record:
    """The full record as others follow it: with the moment it last changed here or at its source.

    Files keep the moment of the source alone, so that they come in again as they went out. Who
    delivers an activity may be somebody's name: that is told inside alone.
    """
    record, modified = full(service), modified_at(service)
    if "schedules" in record:
        record["schedules"] = oruk_times_out.published(service, record["schedules"])
    if "linkwork" in record:
        said = record["linkwork"].items()
        record["linkwork"] = {name: value for name, value in said if name not in INSIDE}
    return {**record, "last_modified": written(modified)} if modified else record


def service_at_location(link: ServiceAtLocation, of_it: Service) -> Record:
    """A service at one location, in full."""
    service = {k: v for k, v in published(of_it).items() if k != "service_at_locations"}
    return _sure("service_at_location", {**at_location(link), "service": service})


def taxonomy(key: str, name: str, terms: Sequence[TaxonomyTerm] = ()) -> Record:
    """A taxonomy, of which feeds say no more than its name, with these of its terms."""
    said = {"id": key, "name": name or key, "description": name}
    return _sure("taxonomy", {**said, "taxonomy_terms": [term(one) for one in terms]})


def published_term(found: TaxonomyTerm) -> Record:
    """A term of a taxonomy by itself."""
    return _sure("taxonomy_term", term(found))


def records(services: Select[Any]) -> Iterator[Record]:
    """The full records of the services of a query, in the order they came to us."""
    return (full(service) for service in whole(services))


def whole(services: Select[Any]) -> Iterator[Service]:
    """The services of a query with all their parts, in the order they came to us.

    A few hundred are held at a time, and as many cost the same few queries.
    """
    last = 0
    while True:
        some = services.where(Service.id > last).order_by(Service.id).limit(AT_ONCE)
        found = db.session.scalars(some.options(*PARTS)).unique().all()
        if not found:
            return
        last = found[-1].id
        yield from found


def organization(provider: Provider | None, rest: Mapping[str, Any] | None = None) -> Record | None:
    """The organisation that provides a service."""
    if provider is None:
        return None
    return {
        **(rest or {}),
        "id": provider.key,
        "name": provider.name,
        "description": provider.description or "",
        "email": provider.email,
        "website": provider.url,
        "organization_identifiers": [
            {
                **one,
                "id": uuid_of(str(one.get("id"))) or _made_up(provider, f"identifier {number}"),
            }
            for number, one in enumerate(provider.identifiers)
        ],
    }


def at_location(link: ServiceAtLocation) -> Record:
    """That a service happens at a location, with the location."""
    return {"id": link.key, "location": location(link.location)}


def term(found: TaxonomyTerm) -> Record:
    """A term of a taxonomy."""
    return {
        "id": found.key,
        "name": found.name,
        "description": found.description or "",
        "parent_id": found.parent_key,
        "taxonomy": found.taxonomy,
        "taxonomy_id": taxonomy_id(found.taxonomy, found.taxonomy_key),
        "term": found.name,
    }


def modified_at(service: Any) -> datetime | None:
    """When a service last changed, at its source or here: a row or a record of Service."""
    moments = (service.last_modified, service.changed_at or service.created_at)
    return max((at for at in moments if at), default=None)


def written(moment: datetime) -> str:
    """A moment as the standard writes it: UTC, to the thousandth of a second."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")[: -len("+00:00")] + "Z"


def _facts(service: Service) -> Record:
    """What a service says of itself, in the names of the standard."""
    checked = [service.assured_on, _day(service.verified_at)]
    return {
        "id": service.key,
        "name": service.name,
        "status": service.status.value,
        "description": service.description,
        "url": service.url,
        "email": service.email,
        "fees": service.fees,
        "minimum_age": service.minimum_age,
        "maximum_age": service.maximum_age,
        "eligibility_description": service.eligibility,
        "assured_date": _iso(max((day for day in checked if day), default=None)),
        "alert": service.alert,
        "last_modified": service.last_modified and written(service.last_modified),
    }


def _cost(service: Service, number: int, one: CostOption) -> Record:
    said = {"option": one.option, "amount": _number(one.amount), "currency": one.currency}
    return _part(service, "cost_options", number, one.source_id, **said)


def _attribute(service: Service, link: ServiceTerm) -> Record:
    made_up = _made_up(service, f"attribute {link.term.key}")
    rest = dict(_rest(service.raw, "attributes", link.attribute_key))
    of_term = rest.pop("taxonomy_term", {})
    return {
        **rest,
        "id": uuid_of(link.attribute_key or "") or made_up,
        "taxonomy_term": {**term(link.term), **of_term},
    }


def _part(service: Service, part: str, number: int, given: str | None, **said: Any) -> Record:
    """One row of a part, with what its source said beside; ``given`` is its identifier there."""
    key = uuid_of(given or "") or _made_up(service, f"{part} {number}")
    return {**_rest(service.raw, part, given), "id": key, **said}


def _rest(raw: Mapping[str, Any] | None, part: str, given: str | None) -> Record:
    found = (raw or {}).get(part)
    kept = found.get(uuid_of(given or "")) if isinstance(found, dict) else None
    return kept if isinstance(kept, dict) else {}


def _our_own(service: Service) -> Record:
    said = {name: getattr(service, name) for name in OUR_OWN}
    return {
        name: written(value) if isinstance(value, datetime) else _plain(value)
        for name, value in said.items()
        if value not in (None, "", [])
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _made_up(owner: Service | Provider, what: str) -> str:
    space = UUID(owner.key) if uuid_of(owner.key) else NAMESPACE_URL
    return str(uuid5(space, what))


def _sure(kind: str, record: Record) -> Record:
    made = clean(kind, record)
    if made is None:
        raise ValueError(f"{kind} {record['id']} lacks what it must have")
    return made


def _day(moment: datetime | None) -> date | None:
    return clock.london(moment).date() if moment else None


def _iso(value: Any) -> str | None:
    return None if value is None else str(value.isoformat())


def _number(amount: Decimal | None) -> float | None:
    if amount is None:
        return None
    return int(amount) if amount == int(amount) else float(amount)
