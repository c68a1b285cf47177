"""The link of a provider: ended, altered, made for something else, or of what is finished."""

from datetime import timedelta
from urllib.parse import unquote

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from linkwork.audit import Event
from linkwork.casework import answer_links, onward_referrals, shared_links
from linkwork.database import db
from linkwork.models import AuditEntry, LinkPurpose, OnwardReferral
from tests import cast as make
from tests.cast import Cast, sign_in
from tests.conftest import NOW, Clock
from tests.pages import Reader

DAY = timedelta(days=1)
YES = {"answer": "accepted", "first_session_on": "2026-11-25", "read": "0"}


@pytest.fixture
def onward(cast: Cast) -> OnwardReferral:
    """One that was sent, with its link."""
    case = make.case(cast.northside, worker=cast.amina, first_conversation_at=NOW - 5 * DAY)
    to = make.service(email="choir@moorvale.example")
    made = onward_referrals.agree(case, to, by=cast.amina, at=NOW - 3 * DAY)
    onward_referrals.send(made, by=cast.amina, at=NOW - 3 * DAY)
    return made


@pytest.fixture
def page(onward: OnwardReferral) -> str:
    """The address a provider was given."""
    return make.address_to_answer(onward)


def over(client: Reader, page: str) -> tuple[TestResponse, TestResponse]:
    return client.get(page), client.post(f"{page}/details")


def test_a_link_that_was_taken_back_or_is_too_old_tells_nothing(
    client: Reader, page: str, onward: OnwardReferral, cast: Cast, clock: Clock
) -> None:
    answer_links.take_back(onward, by=cast.amina, at=NOW)
    for answer in over(client, page):
        assert answer.status_code == 410
        assert "This link has ended" in answer.text
        assert "Rosa" not in answer.text
        assert "choir" not in answer.text
    answer_links.renew(onward, by=cast.amina, at=NOW)
    renewed = make.address_to_answer(onward)
    assert client.get(renewed).status_code == 200
    clock.advance(days=61)
    assert {answer.status_code for answer in over(client, renewed)} == {410}
    assert client.post(renewed, data=YES).status_code == 410
    assert onward.state == "sent"


def test_an_altered_link_and_one_made_for_something_else_are_unknown(
    client: Reader, page: str, onward: OnwardReferral, cast: Cast
) -> None:
    plan = shared_links.make(onward.case, LinkPurpose.PLAN, by=cast.amina, at=NOW)
    for wrong in (page[:-1], page.swapcase(), "/answer/x", f"/answer/{shared_links.token(plan)}"):
        for answer in over(client, wrong):
            assert answer.status_code == 404
            assert "Rosa" not in answer.text


@pytest.mark.parametrize("moments", [{"cancelled_at": NOW}, {"ended_at": NOW}])
def test_of_what_is_finished_a_link_says_no_more_than_that(
    client: Reader, page: str, onward: OnwardReferral, moments: dict[str, object]
) -> None:
    client.post(f"{page}/details")
    for name, value in moments.items():
        setattr(onward, name, value)
    text = client.page(page).text
    assert "nothing more to do" in text
    assert "Rosa" not in text
    assert client.post(f"{page}/details").status_code == 409


def test_after_a_no_who_holds_a_link_that_was_taken_back_changes_nothing(
    client: Reader, page: str, onward: OnwardReferral, cast: Cast
) -> None:
    client.post(page, data={"answer": "declined", "decline_reason": "full", "read": "0"})
    answer_links.take_back(onward, by=cast.amina, at=NOW)
    assert client.post(page, data={**YES, "read": "1"}).status_code == 410
    assert onward.state == "declined"


def test_what_one_of_us_says_through_the_link_is_not_taken_for_the_providers(
    client: Reader, page: str, onward: OnwardReferral, cast: Cast
) -> None:
    sign_in(client, cast.ben)
    sent = [("", YES), ("/room", {"room": "no-capacity"}), ("/stopped", {})]
    sent.append(("/attendance", {"held_on": "2026-11-18", "came": "yes"}))
    for act, typed in sent:
        refused = client.post(f"{page}{act}", data=typed)
        assert (refused.status_code, "You are signed in" in refused.text) == (409, True)
    assert (onward.state, onward.answers, onward.attendances) == ("sent", [], [])
    assert onward.service.provider_said_at is None


def test_that_the_details_were_shown_is_noted_once_in_half_an_hour(
    client: Reader, page: str, clock: Clock
) -> None:
    def noted() -> int:
        query = select(func.count()).where(AuditEntry.event == Event.ONWARD_REVEALED)
        return db.session.scalar(query) or 0

    for _ in range(3):
        assert client.post(f"{page}/details").status_code == 303
    assert noted() == 1
    clock.advance(minutes=29)
    client.post(f"{page}/details")
    clock.advance(minutes=1)
    assert "Quill" not in client.get(page).text  # asking again makes it no longer
    client.post(f"{page}/details")
    assert noted() == 2
    client.application.test_client().post(f"{page}/details")
    assert noted() == 3


def test_when_the_person_dies_the_link_ends_without_a_word(
    client: Reader, page: str, onward: OnwardReferral, cast: Cast
) -> None:
    shared_links.stop(onward.case, by=cast.amina, at=NOW)
    onward_referrals.stop(onward.case, by=cast.amina, at=NOW)
    assert client.get(page).status_code == 410
    assert onward.state == "cancelled"


def test_the_words_to_pass_on_hold_the_link_and_nobodys_name(
    client: Reader, page: str, onward: OnwardReferral, cast: Cast
) -> None:
    sign_in(client, cast.amina)
    html = client.get(f"/onward-referrals/{onward.key}").text
    words = html.split("readonly>")[1].split("</textarea>")[0]
    letter = unquote(html.split('href="mailto:choir@')[1].split('"')[0])
    for text in (words, letter):
        assert page in text
        assert not any(secret in text for secret in ("Rosa", "Quill", "0770", onward.reference))
