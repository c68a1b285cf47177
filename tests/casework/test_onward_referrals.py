"""Onward referrals: sent only when agreed, answered once, visited on a day that has come."""

from collections.abc import Callable, Sequence
from datetime import timedelta

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from linkwork.casework import answer_links, answers, attendances, onward_referrals, sent_details
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
from tests.statements import at_once, dawdle, watching

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


def test_what_was_sent_is_kept_as_it_was_with_a_link_to_answer_by(
    case: SupportCase, cast: Cast
) -> None:
    made = agree(case, make.service(), cast.amina)
    onward_referrals.send(made, by=cast.amina, at=NOW)
    assert answer_links.present(made, at=NOW).onward_referral_id == made.id
    case.person.phone, case.person.preferred_name = "07700 900456", "Rosie"
    assert ("Phone", "07700 900123") in [
        (line.label, line.text) for line in sent_details.as_sent(made)
    ]
    assert sent_details.first_name(made) == "Rosa"
    assert sent_details.changed(made) == ["Name", "Phone"]
    onward_referrals.send_again(made, by=cast.amina, at=NOW)
    assert (sent_details.first_name(made), sent_details.changed(made)) == ("Rosie", [])
    with pytest.raises(RuleBroken, match="have these details already"):
        onward_referrals.send_again(made, by=cast.amina, at=NOW)


def test_a_new_link_ends_the_old_one(onward: OnwardReferral, cast: Cast) -> None:
    first = answer_links.renew(onward, by=cast.amina, at=NOW)
    second = answer_links.renew(onward, by=cast.amina, at=NOW)
    assert [answer_links.opens(link, at=NOW) for link in (first, second)] == [False, True]
    answer_links.take_back(onward, by=cast.amina, at=NOW)
    with pytest.raises(RuleBroken, match="has ended already"):
        answer_links.take_back(onward, by=cast.amina, at=NOW)
    with pytest.raises(RuleBroken, match="Make a new one"):
        answer_links.present(onward, at=NOW)


def test_silence_of_ten_days_is_noticed_until_they_are_asked_again(
    onward: OnwardReferral, cast: Cast
) -> None:
    def silent(days: int) -> list[OnwardReferral]:
        return list(onward_referrals.silent(cast.amina, on=TODAY + days * DAY))

    assert (silent(6), silent(7)) == ([], [onward])  # it was sent three days ago
    assert onward_referrals.silent(cast.ben, on=TODAY + 7 * DAY) == []
    onward_referrals.chase(onward, by=cast.amina, at=NOW)
    assert (silent(9), silent(10)) == ([], [onward])
    answers.give(onward, Said(AnswerKind.WAITLISTED), by=None, at=NOW)
    assert silent(30) == []
    with pytest.raises(RuleBroken, match="nothing to ask again"):
        onward_referrals.chase(onward, by=cast.amina, at=NOW)


@pytest.mark.parametrize("moment", ["paused_at", "closed_at"])
def test_of_a_case_that_rests_nothing_is_asked(
    onward: OnwardReferral, cast: Cast, moment: str
) -> None:
    onward.first_session_on = TODAY
    setattr(onward.case, moment, NOW)
    assert onward_referrals.silent(cast.amina, on=TODAY + 30 * DAY) == []
    assert onward_referrals.perhaps_gone(cast.amina, on=TODAY + 30 * DAY) == []


def test_after_the_first_session_it_is_asked_whether_they_went(
    onward: OnwardReferral, cast: Cast
) -> None:
    booked = Said(AnswerKind.ACCEPTED, first_session_on=TODAY)
    answers.give(onward, booked, by=None, at=NOW)
    assert onward_referrals.perhaps_gone(cast.amina, on=TODAY) == []
    assert onward_referrals.perhaps_gone(cast.amina, on=TODAY + DAY) == [onward]
    assert onward_referrals.perhaps_gone(cast.ben, on=TODAY + DAY) == []
    attendances.note(onward, on=TODAY, came=False, by=cast.amina, now=NOW)
    assert onward_referrals.perhaps_gone(cast.amina, on=TODAY + DAY) == []
    attendances.book(onward, TODAY + 7 * DAY, by=cast.amina, at=NOW)
    assert onward_referrals.perhaps_gone(cast.amina, on=TODAY + 8 * DAY) == [onward]
    attendances.note(onward, on=TODAY, came=True, by=cast.amina, now=NOW)
    assert onward_referrals.perhaps_gone(cast.amina, on=TODAY + 8 * DAY) == []


@pytest.mark.parametrize("listing", [onward_referrals.silent, onward_referrals.perhaps_gone])
def test_what_today_lists_comes_with_person_and_activity(
    onward: OnwardReferral, cast: Cast, listing: Callable[..., Sequence[OnwardReferral]]
) -> None:
    onward.first_session_on = TODAY
    number = cast.amina.id
    db.session.commit()
    db.session.expunge_all()
    user = db.session.get_one(User, number)
    with watching() as asked:
        [found] = listing(user, on=TODAY + 30 * DAY)
        assert (found.service.name, found.case.person.name) == ("Riverside choir", "Rosa Quill")
    assert len([text for text, _ in asked if "onward_referral" in text]) == 1
    assert len(asked) <= 4  # the user, their organisation and roles, and the list


def test_what_follows_from_another_is_of_the_same_case(
    onward: OnwardReferral, case: SupportCase, cast: Cast
) -> None:
    answers.give(onward, Said(AnswerKind.DECLINED, OnwardDecline.FULL), by=None, at=NOW)
    to = make.service("Allotment")
    made = onward_referrals.agree(case, to, after=onward, by=cast.amina, at=NOW)
    assert (made.onward_from, onward_referrals.superseded(onward)) == (onward, True)
    other = make.case(cast.northside, worker=cast.amina, first_conversation_at=NOW)
    with pytest.raises(RuleBroken, match="another case"):
        onward_referrals.agree(other, to, after=onward, by=cast.amina, at=NOW)


def test_whatever_is_under_way_stops_with_its_case(
    onward: OnwardReferral, case: SupportCase, cast: Cast
) -> None:
    over = make.onward_referral(case, by=cast.amina, declined_at=NOW)
    onward_referrals.stop(case, by=cast.amina, at=NOW)
    assert (onward.state, over.state) == ("cancelled", "declined")
