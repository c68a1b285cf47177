"""How somebody without an account fills in the public form, for the tests of it."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from linkwork.database import db
from linkwork.models import PublicReferral
from tests.cast import Cast
from tests.conftest import Clock
from tests.pages import Reader

ANSWERS = {
    "given_name": "Rosa",
    "family_name": "Quill",
    "date_of_birth": "12/3/1951",
    "phone": "07700 900123",
    "note": "I would like to meet people.",
    "share": "no",
    "consented": "y",
    "once": "the first time",
}


def taking_part(make_app: Callable[..., Flask]) -> Iterator[Flask]:
    """An app where every PCN takes requests of the public."""
    app = make_app(PUBLIC_REFERRALS="all")
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def address(cast: Cast, who: str = "me") -> str:
    return f"/ask/at/{cast.birch.key}?who={who}"


def opened(client: Reader, cast: Cast, clock: Clock, who: str = "me") -> str:
    """Load the form, and take the time to fill it in; what it says of when it was loaded."""
    found = re.search(r'name="started"[^>]*value="([^"]+)"', client.get(address(cast, who)).text)
    assert found is not None
    clock.advance(seconds=60)
    return found[1]


def send(client: Reader, cast: Cast, clock: Clock, who: str = "me", **typed: Any) -> TestResponse:
    started = typed.pop("started", None) or opened(client, cast, clock, who)
    answers = {k: v for k, v in {**ANSWERS, "started": started, **typed}.items() if v is not None}
    return client.post(address(cast, who), data=answers)


def asked() -> list[PublicReferral]:
    return list(db.session.scalars(select(PublicReferral).order_by(PublicReferral.id)))
