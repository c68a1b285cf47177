"""Goals and actions on the page: changed with one press, and nothing overwritten unseen."""

import html
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from linkwork.casework import goal_actions, goals
from linkwork.database import db
from linkwork.models import ActionOwner, Goal, GoalAction, SupportCase
from tests import cast as make
from tests.cast import Cast, sign_in
from tests.conftest import NOW
from tests.pages import Reader, read
from tests.web.writing import field, typed_sign_in

# What is kept is asked on both engines: tests/casework/test_goals.py.
pytestmark = pytest.mark.one_engine


@pytest.fixture
def amina(client: Reader, cast: Cast) -> Reader:
    sign_in(client, cast.amina)
    return client


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    begun = NOW - timedelta(days=3)
    return make.case(cast.northside, worker=cast.amina, first_conversation_at=begun)


@pytest.fixture
def goal(case: SupportCase, cast: Cast) -> Goal:
    made = goals.write(case, "I want to sing again", by=cast.amina, at=NOW)
    db.session.commit()
    return made


@pytest.fixture
def action(goal: Goal, cast: Cast) -> GoalAction:
    made = goal_actions.add(goal, "Ring", owner=ActionOwner.WORKER, by=cast.amina, at=NOW)
    db.session.commit()
    return made


def post(client: Reader, goal: Goal, verb: str, **typed: Any) -> Any:
    return client.post(f"/goals/{goal.key}/{verb}", data=typed)


def plan_of(client: Reader, case: SupportCase) -> str:
    return str(client.page(f"/cases/{case.key}/plan").text)


def test_better_words_replace_a_goal_and_the_old_ones_stay(amina: Reader, goal: Goal) -> None:
    sent = post(amina, goal, "reword", words="I want to join a choir", seen=1, once="a")
    assert sent.location == f"/cases/{goal.case.key}/plan#goal-{goal.key}"
    text = amina.page(f"/goals/{goal.key}").text
    assert "I want to join a choir" in text
    assert "18 November 2026, 10:30, Amina Okafor I want to sing again" in text


def test_of_two_who_reword_the_second_sees_both_and_chooses(
    amina: Reader, goal: Goal, cast: Cast
) -> None:
    goals.reword(goal, "Ben’s words", seen=1, by=cast.ben, at=NOW)
    db.session.commit()
    refused = post(amina, goal, "reword", words="Amina’s words", seen=1, once="a")
    assert refused.status_code == 409
    shown = read(refused.text)
    assert "It says now: Ben’s words" in shown.text
    assert "Amina’s words" in shown.text
    assert 'name="seen" type="hidden" value="2"' in refused.text
    assert goal.words == "Ben’s words"
    post(amina, goal, "reword", words="Amina’s words", seen=2, once="a")
    assert goal.words == "Amina’s words"


def test_a_goal_is_met_and_taken_up_again(amina: Reader, goal: Goal) -> None:
    for _ in range(2):
        assert post(amina, goal, "meet").status_code == 303
    assert "Met 18 Nov 2026" in plan_of(amina, goal.case)
    assert "1 of 1 goals met" in amina.page(f"/cases/{goal.case.key}").text
    assert "Goal met" in amina.page(f"/cases/{goal.case.key}").text
    assert "its words stay as they are" in amina.page(f"/goals/{goal.key}").text
    for _ in range(2):
        assert post(amina, goal, "take-up").status_code == 303
    assert goal.is_open


def test_a_goal_is_set_aside_with_a_reason(amina: Reader, goal: Goal) -> None:
    assert post(amina, goal, "set-aside", why=" ", once="a").status_code == 422
    assert post(amina, goal, "set-aside", why="Her voice is sore", once="a").status_code == 303
    text = plan_of(amina, goal.case)
    assert "Set aside (1)" in text
    assert "18 November 2026: Her voice is sore" in text
    assert "sing" not in amina.page(f"/cases/{goal.case.key}/plan/print").text


