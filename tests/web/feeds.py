"""Who reads the public API in the tests, and a small directory to read."""

import json
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from linkwork.database import db
from linkwork.models import Service
from tests.exchange.feeds import bring_in, key, service

ROOT = "/api/oruk"
NATURE = "2f0c6a5e-9d0b-4c57-8f43-6a1f8d0f7c11"
HERBS = "b1d7a3c4-55e8-4f0a-9c2e-3d8e7b6a9f20"


def publish(folder: Path, *services: dict[str, Any]) -> None:
    """Bring these services in, or two of the usual kind."""
    bring_in(folder, *(services or (service(1), service(2))))
    db.session.commit()


def ask(client: FlaskClient, path: str, **how: Any) -> TestResponse:
    """One request to the API."""
    return client.get(ROOT + path, **how)


def told(client: FlaskClient, path: str) -> dict[str, Any]:
    """What a request that must succeed is answered."""
    answer = ask(client, path)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = json.loads(answer.text)
    return found


def names(client: FlaskClient, path: str) -> list[str]:
    """The names of the services on a page."""
    return [one["name"] for one in told(client, path)["contents"]]


def entry(number: int = 1) -> Service:
    """A service of the feed, as it is stored."""
    return db.session.query(Service).filter_by(key=key(number)).one()


def term(name: str, term_id: str, taxonomy_id: str) -> dict[str, Any]:
    """That a service is filed under a term."""
    found = {"id": term_id, "name": name, "description": name, "taxonomy_id": taxonomy_id}
    return {"taxonomy_term": {**found, "taxonomy": "Things to do"}}
