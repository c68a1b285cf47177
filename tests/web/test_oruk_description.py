"""What the public API says of itself is valid, and is what it does."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from linkwork.web import oruk_description, oruk_parameters
from linkwork.web.oruk_answers import AREA
from tests.cast import Cast, sign_in
from tests.exchange.feeds import key, service
from tests.pages import Reader
from tests.web.feeds import ask, publish, told

BESIDE = {f"{AREA}/docs", f"{AREA}/openapi.json"}


@pytest.mark.one_engine
def test_the_document_is_valid_openapi(client: Reader) -> None:
    document = told(client, "/openapi.json")
    assert document["openapi"] == "3.1.0"
    assert [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()] == []


@pytest.mark.one_engine
def test_the_document_has_every_address_and_no_other(app: Flask) -> None:
    rules = {rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith(AREA)}
    served = {re.sub("<[^>]*>", "{id}", rule) for rule in rules - BESIDE}
    listed = {f"{AREA}{operation.path}" for operation in oruk_description.OPERATIONS}
    assert served == listed
    assert {
        parameter for one in oruk_description.OPERATIONS for parameter in one.parameters
    } == set(oruk_parameters.PARAMETERS)


@pytest.mark.one_engine
def test_every_example_of_a_parameter_can_be_used(client: Reader) -> None:
    for name, parameter in oruk_parameters.PARAMETERS.items():
        value = str(parameter.example).lower() if parameter.example is True else parameter.example
        given = {name: str(value)} | ({"postcode": "M16"} if name == "proximity" else {})
        assert oruk_parameters.read(given, [*given])[1] == [], name
        faults = Draft202012Validator(dict(parameter.schema)).iter_errors(parameter.example)
        assert [fault.message for fault in faults] == [], name


@pytest.mark.one_engine
def test_answers_are_what_the_document_says(client: Reader, tmp_path: Path) -> None:
    publish(tmp_path, service(1, phones=[{"number": "0161 496 0123"}]), service(2))
    document = told(client, "/openapi.json")
    for operation in oruk_description.OPERATIONS:
        paths = [operation.path]
        if "{id}" in operation.path:
            ids = [one["id"] for one in told(client, operation.path[:-5])["contents"]]
            paths = [operation.path.replace("{id}", one) for one in ids]
        of_200 = document["paths"][operation.path]["get"]["responses"]["200"]
        schema = of_200["content"]["application/json"]["schema"]
        for path in paths:
            assert (
                _faults({**schema, "components": document["components"]}, told(client, path)) == []
            )


def _faults(schema: dict[str, Any], value: Any) -> list[str]:
    return [fault.message for fault in Draft202012Validator(schema).iter_errors(value)]


@pytest.mark.one_engine
def test_people_can_read_how_it_is_used(client: Reader, cast: Cast) -> None:
    page = ask(client, "/docs")
    assert page.mimetype == "text/html"
    for name in oruk_parameters.PARAMETERS:
        assert f'id="parameter-{name}"' in page.text
    sign_in(client, cast.amina)
    mine = ask(client, "/docs")
    assert cast.amina.name in mine.text
    assert mine.headers["Cache-Control"] == "no-store"
    assert key() not in json.dumps(told(client, "/openapi.json"))