def test_goals_are_moved_with_a_press_that_may_be_doubled(
    amina: Reader, goal: Goal, cast: Cast
) -> None:
    second = goals.write(goal.case, "Company", by=cast.amina, at=NOW)
    db.session.commit()
    for _ in range(2):
        assert post(amina, second, "order", place=1).status_code == 303
    assert [one.words for one in goals.of_case(goal.case)] == ["Company", "I want to sing again"]
    assert post(amina, second, "order", place="x").status_code == 303  # nothing moves


def test_an_action_is_added_with_a_day_in_words(amina: Reader, goal: Goal) -> None:
    typed = {"what": "Ring the choir", "owner": "worker", "due_on": "Tuesday", "once": "a"}
    for _ in range(2):
        assert post(amina, goal, "actions", **typed).status_code == 303
    made = db.session.scalars(select(GoalAction)).one()
    assert str(made.due_on) == "2026-11-24"
    text = plan_of(amina, goal.case)
    assert "Ring the choir Amina Okafor (link worker) , by 24 November 2026" in text


def test_a_refused_action_comes_back_in_its_own_goal(amina: Reader, goal: Goal, cast: Cast) -> None:
    other = goals.write(goal.case, "Company", by=cast.amina, at=NOW)
    db.session.commit()
    typed = {"what": "Ring the choir", "owner": "other", "owner_name": "", "due_on": ""}
    refused = post(amina, goal, "actions", once="a", **typed)
    assert refused.status_code == 422
    assert f'id="owner_name-{goal.key}-error"' in refused.text
    assert f'id="owner_name-{other.key}-error"' not in refused.text
    assert refused.text.count('value="Ring the choir"') == 1
    late = post(
        amina, goal, "actions", once="a", **{**typed, "owner": "person", "due_on": "1/1/26"}
    )
    assert (late.status_code, "today or later" in late.text) == (409, True)


def test_an_action_is_done_undone_and_taken_off(amina: Reader, action: GoalAction) -> None:
    case = action.goal.case
    for what, said in (("done", "done 18 November 2026"), ("undo", "Take off")):
        for _ in range(2):
            assert amina.post(f"/goal-actions/{action.key}/{what}").status_code == 303
        assert said in plan_of(amina, case)
    for _ in range(2):
        assert amina.post(f"/goal-actions/{action.key}/remove").status_code == 303
    assert "Nothing is to be done yet." in plan_of(amina, case)
    assert amina.post(f"/goal-actions/{action.key}/done").status_code == 409


def test_what_the_person_did_is_said_to_be_theirs(amina: Reader, action: GoalAction) -> None:
    goal_actions.done(action, by=None, at=NOW)
    db.session.commit()
    assert "(they said so themself)" in plan_of(amina, action.goal.case)


def test_a_colleague_gives_a_reason_before_they_read_or_change_a_goal(
    client: Reader, action: GoalAction, cast: Cast
) -> None:
    sign_in(client, cast.ben)
    goal = action.goal
    read_it = client.get(f"/goals/{goal.key}")
    assert f"/cases/{goal.case.key}/cover" in read_it.location
    for address in (f"/goals/{goal.key}/meet", f"/goal-actions/{action.key}/done"):
        assert client.post(address).status_code == 403
    assert (goal.met_at, action.done_at) == (None, None)


def test_a_goal_that_was_being_written_when_the_session_ended_comes_back(
    make_app: Callable[..., Flask], case: SupportCase, cast: Cast, clock: Any
) -> None:
    app, address = make_app(WTF_CSRF_ENABLED=True), f"/cases/{case.key}/plan"
    browser = app.test_client()
    sign_in(browser, cast.amina)
    token = field(browser.get(address).text, "csrf_token")
    clock.advance(minutes=20)
    typed = {"csrf_token": token, "once": "a", "words": "To see O’Malley’s <garden>"}
    ended = browser.post(f"{address}/goals", data=typed)
    assert (ended.status_code, "What you typed is kept" in ended.text) == (401, True)
    back = typed_sign_in(browser, cast.amina, page=ended.text).text
    kept = re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)">', back)
    given = {name: html.unescape(value) for name, value in kept}
    shown = browser.post(f"{address}/goals", data=given)
    assert (shown.status_code, typed["words"] in read(shown.text).text) == (200, True)
    assert not goals.of_case(case)
    with app.app_context():
        db.engine.dispose()
