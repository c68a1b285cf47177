"""One full service of Open Referral UK 3.0, read into the columns of our own tables.

Only ``id``, ``name`` and ``status`` can be relied on: without them a record is refused. Whatever
else cannot be used is left out with a warning, and what we have no column for is kept in ``raw``.
"""

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from linkwork.exchange import oruk_times
from linkwork.exchange.import_report import Quarantined
from linkwork.exchange.oruk_file import TooLarge
from linkwork.exchange.oruk_places import places
from linkwork.exchange.oruk_rest import rest
from linkwork.exchange.oruk_values import LINE, LONG, WORDS, Values, uuid_of
from linkwork.models import ServiceStatus

# Raised when records are read in another way, so that the next import reads them all again.
READING = 4
STATUSES = {status.value: status for status in ServiceStatus}
COLUMNS = frozenset(
    "id name description url email status fees minimum_age maximum_age assured_date alert "
    "last_modified organization schedules cost_options service_areas service_at_locations "
    "languages attributes linkwork".split()
)


class Unusable(Exception):
    """A record that cannot go in at all: which field, and why."""

    def __init__(self, field: str, reason: str, key: str | None = None) -> None:
        super().__init__(reason)
        self.field, self.reason, self.key = field, reason, key


@dataclass(slots=True)
class ServiceRecord:
    """A service as rows for our tables; ``service`` holds columns of the service itself."""

    position: int
    digest: str
    service: dict[str, Any]
    provider: dict[str, Any] | None
    places: list[dict[str, Any]]
    schedules: list[dict[str, Any]]
    costs: list[dict[str, Any]]
    areas: list[dict[str, Any]]
    terms: list[dict[str, Any]]
    extension: dict[str, Any]
    warnings: list[Quarantined] = field(default_factory=list)

    @property
    def key(self) -> str:
        """The identifier of the service."""
        key: str = self.service["key"]
        return key


def read(source: dict[str, Any] | TooLarge | None, position: int) -> ServiceRecord:
    """Read one record. Raises Unusable where it has no id, name or status, or is not one."""
    if source is None:
        raise Unusable("record", "is not an object.")
    if isinstance(source, TooLarge):
        raise Unusable("record", "holds more values than any service has.")
    warnings: list[Quarantined] = []
    key = _key(source)
    values = Values(
        source, lambda name, why: warnings.append(Quarantined(position, key, name, why))
    )
    name = _name(values, key)
    extension = source.get("linkwork")
    return ServiceRecord(
        position=position,
        digest=digest(source),
        service={"key": key, "name": name, "status": _status(values, key), **_columns(values)},
        provider=_provider(values),
        places=places(values, key),
        schedules=oruk_times.rows(values.objects("schedules")),
        costs=[cost for one in values.objects("cost_options") if (cost := _cost(one))],
        areas=[area for one in values.objects("service_areas") if (area := _area(one))],
        terms=_terms(values),
        extension=extension if isinstance(extension, dict) else {},
        warnings=warnings,
    )


