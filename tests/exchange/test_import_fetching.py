"""Feeds come in by themselves when they are due, and wait for a person where they look wrong."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from linkwork import clock
from linkwork.casework import sources
from linkwork.database import db
from linkwork.exchange import feed_client, import_fetching, imports
from linkwork.exchange.feed_client import Fetched, Kind
from linkwork.models import DirectoryImport, ImportState, Notification, Service, Source
from tests.conftest import Clock
from tests.exchange.fake_feed import ADDRESS, Feed
from tests.exchange.feeds import AT, service


@pytest.fixture
def feed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Feed:
    return Feed.at_the_address(monkeypatch, tmp_path)


@pytest.fixture
def source(app: Flask) -> Source:
    made = sources.named("County")
    made.address, made.every_hours, made.next_due_at = ADDRESS, 24, AT
    db.session.commit()
    return made


def run() -> list[str]:
    return [str(one) for one in import_fetching.run_due(telling=clock.now)]


def how_many() -> int:
    return db.session.scalar(select(func.count()).select_from(Service)) or 0


def newest() -> DirectoryImport:
    return db.session.scalars(select(DirectoryImport).order_by(DirectoryImport.id.desc())).all()[0]


def told() -> list[str]:
    return list(db.session.scalars(select(Notification.kind).order_by(Notification.id)))


def test_a_feed_that_is_due_comes_in_by_itself(feed: Feed, source: Source, clock: Clock) -> None:
    assert run() == ["County: 10 new, 0 changed, 0 not seen."]
    assert how_many() == 10
    assert source.next_due_at == AT + timedelta(hours=24)
    assert run() == []
    clock.advance(hours=24)
    assert run() == ["County: 0 new, 0 changed, 0 not seen."]


def test_a_feed_that_shrank_waits_and_editors_are_told_once(
    feed: Feed, source: Source, clock: Clock, cast: Any
) -> None:
    run()
    feed.services = feed.services[:5]
    clock.advance(days=1)
    assert run() == ["County: It looks wrong, and waits for somebody to decide."]
    assert (how_many(), newest().state, told()) == (10, ImportState.HELD, ["import_held"])
    clock.advance(days=1)
    run()
    assert (db.session.scalar(select(func.count()).select_from(DirectoryImport)), told()) == (
        2,
        ["import_held"],
    )
    feed.services = [service(n) for n in range(1, 12)]
    clock.advance(days=1)
    assert run() == ["County: 1 new, 0 changed, 0 not seen."]
    states = list(db.session.scalars(select(DirectoryImport.state).order_by(DirectoryImport.id)))
    assert states == [ImportState.APPLIED, ImportState.ABANDONED, ImportState.APPLIED]


def test_a_feed_that_fails_is_tried_again_ever_later(
    feed: Feed, source: Source, clock: Clock, cast: Any
) -> None:
    feed.refusal = "The address answers with a sign-in page."
    assert run() == [f"County: {feed.refusal}"]
    assert (source.error, source.failures) == (feed.refusal, 1)
    assert source.next_due_at == AT + timedelta(minutes=15)
    assert run() == []
    for _ in range(2):
        clock.advance(minutes=30)
        run()
    assert (source.failures, told()) == (3, ["feed_failing"])
    feed.refusal = None
    clock.advance(days=1)
    run()
    assert (source.error, source.failures, how_many()) == (None, 0, 10)


def test_a_feed_that_failed_for_months_is_tried_again_within_a_day(source: Source) -> None:
    source.failures = 10_000
    sources.failed(source, "Nothing is there.", at=AT)
    assert source.next_due_at == AT + timedelta(days=1)


def test_a_fault_in_one_feed_does_not_keep_the_next_from_coming_in(
    feed: Feed,
    source: Source,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    wrong = IntegrityError("insert", {"name": "Rosa"}, Exception("Rosa is there twice"))
    other = sources.named("Town")
    other.address, other.every_hours, other.next_due_at = ADDRESS, 24, AT + timedelta(seconds=-1)
    db.session.commit()
    failed = sources.failed

    def broken(failing: Source, *said: Any, **how: Any) -> None:
        if failing.name == "Town":
            raise OverflowError
        failed(failing, *said, **how)

    def fail_first() -> None:
        if len(feed.asked) == 1:
            raise wrong

    monkeypatch.setattr(sources, "failed", broken)
    feed.meanwhile = fail_first
    assert run() == [
        f"Town: {import_fetching.FAULT}",
        "County: 10 new, 0 changed, 0 not seen.",
    ]
    assert "IntegrityError" in caplog.text
    assert "Rosa" not in caplog.text


def test_records_that_break_off_change_nothing(feed: Feed, source: Source) -> None:
    feed.facts = {"kind": Kind.JSON, "name": "feed.json"}
    feed.services = [service(1)]
    fetch = feed.fetch

    def cut(address: str, into: Path, **how: Any) -> Fetched:
        fetched = fetch(address, into, **how)
        assert fetched.path is not None
        fetched.path.write_text('{"services": [{"id": "')
        return fetched

    feed_client.fetch = cut
    (said,) = run()
    assert "breaks off" in said
    assert (how_many(), source.failures, source.taken_until) == (0, 1, None)
    assert db.session.scalar(select(func.count()).select_from(DirectoryImport)) == 0


def test_two_runs_do_not_fetch_the_same_feed(feed: Feed, source: Source) -> None:
    also: list[str] = []
    feed.meanwhile = lambda: also.extend(run())
    assert len(run()) == 1
    assert (also, len(feed.asked)) == ([], 1)


def test_a_run_that_was_killed_is_taken_over_in_time(
    feed: Feed, source: Source, clock: Clock
) -> None:
    assert sources.due(at=AT) is source
    db.session.commit()
    assert run() == []
    clock.advance(hours=2)
    assert len(run()) == 1


def test_a_feed_whose_address_changed_meanwhile_is_not_used(feed: Feed, source: Source) -> None:
    def change() -> None:
        moved = db.session.get_one(Source, source.id)
        sources.change(moved, name="County", address="https://b.example", every_hours=24, by=None,
                       at=AT)  # fmt: skip
        db.session.commit()
        feed.meanwhile = None

    feed.meanwhile = change
    first, second = run()
    assert "address was changed meanwhile" in first
    assert second == "County: 10 new, 0 changed, 0 not seen."
    assert [one["address"] for one in feed.asked] == [ADDRESS, "https://b.example"]


def test_only_what_changed_is_asked_for_within_a_week(
    feed: Feed, source: Source, clock: Clock
) -> None:
    run()
    clock.advance(days=1)
    feed.services, feed.facts = [service(1, name="Orchard")], {"partial": True}
    assert run() == ["County: 0 new, 1 changed, 0 not seen."]
    clock.advance(days=7)
    feed.services, feed.facts = [service(n) for n in range(1, 11)], {}
    assert run() == ["County: 0 new, 1 changed, 0 not seen."]
    assert [one["since"] for one in feed.asked] == [None, AT - timedelta(days=1), None]


def test_what_could_not_be_fetched_is_not_gone(feed: Feed, source: Source, clock: Clock) -> None:
    run()
    clock.advance(days=1)
    last = feed.services.pop()
    feed.facts = {"missing": [last["id"]]}
    assert run() == ["County: 0 new, 0 changed, 0 not seen."]


def test_a_file_that_did_not_change_is_not_read(feed: Feed, source: Source, clock: Clock) -> None:
    feed.facts = {"etag": '"a"', "last_modified": "Wed, 18 Nov 2026 10:30:00 GMT"}
    run()
    clock.advance(days=1)
    feed.facts = {"kind": Kind.UNCHANGED, "path": None, **feed.facts}
    assert run() == ["County: Nothing has changed there."]
    assert (feed.asked[1]["etag"], source.failures) == ('"a"', 0)
    assert source.next_due_at == clock.now + timedelta(days=1)


def test_what_somebody_asked_for_is_only_shown(feed: Feed, source: Source, cast: Any) -> None:
    assert sources.take(source, at=AT)
    db.session.commit()
    brought = import_fetching.bring(
        source.id, by_id=cast.editor.id, is_scheduled=False, telling=clock.now
    )
    assert str(brought) == "County: It is there to be looked at."
    assert (newest().state, newest().by_id, how_many()) == (
        ImportState.PREVIEWED,
        cast.editor.id,
        0,
    )


def by_hand(source: Source, cast: Any) -> None:
    assert sources.take(source, at=clock.now())
    db.session.commit()
    import_fetching.bring(source.id, by_id=cast.editor.id, is_scheduled=False, telling=clock.now)


@pytest.mark.parametrize("is_forgotten", [False, True])
def test_what_was_not_brought_in_is_fetched_again(
    feed: Feed, source: Source, cast: Any, clock: Clock, is_forgotten: bool
) -> None:
    feed.facts = {"etag": '"a"', "last_modified": "Wed, 18 Nov 2026 10:30:00 GMT"}
    by_hand(source, cast)
    if is_forgotten:
        imports.purge(at=AT + timedelta(days=31))
    else:
        imports.abandon(newest(), by=cast.editor, at=AT)
    db.session.commit()
    clock.advance(days=1)
    run()
    asked = feed.asked[1]
    assert (asked["etag"], asked["modified"], asked["since"]) == (None, None, None)
    assert how_many() == 10


def test_while_a_whole_list_is_held_all_of_it_is_asked_for(
    feed: Feed, source: Source, clock: Clock
) -> None:
    run()
    clock.advance(days=8)
    feed.services = feed.services[:5]
    run()
    held = newest()
    clock.advance(days=1)
    run()
    assert feed.asked[2]["since"] is None
    assert (newest(), held.state) == (held, ImportState.HELD)


def test_what_could_not_be_written_is_tried_again(
    feed: Feed, source: Source, monkeypatch: pytest.MonkeyPatch
) -> None:
    feed.facts = {"etag": '"a"'}
    monkeypatch.setattr(imports, "apply", lambda *_, **__: False)
    assert run() == [f"County: {import_fetching.OTHERWISE}"]
    assert (source.etag, source.failures) == (None, 1)
    assert source.next_due_at == AT + timedelta(minutes=15)


def test_what_somebody_only_looks_at_comes_in_when_it_is_due(
    feed: Feed, source: Source, cast: Any
) -> None:
    by_hand(source, cast)
    source.next_due_at = AT
    db.session.commit()
    assert run() == ["County: 10 new, 0 changed, 0 not seen."]
    assert (newest().state, how_many()) == (ImportState.APPLIED, 10)


def test_entries_that_a_fetch_of_changes_had_count_as_newly_gone(
    feed: Feed, source: Source, clock: Clock
) -> None:
    run()
    clock.advance(days=1)
    feed.services, feed.facts = [service(n, name="New") for n in range(1, 8)], {"partial": True}
    run()
    clock.advance(days=8)
    feed.services, feed.facts = [service(n) for n in range(8, 18)], {}
    assert run() == ["County: It looks wrong, and waits for somebody to decide."]
