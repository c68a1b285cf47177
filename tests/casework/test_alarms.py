"""Alarms: words about danger in a note are answered by somebody, or stay where all can see."""

import pytest
from sqlalchemy import select

from linkwork.casework import alarms, contacts, corrections
from linkwork.casework.contacts import Conversation
from linkwork.casework.corrections import Wording
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import Alarm, AlarmAnswer, Concern, ContactMode, ContactOutcome, SupportCase
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW, TODAY

WORDS = "He said he wants to kill himself."


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    return make.case(cast.northside, worker=cast.amina)


def talk(case: SupportCase, cast: Cast, **facts: object) -> None:
    said = Conversation(**{"mode": ContactMode.PHONE, "minutes": 25, "notes": WORDS, **facts})
    contacts.record(case, said, by=cast.amina, at=NOW, now=NOW)


@pytest.fixture
def alarm(case: SupportCase, cast: Cast) -> Alarm:
    talk(case, cast)
    return alarms.of_case(case)[0]


def test_an_attempt_may_tell_of_danger_too(case: SupportCase, cast: Cast) -> None:
    contacts.attempt(
        case,
        mode=ContactMode.PHONE,
        outcome=ContactOutcome.NO_REPLY,
        notes="Her sister says she took an overdose.",
        next_action=None,
        next_action_on=None,
        by=cast.amina,
        at=NOW,
        now=NOW,
    )
    assert len(alarms.of_case(case)) == 1


def test_words_about_danger_with_a_concern_beside_them_need_no_second_answer(
    case: SupportCase, cast: Cast
) -> None:
    talk(case, cast, safety_concern=True, safety_action="Rang 999.", told="Jo Bell")
    assert alarms.of_case(case) == []
    concern = db.session.scalars(select(Concern)).one()
    assert (concern.told, concern.told_at, concern.contact is not None) == ("Jo Bell", NOW, True)


def test_quiet_words_raise_nothing(case: SupportCase, cast: Cast) -> None:
    talk(case, cast, notes="No suicidal thoughts. Enjoys the choir.")
    assert alarms.of_case(case) == []


def test_a_danger_becomes_a_concern_and_a_step_for_today(
    alarm: Alarm, case: SupportCase, cast: Cast
) -> None:
    alarms.answer(
        alarm,
        AlarmAnswer.CONCERN,
        "He has tablets at home. Rang the crisis team.",
        told="Jo Bell",
        step="Check that they are safe",
        by=cast.amina,
        at=NOW,
    )
    assert alarms.of_case(case) == []
    assert (case.next_action, case.next_action_on) == ("Check that they are safe", TODAY)
    assert db.session.scalars(select(Concern.contact_id)).one() == alarm.contact_id


def test_no_danger_is_said_with_how_that_is_known(
    alarm: Alarm, case: SupportCase, cast: Cast
) -> None:
    with pytest.raises(RuleBroken, match="Say how you know"):
        alarms.answer(alarm, AlarmAnswer.NO_DANGER, "no", by=cast.amina, at=NOW)
    alarms.answer(alarm, AlarmAnswer.NO_DANGER, "A line of a song.", by=cast.amina, at=NOW)
    assert db.session.scalars(select(Concern)).all() == []
    with pytest.raises(RuleBroken, match="A colleague has answered"):
        alarms.answer(alarm, AlarmAnswer.NO_DANGER, "A line of a song.", by=cast.ben, at=NOW)


def test_a_danger_is_told_to_somebody_first(alarm: Alarm, cast: Cast) -> None:
    with pytest.raises(RuleBroken, match="Tell your safeguarding lead first"):
        alarms.answer(alarm, AlarmAnswer.CONCERN, "Tablets.", by=cast.amina, at=NOW)


def test_what_nobody_answered_is_listed_for_those_who_see_the_case(
    alarm: Alarm, cast: Cast
) -> None:
    assert list(alarms.unanswered(cast.amina)) == [alarm]
    assert list(alarms.unanswered(cast.supervisor)) == [alarm]
    assert list(alarms.unanswered(cast.cath)) == []
    assert list(alarms.unanswered(cast.lead)) == []


def correct(alarm: Alarm, cast: Cast, notes: str) -> None:
    contact = alarm.contact
    wording = Wording(contact.at, contact.mode, 25, None, notes, None, share_with_gp=False)
    corrections.correct(
        contact, wording, reason="Misheard", seen=contact.version, by=cast.amina, at=NOW
    )
    db.session.commit()


def test_words_about_danger_that_are_new_are_asked_about_after_an_answer(
    alarm: Alarm, case: SupportCase, cast: Cast
) -> None:
    alarms.answer(alarm, AlarmAnswer.NO_DANGER, "A line of a song.", by=cast.amina, at=NOW)
    correct(alarm, cast, f"{WORDS} He hums it.")
    assert alarms.of_case(case) == []
    correct(alarm, cast, f"{WORDS} His wife took an overdose.")
    (again,) = alarms.of_case(case)
    assert (again.contact_id, alarm.answer) == (alarm.contact_id, AlarmAnswer.NO_DANGER)
    correct(alarm, cast, f"{WORDS} His wife took an overdose. She is suicidal.")
    assert alarms.of_case(case) == [again]
    with pytest.raises(RuleBroken, match="words about danger"):
        corrections.strike(alarm.contact, reason="Wrong person", by=cast.amina, at=NOW)
