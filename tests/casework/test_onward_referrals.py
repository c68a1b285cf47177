"""Onward referrals: sent only when agreed, answered once, visited on a day that has come."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from linkwork.casework import answers, attendances, onward_referrals, sent_details
from linkwork.casework.answers import Said
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import (
    AnswerKind,
    CapacityStatus,
    OnwardDecline,
    OnwardOutcome,
    OnwardReferral,
    OnwardState,
    Service,
    ServiceStatus,
    SupportCase,
    User,
)
from linkwork.models.onward_referral import STATES
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW, TODAY
from tests.statements import at_once, dawdle

DAY = timedelta(days=1)


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    return make.case(cast.northside, worker=cast.amina, first_conversation_at=NOW - 5 * DAY)


@pytest.fixture
def onward(case: SupportCase, cast: Cast) -> OnwardReferral:
    return make.onward_referral(case, by=cast.amina, agreed_at=NOW - 4 * DAY, sent_at=NOW - 3 * DAY)


def agree(case: SupportCase, service: Service, by: User) -> OnwardReferral:
    return onward_referrals.agree(case, service, by=by, at=NOW)


def test_what_was_agreed_is_sent_once(case: SupportCase, cast: Cast) -> None:
    made = agree(case, make.service(), cast.amina)
    assert made.state == "agreed"
    onward_referrals.send(made, by=cast.amina, at=NOW)
    assert made.state == "sent"
    with pytest.raises(RuleBroken, match="already been sent"):
        onward_referrals.send(made, by=cast.amina, at=NOW)


def test_nothing_is_sent_that_was_not_agreed(case: SupportCase, cast: Cast) -> None:
    made = make.onward_referral(case, by=cast.amina, agreed_at=None)
    with pytest.raises(RuleBroken, match="Ask the person first"):
        onward_referrals.send(made, by=cast.amina, at=NOW)


def test_talking_comes_before_sending_somebody_anywhere(cast: Cast) -> None:
    case = make.case(cast.northside, worker=cast.amina)
    with pytest.raises(RuleBroken, match="Record a conversation first"):
        agree(case, make.service(), cast.amina)


def test_an_activity_that_does_not_run_takes_nobody(case: SupportCase, cast: Cast) -> None:
    for facts in ({"status": ServiceStatus.DEFUNCT}, {"ends_on": TODAY - DAY}):
        with pytest.raises(RuleBroken, match="is not running"):
            agree(case, make.service(**facts), cast.amina)
    agree(case, make.service(ends_on=TODAY), cast.amina)


def test_nobody_is_sent_to_the_same_activity_twice_at_a_time(
    case: SupportCase, cast: Cast, onward: OnwardReferral
) -> None:
    with pytest.raises(RuleBroken, match="already among"):
        agree(case, onward.service, cast.amina)
    onward_referrals.end(onward, OnwardOutcome.NEVER_WENT, by=cast.amina, at=NOW)
    agree(case, onward.service, cast.amina)


def test_of_two_who_refer_to_the_same_activity_at_once_one_does(
    case: SupportCase,
    cast: Cast,
    make_app: Callable[..., Flask],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dawdle(monkeypatch, onward_referrals, "is_going")
    numbers = case.id, make.service().id, cast.amina.id

    def act(_app: Flask) -> str:
        of, where, by = (
            db.session.get_one(kind, number)
            for kind, number in zip((SupportCase, Service, User), numbers, strict=True)
        )
        try:
            agree(of, where, by)
        except RuleBroken as refusal:
            return str(refusal)
        db.session.commit()
        return "agreed"

    told = at_once(make_app, act, act)
    assert sorted(told) == [
        "Riverside choir is already among this person’s activities.",
        "agreed",
    ]


def test_a_full_activity_is_sent_nobody(case: SupportCase, cast: Cast) -> None:
    full = make.service(capacity_status=CapacityStatus.NO_CAPACITY)
    made = agree(case, full, cast.amina)
    with pytest.raises(RuleBroken, match="is full"):
        onward_referrals.send(made, by=cast.amina, at=NOW)


def test_a_provider_is_told_name_contact_and_access_and_nothing_else(cast: Cast) -> None:
    whole = make.person(
        preferred_name="Rosie",
        email="rosa@moorvale.example",
        address="1 Elm Lane",
        safe_to_contact="No voicemail",
        language="Urdu",
        interpreter=True,
        access_needs="Large print",
        alert="Dog",
        next_of_kin="Ada",
        ethnic_group="Other",
        gender="female",
    )
    lines = sent_details.what_is_sent(whole, message="Shy at first.", needs_accompanying=True)
    assert [(line.label, line.text) for line in lines] == [
        ("Name", "Rosie Quill"),
        ("Phone", "07700 900123"),
        ("Email", "rosa@moorvale.example"),
        ("When you get in touch", "No voicemail"),
        ("Language", "Urdu, interpreter needed"),
        ("Access needs", "Large print"),
        ("First visit", "Somebody will come with them."),
        ("Message", "Shy at first."),
    ]


def test_of_somebody_of_whom_little_is_known_little_is_sent(cast: Cast) -> None:
    bare = make.person(phone=None, language="English")
    lines = sent_details.what_is_sent(bare, message=None, needs_accompanying=False)
    assert [line.label for line in lines] == ["Name"]


def test_an_ending_goes_with_whether_they_went(onward: OnwardReferral, cast: Cast) -> None:
    with pytest.raises(RuleBroken, match="Record their first visit"):
        onward_referrals.end(onward, OnwardOutcome.HELPED, by=cast.amina, at=NOW)
    attendances.note(onward, on=TODAY, came=True, by=cast.amina, now=NOW)
    with pytest.raises(RuleBroken, match="at least once"):
        onward_referrals.end(onward, OnwardOutcome.NEVER_WENT, by=cast.amina, at=NOW)
    onward_referrals.end(onward, OnwardOutcome.HELPED, by=cast.amina, at=NOW)
    assert onward.state == "ended"


def test_who_went_is_not_taken_back_or_said_not_to_be_going(
    onward: OnwardReferral, cast: Cast
) -> None:
    attendances.note(onward, on=TODAY, came=True, by=cast.amina, now=NOW)
    with pytest.raises(RuleBroken, match="Say how it ended"):
        onward_referrals.cancel(onward, by=cast.amina, at=NOW)
    no = Said(AnswerKind.DECLINED, OnwardDecline.COST)
    with pytest.raises(RuleBroken, match="Say how it ended"):
        answers.give(onward, no, by=cast.amina, at=NOW)


@given(history=st.lists(st.booleans(), min_size=len(STATES), max_size=len(STATES)))
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_state_in_python_is_the_state_in_sql_whatever_happened(
    case: SupportCase, cast: Cast, history: list[bool]
) -> None:
    moments = {name: NOW for (name, _), happened in zip(STATES, history, strict=True) if happened}
    made = make.onward_referral(case, by=cast.amina, **{"agreed_at": None, **moments})
    query = select(OnwardReferral.state, OnwardReferral.is_open)
    in_sql = db.session.execute(query.where(OnwardReferral.id == made.id)).one()
    assert (OnwardState(in_sql[0]), bool(in_sql[1])) == (made.state, made.is_open)
