"""Signposts: one press is one, two at once are one, and ten minutes to take it back."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, inspect, select

from linkwork import access
from linkwork.casework import signposts
from linkwork.database import db
from linkwork.errors import NotYours, RuleBroken
from linkwork.models import Need, Service, Signpost, SupportCase, User
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW, TODAY
from tests.statements import at_once

SECOND = timedelta(seconds=1)


def counted() -> int:
    query = select(func.count()).select_from(Signpost).where(Signpost.undone_at.is_(None))
    return db.session.scalar(query) or 0


def test_no_column_could_hold_anything_about_a_patient() -> None:
    assert {column.key for column in inspect(Signpost).columns} == {
        "id", "created_at", "key", "organisation_id", "user_id", "service_id", "need", "at",
        "undone_at",
    }  # fmt: skip


def test_the_same_press_within_ten_seconds_is_one_unless_it_was_meant(cast: Cast) -> None:
    choir = make.service()
    first = signposts.record(service=choir, by=cast.dev, at=NOW)
    assert signposts.record(service=choir, by=cast.dev, at=NOW + 9 * SECOND) is first
    signposts.record(need=Need.FOOD, by=cast.dev, at=NOW + 9 * SECOND)
    signposts.record(service=choir, again=True, by=cast.dev, at=NOW + 9 * SECOND)
    assert counted() == 3
    signposts.record(service=choir, by=cast.dev, at=NOW + 20 * SECOND)
    assert counted() == 4
    assert db.session.scalar(select(func.count()).select_from(SupportCase)) == 0


def test_two_presses_in_one_moment_are_one(cast: Cast, make_app: Callable[..., Flask]) -> None:
    choir, dev = make.service(), cast.dev
    db.session.commit()
    numbers = choir.id, dev.id

    def press(_: Flask) -> None:
        service = db.session.get_one(Service, numbers[0])
        signposts.record(service=service, by=db.session.get_one(User, numbers[1]), at=NOW)
        db.session.commit()

    at_once(make_app, press, press)
    assert counted() == 1


def test_it_is_taken_back_within_ten_minutes_by_whoever_counted_it(cast: Cast) -> None:
    colleague = make.user("Rae Birch", cast.birch, *cast.dev.roles)
    made = signposts.record(need=Need.FOOD, by=cast.dev, at=NOW)
    db.session.flush()
    with pytest.raises(RuleBroken, match="Only whoever"):
        signposts.undo(made, by=colleague, at=NOW)
    with pytest.raises(RuleBroken, match="ten minutes"):
        signposts.undo(made, by=cast.dev, at=NOW + timedelta(minutes=11))
    for _ in range(2):
        signposts.undo(made, by=cast.dev, at=NOW + timedelta(minutes=9))
    assert counted() == 0
    assert list(signposts.undoable(cast.dev, at=NOW)) == []


def test_one_thing_is_named_and_only_one(cast: Cast) -> None:
    for things in ({}, {"service": make.service(), "need": Need.FOOD}):
        with pytest.raises(RuleBroken, match="Choose an activity or a need"):
            signposts.record(**things, by=cast.dev, at=NOW)


def test_a_practice_sees_its_own_and_no_other(cast: Cast) -> None:
    made = signposts.record(need=Need.FOOD, by=cast.dev, at=NOW)
    db.session.flush()
    with pytest.raises(NotYours):
        access.find(Signpost, made.key, user=cast.quinn)
    assert signposts.this_month(cast.quinn, on=TODAY) == []
    assert [c.times for c in signposts.this_month(cast.dev, on=TODAY)] == [1]


def test_the_month_counts_what_was_told_since_it_began_on_an_english_clock(cast: Cast) -> None:
    begins = NOW.replace(day=1, hour=0, minute=0)
    for at in (begins - SECOND, begins, NOW):
        signposts.record(need=Need.FOOD, again=True, by=cast.dev, at=at)
    assert [(c.need, c.times) for c in signposts.this_month(cast.dev, on=TODAY)] == [(Need.FOOD, 2)]


def test_what_the_practice_tells_most_comes_first(cast: Cast) -> None:
    choir, walk, old = (make.service(name) for name in ("Choir", "Walk", "Old"))
    signposts.record(service=choir, by=cast.dev, at=NOW - timedelta(hours=1))
    for hours in (3, 2):
        signposts.record(service=walk, by=cast.dev, at=NOW - timedelta(hours=hours))
    signposts.record(service=old, by=cast.dev, at=NOW - timedelta(days=91))
    signposts.record(service=old, by=cast.quinn, at=NOW)
    assert list(signposts.common(cast.dev, at=NOW)) == [walk, choir]
