"""The audit trail: written with the change or not at all, and any tampering is found."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select, text

from linkwork import audit
from linkwork.audit import Event
from linkwork.capacity.targets import Scope
from linkwork.casework import kept_reports
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import AuditEntry, AuditHead, KeptReport, OrganisationKind
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW, TODAY

WRITERS, EACH = 6, 8


def write(count: int = 5) -> None:
    """Leave entries that nobody in particular caused."""
    for number in range(count):
        audit.record(Event.CASES_LISTED, None, by=None, shown=number, view="é")
        db.session.commit()


def tamper(statement: str, **values: Any) -> None:
    """Do what somebody with the database’s own password could do."""
    db.session.execute(text(statement), values)
    db.session.commit()


def problem(noted: str | None = None) -> str | None:
    return audit.verify(noted_head=noted).problem


def head() -> str:
    return audit.verify().head


def test_an_empty_trail_is_whole(app: Flask) -> None:
    verdict = audit.verify()
    assert (verdict.whole, verdict.entries, verdict.head) == (True, 0, f"0:{'0' * 64}")


def test_an_entry_says_who_did_what_to_which_record_about_whom(cast: Cast, clock) -> None:
    case = make.case(cast.northside, worker=cast.amina)
    audit.record(Event.CASE_OPENED, case, by=cast.amina)
    db.session.commit()
    entry = db.session.scalars(select(AuditEntry)).one()
    assert (entry.at, entry.event, entry.user_id) == (clock.now, "case.opened", cast.amina.id)
    assert (entry.record_type, entry.record_id) == ("support_case", case.id)
    assert entry.person_id == case.person_id


def test_a_trail_nobody_touched_is_whole(app: Flask) -> None:
    write()
    verdict = audit.verify()
    assert (verdict.whole, verdict.entries) == (True, 5)
    write()
    assert problem(noted=verdict.head) is None


@pytest.mark.parametrize(
    "change",
    [
        "event = 'user.joined'",
        "user_id = 7",
        "record_type = 'person'",
        "record_id = 7",
        "person_id = 7",
        "details = '{\"shown\": 7}'",
        "at = '2026-11-18 10:30:00.000001+00:00'",
        f"digest = '{'f' * 64}'",
    ],
)
def test_an_entry_that_was_changed_is_found(app: Flask, change: str) -> None:
    write()
    tamper(f"UPDATE audit_entry SET {change} WHERE number = 3")
    assert problem() == "Entry 3 was changed after it was written."


def test_an_entry_that_was_made_unreadable_is_found(app: Flask, engine: str) -> None:
    write()
    change = {"sqlite": "details = 'not json'", "postgresql": "at = 'infinity'"}[engine]
    tamper(f"UPDATE audit_entry SET {change} WHERE number = 3")
    assert problem() == "The trail cannot be read after entry 0."


def test_a_trail_longer_than_a_page_is_read_to_its_end(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit, "PAGE", 2)
    for count in (4, 1):
        write(count)
        assert problem() is None
    tamper("UPDATE audit_entry SET user_id = 7 WHERE number = 5")
    assert problem() == "Entry 5 was changed after it was written."


def test_an_entry_that_was_removed_is_found(app: Flask) -> None:
    write()
    tamper("DELETE FROM audit_entry WHERE number = 3")
    assert problem() == "Entry 3 is missing."


def test_a_removed_entry_is_found_though_the_rest_moved_up(app: Flask) -> None:
    write()
    tamper("DELETE FROM audit_entry WHERE number = 3")
    for number in (4, 5):
        tamper("UPDATE audit_entry SET number = :less WHERE number = :n", n=number, less=number - 1)
    tamper("UPDATE audit_head SET number = 4")
    assert problem() == "Entry 3 does not follow the entry before it."


@pytest.mark.parametrize(
    ("number", "says"),
    [
        (6, "There are entries after entry 5, where the trail’s head says it ends."),
        (0, "Entry 0 stands before the first entry."),
        (-1, "Entry -1 stands before the first entry."),
    ],
)
def test_an_entry_that_was_put_in_is_found(app: Flask, number: int, says: str) -> None:
    write()
    rest = [c.name for c in AuditEntry.__table__.columns if c.name not in {"number", "digest"}]
    copy = ", ".join(rest)
    tamper(
        f"INSERT INTO audit_entry (number, digest, {copy})"
        f" SELECT :number, 'made up', {copy} FROM audit_entry WHERE number = 3",
        number=number,
    )
    assert problem() == says


def test_an_entry_put_in_with_the_head_moved_on_is_found(app: Flask) -> None:
    write()
    rest = "at, event, user_id, record_type, record_id, person_id, details"
    tamper(
        f"INSERT INTO audit_entry (number, previous, digest, {rest})"
        f" SELECT 6, digest, 'made up', {rest} FROM audit_entry WHERE number = 5"
    )
    tamper("UPDATE audit_head SET number = 6, digest = 'made up'")
    assert problem() == "Entry 6 was changed after it was written."


def test_two_entries_that_changed_places_are_found(app: Flask) -> None:
    write()
    for before, after in ((3, 99), (4, 3), (99, 4)):
        tamper("UPDATE audit_entry SET number = :to WHERE number = :n", n=before, to=after)
    assert problem() == "Entry 3 does not follow the entry before it."


def test_a_tail_that_was_cut_is_found_by_the_head(app: Flask) -> None:
    write()
    tamper("DELETE FROM audit_entry WHERE number > 3")
    assert problem() == "The trail ends at entry 3, and its head says otherwise."


def test_a_tail_cut_with_its_head_is_found_by_a_head_that_was_noted(app: Flask) -> None:
    write(3)
    noted_early = head()
    write(2)
    noted = head()
    tamper("DELETE FROM audit_entry WHERE number > 3")
    tamper("UPDATE audit_head SET number = 3, digest = :d", d=noted_early.split(":")[1])
    assert problem() is None  # this is why heads are noted elsewhere
    assert problem(noted=noted) == "The trail ends at entry 3; entry 5 was noted earlier."
    write(2)
    assert problem(noted=f"5:{'a' * 64}") == "Entry 5 is not the one that was noted."
    assert problem(noted=noted_early) is None


def test_a_trail_without_its_head_is_found(app: Flask) -> None:
    write()
    kept = db.session.execute(select(AuditHead.id, AuditHead.number, AuditHead.digest)).one()
    tamper("DELETE FROM audit_head")
    assert problem() == "The trail ends at entry 0, and its head says otherwise."
    tamper("INSERT INTO audit_head (id, number, digest) VALUES (:id, :n, :d)",
           id=kept.id, n=kept.number, d=kept.digest)  # fmt: skip


def test_a_trail_sealed_with_another_key_is_not_ours(make_app: Callable[..., Flask]) -> None:
    for key, whole in (("one key", True), ("another key", False)):
        app = make_app(AUDIT_KEY=key)
        with app.app_context():
            if whole:
                write()
            assert audit.verify().whole is whole
            db.session.remove()
            db.engine.dispose()


@pytest.mark.parametrize("noted", ["", "rubbish", "3", "3:short", f"x:{'a' * 64}", "٣:" + "a" * 64])
def test_a_noted_head_that_is_none_says_how_one_is_written(app: Flask, noted: str) -> None:
    with pytest.raises(RuleBroken, match="a colon"):
        audit.verify(noted_head=noted)


DETAIL = st.one_of(
    st.integers(-(2**53), 2**53),
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=20),
    st.booleans(),
    st.none(),
    st.lists(st.integers(0, 9), max_size=3),
    st.floats(allow_nan=False, allow_infinity=False),
)


@given(st.dictionaries(st.sampled_from(["shown", "found", "field", "roles"]), DETAIL))
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_an_entry_holds_reads_back_as_it_was_sealed(app: Flask, details: Any) -> None:
    audit.record(Event.REPORT_EXPORTED, None, by=None, **details)
    db.session.commit()
    assert problem() is None


def test_writers_at_the_same_time_leave_one_chain_without_gap_or_fork(app: Flask) -> None:
    """Each also changes a record of its own, as real work does, before its turn comes."""
    failures: list[BaseException] = []
    start = threading.Barrier(WRITERS)

    def work(number: int) -> None:
        try:
            start.wait()
            for _ in range(EACH):
                with app.app_context():
                    made = make.organisation(f"Practice {number}", OrganisationKind.PRACTICE)
                    audit.record(Event.ORGANISATIONS_IMPORTED, made, by=None, writer=number)
                    audit.record(Event.CASES_LISTED, None, by=None, writer=number)
                    db.session.commit()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    verdict = audit.verify()
    assert (verdict.problem, verdict.entries) == (None, 2 * WRITERS * EACH)
    count = select(func.count(), func.min(AuditEntry.number), func.max(AuditEntry.number))
    assert tuple(db.session.execute(count).one()) == (verdict.entries, 1, verdict.entries)
    assert (
        db.session.scalar(select(func.count(func.distinct(AuditEntry.previous)))) == verdict.entries
    )


def test_checking_while_others_write_raises_no_false_alarm(app: Flask) -> None:
    write()
    stop = threading.Event()

    def keep_writing() -> None:
        while not stop.is_set():
            with app.app_context():
                write(1)

    writer = threading.Thread(target=keep_writing)
    writer.start()
    try:
        found = []
        for _ in range(15):
            with app.test_request_context():  # reading, and so in nobody’s way
                found.append(audit.verify().problem)
                db.session.rollback()
    finally:
        stop.set()
        writer.join()
    assert set(found) == {None}


def test_a_kept_report_that_is_gone_is_missed(cast: Cast, clock: Any) -> None:
    for scope in Scope:
        kept_reports.keep(
            cast.northside, {}, scope=scope, as_of=TODAY, people=1, by=cast.lead, at=NOW
        )
    db.session.commit()
    assert problem() is None
    last = select(func.max(KeptReport.id)).scalar_subquery()
    db.session.execute(delete(KeptReport).where(KeptReport.id == last))
    db.session.commit()
    assert problem() == "The report that entry 2 kept is gone or has another seal."
