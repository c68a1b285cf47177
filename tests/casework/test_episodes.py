"""One episode of support: what continues it, what ends it, and what may not come before what."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from linkwork.casework import cases, contacts, episodes, referrals
from linkwork.casework.contacts import Conversation
from linkwork.casework.people import Identity
from linkwork.casework.referrals import Request
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import (
    AuditEntry,
    CloseReason,
    Complexity,
    ContactKind,
    ContactMode,
    ContactOutcome,
    Priority,
    Referral,
    SupportCase,
    User,
)
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW, TODAY
from tests.statements import at_once

ROSA = Identity("Quill", "Rosa", date(1951, 3, 12), nhs_number="9990000018")
DAY = timedelta(days=1)


def refer(by: User, **facts: Any) -> Referral:
    request = Request(**{"note": "Lonely.", "consented": True, **facts})
    return referrals.receive_from_practice(ROSA, request, by=by, at=NOW, on=TODAY)


def rosas(cast: Cast, **facts: Any) -> SupportCase:
    if "person" not in facts:
        born = ROSA.date_of_birth
        facts["person"] = make.person(nhs_number=ROSA.nhs_number, date_of_birth=born)
    usual = {"worker": cast.amina, "first_conversation_at": NOW - 40 * DAY}
    return make.case(cast.northside, **{**usual, **facts})


def ended(cast: Cast, days_ago: int, **facts: Any) -> SupportCase:
    usual = {"closed_at": NOW - days_ago * DAY, "close_reason": CloseReason.PERSON_ENDED}
    return rosas(cast, **{**usual, **facts})


def events() -> list[str]:
    db.session.commit()
    return list(db.session.scalars(select(AuditEntry.event).order_by(AuditEntry.number)))


def talk(case: SupportCase, by: User, **facts: Any) -> None:
    at = facts.pop("at", NOW)
    said = Conversation(**{"mode": ContactMode.PHONE, "minutes": 25, "notes": "Talked.", **facts})
    contacts.record(case, said, by=by, at=at, now=NOW)


@pytest.mark.parametrize("days", [0, 28])
def test_a_referral_within_28_days_of_the_close_continues_the_episode(
    cast: Cast, days: int
) -> None:
    """Else an episode that crosses 1 April would count in both years."""
    case = ended(cast, days)
    assert refer(cast.dev).case is case
    assert (case.state, case.worker, case.close_reason) == ("started", cast.amina, None)
    assert (case.next_action, case.next_action_on) == ("Read the new referral", TODAY)
    assert events() == ["case.reopened", "referral.received"]


def test_a_referral_later_than_that_begins_a_new_episode(cast: Cast) -> None:
    case = ended(cast, 29)
    assert refer(cast.dev).case is not case


@pytest.mark.parametrize("reason", [CloseReason.DIED, CloseReason.OPENED_IN_ERROR])
def test_what_ended_in_death_or_was_no_episode_is_not_continued(
    cast: Cast, reason: CloseReason
) -> None:
    case = ended(cast, 1, close_reason=reason)
    assert refer(cast.dev).case is not case


def test_an_episode_that_is_not_shared_with_practices_is_not_continued_by_one(cast: Cast) -> None:
    case = ended(cast, 1, share_with_gp=False)
    assert refer(cast.dev).case is not case


def test_an_open_case_is_joined_before_a_closed_one(cast: Cast) -> None:
    present = rosas(cast)
    ended(cast, 1, person=present.person)
    assert refer(cast.dev).case is present


def test_an_episode_whose_worker_has_left_waits_for_another(cast: Cast) -> None:
    case = ended(cast, 1)
    cast.amina.disabled_at = NOW
    refer(cast.dev)
    assert (case.worker_id, case.accepted_at) == (None, None)
    cases.accept(case, by=cast.ben, at=NOW)
    assert case.worker is cast.ben


def test_a_new_referral_of_an_open_case_is_on_its_workers_desk_today(cast: Cast) -> None:
    case = rosas(cast, next_action="Ring", next_action_on=TODAY + 20 * DAY)
    for _ in range(2):
        refer(cast.dev)
        assert case.next_action == "Read the new referral, then: Ring"
        assert case.next_action_on == TODAY


def test_who_no_longer_shares_with_the_practice_is_taken_at_their_word(cast: Cast) -> None:
    case = rosas(cast)
    refer(cast.dev, share_with_gp=False)
    assert not case.share_with_gp


def test_a_death_ends_every_case_of_the_person_wherever_it_is(cast: Cast) -> None:
    here = rosas(cast)
    there = make.case(cast.southside, worker=cast.cath, person=here.person)
    sent = make.onward_referral(there, by=cast.cath, sent_at=NOW)
    somebody_else = make.case(cast.northside)
    episodes.close(here, CloseReason.DIED, summary="Told by her son.", by=cast.amina, at=NOW)
    assert (there.close_reason, there.close_summary) == (CloseReason.DIED, None)
    assert (sent.state, there.next_action_on) == ("cancelled", None)
    assert somebody_else.is_open
    assert sorted(events()) == ["case.closed", "case.closed", "onward_referral.answered"]


def test_nothing_of_somebody_who_died_is_opened_again(cast: Cast) -> None:
    case = ended(cast, 1)
    case.person.died_on = TODAY
    with pytest.raises(RuleBroken, match="died"):
        episodes.reopen(case, by=cast.amina, at=NOW)


def test_two_workers_who_learn_of_a_death_at_once_both_get_an_answer(
    cast: Cast, make_app: Callable[..., Flask]
) -> None:
    here = rosas(cast)
    there = make.case(cast.southside, worker=cast.cath, person=here.person)
    told = at_once(make_app, _dying(here.id, cast.amina.id), _dying(there.id, cast.cath.id))
    assert sorted(told) == ["This case is closed. Open it again first.", "closed"]


def _dying(case_id: int, who: int) -> Callable[[Flask], str]:
    def act(_app: Flask) -> str:
        case, by = db.session.get_one(SupportCase, case_id), db.session.get_one(User, who)
        try:
            episodes.close(case, CloseReason.DIED, summary=None, by=by, at=NOW)
        except RuleBroken as refusal:
            return str(refusal)
        db.session.commit()
        return "closed"

    return act


def test_a_case_that_is_opened_again_is_not_still_paused(cast: Cast) -> None:
    case = ended(cast, 1, paused_at=NOW - 9 * DAY)
    episodes.reopen(case, by=cast.amina, at=NOW)
    assert case.state == "started"


def test_a_declined_referral_says_so_when_it_is_opened_again(cast: Cast) -> None:
    case = make.case(cast.northside, declined_at=NOW)
    with pytest.raises(RuleBroken, match="declined"):
        episodes.reopen(case, by=cast.amina, at=NOW)


def test_a_case_is_taken_on_before_it_is_paused(cast: Cast) -> None:
    with pytest.raises(RuleBroken, match="Accept"):
        cases.pause(make.case(cast.northside), by=cast.amina, at=NOW)


@pytest.mark.parametrize(
    "outcome", [ContactOutcome.CANCELLED_BY_US, ContactOutcome.CANCELLED_BY_PERSON]
)
def test_an_appointment_that_was_cancelled_is_no_try_at_reaching_somebody(
    cast: Cast, outcome: ContactOutcome
) -> None:
    case = make.case(cast.northside, worker=cast.amina)
    for days, mode in ((3, ContactMode.PHONE), (2, ContactMode.TEXT), (1, ContactMode.PHONE)):
        result = outcome if days == 1 else ContactOutcome.NO_REPLY
        facts = {"at": NOW - days * DAY, "mode": mode, "outcome": result}
        make.contact(case, by=cast.amina, kind=ContactKind.ATTEMPT, **facts)
    with pytest.raises(RuleBroken, match="Try three times"):
        episodes.close(case, CloseReason.NO_CONTACT, summary=None, by=cast.amina, at=NOW)


def test_a_plan_is_agreed_in_a_conversation_and_not_by_letter(cast: Cast) -> None:
    case = make.case(cast.northside, worker=cast.amina)
    with pytest.raises(RuleBroken, match="plan"):
        talk(case, cast.amina, mode=ContactMode.LETTER, plan_agreed=True)
    assert case.state == "waiting"


def test_a_plan_whose_agreement_is_recorded_late_was_agreed_then(cast: Cast) -> None:
    case = make.case(cast.northside, worker=cast.amina)
    talk(case, cast.amina, plan_agreed=True)
    talk(case, cast.amina, at=NOW - DAY, plan_agreed=True)
    assert case.plan_agreed_at == NOW - DAY


def test_a_worker_says_how_soon_somebody_should_be_seen(cast: Cast) -> None:
    case = make.case(cast.northside, worker=cast.amina)
    cases.weigh(case, Complexity.LIGHT, priority=Priority.SOON, by=cast.amina)
    assert (case.complexity, case.priority) == (Complexity.LIGHT, Priority.SOON)
    cases.weigh(case, Complexity.COMPLEX, by=cast.amina)
    assert case.priority is Priority.SOON
    assert events() == ["case.weighed", "case.weighed"]
