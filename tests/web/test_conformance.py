"""What the official validator of Open Referral UK 3.0 asks of a feed, asked of the real directory.

Lists are walked page by page and held to its rules of paging; the identifiers found there are
asked for one by one; everything is held to the official schemas. Of these nothing is mended:
``schemata/`` is valid JSON Schema, and only the official ``openapi.json`` is not valid OpenAPI,
which is why its addresses and parameters are read from it, and it is not run.
"""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from linkwork.database import db
from linkwork.exchange.directory import import_directory
from linkwork.models import Service
from linkwork.web import oruk_description
from tests.conftest import NOW, TODAY
from tests.exchange.official import faults, skip_without_schemas
from tests.paths import SHARED_DATA
from tests.web.feeds import told

REAL = SHARED_DATA / "directory" / "gm_oruk_3.0_services.json"
OFFICIAL = SHARED_DATA / "oruk" / "3.0" / "openapi.json"
pytestmark = [skip_without_schemas]
# What the validator calls level 1, then level 2.
LEVELS = (("services",), ("taxonomies", "taxonomy_terms", "service_at_locations"))
KINDS = {
    "services": "service",
    "taxonomies": "taxonomy",
    "taxonomy_terms": "taxonomy_term",
    "service_at_locations": "service_at_location",
}
# Every record is read in the lists; of its own page, and of what only repeats a service, a sample.
EVERY = {"sqlite": {"services": 4, "service_at_locations": 16}, "postgresql": {"services": 40}}


@pytest.fixture
def directory(make_app: Callable[..., Flask]) -> Iterator[FlaskClient]:
    """A reader of the whole real directory, as it was imported, who may ask often."""
    app = make_app(PUBLIC_API_PER_MINUTE=100_000)
    with app.app_context():
        import_directory(REAL, source="GM", by=None, at=NOW, today=TODAY)
        db.session.commit()
        yield app.test_client()


def pages(client: FlaskClient, path: str, per_page: int) -> Iterator[dict[str, Any]]:
    """Every page of a list, each held to the rules of paging."""
    number = 1
    while True:
        page = told(client, f"/{path}?page={number}&per_page={per_page}")
        assert paging_faults(page, number, per_page) == []
        yield page
        if page["last_page"]:
            return
        number += 1


def named(operation: dict[str, Any]) -> set[str]:
    """The parameters an operation takes from the list of its document."""
    references = (one.get("$ref", "") for one in operation.get("parameters", []))
    return {reference.rsplit("/", 1)[1] for reference in references if reference}


def paging_faults(page: dict[str, Any], number: int, per_page: int) -> list[str]:
    """Which rules of paging an answer breaks."""
    contents, total = page["contents"], page["total_items"]
    rules = {
        "page_number is the page asked for": page["page_number"] == number,
        "first_page is true on page 1 alone": page["first_page"] == (number == 1),
        "last_page is true on the last alone": page["last_page"] == (number == page["total_pages"]),
        "empty is true where nothing is listed": page["empty"] == (not contents),
        "size is what is listed": page["size"] == len(contents),
        "per_page is honoured": len(contents) == min(per_page, total - (number - 1) * per_page),
        "total_pages holds total_items": page["total_pages"] == max(1, -(-total // per_page)),
    }
    return [rule for rule, holds in rules.items() if not holds]


def test_the_whole_real_directory_conforms(directory: FlaskClient, engine: str) -> None:
    for paths in LEVELS:
        for path in paths:
            listed = [one for page in pages(directory, path, 200) for one in page["contents"]]
            ids = [one["id"] for one in listed]
            assert ids
            assert len(set(ids)) == len(ids)
            kind = KINDS[path]
            assert [fault for one in listed for fault in faults(kind, one)] == []
            for key in ids[:: EVERY[engine].get(path, 10)]:
                record = told(directory, f"/{path}/{key}")
                assert record["id"] == key
                assert faults(kind, record) == []
    published = db.session.scalar(select(func.count()).select_from(Service).where(Service.listed))
    assert told(directory, "/services?per_page=1")["total_items"] == published


@pytest.mark.one_engine
def test_every_official_address_is_served_with_every_official_parameter(app: Flask) -> None:
    official = json.loads(OFFICIAL.read_text(encoding="utf-8"))
    ours = oruk_description.document("http://localhost")
    assert set(official["paths"]) <= set(ours["paths"])
    for path, of_path in official["paths"].items():
        asked = {one["$ref"].rsplit("/", 1)[1] for one in of_path["get"].get("parameters", [])}
        known = {
            one.get("$ref", "").rsplit("/", 1)[-1]
            for one in ours["paths"][path]["get"]["parameters"]
        }
        assert asked <= known, path


@pytest.mark.one_engine
def test_a_page_that_breaks_a_rule_would_be_noticed() -> None:
    page = {"page_number": 1, "first_page": True, "last_page": True, "empty": False, "size": 1}
    page |= {"total_items": 1, "total_pages": 1, "contents": [{}]}
    assert paging_faults(page, 1, 10) == []
    for name, value in {
        "page_number": 2,
        "first_page": False,
        "last_page": False,
        "empty": True,
        "size": 2,
        "total_pages": 2,
        "total_items": 2,
    }.items():
        assert paging_faults({**page, name: value}, 1, 10), name
    assert faults("service", {"id": "x", "name": "A", "status": "open"})
