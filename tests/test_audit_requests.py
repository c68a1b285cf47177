"""The audit trail and the requests: kept together with a change, or neither."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from linkwork import audit
from linkwork.access import Permission, me, open_to_all, requires
from linkwork.audit import Event
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import AuditEntry, AuditHead, Organisation, OrganisationKind
from tests import cast as make
from tests.cast import Cast, sign_in
from tests.pages import Reader


@pytest.fixture
def probing(app: Flask, cast: Cast) -> Reader:
    """Amina at a browser, on an app with pages that open, change, and fail after a change."""

    @app.get("/open")
    @requires(Permission.WORK_CASES)
    def opened() -> Any:
        audit.record(Event.PERSON_OPENED, None, by=me())
        return "", 204

    @app.get("/open-and-fail")
    @requires(Permission.WORK_CASES)
    def open_and_fail() -> Any:
        audit.record(Event.PERSON_OPENED, None, by=me())
        raise RuleBroken("It was not shown.")

    @app.post("/change")
    @requires(Permission.WORK_CASES)
    def change() -> Any:
        made = make.organisation("Changed", OrganisationKind.CHARITY)
        audit.record(Event.ORGANISATIONS_IMPORTED, made, by=me())
        return "", 204

    @app.post("/change-and-fail")
    @open_to_all
    def change_and_fail() -> Any:
        made = make.organisation("Changed", OrganisationKind.CHARITY)
        audit.record(Event.ORGANISATIONS_IMPORTED, made, by=None)
        raise ValueError("in the middle")

    client = app.test_client()
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return sign_in(client, cast.amina)


def events() -> list[str]:
    return list(db.session.scalars(select(AuditEntry.event).order_by(AuditEntry.number)))


def changes() -> int:
    query = select(func.count()).select_from(Organisation).where(Organisation.name == "Changed")
    return db.session.scalar(query) or 0


def test_opening_a_record_leaves_an_entry(probing: Reader) -> None:
    assert probing.get("/open").status_code == 204
    assert events() == [Event.PERSON_OPENED]


def test_a_record_that_was_not_shown_leaves_none(probing: Reader) -> None:
    assert probing.get("/open-and-fail").status_code == 409
    assert events() == []


def test_a_change_and_its_entry_are_kept_together(probing: Reader) -> None:
    assert probing.post("/change").status_code == 204
    assert (events(), changes()) == ([Event.ORGANISATIONS_IMPORTED], 1)


def test_a_change_that_failed_leaves_neither(probing: Reader) -> None:
    assert probing.post("/change-and-fail").status_code == 500
    assert (events(), changes()) == ([], 0)


@pytest.mark.parametrize(("method", "address"), [("post", "/change"), ("get", "/open")])
def test_where_no_entry_can_be_written_nothing_is_changed_and_nothing_is_shown(
    probing: Reader, method: str, address: str
) -> None:
    kept = db.session.execute(select(AuditHead.id, AuditHead.number, AuditHead.digest)).one()
    db.session.execute(text("DELETE FROM audit_head"))
    db.session.commit()
    answer = getattr(probing, method)(address)
    assert answer.status_code == 500
    assert "Nothing was saved" in answer.text
    assert (events(), changes()) == ([], 0)
    db.session.add(AuditHead(id=kept.id, number=kept.number, digest=kept.digest))
    db.session.commit()
