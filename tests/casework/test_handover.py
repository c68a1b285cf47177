"""A worker leaves, and nobody they support is lost."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from linkwork.casework import caseload, cases, episodes, handover, users, visits
from linkwork.casework.handover import Takers
from linkwork.database import db
from linkwork.errors import NotYours, RuleBroken
from linkwork.models import (
    AuditEntry,
    CloseReason,
    Handover,
    NoticeKind,
    Notification,
    Role,
    SupportCase,
    User,
)
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW
from tests.statements import at_once, dawdle

NOTE = "She likes to be rung in the morning."
DAY = timedelta(days=1)


def hers(cast: Cast, **facts: Any) -> SupportCase:
    return make.case(cast.northside, worker=cast.amina, **facts)


def give(cast: Cast, takers: Takers) -> int:
    return handover.give(cast.amina, takers, note=NOTE, by=cast.supervisor, at=NOW)


def all_to(user: User) -> Takers:
    return Takers({}, {}, user)


def disable(cast: Cast) -> None:
    users.disable(cast.amina, by=cast.admin, at=NOW)


def test_who_has_open_cases_tasks_or_visits_cannot_be_disabled(cast: Cast) -> None:
    make.task(hers(cast))
    make.task(make.case(cast.northside, worker=cast.ben), owner=cast.amina)
    visits.plan(hers(cast), planned_at=NOW + DAY, place="The hall", by=cast.amina, at=NOW)
    hers(cast, closed_at=NOW)
    with pytest.raises(RuleBroken, match="still has 2 open cases, 2 tasks and 1 visit"):
        disable(cast)
    assert cast.amina.disabled_at is None


def test_who_has_only_a_visit_or_a_task_cannot_be_disabled_either(cast: Cast) -> None:
    make.task(make.case(cast.northside, worker=cast.ben), owner=cast.amina)
    with pytest.raises(RuleBroken, match="still has 1 task"):
        disable(cast)


def test_who_has_open_cases_keeps_a_role_that_works_them(cast: Cast) -> None:
    case = hers(cast)
    with pytest.raises(RuleBroken, match="1 open case"):
        users.change_roles(cast.amina, [Role.PCN_LEAD], by=cast.admin)
    users.change_roles(cast.amina, [Role.SUPERVISOR], by=cast.admin)
    case.closed_at = NOW
    users.change_roles(cast.amina, [Role.PCN_LEAD], by=cast.admin)


def test_once_everything_is_handed_over_the_account_can_be_disabled(cast: Cast) -> None:
    case, closed = hers(cast), hers(cast, closed_at=NOW)
    make.task(case)
    visit = visits.plan(case, planned_at=NOW + DAY, place="The hall", by=cast.amina, at=NOW)
    of_bens = make.case(cast.northside, worker=cast.ben)
    task = make.task(of_bens, owner=cast.amina)
    waiting = make.task(make.case(cast.northside), owner=cast.amina)
    along = {"by": cast.ben, "sent_at": NOW, "companion_id": cast.amina.id}
    hers_to_go, bens_to_go = (make.onward_referral(c, **along) for c in (case, of_bens))
    assert handover.left_with(cast.amina).sentence == (
        "1 open case, 3 tasks, 1 visit and 2 sessions to go along to"
    )
    assert give(cast, all_to(cast.ben)) == 1
    db.session.commit()
    assert [who.name for who in (case.worker, visit.worker, task.owner)] == ["Ben Harte"] * 3
    assert waiting.owner is cast.supervisor
    assert {hers_to_go.companion_id, bens_to_go.companion_id} == {cast.ben.id}
    assert closed.worker is cast.amina
    disable(cast)
    assert cast.amina.disabled_at == NOW


def test_the_nearest_word_counts_the_case_then_its_practice_then_all(cast: Cast) -> None:
    birch = make.person(practice=cast.birch)
    one, two = hers(cast, person=birch), hers(cast, person=make.person(practice=cast.birch))
    three = hers(cast)
    takers = Takers({one.key: cast.supervisor}, {cast.birch.key: cast.ben}, cast.supervisor)
    give(cast, takers)
    names = [case.worker and case.worker.name for case in (one, two, three)]
    assert names == ["Sunita Rao", "Ben Harte", "Sunita Rao"]


def test_the_note_is_on_the_timeline_and_the_new_worker_is_told(cast: Cast) -> None:
    case = hers(cast)
    give(cast, all_to(cast.ben))
    [told] = case.handovers
    assert (told.from_id, told.to_id, told.note) == (cast.amina.id, cast.ben.id, NOTE)
    [notice] = db.session.scalars(select(Notification)).all()
    found = (notice.user_id, notice.kind, notice.case)
    assert found == (cast.ben.id, NoticeKind.CASE_GIVEN, case)


def test_the_note_is_not_in_the_trail(cast: Cast) -> None:
    hers(cast)
    give(cast, all_to(cast.ben))
    db.session.commit()
    entries = db.session.scalars(select(AuditEntry)).all()
    assert {entry.event for entry in entries} == {"case.allocated", "user.handed_over"}
    assert not [entry for entry in entries if NOTE in str(entry.details)]


def test_all_are_given_or_none(cast: Cast) -> None:
    one, two = hers(cast), hers(cast)
    db.session.commit()
    with pytest.raises(RuleBroken, match="for one person"):
        give(cast, Takers({one.key: cast.ben}, {}))
    with pytest.raises(RuleBroken, match="link worker of the PCN"):
        give(cast, Takers({one.key: cast.ben}, {}, cast.cath))
    db.session.rollback()
    assert {one.worker_id, two.worker_id} == {cast.amina.id}
    assert db.session.scalar(select(func.count()).select_from(Handover)) == 0


def test_who_leaves_takes_nothing(cast: Cast) -> None:
    hers(cast)
    with pytest.raises(RuleBroken, match="cannot take their own"):
        give(cast, all_to(cast.amina))


def test_a_case_that_came_meanwhile_is_not_left_behind(cast: Cast) -> None:
    seen = hers(cast)
    cases.accept(make.case(cast.northside), by=cast.amina, at=NOW)
    with pytest.raises(RuleBroken, match="Nobody is chosen yet for one person"):
        give(cast, Takers({seen.key: cast.ben}, {}))


def test_only_colleagues_of_the_pcn_are_handed_over(cast: Cast) -> None:
    make.case(cast.southside, worker=cast.cath)
    assert [u.name for u, _ in handover.team(cast.supervisor)] == [
        "Amina Okafor",
        "Ben Harte",
        "Sunita Rao",
    ]
    for key in (cast.cath.key, cast.dev.key, "nobody", "\0"):
        with pytest.raises(NotYours):
            handover.colleague(key, user=cast.supervisor)


def test_the_cases_of_an_account_that_was_disabled_before_can_be_handed_over(cast: Cast) -> None:
    hers(cast)
    cast.amina.disabled_at = NOW
    assert ("Amina Okafor", 1) in [(u.name, n) for u, n in handover.team(cast.supervisor)]
    assert give(cast, all_to(cast.ben)) == 1


def test_a_case_opened_again_after_its_worker_left_waits_for_another(cast: Cast) -> None:
    case = hers(cast)
    case.first_conversation_at = NOW - DAY
    episodes.close(case, CloseReason.PERSON_ENDED, summary=None, by=cast.amina, at=NOW)
    disable(cast)
    episodes.reopen(case, by=cast.ben, at=NOW + DAY)
    make.referral(cast.birch, case=case)
    assert (case.worker_id, case.accepted_at) == (None, None)
    assert [r.case for r in caseload.waiting(cast.ben).referrals] == [case]


def test_nobody_takes_a_case_once_their_account_is_disabled(cast: Cast) -> None:
    case = make.case(cast.northside)
    disable(cast)
    with pytest.raises(RuleBroken, match="no longer works"):
        cases.accept(case, by=cast.amina, at=NOW)


def attempt(act: Any) -> Any:
    """Do something in a thread of its own, and say whether it was done."""

    def run(_: Any) -> str:
        try:
            act()
        except RuleBroken:
            db.session.rollback()
            return "refused"
        db.session.commit()
        return "done"

    return run


def test_a_case_accepted_while_the_account_is_disabled_is_never_lost(
    cast: Cast, make_app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_id = make.case(cast.northside).id
    ids = {name: cast.users[name].id for name in ("amina", "admin")}
    db.session.commit()
    dawdle(monkeypatch, handover, "left_with")
    dawdle(monkeypatch, cases, "works_there")

    def who(name: str) -> User:
        return db.session.get_one(User, ids[name])

    def accept() -> None:
        cases.accept(db.session.get_one(SupportCase, case_id), by=who("amina"), at=NOW)

    def shut() -> None:
        users.disable(who("amina"), by=who("admin"), at=NOW)

    assert sorted(at_once(make_app, attempt(accept), attempt(shut))) == ["done", "refused"]
    db.session.expire_all()
    case = db.session.get_one(SupportCase, case_id)
    assert (case.worker_id is None) == (cast.amina.disabled_at is not None)


def test_two_who_hand_over_at_once_give_each_case_once(
    cast: Cast, make_app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    case_ids = [hers(cast).id for _ in range(3)]
    ids = {name: cast.users[name].id for name in ("amina", "ben", "supervisor")}
    db.session.commit()
    dawdle(monkeypatch, handover, "_held")

    def act() -> None:
        amina, ben, by = (db.session.get_one(User, ids[n]) for n in ids)
        handover.give(amina, Takers({}, {}, ben), note=NOTE, by=by, at=NOW)

    at_once(make_app, attempt(act), attempt(act))
    db.session.expire_all()
    told = select(Handover.case_id, func.count()).group_by(Handover.case_id)
    assert dict(map(tuple, db.session.execute(told))) == dict.fromkeys(case_ids, 1)


STEP = st.tuples(
    st.sampled_from("new accept close reopen give disable enable".split()), st.integers(0, 3)
)


@pytest.mark.one_engine
@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(steps=st.lists(STEP, max_size=20))
def test_whatever_happens_every_open_case_has_a_worker_who_is_there_or_waits(
    cast: Cast, steps: list[tuple[str, int]]
) -> None:
    team = [cast.amina, cast.ben]
    made: list[SupportCase] = []

    def act(verb: str, which: int) -> None:
        worker, other = team[which % 2], team[1 - which % 2]
        by = cast.supervisor
        if verb == "new" or not made:
            made.append(make.case(cast.northside))
            return
        case, ended = made[which % len(made)], CloseReason.PERSON_ENDED
        verbs: dict[str, Any] = {
            "accept": lambda: cases.accept(case, by=worker, at=NOW),
            "close": lambda: episodes.close(case, ended, summary=None, by=by, at=NOW),
            "reopen": lambda: episodes.reopen(case, by=by, at=NOW),
            "give": lambda: handover.give(worker, all_to(other), note=NOTE, by=by, at=NOW),
            "disable": lambda: users.disable(worker, by=cast.admin, at=NOW),
            "enable": lambda: users.enable(worker, by=cast.admin),
        }
        verbs[verb]()

    for verb, which in steps:
        with db.session.begin_nested() as undo:
            try:
                act(verb, which)
            except RuleBroken:
                undo.rollback()
        for case in made:
            if case in db.session and case.is_open:
                there = case.worker is not None and case.worker.is_active
                assert there or (case.worker_id, case.accepted_at) == (None, None)
    db.session.rollback()
