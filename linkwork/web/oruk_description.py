"""What the public API says of itself: an OpenAPI 3.1 document made from what there is.

Parameters come from the table that reads them, schemas from the table that cleans what leaves; the
operations are listed here, and a test holds them to the routes.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from linkwork import __version__
from linkwork.exchange.oruk_shape import CHOICES, SHAPES, Property
from linkwork.web.oruk_answers import JSON, PROBLEM
from linkwork.web.oruk_parameters import (
    FILTERS,
    OF_SERVICES,
    OF_TERMS,
    PAGING,
    PARAMETERS,
)

Document = dict[str, Any]
TYPES: Mapping[str, Document] = {
    "text": {"type": "string"},
    "choice": {"type": "string"},
    "uuid": {"type": "string", "format": "uuid"},
    "uri": {"type": "string", "format": "uri"},
    "email": {"type": "string", "format": "email"},
    "number": {"type": "number"},
    "date": {"type": "string", "format": "date"},
    "time": {"type": "string"},
    "moment": {"type": "string", "format": "date-time"},
}
ENVELOPE: Mapping[str, Document] = {
    "total_items": {"type": "integer", "description": "How many there are on all pages."},
    "total_pages": {"type": "integer", "minimum": 1},
    "page_number": {"type": "integer", "minimum": 1},
    "size": {"type": "integer", "description": "How many are on this page."},
    "first_page": {"type": "boolean"},
    "last_page": {"type": "boolean"},
    "empty": {"type": "boolean"},
}
INFORMATION: Document = {
    "type": "object",
    "required": ["version", "profile", "openapi_url"],
    "properties": {
        "version": {"type": "string", "description": "The version of the standard."},
        "profile": {"type": "string", "format": "uri"},
        "openapi_url": {"type": "string", "format": "uri"},
    },
}
PROBLEM_DETAILS: Document = {
    "type": "object",
    "required": ["title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "parameter": {"type": "string"},
                    "reason": {"type": "string"},
                },
            },
        },
    },
}


@dataclass(frozen=True, slots=True)
class Operation:
    """One address: what it gives, what it may be asked, and the schema of its answer."""

    path: str
    name: str
    summary: str
    gives: str
    parameters: tuple[str, ...] = ()
    is_list: bool = False


OPERATIONS: tuple[Operation, ...] = (
    Operation("/", "index", "What this API is.", "information"),
    Operation("/services", "services", "Services, in short.", "service", OF_SERVICES, True),
    Operation("/services/{id}", "service", "One service, in full.", "service"),
    Operation(
        "/service_at_locations",
        "service_at_locations",
        "Services at each of their places, in short.",
        "service_at_location",
        (*PAGING, *FILTERS),
        True,
    ),
    Operation(
        "/service_at_locations/{id}",
        "service_at_location",
        "One service at one place, in full.",
        "service_at_location",
    ),
    Operation("/taxonomies", "taxonomies", "The taxonomies in use.", "taxonomy", PAGING, True),
    Operation("/taxonomies/{id}", "taxonomy", "One taxonomy with its terms.", "taxonomy"),
    Operation(
        "/taxonomy_terms", "taxonomy_terms", "The terms in use.", "taxonomy_term", OF_TERMS, True
    ),
    Operation("/taxonomy_terms/{id}", "taxonomy_term", "One term.", "taxonomy_term"),
)

BEYOND = {
    "service": "What we know beyond the standard: needs, room, when it was checked.",
    "schedule": "What it depends on: by appointment, in term time only, and when it is closed.",
}


def document(root: str) -> Document:
    """The OpenAPI document of the API served at ``root``."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Linkwork directory",
            "version": __version__,
            "summary": "Activities of the social prescribing directory, as Open Referral UK 3.0.",
            "description": "Open to everybody, without a key. Only listed activities are here.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": root}],
        "paths": {operation.path: {"get": _operation(operation)} for operation in OPERATIONS},
        "components": {
            "schemas": {
                "information": INFORMATION,
                "problem": PROBLEM_DETAILS,
                **{kind: schema(kind) for kind in SHAPES},
            },
            "parameters": {name: _parameter(name) for name in PARAMETERS},
        },
    }


def schema(kind: str) -> Document:
    """The JSON Schema of one kind of object."""
    shape = SHAPES[kind]
    properties = {name: _property(name, one) for name, one in shape.properties.items()}
    if kind in BEYOND:
        properties["linkwork"] = {"type": "object", "description": BEYOND[kind]}
    return {"type": "object", "required": list(shape.required), "properties": properties}


def _property(name: str, known: Property) -> Document:
    if known.type == "choice":
        return {**TYPES["choice"], "enum": list(CHOICES[name])}
    if not known.is_nested:
        return dict(TYPES[known.type])
    one = {"$ref": f"#/components/schemas/{known.type}"}
    return {"type": "array", "items": one} if known.many else one


def _parameter(name: str) -> Document:
    known = PARAMETERS[name]
    return {
        "name": name,
        "in": "query",
        "description": known.description,
        "schema": dict(known.schema),
        "example": known.example,
    }


def _operation(operation: Operation) -> Document:
    asked = [{"$ref": f"#/components/parameters/{name}"} for name in operation.parameters]
    if "{id}" in operation.path:
        key = {"type": "string", "format": "uuid"}
        asked.append({"name": "id", "in": "path", "required": True, "schema": key})  # type: ignore[dict-item]
    content = {"$ref": f"#/components/schemas/{operation.gives}"}
    responses = {
        "200": {"description": operation.summary, "content": _json(_answer(operation, content))},
        "304": {"description": "Nothing changed since the tag or moment that was sent."},
        "429": _refusal("Too many requests: Retry-After says how long to wait."),
    }
    if operation.parameters:
        responses["400"] = _refusal("A parameter has a value that cannot be used.")
    if "{id}" in operation.path:
        responses["404"] = _refusal("Nothing with this identifier is published.")
    return {
        "operationId": operation.name,
        "summary": operation.summary,
        "parameters": asked,
        "responses": dict(sorted(responses.items())),
    }


def _answer(operation: Operation, content: Document) -> Document:
    if not operation.is_list:
        return content
    properties = {**ENVELOPE, "contents": {"type": "array", "items": content}}
    return {"type": "object", "required": list(properties), "properties": properties}


def _json(of: Document) -> Document:
    return {JSON: {"schema": of}}


def _refusal(description: str) -> Document:
    problem = {"schema": {"$ref": "#/components/schemas/problem"}}
    return {"description": description, "content": {PROBLEM: problem}}
