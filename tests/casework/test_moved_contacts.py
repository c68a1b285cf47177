"""What hangs on a contact goes where it goes: the plan, the needs, the next step, a concern."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from linkwork.casework import concerns, contacts, corrections, episodes, goals, plans
from linkwork.casework.contacts import Conversation
from linkwork.casework.corrections import Wording
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import CloseReason, Concern, Contact, ContactMode, Need, SupportCase, User
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW, TODAY

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
NOON = NOW.replace(hour=12, minute=0) - DAY


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    return make.case(cast.northside, worker=cast.amina)


def talk(case: SupportCase, by: User, at: datetime = NOW, **facts: object) -> Contact:
    said = Conversation(**{"mode": ContactMode.PHONE, "minutes": 25, "notes": "Sang.", **facts})
    return contacts.record(case, said, by=by, at=at, now=NOW)


def move(contact: Contact, to: datetime, by: User) -> None:
    names = Wording.__dataclass_fields__
    wording = Wording(**{name: getattr(contact, name) for name in names})
    moved = replace(wording, at=to)
    corrections.correct(contact, moved, reason="A slip", seen=contact.version, by=by, at=NOW)


def strike(contact: Contact, by: User) -> None:
    corrections.strike(contact, reason="Wrong person", by=by, at=NOW)


def agree(case: SupportCase, by: User) -> None:
    goals.write(case, "I want to sing again", by=by, at=NOW)
    plans.agree(case, on=NOON.date(), review_on=TODAY + 42 * DAY, by=by, now=NOW)
    db.session.commit()


@pytest.mark.parametrize("act", ["strike", "move"])
def test_a_plan_of_its_own_stays_when_a_talk_of_the_same_moment_goes(
    case: SupportCase, cast: Cast, act: str
) -> None:
    talk(case, cast.amina, NOON - 5 * HOUR)
    same = talk(case, cast.amina, NOON)
    agree(case, cast.amina)
    assert case.plan_agreed_at == NOON
    strike(same, cast.amina) if act == "strike" else move(same, NOON - HOUR, cast.amina)
    assert case.plan_agreed_at == NOON


@pytest.mark.parametrize("act", ["strike", "move"])
def test_a_plan_of_its_own_keeps_the_only_talk_it_rests_on(
    case: SupportCase, cast: Cast, act: str
) -> None:
    only = talk(case, cast.amina, NOON)
    agree(case, cast.amina)
    with pytest.raises(RuleBroken, match="A plan was agreed after this conversation"):
        strike(only, cast.amina) if act == "strike" else move(only, NOW, cast.amina)
    db.session.rollback()
    assert case.plan_agreed_at == NOON


def test_where_the_tick_goes_the_plan_counts_from_the_day_it_was_written(
    case: SupportCase, cast: Cast
) -> None:
    talk(case, cast.amina, NOON - 2 * DAY)
    ticked = talk(case, cast.amina, NOON - DAY, plan_agreed=True)
    agree(case, cast.amina)
    assert case.plan_agreed_at == NOON - DAY
    strike(ticked, cast.amina)
    assert case.plan_agreed_at == NOON


@pytest.mark.parametrize("to", [NOON - DAY, NOON + DAY - 2 * HOUR])
def test_the_day_of_the_talk_in_which_a_plan_was_agreed_can_be_put_right(
    case: SupportCase, cast: Cast, to: datetime
) -> None:
    contact = talk(case, cast.amina, NOON, plan_agreed=True)
    move(contact, to, cast.amina)
    assert (case.first_conversation_at, case.plan_agreed_at) == (to, to)


def test_a_note_is_put_right_while_the_case_waits_for_another_worker(
    case: SupportCase, cast: Cast
) -> None:
    contact = talk(case, cast.amina, NOON)
    case.accepted_at = case.accepted_by_id = case.worker_id = None
    move(contact, NOON - HOUR, cast.amina)
    assert case.first_conversation_at == NOON - HOUR


def test_a_talk_that_proves_to_be_the_earlier_one_leaves_the_next_step_to_the_later(
    case: SupportCase, cast: Cast
) -> None:
    talk(case, cast.amina, NOON, next_action="Ring Ada", next_action_on=TODAY)
    wrong = talk(case, cast.amina, NOW, next_action="Book the choir")
    move(wrong, NOON - HOUR, cast.amina)
    assert (case.next_action, case.next_action_on) == ("Ring Ada", TODAY)
    move(wrong, NOW, cast.amina)
    assert (case.next_action, case.next_action_on) == ("Book the choir", None)


def test_what_was_booked_since_is_no_contact_s_to_change(case: SupportCase, cast: Cast) -> None:
    talk(case, cast.amina, NOON, next_action="Ring Ada")
    wrong = talk(case, cast.amina, NOW, next_action="Book the choir")
    case.next_action, case.next_action_on = "Meet at the library", TODAY
    move(wrong, NOON - HOUR, cast.amina)
    strike(wrong, cast.amina)
    assert (case.next_action, case.next_action_on) == ("Meet at the library", TODAY)


def test_a_case_that_has_ended_gets_no_next_step(case: SupportCase, cast: Cast) -> None:
    talk(case, cast.amina, NOON, next_action="Ring Ada")
    last = talk(case, cast.amina, NOW)
    episodes.close(case, CloseReason.PERSON_ENDED, summary="Fine.", by=cast.amina, at=NOW)
    strike(last, cast.amina)
    assert (case.next_action, case.next_action_on) == (None, None)


def test_needs_go_with_the_contact_that_was_moved_before_it_was_taken_out(
    case: SupportCase, cast: Cast
) -> None:
    talk(case, cast.amina, NOON, needs={Need.FOOD: 2})
    wrong = talk(case, cast.amina, NOW, needs={Need.FOOD: 2, Need.WORK: 3})
    move(wrong, NOON + HOUR, cast.amina)
    assert {need.need: need.seen_at for need in case.needs}[Need.WORK] == NOON + HOUR
    strike(wrong, cast.amina)
    assert [need.need for need in case.needs] == [Need.FOOD]


def test_a_fear_for_somebody_else_is_closed_before_its_note_is_taken_out(
    case: SupportCase, cast: Cast
) -> None:
    wrong = talk(case, cast.amina, safety_concern=True, safety_action="Rang 999.", told="Jo Bell")
    with pytest.raises(RuleBroken, match="close it with that outcome first"):
        strike(wrong, cast.amina)
    assert (case.in_danger, wrong.struck_at) == (True, None)
    concern = db.session.scalars(select(Concern)).one()
    concerns.close(concern, "Of somebody else; Jo Bell knows.", by=cast.amina, at=NOW)
    strike(wrong, cast.amina)
    assert (case.in_danger, wrong.struck_at) == (False, NOW)
