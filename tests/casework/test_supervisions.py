"""Supervision: recorded by either of the two, due in time, read by nobody else."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from linkwork import access
from linkwork.casework import supervisions
from linkwork.casework.supervisions import Told
from linkwork.database import db
from linkwork.errors import NotYours, RuleBroken
from linkwork.models import OrganisationKind, Role, Supervision, SupervisionKind, User
from tests import cast as make
from tests.cast import Cast
from tests.conftest import TODAY

DAY = timedelta(days=1)


def told(cast: Cast, **changes: object) -> Told:
    usual = Told(
        kind=SupervisionKind.ONE_TO_ONE,
        held_on=TODAY,
        next_due_on=TODAY + 28 * DAY,
        supervisor=cast.supervisor,
        notes="We spoke about endings.",
    )
    return replace(usual, **changes)  # type: ignore[arg-type]


def names(user: User) -> list[str]:
    # Users without a session are all the same to Flask-Login.
    return [worker.name for worker in supervisions.team(user)]


def record(cast: Cast, worker: User, by: User, **changes: object) -> Supervision:
    return supervisions.record(worker, told(cast, **changes), by=by, today=TODAY)


def test_the_worker_or_their_supervisor_records_it(cast: Cast) -> None:
    mine = record(cast, cast.amina, cast.amina)
    theirs = record(cast, cast.ben, cast.supervisor)
    for held, worker in ((mine, cast.amina), (theirs, cast.ben)):
        assert supervisions.may_read_notes(held, worker)
        assert supervisions.may_read_notes(held, cast.supervisor)


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"held_on": TODAY + DAY, "next_due_on": TODAY + 9 * DAY}, "still to come"),
        ({"next_due_on": TODAY}, "after this one"),
        ({"next_due_on": TODAY + 400 * DAY}, "within a year"),
        ({"supervisor": None}, "Say who supervised"),
        ({"with_whom": "Dr Vale"}, "Say who supervised"),
    ],
)
def test_what_makes_no_sense_is_refused(
    cast: Cast, changes: dict[str, object], sentence: str
) -> None:
    with pytest.raises(RuleBroken, match=sentence):
        record(cast, cast.amina, cast.amina, **changes)


def test_nobody_supervises_themselves(cast: Cast) -> None:
    with pytest.raises(RuleBroken, match="themselves"):
        record(cast, cast.amina, cast.amina, supervisor=cast.amina)


def test_notes_are_written_by_one_of_the_two(cast: Cast) -> None:
    other = make.user("Sam Pike", cast.northside, Role.SUPERVISOR)
    db.session.flush()
    with pytest.raises(RuleBroken, match="Only the worker and the supervisor named"):
        record(cast, cast.amina, other)
    record(cast, cast.amina, other, notes=None)


def test_notes_are_open_to_the_two_and_the_fact_to_the_pcns_supervisors(cast: Cast) -> None:
    other = make.user("Sam Pike", cast.northside, Role.SUPERVISOR)
    far = make.user("Fay Moor", cast.southside, Role.SUPERVISOR)
    db.session.flush()
    held = record(cast, cast.amina, cast.amina)
    db.session.flush()
    assert access.find(Supervision, held.key, user=other) is held
    assert not supervisions.may_read_notes(held, other)
    for nobody in (far, cast.ben, cast.lead, cast.admin, cast.caldicott, cast.cath, cast.dev):
        with pytest.raises(NotYours):
            access.find(Supervision, held.key, user=nobody)


def test_it_is_corrected_by_the_two_alone_and_never_over_another_change(cast: Cast) -> None:
    held = record(cast, cast.amina, cast.amina)
    db.session.flush()
    supervisions.correct(
        held, told(cast, notes="Better."), version=held.version, by=cast.supervisor, today=TODAY
    )
    db.session.flush()
    assert held.notes == "Better."
    with pytest.raises(RuleBroken, match="changed since"):
        supervisions.correct(held, told(cast), version=1, by=cast.amina, today=TODAY)
    with pytest.raises(RuleBroken, match="Only the worker"):
        supervisions.correct(held, told(cast), version=held.version, by=cast.ben, today=TODAY)


@pytest.mark.parametrize(
    ("next_in", "is_due"), [(-30, True), (0, True), (7, True), (8, False), (27, False)]
)
def test_it_is_due_from_a_week_before(cast: Cast, next_in: int, is_due: bool) -> None:
    held_on = TODAY - 60 * DAY
    record(cast, cast.amina, cast.amina, held_on=held_on, next_due_on=TODAY + next_in * DAY)
    db.session.flush()
    assert (supervisions.due(cast.amina, on=TODAY) is not None) is is_due


def test_it_is_due_where_it_was_never_held_and_never_for_who_is_no_link_worker(
    cast: Cast,
) -> None:
    due = supervisions.due(cast.amina, on=TODAY)
    assert due is not None
    assert (due.held_on, due.next_due_on) == (None, None)
    assert supervisions.due(cast.supervisor, on=TODAY) is None
    assert supervisions.due(cast.dev, on=TODAY) is None


def test_the_latest_one_says_when_the_next_is_due(cast: Cast) -> None:
    record(cast, cast.amina, cast.amina, next_due_on=date(2026, 12, 16))
    earlier = TODAY - 40 * DAY
    record(cast, cast.amina, cast.amina, held_on=earlier, next_due_on=TODAY - 12 * DAY)
    db.session.flush()
    [standing] = supervisions.standing([cast.amina])
    assert (standing.held_on, standing.next_due_on) == (TODAY, date(2026, 12, 16))


def test_a_supervisor_has_the_link_workers_of_their_pcn_and_its_practices(cast: Cast) -> None:
    at_practice = make.user("Petra Hall", cast.birch, Role.LINK_WORKER)
    make.user("Gone Away", cast.northside, Role.LINK_WORKER, disabled_at=make.clock.now())
    db.session.flush()
    assert names(cast.supervisor) == ["Amina Okafor", "Ben Harte", "Petra Hall"]
    assert names(cast.amina) == []
    with pytest.raises(NotYours):
        supervisions.worker_called(cast.cath.key, user=cast.supervisor)
    assert [user.name for user in supervisions.supervisors_of(at_practice)] == ["Sunita Rao"]


def test_a_supervisor_of_the_board_has_all_of_its_pcns(cast: Cast) -> None:
    board = make.user("Bo Lane", cast.board, Role.SUPERVISOR)
    far = make.organisation("Far Board", OrganisationKind.ICB)
    db.session.flush()
    assert names(board) == ["Amina Okafor", "Ben Harte", "Cath Doyle"]
    cast.southside.parent = far
    db.session.flush()
    assert names(board) == ["Amina Okafor", "Ben Harte"]
