"""The shape of what leaves in Open Referral UK 3.0: one table that cleans, describes and lists.

Each kind of object has its properties with their types. ``clean`` lets nothing leave that is not
in the table: what others add to a record may be anybody's name or number. The API's description
and the columns of the tabular package are made from the same table. A few properties are of
HSDS 3, which the UK profile allows beside its own; named contacts, who may be volunteers, and
"attention", which names somebody, are not among them.
"""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from linkwork.exchange.oruk_values import EMAIL, uuid_of

Value = Any
OURS = "linkwork"
# What we say beyond the standard, made here and never taken from a feed.
WITH_OURS = frozenset({"service", "schedule"})
STATUSES = ("active", "inactive", "defunct", "temporarily closed")
PLACES = ("physical", "postal", "virtual")
FREQUENCIES = ("WEEKLY", "MONTHLY")
SAFE = "!$&'()*+,;=:@/?-._~%"
STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
PLAIN_URI = re.compile(
    r"https?://[A-Za-z0-9.-]+(?::[0-9]+)?(?:[/?][A-Za-z0-9\-._~/?=&+,;:@!$'()*]*)?"
)


@dataclass(frozen=True, slots=True)
class Property:
    """One property: its type (see ``FITTING``), or the kind of object it holds; ``many``: a list"""

    type: str
    many: bool = False

    @property
    def is_nested(self) -> bool:
        """Whether it holds objects of a kind and not a plain value."""
        return self.type in SHAPES


@dataclass(frozen=True, slots=True)
class Shape:
    """One kind of object: its properties by name, and those it cannot be without.

    ``file`` is the name of its file in the tabular package.
    """

    properties: Mapping[str, Property]
    required: tuple[str, ...]
    file: str


def _shape(file: str, required: str, **names: str) -> Shape:
    """A shape from words: ``text="name fees"`` are two texts, ``one="place=location"`` an object"""
    found = {"id": Property("uuid")}
    for type_, words in names.items():
        for word in words.split():
            name, _, kind = word.partition("=")
            found[name] = Property(kind or type_, type_ == "many")
    return Shape(found, ("id", *required.split()), file)


SHAPES: dict[str, Shape] = {
    "service": _shape(
        "services",
        "name status",
        text="name description fees accreditations eligibility_description alert",
        choice="status",
        uri="url",
        email="email",
        number="minimum_age maximum_age",
        date="assured_date",
        moment="last_modified",
        one="organization=organization",
        many="schedules=schedule service_areas=service_area "
        "service_at_locations=service_at_location languages=language funding=funding "
        "cost_options=cost_option phones=phone attributes=attribute",
    ),
    "organization": _shape(
        "organizations",
        "name description",
        text="name description",
        email="email",
        uri="website uri logo",
        uuid="parent_organization_id",
        many="organization_identifiers=organization_identifier attributes=attribute",
    ),
    "organization_identifier": _shape(
        "organization_identifiers",
        "identifier_type identifier",
        text="identifier_scheme identifier_type identifier",
    ),
    "service_at_location": _shape(
        "service_at_location",
        "",
        text="description",
        one="location=location service=service",
    ),
    "location": _shape(
        "locations",
        "location_type",
        choice="location_type",
        text="name description external_identifier external_identifier_type",
        number="latitude longitude",
        many="addresses=address accessibility=accessibility attributes=attribute",
    ),
    "address": _shape(
        "address",
        "address_1 city state_province postal_code country address_type",
        text="address_1 address_2 city region state_province postal_code country",
        choice="address_type",
    ),
    "accessibility": _shape("accessibility", "", text="description details", uri="url"),
    "schedule": _shape(
        "schedule",
        "",
        date="valid_from valid_to dtstart",
        choice="freq",
        number="interval",
        text="byday bymonthday description attending_type notes",
        time="opens_at closes_at",
        uri="schedule_link",
    ),
    "cost_option": _shape(
        "cost_options",
        "",
        date="valid_from valid_to",
        text="option amount_description currency",
        number="amount",
    ),
    "service_area": _shape(
        "service_areas", "", text="name service_area extent extent_type", uri="uri"
    ),
    "language": _shape("languages", "", text="name code"),
    "funding": _shape("funding", "", text="source"),
    "phone": _shape("phones", "number", text="number"),
    "attribute": _shape("attribute", "", text="link_type", one="taxonomy_term=taxonomy_term"),
    "taxonomy_term": _shape(
        "taxonomy_terms",
        "name description",
        text="name description taxonomy term",
        uuid="parent_id taxonomy_id",
        uri="term_uri",
    ),
    "taxonomy": _shape(
        "taxonomies",
        "name description",
        text="name description version",
        uri="uri",
        many="taxonomy_terms=taxonomy_term",
    ),
}
CHOICES = {
    "status": STATUSES,
    "location_type": PLACES,
    "address_type": PLACES,
    "freq": FREQUENCIES,
}