def digest(source: dict[str, Any]) -> str:
    """A fingerprint of what a record says, whatever the order of its properties."""
    said = json.dumps(source, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(f"{READING} {said}".encode()).hexdigest()


def _key(source: dict[str, Any]) -> str:
    given = source.get("id")
    if given in (None, ""):
        raise Unusable("id", "is missing.")
    key = uuid_of(str(given).strip())
    if key is None:
        raise Unusable("id", f"“{str(given)[:60]}” is not a UUID.")
    return key


def _name(values: Values, key: str) -> str:
    given = values.values.get("name")
    if isinstance(given, str) and len(given.strip()) > LINE:
        raise Unusable("name", f"has more than {LINE} characters.", key)
    name = values.text("name", LINE)
    if name is None:
        raise Unusable("name", "is missing.", key)
    return " ".join(name.split())


def _status(values: Values, key: str) -> ServiceStatus:
    words = values.text("status", LINE)
    if words is None:
        raise Unusable("status", "is missing.", key)
    status = STATUSES.get(words.lower().replace("_", " "))
    if status is None:
        known = ", ".join(STATUSES)
        raise Unusable("status", f"“{words[:60]}” is not one of {known}.", key)
    return status


def _columns(values: Values) -> dict[str, Any]:
    youngest, oldest = values.age("minimum_age"), values.age("maximum_age")
    if youngest is not None and oldest is not None and youngest > oldest:
        values.warn("minimum_age", f"{youngest} is above the maximum age {oldest}.")
        youngest = oldest = None
    return {
        "description": values.text("description", LONG),
        "url": values.url("url"),
        "email": values.email("email"),
        "phone": _phone(values),
        "fees": values.text("fees", WORDS),
        "minimum_age": youngest,
        "maximum_age": oldest,
        "eligibility": values.text("eligibility_description", WORDS),
        "assured_on": values.day("assured_date"),
        "alert": values.text("alert", WORDS),
        "last_modified": values.moment("last_modified"),
        "languages": _languages(values),
        "raw": {
            **{name: value for name, value in values.values.items() if name not in COLUMNS},
            **rest(values.values),
        },
    }


def _phone(values: Values) -> str | None:
    phones = values.objects("phones")
    for contact in values.objects("contacts"):
        # A named contact may be a volunteer: their own number is not the activity's.
        if not contact.values.get("name"):
            phones += contact.objects("phones")
    numbers = (phone.phone("number") for phone in phones)
    return next((number for number in numbers if number), None)


def _languages(values: Values) -> list[str]:
    found = (
        one.text("name", LINE) or one.text("code", LINE) for one in values.objects("languages")
    )
    return list(dict.fromkeys(language for language in found if language))


def _provider(values: Values) -> dict[str, Any] | None:
    organisation = values.object("organization")
    name = organisation.text("name", LINE) if organisation else None
    if organisation is None or name is None:
        if organisation is not None and organisation.values:
            organisation.warn("name", "is missing: the organisation was left out.")
        return None
    return {
        "key": organisation.key("id") or str(uuid5(NAMESPACE_URL, f"provider {name.lower()}")),
        "name": name,
        "description": organisation.text("description", LONG),
        "url": organisation.url("url") or organisation.url("website"),
        "email": organisation.email("email"),
        "identifiers": [one.values for one in organisation.objects("organization_identifiers")],
    }


def _cost(one: Values) -> dict[str, Any] | None:
    option, more = one.text("option"), one.text("amount_description")
    if option and more and option.casefold() == more.casefold():
        more = None
    words = ", ".join(part for part in (option, more) if part) or None
    amount = one.amount("amount")
    if words is None and amount is None:
        return None
    currency = (one.text("currency", LINE) or "GBP").upper()
    return {
        "source_id": one.text("id", LINE),
        "option": words,
        "amount": amount,
        "currency": currency if len(currency) == 3 else None,
    }


def _area(one: Values) -> dict[str, Any] | None:
    name = one.text("name") or one.text("service_area")
    return {"source_id": one.text("id", LINE), "name": name} if name else None


def taxonomy_id(name: str | None, key: str | None) -> str | None:
    """The identifier of a taxonomy: its own, or one made of its name; None where it has neither."""
    if known := uuid_of(key or ""):
        return known
    said = key or name
    return str(uuid5(NAMESPACE_URL, f"taxonomy {said.lower()}")) if said else None


def _parent(term: Values, key: str) -> str | None:
    parent = term.key("parent_id")
    if parent == key:
        term.warn("parent_id", "is the word itself.")
        return None
    return parent


def _terms(values: Values) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for attribute in values.objects("attributes"):
        term = attribute.object("taxonomy_term")
        name = (term.text("name", WORDS) or term.text("term", WORDS)) if term else None
        if term is None or name is None:
            if term is not None and term.values:
                term.warn("name", "is missing: the word was left out.")
            continue
        taxonomy = term.text("taxonomy", LINE)
        key = term.key("id") or str(uuid5(NAMESPACE_URL, f"term {taxonomy} {name.lower()}"))
        found[key] = {
            "key": key,
            "name": name,
            "description": term.text("description"),
            "taxonomy": taxonomy,
            "taxonomy_key": taxonomy_id(taxonomy, term.text("taxonomy_id", LINE)),
            "parent_key": _parent(term, key),
            "attribute_key": attribute.text("id", LINE),
        }
    return list(found.values())
