"""Who takes a case: how full everybody is, who is proposed and why, and giving several at once."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linkwork.capacity.load import Band, Complexity, load
from linkwork.casework import allocation
from linkwork.casework.allocation import Colleague, propose
from linkwork.database import db
from linkwork.errors import NotYours, RuleBroken
from linkwork.models import Notification, User
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW, TODAY
from tests.statements import watching

NOTE = "She likes to be rung in the morning."


def full(name: str, cases: int, wte: float = 1.0, known: int = 0) -> Colleague:
    """Somebody with so many standard cases."""
    return Colleague(User(name=name), load([Complexity.STANDARD] * cases, wte), known)


def proposed(*team: Colleague, practice: str | None = "Birch") -> tuple[str, str] | None:
    found = propose(team, practice)
    return (found.colleague.worker.name, found.reason) if found else None


@pytest.mark.parametrize(
    ("team", "expected"),
    [
        ([], None),
        ([full("A", 20), full("B", 10)], ("B", "the most room of all (10 of 40 points)")),
        (
            [full("A", 20, known=5), full("B", 10, known=1)],
            ("A", "already works with 5 people from Birch, and has room (20 of 40 points)"),
        ),
        (
            [full("A", 20, known=1), full("B", 10)],
            ("A", "already works with somebody from Birch, and has room (20 of 40 points)"),
        ),
        ([full("A", 35, known=9), full("B", 33)], ("B", "the most room of all (33 of 40 points)")),
        (
            [full("A", 38, known=9), full("B", 37)],
            ("B", "nobody is under 85 %, and this is the least full (37 of 40 points)"),
        ),
        ([full("A", 40), full("B", 51)], None),
        ([full("A", 0, wte=0.0)], None),
        ([full("A", 10, wte=0.5), full("B", 18)], ("B", "the most room of all (18 of 40 points)")),
    ],
)
def test_who_knows_the_practice_and_has_room_is_proposed(
    team: list[Colleague], expected: tuple[str, str] | None
) -> None:
    assert proposed(*team) == expected


COLLEAGUE = st.builds(
    full, st.just("A"), st.integers(0, 60), st.sampled_from([0.0, 0.2, 0.5, 1.0]), st.integers(0, 9)
)


@given(st.lists(COLLEAGUE, max_size=6))
def test_whoever_is_proposed_can_hold_one_more_case(team: list[Colleague]) -> None:
    found = propose(team, "Birch")
    with_room = [c for c in team if c.load.free >= 1]
    assert (found is None) == (not with_room)
    if found is not None:
        assert found.colleague in with_room
        rooms = [c for c in with_room if c.load.band is Band.ROOM]
        assert not rooms or found.colleague in rooms


def test_colleagues_are_listed_with_their_load_and_how_many_they_have_of_a_practice(
    cast: Cast,
) -> None:
    make.post(cast.ben, "0.5")
    birch = {"person": make.person(practice=cast.birch)}
    make.case(cast.northside, worker=cast.ben, complexity="complex", **birch)
    make.case(cast.northside, worker=cast.ben)
    make.case(cast.northside, worker=cast.ben, closed_at=NOW, **birch)
    me, birch_id = cast.supervisor, cast.birch.id
    _ = me.roles, me.organisation.kind
    with watching() as asked:
        found = allocation.team(me, on=TODAY, practice_id=birch_id)
    assert [(c.worker.name, c.load.sentence, c.from_practice) for c in found] == [
        ("Amina Okafor", "0 of 0 points, 0 people", 0),
        ("Ben Harte", "2.75 of 20 points, 2 people", 1),
        ("Sunita Rao", "0 of 0 points, 0 people", 0),
    ]
    assert len(asked) <= 3


def test_who_is_given_a_case_is_told_and_who_takes_one_themself_is_not(cast: Cast) -> None:
    case = make.case(cast.northside)
    allocation.allocate(case, cast.ben, by=cast.supervisor, at=NOW)
    allocation.allocate(case, cast.supervisor, by=cast.supervisor, at=NOW)
    told = db.session.scalars(db.select(Notification)).all()
    assert [notice.user_id for notice in told] == [cast.ben.id]


def given_to(cast: Cast, worker: User, *cases: Any) -> None:
    chosen = dict.fromkeys(cases, worker)
    allocation.allocate_all(chosen, note=NOTE, by=cast.supervisor, at=NOW)


def test_several_cases_are_given_at_once_with_one_note(cast: Cast) -> None:
    one, two = (make.case(cast.northside, worker=cast.amina) for _ in range(2))
    given_to(cast, cast.ben, one, two)
    assert [case.worker_id for case in (one, two)] == [cast.ben.id] * 2
    assert [case.handovers[0].note for case in (one, two)] == [NOTE] * 2


def test_several_cases_are_given_all_or_none(cast: Cast) -> None:
    fine, ended, hers = (make.case(cast.northside, worker=cast.amina) for _ in range(3))
    ended.closed_at = NOW
    db.session.commit()
    with pytest.raises(RuleBroken, match="One of these cases has ended"):
        given_to(cast, cast.ben, fine, ended)
    with pytest.raises(RuleBroken, match="2 of these cases are already with"):
        given_to(cast, cast.amina, fine, hers)
    with pytest.raises(RuleBroken, match="link worker of the PCN"):
        given_to(cast, cast.cath, fine)
    assert fine.worker_id == cast.amina.id


def test_cases_of_another_pcn_are_never_picked(cast: Cast) -> None:
    own, foreign = make.case(cast.northside), make.case(cast.southside)
    assert list(allocation.picked([own.key, own.key], user=cast.supervisor)) == [own]
    for other in (foreign.key, "nobody", ""):
        with pytest.raises(NotYours):
            allocation.picked([own.key, other], user=cast.supervisor)
