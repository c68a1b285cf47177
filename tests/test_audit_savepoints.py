"""Savepoints and the audit trail: what is undone leaves no entry, what stays keeps its own."""

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from linkwork import audit
from linkwork.audit import Event
from linkwork.database import db
from linkwork.models import AuditEntry, Organisation, OrganisationKind


def note(shown: int) -> None:
    """Leave an entry that can be told from others."""
    audit.record(Event.CASES_LISTED, None, by=None, shown=shown)


def noted() -> list[int]:
    """What was written once the transaction ended well."""
    db.session.commit()
    rows = db.session.scalars(select(AuditEntry).order_by(AuditEntry.number))
    return [entry.details["shown"] for entry in rows]


def practice() -> Organisation:
    return Organisation(kind=OrganisationKind.PRACTICE, ods_code="Y99001", name="The Surgery")


@pytest.mark.parametrize("as_post", [False, True])
def test_a_savepoint_that_is_undone_takes_only_its_own_entries_along(
    app: Flask, as_post: bool
) -> None:
    def fail() -> None:
        with db.session.begin_nested():
            note(2)
            with db.session.begin_nested():
                note(3)
            raise ZeroDivisionError

    def act() -> list[int]:
        note(1)
        with pytest.raises(ZeroDivisionError):
            fail()
        note(4)
        return noted()

    if as_post:
        with app.test_request_context(method="POST"):
            assert act() == [1, 4]
    else:
        assert act() == [1, 4]


def test_a_savepoint_that_the_database_refuses_as_it_ends_loses_no_earlier_entry(
    app: Flask,
) -> None:
    def refuse() -> None:
        with db.session.begin_nested():
            note(2)
            db.session.add(practice())

    db.session.add(practice())
    db.session.commit()
    note(1)
    with pytest.raises(IntegrityError):
        refuse()
    note(3)
    assert noted() == [1, 3]


def test_a_savepoint_that_holds_keeps_all_entries_until_the_whole_is_undone(app: Flask) -> None:
    note(1)
    with db.session.begin_nested():
        note(2)
    db.session.rollback()
    note(3)
    with db.session.begin_nested():
        note(4)
    assert noted() == [3, 4]
