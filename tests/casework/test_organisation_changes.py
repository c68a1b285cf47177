"""Closures and moves of practices and PCNs: on their day, with their past, and back again."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from linkwork.casework import organisation_changes as changes
from linkwork.casework import organisations, successions
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import AuditEntry, Organisation, OrganisationChange, OrganisationKind
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW, TODAY

TOMORROW, YESTERDAY = TODAY + timedelta(days=1), TODAY - timedelta(days=1)


def close(
    cast: Cast, what: Organisation, *successors: Organisation, day: date = TODAY
) -> OrganisationChange:
    return changes.close(what, day, successors=successors, by=cast.admin, at=NOW, on=TODAY)


def move(
    cast: Cast, what: Organisation, to: Organisation, *, day: date = TODAY
) -> OrganisationChange:
    return changes.move(what, to, day, by=cast.admin, at=NOW, on=TODAY)


def past(what: Organisation) -> list[tuple[str, date | None]]:
    return [(stay.parent, stay.end_on) for stay in organisations.history(what)]


def test_a_practice_that_moves_keeps_where_it_was(cast: Cast) -> None:
    move(cast, cast.birch, cast.southside)
    assert cast.birch.parent is cast.southside
    assert past(cast.birch) == [("Southside PCN", None), ("Northside PCN", YESTERDAY)]


def test_a_move_to_come_takes_effect_on_its_day_without_anybody(cast: Cast) -> None:
    move(cast, cast.birch, cast.southside, day=TOMORROW)
    assert changes.settle(on=TODAY) == 0
    assert cast.birch.parent is cast.northside
    assert changes.settle(on=TOMORROW) == 1
    assert cast.birch.parent is cast.southside
    assert changes.settle(on=TOMORROW) == 0


def test_what_cannot_be_is_refused_with_the_reason(cast: Cast) -> None:
    far = make.organisation("Far PCN", OrganisationKind.PCN, closed_on=YESTERDAY)
    for act, reason in (
        (lambda: move(cast, cast.birch, cast.northside), "belongs to Northside PCN already"),
        (lambda: move(cast, cast.birch, cast.board), "is not somewhere a practice can belong"),
        (lambda: move(cast, cast.birch, far), "Far PCN is closed on"),
        (lambda: move(cast, cast.birch, cast.southside, day=date(2019, 6, 30)), "Give a day"),
        (lambda: move(cast, cast.board, cast.southside), "Only practices and PCNs"),
        (lambda: close(cast, cast.birch, cast.birch), "cannot carry on for itself"),
        (lambda: close(cast, cast.birch, cast.southside), "it is something else"),
        (lambda: close(cast, cast.northside, far), "Far PCN closed on"),
        (lambda: close(cast, cast.birch, cast.quay, cast.quay), "named twice"),
    ):
        with pytest.raises(RuleBroken, match=reason):
            act()
    close(cast, cast.birch, cast.quay)
    with pytest.raises(RuleBroken, match="down as closed on 18 November 2026 already"):
        close(cast, cast.birch)


def test_practices_go_with_their_pcn_when_it_merges_and_stay_when_it_is_split(cast: Cast) -> None:
    third = make.organisation("Third PCN", OrganisationKind.PCN, parent=cast.board)
    close(cast, cast.northside, cast.southside, day=TOMORROW)
    assert cast.birch.parent is cast.northside
    changes.settle(on=TOMORROW)
    assert cast.birch.parent is cast.southside
    close(cast, cast.southside, third, make.organisation("Fourth PCN", OrganisationKind.PCN))
    assert cast.birch.parent is cast.southside


@pytest.mark.parametrize("moves_in", [-1, 50, 100, 200])
def test_a_practice_with_a_move_to_come_is_with_the_successor_only_until_then(
    cast: Cast, moves_in: int
) -> None:
    third = make.organisation("Third PCN", OrganisationKind.PCN, parent=cast.board)
    day, then = TODAY + timedelta(days=100), TODAY + timedelta(days=moves_in)
    move(cast, cast.birch, third, day=then)
    before = past(cast.birch)
    made = close(cast, cast.northside, cast.southside, day=day)
    if moves_in <= 100:
        assert past(cast.birch) == before, "it is with another PCN by then"
    else:
        assert past(cast.birch) == [
            ("Third PCN", None),
            ("Southside PCN", then - timedelta(days=1)),
            ("Northside PCN", day - timedelta(days=1)),
        ]
    changes.settle(on=day)
    assert cast.birch.parent is (third if moves_in <= 100 else cast.southside)
    changes.settle(on=TODAY)
    changes.undo(made, by=cast.admin, at=NOW, on=TODAY)
    assert past(cast.birch) == before


@pytest.mark.parametrize("moves_in", [50, 100])
def test_a_practice_that_comes_before_the_closure_or_on_its_day_goes_on_with_the_successor(
    cast: Cast, moves_in: int
) -> None:
    third = make.organisation("Third PCN", OrganisationKind.PCN, parent=cast.board)
    day, then = TODAY + timedelta(days=100), TODAY + timedelta(days=moves_in)
    move(cast, cast.birch, third, day=then)
    before = past(cast.birch)
    made = close(cast, third, cast.southside, day=day)
    between = [] if moves_in == 100 else [("Third PCN", day - timedelta(days=1))]
    left = ("Northside PCN", then - timedelta(days=1))
    assert past(cast.birch) == [("Southside PCN", None), *between, left]
    changes.undo(made, by=cast.admin, at=NOW, on=TODAY)
    assert past(cast.birch) == before


def test_a_mistake_is_taken_back_and_everything_is_as_it_was(cast: Cast) -> None:
    made = close(cast, cast.northside, cast.southside)
    assert cast.birch.parent is cast.southside
    changes.undo(made, by=cast.admin, at=NOW, on=TODAY)
    assert cast.northside.closed_on is None
    assert successions.of(cast.northside) == []
    assert cast.birch.parent is cast.northside
    assert past(cast.birch) == [("Northside PCN", None)]
    assert changes.of(cast.northside) == []
    with pytest.raises(RuleBroken, match="taken back already"):
        changes.undo(made, by=cast.admin, at=NOW, on=TODAY)


def test_what_something_depends_on_is_not_taken_back(cast: Cast) -> None:
    moved = move(cast, cast.birch, cast.southside)
    make.referral(practice=cast.birch, referred_at=NOW)
    with pytest.raises(RuleBroken, match="Patients were referred since"):
        changes.undo(moved, by=cast.admin, at=NOW, on=TODAY)
    closed = close(cast, cast.quay, cast.birch)
    successions.carry_on(cast.quay, cast.birch, by=cast.admin, at=NOW, on=TODAY)
    with pytest.raises(RuleBroken, match="were moved on because of it"):
        changes.undo(closed, by=cast.admin, at=NOW, on=TODAY)


def test_of_two_moves_the_later_is_taken_back_first(cast: Cast) -> None:
    third = make.organisation("Third PCN", OrganisationKind.PCN, parent=cast.board)
    first = move(cast, cast.birch, cast.southside)
    second = move(cast, cast.birch, third, day=TOMORROW)
    with pytest.raises(RuleBroken, match="Take that back first"):
        changes.undo(first, by=cast.admin, at=NOW, on=TODAY)
    changes.undo(second, by=cast.admin, at=NOW, on=TODAY)
    changes.undo(first, by=cast.admin, at=NOW, on=TODAY)
    assert past(cast.birch) == [("Northside PCN", None)]


def test_every_closure_and_move_is_in_the_audit_trail(cast: Cast) -> None:
    move(cast, cast.birch, cast.southside)
    changes.undo(close(cast, cast.quay), by=cast.admin, at=NOW, on=TODAY)
    db.session.commit()
    said = db.session.scalars(select(AuditEntry.event).order_by(AuditEntry.number)).all()
    assert said[-3:] == [
        "organisation.moved", "organisation.closed", "organisation.change_undone",
    ]  # fmt: skip
