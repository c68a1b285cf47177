"""A case: taken on once, given away, paused, closed for a reason, opened again."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from linkwork.casework import allocation, cases, episodes
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import (
    AuditEntry,
    CaseState,
    CloseReason,
    Complexity,
    ContactKind,
    ContactMode,
    ContactOutcome,
    DeclineReason,
    SupportCase,
    User,
)
from linkwork.models.case import STATES
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW, TODAY
from tests.statements import at_once, dawdle


def tried(case: SupportCase, by: User, days_ago: int, mode: ContactMode) -> None:
    make.contact(
        case,
        by=by,
        at=NOW - timedelta(days=days_ago),
        mode=mode,
        kind=ContactKind.ATTEMPT,
        outcome=ContactOutcome.NO_REPLY,
    )


def close(case: SupportCase, reason: CloseReason, by: User) -> None:
    episodes.close(case, reason, summary=None, by=by, at=NOW)


def test_a_case_that_is_accepted_is_on_the_desk_of_who_accepted_it(cast: Cast) -> None:
    case = make.case(cast.northside)
    cases.accept(case, by=cast.amina, at=NOW)
    assert (case.worker, case.state) == (cast.amina, "waiting")
    assert (case.next_action, case.next_action_on) == ("First conversation", TODAY)


def test_accepting_twice_is_accepting_once(cast: Cast) -> None:
    case = make.case(cast.northside)
    cases.accept(case, by=cast.amina, at=NOW)
    cases.accept(case, by=cast.amina, at=NOW + timedelta(minutes=1))
    db.session.commit()
    entries = db.session.scalars(select(AuditEntry).where(AuditEntry.event == "case.accepted"))
    assert case.accepted_at == NOW
    assert len(entries.all()) == 1


def test_somebody_who_is_too_late_to_accept_is_told_who_was_first(cast: Cast) -> None:
    case = make.case(cast.northside)
    cases.accept(case, by=cast.ben, at=NOW)
    with pytest.raises(RuleBroken, match="Ben Harte has already accepted"):
        cases.accept(case, by=cast.amina, at=NOW)


def test_of_two_who_accept_at_once_exactly_one_gets_the_case(
    cast: Cast, make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    dawdle(monkeypatch, cases, "_must_be_new")
    key = make.case(cast.northside).key

    def accepting(who: int) -> Callable[[Flask], str]:
        def act(_app: Flask) -> str:
            case = db.session.scalars(select(SupportCase).where(SupportCase.key == key)).one()
            by = db.session.get_one(User, who)
            try:
                cases.accept(case, by=by, at=NOW)
            except RuleBroken as refusal:
                return str(refusal)
            db.session.commit()
            return "accepted"

        return act

    told = at_once(make_app, accepting(cast.amina.id), accepting(cast.ben.id))
    assert sorted(t == "accepted" for t in told) == [False, True]
    assert [t for t in told if t.endswith("has already accepted this referral.")]


def test_a_case_is_given_only_to_somebody_who_works_there(cast: Cast) -> None:
    case = make.case(cast.northside)
    for other in (cast.cath, cast.lead, cast.dev):
        with pytest.raises(RuleBroken, match="a link worker of the PCN"):
            allocation.allocate(case, other, by=cast.supervisor, at=NOW)
    allocation.allocate(case, cast.ben, by=cast.supervisor, at=NOW)
    assert (case.worker, case.accepted_by_id) == (cast.ben, cast.supervisor.id)


def test_a_case_is_not_given_to_who_has_it_or_has_left(cast: Cast) -> None:
    case = make.case(cast.northside, worker=cast.amina)
    with pytest.raises(RuleBroken, match="already with Amina Okafor"):
        allocation.allocate(case, cast.amina, by=cast.supervisor, at=NOW)
    cast.ben.disabled_at = NOW
    with pytest.raises(RuleBroken):
        allocation.allocate(case, cast.ben, by=cast.supervisor, at=NOW)


def test_support_that_has_started_is_closed_and_not_declined(cast: Cast) -> None:
    case = make.case(cast.northside, worker=cast.amina, first_conversation_at=NOW)
    with pytest.raises(RuleBroken, match="closed but not declined"):
        episodes.decline(case, DeclineReason.DUPLICATE, by=cast.amina, at=NOW)


def test_a_declined_case_takes_nothing_more(cast: Cast) -> None:
    case = make.case(cast.northside)
    episodes.decline(case, DeclineReason.PERSON_DECLINED, by=cast.amina, at=NOW)
    assert case.state == "declined"
    with pytest.raises(RuleBroken, match="declined"):
        cases.accept(case, by=cast.ben, at=NOW)


def test_a_case_is_paused_once_and_resumed_once(cast: Cast) -> None:
    case = make.case(cast.northside, worker=cast.amina)
    cases.pause(case, by=cast.amina, at=NOW)
    with pytest.raises(RuleBroken, match="already paused"):
        cases.pause(case, by=cast.amina, at=NOW)
    cases.resume(case, by=cast.amina)
    with pytest.raises(RuleBroken, match="not paused"):
        cases.resume(case, by=cast.amina)


def test_weighing_a_case_leaves_an_entry(cast: Cast) -> None:
    case = make.case(cast.northside, worker=cast.amina)
    cases.weigh(case, Complexity.COMPLEX, by=cast.amina)
    db.session.commit()
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.number.desc())).first()
    assert entry is not None
    assert (entry.event, entry.details) == ("case.weighed", {"complexity": "complex"})


def test_closing_asks_what_became_of_every_open_onward_referral(cast: Cast) -> None:
    case = make.case(cast.northside, worker=cast.amina, first_conversation_at=NOW)
    make.onward_referral(case, by=cast.amina)
    for reason in set(CloseReason) - {CloseReason.DIED, CloseReason.NO_CONTACT}:
        with pytest.raises(RuleBroken, match="Say what became of each"):
            close(case, reason, cast.amina)


def test_a_death_ends_everything_at_once_and_for_good(cast: Cast) -> None:
    case = make.case(cast.northside, worker=cast.amina, first_conversation_at=NOW)
    onward = make.onward_referral(case, by=cast.amina, sent_at=NOW)
    close(case, CloseReason.DIED, cast.amina)
    assert (onward.state, case.person.died_on, case.next_action_on) == ("cancelled", TODAY, None)
    with pytest.raises(RuleBroken, match="died"):
        episodes.reopen(case, by=cast.amina, at=NOW)


def test_a_plan_needs_a_conversation_to_be_completed(cast: Cast) -> None:
    case = make.case(cast.northside, worker=cast.amina)
    with pytest.raises(RuleBroken, match="No conversation"):
        close(case, CloseReason.PLAN_COMPLETED, cast.amina)


@pytest.mark.parametrize(
    "tries",
    [
        [(3, ContactMode.PHONE), (2, ContactMode.TEXT)],
        [(3, ContactMode.PHONE), (2, ContactMode.PHONE), (1, ContactMode.PHONE)],
        [(2, ContactMode.PHONE), (2, ContactMode.TEXT), (2, ContactMode.LETTER)],
    ],
    ids=["twice", "one way", "one day"],
)
def test_nobody_is_given_up_on_before_three_tries_on_two_days_in_two_ways(
    cast: Cast, tries: list[tuple[int, ContactMode]]
) -> None:
    case = make.case(cast.northside, worker=cast.amina)
    for days_ago, mode in tries:
        tried(case, cast.amina, days_ago, mode)
    with pytest.raises(RuleBroken, match="Try three times"):
        close(case, CloseReason.NO_CONTACT, cast.amina)


def test_only_tries_since_they_last_talked_count(cast: Cast) -> None:
    case = make.case(cast.northside, worker=cast.amina, last_contact_at=NOW - timedelta(days=3))
    for days_ago, mode in [(5, ContactMode.TEXT), (2, ContactMode.PHONE), (1, ContactMode.TEXT)]:
        tried(case, cast.amina, days_ago, mode)
    with pytest.raises(RuleBroken, match="Try three times"):
        close(case, CloseReason.NO_CONTACT, cast.amina)
    tried(case, cast.amina, 1, ContactMode.PHONE)
    close(case, CloseReason.NO_CONTACT, cast.amina)
    assert case.close_reason is CloseReason.NO_CONTACT


def test_an_episode_goes_on_when_it_is_opened_again_within_28_days(cast: Cast) -> None:
    case = make.case(cast.northside, worker=cast.amina, first_conversation_at=NOW)
    close(case, CloseReason.PERSON_ENDED, cast.amina)
    with pytest.raises(RuleBroken, match="more than 28 days"):
        episodes.reopen(case, by=cast.amina, at=NOW + timedelta(days=28, seconds=1))
    episodes.reopen(case, by=cast.amina, at=NOW + timedelta(days=28))
    assert (case.state, case.first_conversation_at) == ("started", NOW)


def test_a_case_is_not_opened_again_beside_a_new_one(cast: Cast) -> None:
    case = make.case(cast.northside, worker=cast.amina, first_conversation_at=NOW)
    close(case, CloseReason.PERSON_ENDED, cast.amina)
    make.case(cast.northside, person=case.person)
    with pytest.raises(RuleBroken, match="another open case"):
        episodes.reopen(case, by=cast.amina, at=NOW)


@given(history=st.lists(st.booleans(), min_size=len(STATES), max_size=len(STATES)))
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_state_in_python_is_the_state_in_sql_whatever_happened(
    cast: Cast, history: list[bool]
) -> None:
    moments = {name: NOW for (name, _), happened in zip(STATES, history, strict=True) if happened}
    case = make.case(cast.northside, **moments)
    query = select(SupportCase.state, SupportCase.is_open).where(SupportCase.id == case.id)
    in_sql = db.session.execute(query).one()
    assert (CaseState(in_sql[0]), bool(in_sql[1])) == (case.state, case.is_open)
