"""The person’s own plan by a link: what it asks, what it shows, and when it shows nothing."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from linkwork.casework import cases, episodes, goal_actions, goals, plan_links, plans, shared_links
from linkwork.casework.shared_links import GOOD_FOR
from linkwork.database import db
from linkwork.models import (
    ActionOwner,
    AuditEntry,
    CloseReason,
    GoalAction,
    LinkPurpose,
    SharedLink,
    SupportCase,
)
from tests import cast as make
from tests.cast import Cast, sign_in
from tests.conftest import NOW, TODAY
from tests.pages import Reader, read
from tests.statements import at_once
from tests.web.test_every_route import without_tokens

DAY = timedelta(days=1)
BORN, WRONG = "12 March 1954", "13/3/1954"
GOAL = "I want to sing again"


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    made = make.case(cast.northside, worker=cast.amina, first_conversation_at=NOW - 3 * DAY)
    goal = goals.write(made, GOAL, by=cast.amina, at=NOW)
    for owner in (ActionOwner.PERSON, ActionOwner.WORKER):
        goal_actions.add(goal, f"Ring as {owner}", owner=owner, by=cast.amina, at=NOW)
    plans.agree(made, on=TODAY, review_on=TODAY + 42 * DAY, by=cast.amina, now=NOW)
    return made


@pytest.fixture
def link(case: SupportCase, cast: Cast) -> SharedLink:
    made = plan_links.share(case, by=cast.amina, at=NOW)
    db.session.commit()
    return made


@pytest.fixture
def address(link: SharedLink) -> str:
    return f"/plan/{shared_links.token(link)}"


def prove(client: Reader, address: str, born_on: str = BORN) -> Any:
    return client.post(address, data={"born_on": born_on})


def test_the_link_alone_shows_nothing_of_anybody(client: Reader, address: str) -> None:
    page = client.get(address)
    assert page.status_code == 200
    for word in ("Rosa", "Quill", "sing", "Amina", "Northside", "1954"):
        assert word not in page.text
    assert read(page.text).titles == ["Open my plan – Linkwork"]
    assert page.headers["Cache-Control"] == "no-store"
    assert page.headers["Referrer-Policy"] == "same-origin"


def test_whoever_knows_the_date_of_birth_reads_the_plan(client: Reader, address: str) -> None:
    answer = prove(client, address)
    assert (answer.status_code, answer.location) == (303, address)
    page = client.page(address)
    for words in (GOAL, "I will: Ring as person", "Amina Okafor will", "Rosa Quill"):
        assert words in page.text
    assert page.titles == ["My plan – Linkwork"]


@pytest.mark.parametrize("layout", ["standard", "large", "easy"])
def test_the_plan_is_read_in_the_layout_they_need(
    client: Reader, address: str, layout: str
) -> None:
    prove(client, address)
    page = client.get(f"{address}?layout={layout}")
    assert f"sheet--{layout}" in page.text
    assert GOAL in page.text
    assert ("symbol" in page.text.split("What I want")[0]) is (layout == "easy")


def test_another_browser_is_asked_too(client: Reader, app: Flask, address: str) -> None:
    prove(client, address)
    assert GOAL not in app.test_client().get(address).text


def test_a_date_that_is_none_is_no_try(client: Reader, link: SharedLink, address: str) -> None:
    for typed in ("", "soon", "31/2/1954", "12/3/54"):
        assert prove(client, address, typed).status_code == 422
    assert link.failed_tries == 0


def test_wrong_answers_are_counted_wherever_they_are_given_and_lock_the_link(
    client: Reader, app: Flask, link: SharedLink, address: str
) -> None:
    for left in (4, 3, 2, 1):
        somewhere = app.test_client()
        answer = prove(somewhere, address, WRONG)
        tries = "1 more try" if left == 1 else f"{left} more tries"
        assert (answer.status_code, tries in answer.text) == (422, True)
        assert "Rosa" not in answer.text
    last = prove(client, address, WRONG)
    assert (last.status_code, "this link is locked" in last.text) == (404, True)
    late = prove(client, address)
    assert (late.status_code, GOAL in late.text) == (404, False)
    db.session.expire_all()
    assert link.failed_tries == plan_links.MOST_TRIES


def test_guesses_sent_at_once_do_not_get_past_the_limit(
    make_app: Callable[..., Flask], link: SharedLink, address: str
) -> None:
    def guess(app: Flask) -> int:
        return int(prove(app.test_client(), address, WRONG).status_code)

    answers = at_once(make_app, *[guess] * 8)
    assert sorted(answers) == [404] * 4 + [422] * 4
    db.session.expire_all()
    assert link.failed_tries == plan_links.MOST_TRIES


def test_a_browser_that_was_let_in_is_shut_out_when_the_link_is_locked_or_taken_back(
    client: Reader, app: Flask, link: SharedLink, address: str, cast: Cast
) -> None:
    prove(client, address)
    for _ in range(plan_links.MOST_TRIES):
        prove(app.test_client(), address, WRONG)
    assert client.get(address).status_code == 404
    fresh = plan_links.share(link.case, by=cast.amina, at=NOW)
    db.session.commit()
    again = f"/plan/{shared_links.token(fresh)}"
    prove(client, again)
    assert GOAL in client.get(again).text
    shared_links.revoke(fresh, by=cast.amina, at=NOW)
    db.session.commit()
    assert client.get(again).status_code == 404


def test_what_is_over_altered_or_never_was_is_answered_alike(
    client: Reader, link: SharedLink, address: str, case: SupportCase, cast: Cast, clock: Any
) -> None:
    other = shared_links.make(case, LinkPurpose.ANSWER, by=cast.amina, at=NOW)
    db.session.commit()
    key, seal = shared_links.token(link).split(".")
    turned = "A" if seal[0] != "A" else "B"
    wrong = [
        f"/plan/{key}.{turned}{seal[1:]}",
        f"/plan/{key}",
        "/plan/é",
        f"/plan/{shared_links.token(other)}",
    ]
    answers = [client.get(one) for one in wrong]
    answers += [prove(client, one) for one in wrong]
    clock.now = NOW + GOOD_FOR[LinkPurpose.PLAN]
    answers += [client.get(address), prove(client, address)]  # its very last moment has passed
    clock.now = NOW
    plan_links.revoke(case, by=cast.amina, at=NOW)
    db.session.commit()
    answers += [client.get(address), prove(client, address)]
    answers.append(client.post(f"{address}/tick", data={}))
    assert {answer.status_code for answer in answers} == {404}
    assert len({without_tokens(answer.text) for answer in answers}) == 1
    assert "ask your link worker for a new one" in answers[0].text


@pytest.mark.parametrize("reason", [CloseReason.DIED, CloseReason.OPENED_IN_ERROR])
def test_after_a_death_or_an_error_the_link_opens_nothing(
    client: Reader, address: str, case: SupportCase, cast: Cast, reason: CloseReason
) -> None:
    prove(client, address)
    episodes.close(case, reason, summary=None, by=cast.amina, at=NOW)
    db.session.commit()
    assert client.get(address).status_code == 404


def test_the_plan_of_a_case_that_ended_well_is_still_theirs_to_read(
    client: Reader, address: str, case: SupportCase
) -> None:
    case.closed_at, case.close_reason = NOW, CloseReason.PLAN_COMPLETED
    db.session.commit()
    prove(client, address)
    page = client.get(address).text
    assert GOAL in page
    assert "I have done this" not in page


def test_the_plan_closes_by_itself_and_by_a_press(client: Reader, address: str, clock: Any) -> None:
    prove(client, address)
    clock.advance(minutes=29)
    assert GOAL in client.get(address).text
    clock.advance(minutes=1)
    assert GOAL not in client.get(address).text
    prove(client, address)
    closed = client.post(f"{address}/close")
    page = client.get(closed.location).text
    assert "Your plan is closed." in page
    assert GOAL not in page


def test_the_person_says_what_they_did_and_takes_it_back(
    client: Reader, address: str, case: SupportCase
) -> None:
    prove(client, address)
    ring = f"{address}/tick?layout=easy"
    action = db.session.scalars(
        select(GoalAction).where(GoalAction.owner == ActionOwner.PERSON)
    ).one()
    page = client.get(f"{address}?layout=easy").text
    assert page.count("I have done this") == 1
    done = client.post(ring, data={"action": action.key, "done": "yes"})
    assert (done.status_code, done.location) == (303, f"{address}?layout=easy")
    assert (action.done_at, action.done_by_id) == (NOW, None)
    assert "Not done after all" in client.get(address).text
    client.post(ring, data={"action": action.key, "done": "no"})
    assert action.done_at is None
    ticked = select(AuditEntry).where(AuditEntry.event.like("goal_action.%done"))
    entries = db.session.scalars(ticked).all()
    assert [(entry.user_id, entry.person_id) for entry in entries] == [(None, case.person_id)] * 2


def test_who_was_not_let_in_ticks_nothing(client: Reader, address: str) -> None:
    actions = {action.owner: action for action in db.session.scalars(select(GoalAction))}
    given = {"action": actions[ActionOwner.PERSON].key, "done": "yes"}
    assert client.post(f"{address}/tick", data=given).location == address
    prove(client, address)
    theirs = {"action": actions[ActionOwner.WORKER].key, "done": "yes"}
    assert client.post(f"{address}/tick", data=theirs).status_code == 404
    assert [action.done_at for action in actions.values()] == [None, None]


def test_they_read_who_has_looked_at_their_record(
    client: Reader, address: str, case: SupportCase, cast: Cast
) -> None:
    cases.open(case, by=cast.supervisor)
    db.session.commit()
    prove(client, address)
    text = client.page(address).text
    assert "18 November 2026: Supervisor, Northside PCN : opened it once" in text
    assert "Link worker, Northside PCN : wrote in it" in text
    assert "Somebody with this link and your date of birth: opened it once" in text
    assert "Sunita" not in text


def test_the_worker_reads_when_it_was_last_opened(
    client: Reader, address: str, case: SupportCase, cast: Cast
) -> None:
    prove(client, address)
    sign_in(client, cast.amina)
    page = client.page(f"/cases/{case.key}/plan").text
    assert "Last opened 18 November 2026, 10:30." in page


def test_one_of_us_who_opens_the_link_is_not_taken_for_the_person(
    client: Reader, address: str, cast: Cast
) -> None:
    prove(client, address)  # also where this browser was let in before
    sign_in(client, cast.amina)
    noted = db.session.scalar(select(func.count()).select_from(AuditEntry))
    answers = [client.get(address), prove(client, address), prove(client, address, WRONG)]
    answers += [client.post(f"{address}/tick"), client.get("/plan/unknown")]
    assert [answer.status_code for answer in answers] == [200, 409, 409, 409, 200]
    for answer in answers:
        assert "Open the case instead" in answer.text
        assert GOAL not in answer.text
    assert db.session.scalar(select(func.count()).select_from(AuditEntry)) == noted
    assert client.get("/cases/").status_code == 200


def test_a_form_from_another_site_is_refused(make_app: Callable[..., Flask], address: str) -> None:
    served = make_app(WTF_CSRF_ENABLED=True)
    guarded = served.test_client()
    assert prove(guarded, address).status_code == 400
    page = guarded.get(address).text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token is not None
    given = {"born_on": BORN, "csrf_token": token[1]}
    assert guarded.post(address, data=given).status_code == 303
    assert GOAL in guarded.get(address).text
    with served.app_context():
        db.engine.dispose()


def test_nothing_about_anybody_is_in_the_address(link: SharedLink, address: str) -> None:
    for word in ("Rosa", "Quill", "1954", str(link.case_id) + "/", link.case.key):
        assert word not in address
