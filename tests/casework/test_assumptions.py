"""Assumptions hold from a day on, for a PCN, for a board, or everywhere; the nearest counts."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from linkwork.capacity.assumptions import Assumptions
from linkwork.casework import assumptions
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import AuditEntry, Organisation
from tests.cast import Cast
from tests.conftest import NOW, TODAY

BEFORE = TODAY - timedelta(days=1)


def put(cast: Cast, value: float, of: Organisation | None, code: str = "people_per_wte") -> object:
    return assumptions.set_value(code, value, of=of, from_on=TODAY, by=cast.lead, at=NOW)


def test_without_a_word_the_defaults_hold(cast: Cast) -> None:
    assert assumptions.in_force(cast.northside, TODAY) == Assumptions()
    assert assumptions.in_force(None, TODAY) == Assumptions()


def test_the_nearest_level_holds_and_only_from_its_day_on(cast: Cast) -> None:
    put(cast, 200, cast.northside)
    put(cast, 220, cast.board)
    put(cast, 240, None)
    put(cast, 0, None, "ramp")
    told = {
        of.name if of else "": assumptions.in_force(of, TODAY).people_per_wte
        for of in (cast.northside, cast.southside, cast.board, None)
    }
    assert told == {"Northside PCN": 200, "Southside PCN": 220, "Moor and Vale": 220, "": 240}
    assert assumptions.in_force(cast.northside, TODAY).ramp is False
    assert assumptions.in_force(cast.northside, BEFORE) == Assumptions()


def test_what_is_taken_back_no_longer_holds_and_is_remembered(cast: Cast) -> None:
    made = put(cast, 200, cast.northside)
    assert isinstance(made, assumptions.Assumption)
    assumptions.take_back(made, by=cast.lead, at=NOW)
    assert assumptions.in_force(cast.northside, TODAY).people_per_wte == 250
    [kept] = assumptions.history(cast.northside)
    assert (kept.value, kept.set_by, kept.taken_back_by_id) == (200, cast.lead, cast.lead.id)
    with pytest.raises(RuleBroken, match="taken back already"):
        assumptions.take_back(made, by=cast.lead, at=NOW)


@pytest.mark.parametrize(
    ("code", "value", "words"),
    [
        ("share_with_people", 60, "enter a value from 0.05 to 1"),
        ("open_cases", float("inf"), "enter a value from 1 to 500 standard cases"),
        ("weather", 1, "Choose one of the assumptions"),
    ],
)
def test_a_value_that_cannot_be_is_refused(cast: Cast, code: str, value: float, words: str) -> None:
    with pytest.raises(RuleBroken, match=words):
        put(cast, value, None, code)


def test_the_same_value_twice_is_refused(cast: Cast) -> None:
    put(cast, 200, cast.northside)
    with pytest.raises(RuleBroken, match="already"):
        put(cast, 200, cast.northside)


def test_the_trail_says_what_was_set_and_what_held_before(cast: Cast) -> None:
    put(cast, 240, cast.northside)
    made = put(cast, 200, cast.northside)
    assert isinstance(made, assumptions.Assumption)
    assumptions.take_back(made, by=cast.lead, at=NOW)
    db.session.commit()
    said = {
        "code": "people_per_wte",
        "value": 200.0,
        "from_on": TODAY.isoformat(),
        "of": cast.northside.id,
    }
    entries = db.session.scalars(
        select(AuditEntry).order_by(AuditEntry.number.desc()).limit(3)
    ).all()
    assert [entry.details for entry in entries] == [
        said,
        {**said, "before": 240.0},
        {**said, "value": 240.0, "before": 250},
    ]
