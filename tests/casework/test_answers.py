"""Answers: yes, wait or no, by the provider or noted by us, changed while nobody acted on it."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from linkwork.casework import answers, attendances, onward_referrals
from linkwork.casework.answers import Room, Said, SaidAlready
from linkwork.database import db
from linkwork.errors import ChangedMeanwhile, RuleBroken
from linkwork.models import (
    AnswerKind,
    AuditEntry,
    CapacityStatus,
    Notification,
    OnwardDecline,
    OnwardReferral,
    SupportCase,
    User,
)
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW, TODAY
from tests.statements import at_once, dawdle

DAY = timedelta(days=1)
YES, WAIT = Said(AnswerKind.ACCEPTED), Said(AnswerKind.WAITLISTED)
NO = Said(AnswerKind.DECLINED, OnwardDecline.FULL)


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    return make.case(cast.northside, worker=cast.amina, first_conversation_at=NOW - 5 * DAY)


@pytest.fixture
def onward(case: SupportCase, cast: Cast) -> OnwardReferral:
    return make.onward_referral(case, by=cast.amina, agreed_at=NOW - 4 * DAY, sent_at=NOW - 3 * DAY)


def give(onward: OnwardReferral, said: Said, by: User | None = None, **more: int) -> None:
    answers.give(onward, said, by=by, at=NOW, **more)


def test_an_answer_needs_something_that_was_sent(case: SupportCase, cast: Cast) -> None:
    made = make.onward_referral(case, by=cast.amina)
    for said in (YES, WAIT):
        with pytest.raises(RuleBroken, match="Send the onward referral first"):
            give(made, said, cast.amina)
    with pytest.raises(RuleBroken, match="Send the onward referral first"):
        give(made, NO)
    give(made, Said(AnswerKind.DECLINED, OnwardDecline.PERSON_CHANGED_MIND), cast.amina)
    assert made.state == "declined"


def test_an_answer_says_when_the_first_session_is_or_how_long_they_wait(
    onward: OnwardReferral,
) -> None:
    give(onward, Said(AnswerKind.WAITLISTED, wait_weeks=6))
    assert (onward.state, onward.wait_weeks) == ("waitlisted", 6)
    give(onward, Said(AnswerKind.ACCEPTED, first_session_on=TODAY + 7 * DAY))
    assert (onward.state, onward.first_session_on) == ("accepted", TODAY + 7 * DAY)
    assert [answer.kind for answer in onward.answers] == ["waitlisted", "accepted"]


def test_the_worker_is_told_once_what_the_provider_answered(
    onward: OnwardReferral, cast: Cast
) -> None:
    give(onward, WAIT)
    give(onward, YES)
    told = db.session.scalars(select(Notification)).all()
    assert [(one.user_id, one.kind, one.case_id) for one in told] == [
        (cast.amina.id, "provider_answered", onward.case_id)
    ]


def test_what_a_worker_notes_is_told_to_nobody(onward: OnwardReferral, cast: Cast) -> None:
    give(onward, YES, cast.amina)
    assert db.session.scalars(select(Notification)).all() == []
    assert onward.answers[0].by_id == cast.amina.id


def test_an_answer_through_the_link_is_noted_as_such_and_its_words_are_not(
    onward: OnwardReferral,
) -> None:
    give(onward, Said(AnswerKind.ACCEPTED, words="Bring an apron.", given_by="Pat"))
    db.session.commit()
    entry = db.session.scalars(select(AuditEntry)).all()[-1]
    assert (entry.event, entry.user_id) == ("onward_referral.answered", None)
    assert entry.person_id == onward.case.person_id
    assert entry.details == {"answer": "accepted", "via": "link"}


@pytest.mark.parametrize("said", [YES, WAIT, NO])
def test_the_same_answer_twice_is_one(onward: OnwardReferral, said: Said) -> None:
    give(onward, said)
    with pytest.raises(SaidAlready):
        give(onward, said)
    assert len(onward.answers) == 1


def test_one_that_was_answered_before_answers_were_kept_is_not_answered_anew(
    onward: OnwardReferral, cast: Cast
) -> None:
    onward.accepted_at = NOW - DAY
    with pytest.raises(SaidAlready):
        give(onward, YES, cast.amina)


@pytest.mark.parametrize(("first", "second"), [(YES, WAIT), (YES, NO), (NO, YES), (NO, WAIT)])
def test_an_answer_can_be_changed_and_both_are_kept(
    onward: OnwardReferral, first: Said, second: Said
) -> None:
    give(onward, first)
    give(onward, second)
    assert onward.state == second.kind.value
    assert [answer.kind for answer in onward.answers] == [first.kind, second.kind]
    assert (onward.decline_reason is None) == (second is not NO)


def test_who_answers_a_page_that_somebody_else_has_answered_since_is_shown_that(
    onward: OnwardReferral,
) -> None:
    give(onward, YES, read=0)
    with pytest.raises(ChangedMeanwhile, match="Somebody else answered"):
        give(onward, NO, read=0)
    give(onward, NO, read=1)


def test_a_no_stands_once_they_have_gone_on_to_something_else(
    onward: OnwardReferral, cast: Cast
) -> None:
    give(onward, NO)
    other = make.service("Allotment")
    onward_referrals.agree(onward.case, other, after=onward, by=cast.amina, at=NOW)
    with pytest.raises(RuleBroken, match="gone on to something else"):
        give(onward, YES)
    assert not answers.can_change(onward, None)


def test_a_no_stands_while_they_are_sent_there_again(onward: OnwardReferral, cast: Cast) -> None:
    give(onward, Said(AnswerKind.DECLINED, OnwardDecline.CLOSED))
    onward_referrals.agree(onward.case, onward.service, by=cast.amina, at=NOW)
    with pytest.raises(RuleBroken, match="gone on to something else"):
        give(onward, YES, cast.amina)


def test_a_provider_cannot_undo_that_the_person_will_not_come(
    onward: OnwardReferral, cast: Cast
) -> None:
    give(onward, Said(AnswerKind.DECLINED, OnwardDecline.PERSON_CHANGED_MIND), cast.amina)
    with pytest.raises(RuleBroken, match="not coming after all"):
        give(onward, YES)
    give(onward, YES, cast.amina)


def test_after_the_first_visit_or_the_end_no_answer_is_changed(
    onward: OnwardReferral, cast: Cast
) -> None:
    give(onward, YES)
    attendances.note(onward, on=TODAY, came=True, by=None, now=NOW)
    with pytest.raises(RuleBroken, match="at least once"):
        give(onward, NO)
    onward.ended_at = NOW
    with pytest.raises(RuleBroken, match="already been answered"):
        give(onward, YES, cast.amina)


def test_nothing_is_answered_in_a_case_that_has_ended(onward: OnwardReferral) -> None:
    onward.case.closed_at = NOW
    with pytest.raises(RuleBroken, match="closed"):
        give(onward, YES)


def test_dates_and_weeks_must_be_possible(onward: OnwardReferral) -> None:
    for day, sentence in ((TODAY - 5 * DAY, "before the person"), (TODAY + 366 * DAY, "a year")):
        with pytest.raises(RuleBroken, match=sentence):
            give(onward, Said(AnswerKind.ACCEPTED, first_session_on=day))
    for weeks in (-1, 105):
        with pytest.raises(RuleBroken, match="between 0 and 104"):
            give(onward, Said(AnswerKind.WAITLISTED, wait_weeks=weeks))
    with pytest.raises(RuleBroken, match="Choose why"):
        give(onward, Said(AnswerKind.DECLINED))


def test_a_provider_may_say_that_it_is_over_and_the_worker_says_how_it_ended(
    onward: OnwardReferral,
) -> None:
    stopped = Said(AnswerKind.STOPPED)
    with pytest.raises(RuleBroken, match="Say first whether there is a place"):
        give(onward, stopped)
    give(onward, YES)
    give(onward, stopped)
    assert onward.is_open
    over = answers.is_over(onward)
    assert over is not None
    assert over.kind == "stopped"
    with pytest.raises(SaidAlready):
        give(onward, stopped)


def test_a_full_activity_is_full_because_its_provider_said_so(onward: OnwardReferral) -> None:
    answers.say_room(onward, Room(CapacityStatus.CAPACITY, places=0), at=NOW)
    service = onward.service
    assert (service.capacity_status, service.places) == ("no-capacity", 0)
    assert service.capacity_confirmed_at == service.provider_said_at == NOW
    assert service.verified_at is None
    assert {"capacity_status", "places"} <= set(service.edited_fields)


def test_an_entry_that_its_provider_says_is_right_is_fresh_and_checked_by_none_of_us(
    onward: OnwardReferral, cast: Cast
) -> None:
    onward.service.verified_by_id = cast.editor.id
    answers.say_room(onward, Room(still_right=True), at=NOW)
    assert (onward.service.verified_at, onward.service.verified_by_id) == (NOW, None)
    assert onward.service.provider_said_at == NOW
    assert onward.service.capacity_status is None


def test_who_says_nothing_of_places_changes_nothing(onward: OnwardReferral) -> None:
    answers.say_room(onward, Room(), at=NOW)
    assert onward.service.provider_said_at is None
    with pytest.raises(RuleBroken, match="Places left"):
        answers.say_room(onward, Room(CapacityStatus.CAPACITY, places=10_000), at=NOW)


def test_a_no_because_they_are_full_fills_the_activity(onward: OnwardReferral, cast: Cast) -> None:
    give(onward, NO, cast.amina)
    assert onward.service.capacity_status is None  # that is what we heard, not what they told us
    give(onward, YES, cast.amina)
    give(onward, NO)
    assert onward.service.capacity_status == "no-capacity"
    assert onward.service.provider_said_at == NOW


def test_who_has_no_more_to_do_with_the_person_changes_no_places(onward: OnwardReferral) -> None:
    onward.cancelled_at = NOW
    with pytest.raises(RuleBroken, match="already been answered"):
        answers.say_room(onward, Room(CapacityStatus.NO_CAPACITY), at=NOW)


def test_of_two_at_the_provider_who_answer_at_once_the_second_is_told(
    onward: OnwardReferral, make_app: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    dawdle(monkeypatch, answers, "_must_be_possible")
    number = onward.id

    def act(said: Said) -> Callable[[Flask], str]:
        def answer(_app: Flask) -> str:
            of = db.session.get_one(OnwardReferral, number)
            assert len(of.answers) <= 1  # what was read before the other was done
            try:
                answers.give(of, said, by=None, at=NOW, read=0)
            except RuleBroken as refusal:
                return str(refusal)
            db.session.commit()
            return "answered"

        return answer

    told = at_once(make_app, act(YES), act(WAIT))
    assert sorted(told) == [answers.MEANWHILE, "answered"]


def test_answers_through_the_link_have_an_end_and_ours_have_none(
    onward: OnwardReferral, cast: Cast
) -> None:
    for number in range(answers.MOST_BY_LINK):
        answers.give(onward, (YES, WAIT)[number % 2], by=None, at=NOW)
    with pytest.raises(RuleBroken, match="Ring the link worker"):
        answers.give(onward, YES, by=None, at=NOW)
    assert len(onward.answers) == answers.MOST_BY_LINK
    answers.give(onward, YES, by=cast.amina, at=NOW)
    assert onward.state == "accepted"
