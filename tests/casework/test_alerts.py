"""Alerts: set with a reason and a review, and with who changed them when."""

from datetime import date, timedelta

import pytest

from linkwork.casework import alerts
from linkwork.casework.alerts import Alerts
from linkwork.database import db
from linkwork.errors import ChangedMeanwhile, RuleBroken
from linkwork.models import Person
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW, TODAY


@pytest.fixture
def person(cast: Cast) -> Person:
    return make.case(cast.northside, worker=cast.amina).person


def change(
    person: Person,
    cast: Cast,
    alert: str | None = None,
    why: str | None = None,
    review_on: date | None = None,
    version: int | None = None,
) -> None:
    read = person.version if version is None else version
    now = Alerts(alert, why, review_on)
    alerts.change(person, now, version=read, by=cast.amina, at=NOW)
    db.session.flush()


def test_somebody_not_to_be_visited_alone_has_a_reason_and_a_review(
    person: Person, cast: Cast
) -> None:
    assert not person.lone_worker
    change(person, cast, "Large dog", "Threats from a neighbour", TODAY)
    assert person.lone_worker
    assert (person.alerts_set_at, person.alerts_set_by) == (NOW, cast.amina)


@pytest.mark.parametrize("review_on", [None, TODAY - timedelta(days=1)])
def test_a_warning_without_a_review_to_come_is_refused(
    person: Person, cast: Cast, review_on: date | None
) -> None:
    with pytest.raises(RuleBroken, match=r"looked at again|today or later"):
        change(person, cast, why="Threats", review_on=review_on)


def test_taking_the_warning_off_takes_its_review_with_it(person: Person, cast: Cast) -> None:
    change(person, cast, why="Threats", review_on=TODAY)
    change(person, cast, review_on=TODAY)
    assert (person.lone_worker, person.lone_worker_review_on) == (False, None)


def test_what_somebody_else_saved_meanwhile_is_not_lost(person: Person, cast: Cast) -> None:
    read = person.version
    change(person, cast, "Large dog")
    with pytest.raises(ChangedMeanwhile):
        change(person, cast, "Small dog", version=read)
    assert person.alert == "Large dog"


def test_the_history_says_who_and_when_and_which(person: Person, cast: Cast) -> None:
    change(person, cast, "Large dog")
    db.session.commit()
    change(person, cast, "Large dog")
    db.session.commit()
    change(person, cast, "Large dog", "Threats", TODAY)
    db.session.commit()
    told = alerts.history(person)
    assert [(c.who, list(c.fields)) for c in told] == [
        ("Amina Okafor", ["lone_worker_reason", "lone_worker_review_on"]),
        ("Amina Okafor", ["alert"]),
    ]
    assert told[0].at == NOW
