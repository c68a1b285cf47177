"""The provider’s page: what a link shows before and after it is asked, and what can be answered."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from linkwork.casework import onward_referrals
from linkwork.database import db
from linkwork.models import (
    Answer,
    Attendance,
    AuditEntry,
    OnwardReferral,
    SupportCase,
)
from tests import cast as make
from tests.cast import Cast, sign_in
from tests.conftest import NOW, Clock
from tests.pages import Reader, straight_quotes

# What is kept is asked on both engines: tests/casework/test_answers.py.
pytestmark = pytest.mark.one_engine

DAY = timedelta(days=1)
YES = {"answer": "accepted", "first_session_on": "2026-11-25", "read": "0"}
HOSTILE = "<script>alert(1)</script> O'Brien 😀 مرحبا"
SECRETS = ("Quill", "07700 900123", "Large print", "Shy at first.")


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    person = make.person(access_needs="Large print", next_of_kin="Ada", alert="Dog")
    begun = NOW - 5 * DAY
    return make.case(cast.northside, worker=cast.amina, person=person, first_conversation_at=begun)


@pytest.fixture
def onward(case: SupportCase, cast: Cast) -> OnwardReferral:
    """One that was sent, with its link."""
    to = make.service(email="choir@moorvale.example", phone="01632 960111")
    made = onward_referrals.agree(
        case, to, message="Shy at first.", by=cast.amina, at=NOW - 3 * DAY
    )
    onward_referrals.send(made, by=cast.amina, at=NOW - 3 * DAY)
    return made


@pytest.fixture
def page(onward: OnwardReferral) -> str:
    """The address a provider was given."""
    return make.address_to_answer(onward)


def events() -> list[str]:
    return list(db.session.scalars(select(AuditEntry.event).order_by(AuditEntry.number)))


def test_a_link_shows_a_first_name_and_a_reference_until_its_holder_asks_for_more(
    client: Reader, page: str, onward: OnwardReferral
) -> None:
    first = client.page(page)
    assert "Rosa" in first.text
    assert onward.reference in first.text
    assert not any(secret in first.text for secret in SECRETS)
    assert not any("Quill" in title for title in first.titles)
    assert "onward_referral.revealed" not in events()
    asked = client.post(f"{page}/details")
    assert (asked.status_code, asked.location) == (303, page)
    text = client.page(page).text
    assert all(secret in text for secret in SECRETS)
    assert "Ada" not in text
    assert "Dog" not in text
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.number.desc())).first()
    assert entry is not None
    assert (entry.event, entry.user_id) == ("onward_referral.revealed", None)
    assert entry.person_id == onward.case.person_id


def test_the_details_are_hidden_again_after_half_an_hour_and_from_another_browser(
    client: Reader, app: Flask, page: str, clock: Clock
) -> None:
    client.post(f"{page}/details")
    assert "Quill" not in app.test_client().get(page).text
    clock.advance(minutes=29)
    assert "Quill" in client.page(page).text
    clock.advance(minutes=2)
    assert "Quill" not in client.page(page).text


def test_a_yes_with_its_first_session_reaches_the_worker(
    client: Reader, page: str, onward: OnwardReferral, cast: Cast
) -> None:
    client.post(f"{page}/details")
    done = client.post(page, data={**YES, "words": "Ring the bell twice.", "given_by": "Pat"})
    assert (done.status_code, done.location) == (303, page)
    assert onward.state == "accepted"
    assert "Thank you." in client.page(page).text
    sign_in(client, cast.amina)
    text = client.page(f"/onward-referrals/{onward.key}").text
    for words in ("25 November 2026", "“Ring the bell twice.”", "Pat", "The provider said"):
        assert words in text
    assert "The provider said: there is a place" in client.page(f"/cases/{onward.case.key}").text


def test_a_double_press_is_one_answer(client: Reader, page: str) -> None:
    for _ in range(2):
        assert client.post(page, data=YES).status_code == 303
    assert len(db.session.scalars(select(Answer)).all()) == 1


def test_a_link_used_twice_shows_what_was_answered_and_lets_it_be_changed(
    client: Reader, page: str, onward: OnwardReferral
) -> None:
    client.post(f"{page}/details")
    client.post(page, data=YES)
    again = client.page(page)
    assert "There is a place" in again.text
    assert "Change your answer" in again.text
    client.post(page, data={"answer": "declined", "decline_reason": "access", "read": "1"})
    assert (onward.state, onward.decline_reason) == ("declined", "access")
    no = client.page(page).text
    assert "You said that you cannot take Rosa" in no
    assert "We cannot meet their access needs" in no
    assert "Quill" not in no
    client.post(page, data={"answer": "waitlisted", "wait_weeks": "3", "read": "2"})
    assert onward.state == "waitlisted"


def test_the_second_of_two_who_answer_is_shown_what_the_first_said(
    client: Reader, page: str, onward: OnwardReferral
) -> None:
    client.post(page, data=YES)
    no = {"answer": "declined", "decline_reason": "full", "read": "0", "words": "No room."}
    refused = client.post(page, data=no)
    assert refused.status_code == 409
    assert "Somebody else answered while you were reading" in refused.text
    assert "No room." in refused.text
    assert "First session 25 November 2026" in refused.text
    assert onward.state == "accepted"


def test_a_refused_form_does_not_show_the_details_to_whoever_did_not_ask(
    client: Reader, page: str
) -> None:
    refused = client.post(page, data={"answer": "declined", "words": "Sorry"})
    assert refused.status_code == 422
    assert "Choose why you cannot take them." in refused.text
    assert "Sorry" in refused.text
    assert not any(secret in refused.text for secret in SECRETS)


@pytest.mark.parametrize(
    ("act", "typed", "sentence"),
    [
        ("", {}, "Choose an answer."),
        ("", {**YES, "first_session_on": "soon"}, "Enter a real date"),
        ("", {**YES, "first_session_on": "2026-11-01"}, "before the person agreed"),
        ("", {**YES, "words": "x" * 1001}, "Shorten this to 1,000 characters."),
        ("", {"answer": "waitlisted", "wait_weeks": "many"}, "Enter a whole number"),
        ("", {"answer": "declined", "decline_reason": "cost"}, "Choose why you cannot"),
        ("/attendance", {"held_on": "2026-11-19", "came": "yes"}, "must be today or in the past"),
        ("/attendance", {"held_on": "2026-11-18"}, "Choose whether they came."),
        ("/stopped", {}, "Say first whether there is a place"),
        ("/room", {}, "Say whether you have room"),
        ("/room", {"places": "-1"}, "Enter a number from 0"),
    ],
)
def test_what_cannot_be_is_refused_on_the_page(
    client: Reader,
    page: str,
    onward: OnwardReferral,
    act: str,
    typed: dict[str, str],
    sentence: str,
) -> None:
    refused = client.post(f"{page}{act}", data={"words": HOSTILE, **typed})
    assert refused.status_code in {409, 422}
    assert sentence in refused.text.replace("&#34;", '"')
    assert "<script>alert" not in refused.text
    assert straight_quotes(refused.text) == []
    assert (onward.state, onward.answers) == ("sent", [])


def test_who_came_on_which_date_is_said_and_put_right(
    client: Reader, page: str, onward: OnwardReferral, clock: Clock
) -> None:
    client.post(page, data={**YES, "first_session_on": "2026-11-18"})
    for came, first in (("yes", True), ("no", False), ("yes", True)):
        done = client.post(f"{page}/attendance", data={"held_on": "2026-11-18", "came": came})
        assert done.status_code == 303
        assert (onward.first_attended_at is not None) is first
    [row] = db.session.scalars(select(Attendance)).all()
    assert (row.came, row.said_by_id) == (True, None)
    client.post(f"{page}/details")
    assert "18 November 2026: came" in client.page(page).text


def test_what_a_provider_says_of_its_places_is_kept_as_theirs(
    client: Reader, page: str, onward: OnwardReferral
) -> None:
    said = {"room": "capacity", "places": "3", "still_right": "y"}
    assert client.post(f"{page}/room", data=said).status_code == 303
    service = onward.service
    assert (service.capacity_status, service.places) == ("capacity", 3)
    assert service.provider_said_at == service.verified_at == NOW
    client.post(f"{page}/room", data={"room": "no-capacity"})
    assert (service.capacity_status, service.places) == ("no-capacity", 0)


def test_that_they_no_longer_come_waits_for_the_worker_to_say_how_it_ended(
    client: Reader, page: str, onward: OnwardReferral, cast: Cast
) -> None:
    client.post(page, data=YES)
    client.post(f"{page}/stopped")
    assert onward.is_open
    sign_in(client, cast.amina)
    text = client.page(f"/onward-referrals/{onward.key}").text
    assert "They say: they stopped coming" in text


def test_what_was_sent_stays_as_it_was_until_it_is_sent_again(
    client: Reader, page: str, onward: OnwardReferral, cast: Cast
) -> None:
    onward.case.person.phone = "07700 900456"
    client.post(f"{page}/details")
    assert "07700 900123" in client.page(page).text
    sign_in(client, cast.amina)
    own = f"/onward-referrals/{onward.key}"
    assert "Phone: not as the provider was told" in client.page(own).text
    assert client.post(f"{own}/send-again").status_code == 303
    assert "not as the provider was told" not in client.page(own).text
    assert client.post(f"{own}/send-again").status_code == 409
    client.post(f"{page}/details")
    assert "07700 900456" in client.page(page).text


def test_a_form_of_another_site_is_refused(
    make_app: Callable[..., Flask], page: str, onward: OnwardReferral
) -> None:
    db.session.commit()
    somebody = make_app(WTF_CSRF_ENABLED=True).test_client()
    assert somebody.post(page, data=YES).status_code == 400
    assert onward.state == "sent"


def test_looking_at_the_details_is_seen_by_the_worker_who_is_not_taken_for_the_provider(
    client: Reader, app: Flask, page: str, onward: OnwardReferral, cast: Cast
) -> None:
    sign_in(client, cast.amina)
    own = f"/onward-referrals/{onward.key}"
    client.post(f"{page}/details")
    assert "Nobody has looked at the details yet." in client.page(own).text
    app.test_client().post(f"{page}/details")
    assert "looked at on 18 November 2026, 10:30" in client.page(own).text


def test_a_worker_who_changes_details_is_told_that_a_provider_has_the_old_ones(
    client: Reader, onward: OnwardReferral, cast: Cast
) -> None:
    sign_in(client, cast.amina)
    case = f"/cases/{onward.case.key}"
    assert "Their details changed" not in client.page(case).text
    onward.case.person.phone = "07700 900456"
    assert "Their details changed: send them again" in client.page(case).text
    html = client.get(f"{case}/person").text
    version = html.split('name="version"')[1].split('value="')[1].split('"')[0]
    person = onward.case.person
    saved = client.post(
        f"{case}/person",
        data={
            "version": version,
            "given_name": person.given_name,
            "family_name": person.family_name,
            "date_of_birth": "1954-03-12",
            "nhs_number": person.nhs_number,
            "phone": "07700 900789",
        },
    )
    assert saved.status_code == 303
    assert "Riverside choir was told the old ones." in client.page(case).text
