"""The official schemas of Open Referral UK 3.0, read from the shared data as they are."""

import json
from functools import lru_cache
from typing import Any

import pytest
from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from tests.paths import SHARED_DATA

SCHEMAS = SHARED_DATA / "oruk" / "3.0" / "schemata"
skip_without_schemas = pytest.mark.skipif(not SCHEMAS.exists(), reason="shared data absent")


@lru_cache(maxsize=1)
def _registry() -> Registry[Any]:
    files = sorted(SCHEMAS.glob("*.json"))
    read = ((file.name, json.loads(file.read_text(encoding="utf-8"))) for file in files)
    return Registry().with_resources(
        (name, Resource(contents=content, specification=DRAFT202012)) for name, content in read
    )


@lru_cache
def validator(kind: str) -> Draft202012Validator:
    """Holds an object to the official schema of its kind, formats included."""
    checker = FormatChecker(formats=["uuid", "email", "date-time", "uri"])
    return Draft202012Validator(
        {"$ref": f"{kind}.json"}, registry=_registry(), format_checker=checker
    )


def faults(kind: str, value: Any) -> list[str]:
    """What the official schema finds wrong: where, and what."""
    return [f"{e.json_path}: {e.message[:200]}" for e in validator(kind).iter_errors(value)]