def clean(kind: str, values: Mapping[str, Value]) -> dict[str, Value] | None:
    """The object as it may leave, or None where it lacks what its kind must have.

    Nothing, empty lists, what does not fit its type, and what the table does not have are left
    out, but for what we say ourselves.
    """
    shape, found = SHAPES[kind], {}
    for name, value in values.items():
        known = shape.properties.get(name)
        if known is not None and value is not None:
            kept = _fit(known, name, value)
            if kept is not None and (kept != "" or name in shape.required):
                found[name] = kept
        elif name == OURS and kind in WITH_OURS and value:
            found[name] = value
    return found if all(name in found for name in shape.required) else None


def uri_of(words: str) -> str | None:
    """The address as a URI, with what a URI cannot hold written in per cent; None for no address.

    The same again for what is one already. Only addresses of the web: sites link to what they read.
    """
    if PLAIN_URI.fullmatch(words):
        return words
    try:
        parts = urlsplit(words)
        host = parts.netloc if parts.netloc.isascii() else parts.netloc.encode("idna").decode()
    except (UnicodeError, ValueError):
        return None
    if parts.scheme not in ("http", "https") or quote(host, safe=SAFE + "[]") != host:
        return None
    rest = (quote(STRAY_PERCENT.sub("%25", part), safe=SAFE) for part in parts[2:])
    return urlunsplit((parts.scheme, host, *rest))


def _fit(known: Property, name: str, value: Value) -> Value | None:
    if known.type == "choice":
        return value if value in CHOICES[name] else None
    if not known.is_nested:
        return FITTING[known.type](value)
    if not known.many:
        return clean(known.type, value) if isinstance(value, Mapping) else None
    listed = value if isinstance(value, list) else []
    rows = [clean(known.type, one) for one in listed if isinstance(one, Mapping)]
    return [row for row in rows if row] or None


def _text(value: Value) -> str | None:
    return value if isinstance(value, str) else None


def _number(value: Value) -> float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return value if is_number and math.isfinite(value) else None


def _email(value: Value) -> str | None:
    return value if isinstance(value, str) and EMAIL.fullmatch(value) else None


def _iso(read: Callable[[str], object]) -> Callable[[Value], str | None]:
    """Fits a text that ``read`` understands."""

    def fit(value: Value) -> str | None:
        try:
            read(value)
        except (TypeError, ValueError):
            return None
        return str(value)

    return fit


FITTING: dict[str, Callable[[Value], Value | None]] = {
    "text": _text,
    "uuid": lambda value: uuid_of(value) if isinstance(value, str) else None,
    "uri": lambda value: uri_of(value) if isinstance(value, str) else None,
    "email": _email,
    "number": _number,
    "date": _iso(date.fromisoformat),
    "time": _iso(time.fromisoformat),
    "moment": _iso(datetime.fromisoformat),
}
