"""What a page promised is taken back where nothing was kept."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError, OperationalError

from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import Contact
from tests import cast as make
from tests.cast import Cast, sign_in
from tests.pages import Reader

TYPED = {"mode": "phone", "minutes": "20", "notes": "Talked.", "on": "2026-11-18", "at": "09:00"}


@pytest.mark.parametrize(("failure", "status"), [(OperationalError, 503), (IntegrityError, 500)])
def test_nobody_is_told_that_something_was_saved_when_its_commit_failed(
    app: Flask,
    client: Reader,
    cast: Cast,
    monkeypatch: pytest.MonkeyPatch,
    failure: Any,
    status: int,
) -> None:
    app.config["PROPAGATE_EXCEPTIONS"] = False
    case = make.case(cast.northside, worker=cast.amina)
    sign_in(client, cast.amina)

    def refuse(_entry: object) -> None:
        raise failure("insert", {}, Exception("connection lost"))

    with monkeypatch.context() as away:
        away.setattr("linkwork.audit._append", refuse)
        answer = client.post(f"/cases/{case.key}/contacts/new", data=TYPED)
    assert answer.status_code == status
    assert "Conversation saved" not in answer.text
    assert "Conversation saved" not in client.get("/cases/").text
    assert db.session.scalar(select(func.count()).select_from(Contact)) == 0


def test_what_was_saved_is_said_on_the_next_page(client: Reader, cast: Cast) -> None:
    case = make.case(cast.northside, worker=cast.amina)
    sign_in(client, cast.amina)
    assert client.post(f"/cases/{case.key}/contacts/new", data=TYPED).status_code == 303
    assert "Conversation saved" in client.get("/cases/").text


def test_nothing_is_announced_that_a_later_step_refused(
    client: Reader, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = make.case(cast.northside, worker=cast.amina)
    sign_in(client, cast.amina)

    def refuse(*_: object, **__: object) -> str:
        raise RuleBroken("Not now.")

    with monkeypatch.context() as late:
        late.setattr("linkwork.web.matches.url_for", refuse)
        answer = client.post(f"/cases/{case.key}/matches/needs", data={"words": "debt"})
    assert (answer.status_code, case.interests) == (409, [])
    assert "Added: " not in answer.text
    assert "Added: " not in client.get("/cases/").text
