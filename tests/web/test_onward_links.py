"""What a worker does about silence, links, crowds and what was tried before."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from linkwork.audit import Event
from linkwork.casework import answer_links
from linkwork.database import db
from linkwork.models import AuditEntry, Mail, OnwardReferral, SupportCase
from tests import cast as make
from tests.cast import Cast, sign_in
from tests.conftest import NOW
from tests.pages import Reader

DAY = timedelta(days=1)


@pytest.fixture
def case(client: Reader, cast: Cast) -> SupportCase:
    """A case of Amina’s, who is signed in."""
    sign_in(client, cast.amina)
    return make.case(cast.northside, worker=cast.amina, first_conversation_at=NOW - 29 * DAY)


@pytest.fixture
def onward(case: SupportCase, cast: Cast) -> OnwardReferral:
    """One that was sent ten days ago."""
    moments = {"agreed_at": NOW - 12 * DAY, "sent_at": NOW - 10 * DAY}
    to = make.service(email="choir@moorvale.example", phone="01632 960111")
    return make.onward_referral(case, by=cast.amina, service=to, **moments)


def test_silence_is_shown_until_they_are_asked_again(
    client: Reader, onward: OnwardReferral
) -> None:
    page = f"/onward-referrals/{onward.key}"
    assert "No answer for 10 days" in client.page(page).text
    assert client.post(f"{page}/chase").status_code == 303
    text = client.page(page).text
    assert "No answer for" not in text
    assert "Asked again" in text


def test_a_link_is_made_renewed_and_taken_back(client: Reader, onward: OnwardReferral) -> None:
    page = f"/onward-referrals/{onward.key}"
    assert "There is no link yet." in client.page(page).text
    assert client.post(f"{page}/link").status_code == 303
    first = answer_links.present(onward, at=NOW)
    assert "/answer/" in client.page(page).text
    client.post(f"{page}/link")
    assert first.revoked_at is not None
    assert client.post(f"{page}/link/take-back").status_code == 303
    assert "The link has ended." in client.page(page).text
    assert client.post(f"{page}/link/take-back").status_code == 409
    assert client.post(f"{page}/link/email").status_code == 409


def test_the_link_is_sent_by_email_where_there_is_a_mail_server(
    client: Reader, onward: OnwardReferral
) -> None:
    page = f"/onward-referrals/{onward.key}"
    client.post(f"{page}/link")
    assert "Email it to them now" not in client.get(page).text
    client.application.config["DEMO"] = True
    assert "Email it to them now" in client.get(page).text
    assert client.post(f"{page}/link/email").status_code == 303
    [mail] = db.session.scalars(select(Mail)).all()
    assert (mail.to, mail.kind) == ("choir@moorvale.example", "answer")
    assert "/answer/" in (mail.body or "")
    assert "Rosa" not in mail.subject + (mail.body or "")
    assert "The link is on its way to them by email." in client.page(page).text


def test_the_link_is_emailed_once_while_it_waits_and_that_is_noted_without_the_address(
    client: Reader, onward: OnwardReferral
) -> None:
    page = f"/onward-referrals/{onward.key}"
    client.application.config["DEMO"] = True
    client.post(f"{page}/link")
    for _ in range(2):
        assert client.post(f"{page}/link/email").status_code == 303
    text = client.page(page).text
    assert "it was not sent twice" in text
    [mail] = db.session.scalars(select(Mail)).all()
    emailed = select(AuditEntry).where(AuditEntry.event == Event.LINK_EMAILED)
    [entry] = db.session.scalars(emailed).all()
    assert (entry.person_id, entry.details) == (onward.case.person_id, {"via": "email"})
    mail.sent_at, mail.body, mail.to = NOW, None, ""
    client.post(f"{page}/link/email")
    assert len(db.session.scalars(emailed).all()) == 2
    client.post(f"{page}/link/take-back")
    assert db.session.scalars(select(Mail.body)).all() == [None, None]  # it would open nothing


def test_where_nothing_is_sent_by_email_nobody_is_told_that_it_was(
    client: Reader, onward: OnwardReferral
) -> None:
    page = f"/onward-referrals/{onward.key}"
    client.post(f"{page}/link")
    refused = client.post(f"{page}/link/email")
    assert (refused.status_code, "sends no emails here" in refused.text) == (409, True)
    client.application.config["DEMO"] = True
    onward.ended_at = NOW
    assert client.post(f"{page}/link/email").status_code == 409
    assert db.session.scalars(select(Mail)).all() == []


@pytest.mark.parametrize(
    "facts",
    [
        {"declined_at": NOW, "decline_reason": "full"},
        {"cancelled_at": NOW},
        {"ended_at": NOW, "outcome": "not_known"},
    ],
)
def test_the_link_of_what_came_to_nothing_is_shown_and_taken_back(
    client: Reader, onward: OnwardReferral, facts: dict[str, Any]
) -> None:
    page = f"/onward-referrals/{onward.key}"
    client.post(f"{page}/link")
    for name, value in facts.items():
        setattr(onward, name, value)
    given = make.address_to_answer(onward)
    html = client.get(page).text
    assert "Take the link back" in html
    assert "Make a new link" not in html
    assert given not in html
    assert client.post(f"{page}/link/take-back").status_code == 303
    assert "Take the link back" not in client.get(page).text
    assert client.application.test_client().get(given).status_code == 410


def test_that_many_of_ours_wait_is_said_before_one_more_is_sent(
    client: Reader, case: SupportCase, onward: OnwardReferral, cast: Cast
) -> None:
    other = make.case(cast.northside, worker=cast.amina, first_conversation_at=NOW - DAY)
    new = f"/cases/{other.key}/onward-referrals/new?service={onward.service.key}"
    assert "wait for an answer" not in client.page(new).text
    for pcn in (cast.southside, cast.northside):
        elsewhere = make.case(pcn, worker=cast.cath)
        make.onward_referral(elsewhere, by=cast.cath, service=onward.service, sent_at=NOW)
    text = client.page(new).text
    assert "3 people from us wait for an answer from them." in text
    assert "We sent 3 people in the last 28 days." in text
    typed = {"agreed": "y", "send": "later"}
    kept = client.post(new, data=typed)
    assert "3 people from us wait" in client.page(kept.location).text
    assert client.post(f"{kept.location}/send").status_code == 303


def test_after_a_no_another_is_found_and_follows_from_it(
    client: Reader, case: SupportCase, onward: OnwardReferral
) -> None:
    page = f"/onward-referrals/{onward.key}"
    client.post(f"{page}/answer", data={"answer": "declined", "decline_reason": "full"})
    assert f"/cases/{case.key}/matches/?after={onward.key}" in client.get(page).text
    looking = client.page(f"/cases/{case.key}/matches/?after={onward.key}").text
    assert "Tried before: Riverside choir . The activity is full." in looking
    to = make.service("Allotment")
    new = f"/cases/{case.key}/onward-referrals/new?service={to.key}&after={onward.key}"
    assert "Tried before: Riverside choir (the activity is full)" in client.page(new).text
    made = client.post(new, data={"agreed": "y", "send": "now"})
    text = client.page(made.location).text
    assert "Before this: Riverside choir" in text
    assert "There is a place after all" not in client.page(page).text


def test_what_was_tried_in_another_case_is_not_carried_over(
    client: Reader, case: SupportCase, cast: Cast
) -> None:
    other = make.case(cast.northside, worker=cast.amina, first_conversation_at=NOW)
    tried = make.onward_referral(other, by=cast.amina, declined_at=NOW, decline_reason="full")
    looking = f"/cases/{case.key}/matches/?after={tried.key}"
    assert "Tried before" not in client.page(looking).text
    assert client.get(f"/cases/{case.key}/matches/?after=nothing").status_code == 404


def test_an_activity_off_the_list_is_named_and_leads_nowhere(
    client: Reader, onward: OnwardReferral
) -> None:
    onward.service.listed = False
    html = client.get(f"/onward-referrals/{onward.key}").text
    assert "It is no longer in the directory." in html
    assert f"/services/{onward.service.key}" not in html
