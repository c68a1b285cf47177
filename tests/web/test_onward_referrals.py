"""Onward referrals on the page: seen before they are sent, agreed, answered, visited, ended."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from linkwork.casework import match_answers
from linkwork.database import db
from linkwork.models import AuditEntry, MatchAnswer, OnwardReferral, Service, SupportCase
from tests import cast as make
from tests.cast import Cast, sign_in
from tests.conftest import NOW
from tests.pages import Reader, read, straight_quotes

DAY = timedelta(days=1)
HOSTILE = "<script>alert(1)</script> O'Brien 😀 مرحبا"
ACTS = (
    "send send-again chase cancel answer end went missed companion companion/done "
    "companion/call-off link link/take-back link/email"
).split()
AGREED = {"agreed": "y", "send": "now", "once": "one", "message": "A little shy."}


@pytest.fixture
def amina(client: Reader, cast: Cast) -> Reader:
    """Amina, signed in."""
    sign_in(client, cast.amina)
    return client


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    """A case of Amina’s that has started."""
    return make.case(cast.northside, worker=cast.amina, first_conversation_at=NOW - 5 * DAY)


@pytest.fixture
def onward(case: SupportCase, cast: Cast) -> OnwardReferral:
    """One that was sent and has no answer yet."""
    return make.onward_referral(case, by=cast.amina, agreed_at=NOW - 4 * DAY, sent_at=NOW - 3 * DAY)


def refer(client: Reader, case: SupportCase, to: Service, **typed: str | None) -> TestResponse:
    data = {name: value for name, value in {**AGREED, **typed}.items() if value is not None}
    return client.post(f"/cases/{case.key}/onward-referrals/new?service={to.key}", data=data)


def how_many() -> int:
    return db.session.scalar(select(func.count()).select_from(OnwardReferral)) or 0


def test_what_is_sent_is_seen_before_it_is_sent(amina: Reader, case: SupportCase) -> None:
    case.person.access_needs, case.person.alert = "Large print", "Has a dog"
    case.person.next_of_kin = "Ada, her niece"
    to = make.service()
    page = amina.page(f"/cases/{case.key}/onward-referrals/new?service={to.key}")
    _, _, after = page.text.partition("What is sent, and nothing else")
    preview, _, _ = after.partition("And your message below.")
    assert preview.split() == "Name Rosa Quill Phone 07700 900123 Access needs Large print".split()


def test_what_was_agreed_is_sent_with_its_message(amina: Reader, case: SupportCase) -> None:
    sent = refer(amina, case, make.service(), needs_accompanying="y")
    made = db.session.scalars(select(OnwardReferral)).one()
    assert (sent.status_code, sent.location) == (303, f"/onward-referrals/{made.key}")
    assert (made.state, made.message, made.needs_accompanying) == ("sent", "A little shy.", True)
    text = amina.page(sent.location).text
    assert "A little shy." in text
    assert "Somebody will come with them." in text


def test_what_was_agreed_may_be_sent_later(amina: Reader, case: SupportCase) -> None:
    kept = refer(amina, case, make.service(), send="later")
    made = db.session.scalars(select(OnwardReferral)).one()
    assert made.state == "agreed"
    assert "Nothing has been sent." in amina.page(kept.location).text
    assert amina.post(f"{kept.location}/send").status_code == 303
    assert made.state == "sent"
    assert amina.post(f"{kept.location}/send").status_code == 409


@pytest.mark.parametrize("button", ["now", "later"])
def test_nothing_is_sent_or_kept_unless_they_agreed(
    amina: Reader, case: SupportCase, button: str
) -> None:
    refused = refer(amina, case, make.service(), agreed=None, send=button, message=HOSTILE)
    assert refused.status_code == 422
    page = read(refused.text)
    assert "Ask them first, then tick that they agreed." in page.text
    assert HOSTILE in page.text
    assert how_many() == 0


def test_a_double_click_makes_one_onward_referral(amina: Reader, case: SupportCase) -> None:
    to = make.service()
    first, second = refer(amina, case, to), refer(amina, case, to)
    assert (first.location, how_many()) == (second.location, 1)


def test_a_full_activity_is_kept_for_later_and_not_sent(amina: Reader, case: SupportCase) -> None:
    full = make.service(capacity_status="no-capacity")
    shown = amina.page(f"/cases/{case.key}/onward-referrals/new?service={full.key}").text
    assert "They are full now." in shown
    refused = refer(amina, case, full)
    assert refused.status_code == 409
    assert "is full" in refused.text
    assert how_many() == 0
    assert refer(amina, case, full, send="later").status_code == 303


def test_why_nothing_can_be_sent_is_said_before_anybody_types(amina: Reader, cast: Cast) -> None:
    early = make.case(cast.northside, worker=cast.amina)
    page = f"/cases/{early.key}/onward-referrals/new?service={make.service().key}"
    assert "Record a conversation first" in amina.page(page).text


def test_an_activity_nobody_knows_is_not_found(amina: Reader, case: SupportCase) -> None:
    for service in ("", "?service=", "?service=nothing"):
        assert amina.get(f"/cases/{case.key}/onward-referrals/new{service}").status_code == 404
    hidden = make.service(listed=False)
    address = f"/cases/{case.key}/onward-referrals/new?service={hidden.key}"
    assert amina.get(address).status_code == 404


def test_opening_one_is_opening_its_case(amina: Reader, onward: OnwardReferral) -> None:
    amina.page(f"/onward-referrals/{onward.key}")
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.number.desc())).first()
    assert entry is not None
    assert (entry.event, entry.person_id) == ("case.opened", onward.case.person_id)


def test_one_of_a_colleagues_case_asks_for_a_reason_and_leads_back(
    client: Reader, cast: Cast, onward: OnwardReferral
) -> None:
    sign_in(client, cast.ben)
    page = f"/onward-referrals/{onward.key}"
    asked = client.get(page)
    assert asked.location == f"/cases/{onward.case.key}/cover?next={page}"
    assert client.post(asked.location, data={"reason": "cover"}).location == page
    assert client.get(page).status_code == 200


def test_nothing_is_done_to_one_of_a_colleagues_case_without_a_reason(
    client: Reader, cast: Cast, onward: OnwardReferral
) -> None:
    sign_in(client, cast.ben)
    for act in ACTS:
        assert client.post(f"/onward-referrals/{onward.key}/{act}").status_code == 403
    assert onward.state == "sent"


def test_one_of_another_pcn_does_not_exist(amina: Reader, cast: Cast) -> None:
    elsewhere = make.case(cast.southside, worker=cast.cath, first_conversation_at=NOW)
    key = make.onward_referral(elsewhere, by=cast.cath).key
    assert amina.get(f"/onward-referrals/{key}").status_code == 404
    for act in ACTS:
        assert amina.post(f"/onward-referrals/{key}/{act}").status_code == 404


def test_an_answer_a_visit_and_an_ending_follow_one_another(
    amina: Reader, onward: OnwardReferral
) -> None:
    page = f"/onward-referrals/{onward.key}"
    steps = [
        ("answer", {"answer": "waitlisted"}, "waitlisted"),
        ("answer", {"answer": "accepted"}, "accepted"),
        ("went", {"held_on": "2026-11-17"}, "attending"),
        ("end", {"outcome": "helped"}, "ended"),
    ]
    for act, typed, state in steps:
        done = amina.post(f"{page}/{act}", data={**typed, "once": state})
        assert (done.status_code, done.location, onward.state) == (303, page, state)
        amina.page(page)
    text = amina.page(page).text
    assert "17 November 2026" in text
    assert "It helped" in text


@pytest.mark.parametrize(
    ("act", "typed", "sentence"),
    [
        ("answer", {}, "Choose what the answer is."),
        ("answer", {"answer": "declined"}, "Choose why they are not going."),
        ("answer", {"answer": "declined", "decline_reason": "x"}, "Choose why they are not going."),
        ("answer", {"answer": "waitlisted", "wait_weeks": "200"}, "between 0 and 104 weeks"),
        ("answer", {"answer": "accepted", "first_session_on": "2028-01-01"}, "more than a year"),
        ("went", {"held_on": "2026-11-19"}, "Date of the visit must be today or in the"),
        ("went", {"held_on": "2026-11-01"}, "before the person agreed"),
        ("went", {"held_on": "soon"}, "Enter a real date"),
        ("missed", {"missed_on": "2026-11-17"}, "Choose why they did not go"),
        ("missed", {"missed_on": "2026-11-19", "reason": "forgot"}, "must be today or in the"),
        ("companion", {"accompanied_on": "2026-11-19"}, "Choose who goes along"),
        ("companion", {"companion_name": "Jo", "accompanied_on": "2026-11-17"}, "today or later"),
        ("end", {}, "Choose how it ended."),
        ("end", {"outcome": "helped"}, "Record their first visit before"),
    ],
)
def test_what_cannot_be_is_refused_on_the_page_it_came_from(
    amina: Reader, onward: OnwardReferral, act: str, typed: dict[str, str], sentence: str
) -> None:
    refused = amina.post(f"/onward-referrals/{onward.key}/{act}", data=typed)
    page = read(refused.text)
    assert refused.status_code in {409, 422}
    assert sentence in page.text
    assert page.titles[0].startswith("Error: ")
    assert onward.state == "sent"


def test_somebody_who_is_not_going_is_not_going_for_a_reason(
    amina: Reader, onward: OnwardReferral
) -> None:
    typed = {"answer": "declined", "decline_reason": "cost"}
    amina.post(f"/onward-referrals/{onward.key}/answer", data=typed)
    assert (onward.state, onward.decline_reason) == ("declined", "cost")
    assert "It costs too much" in amina.page(f"/onward-referrals/{onward.key}").text


def test_one_made_by_mistake_is_taken_back(amina: Reader, onward: OnwardReferral) -> None:
    back = amina.post(f"/onward-referrals/{onward.key}/cancel")
    assert (back.status_code, onward.state) == (303, "cancelled")
    assert back.location == f"/cases/{onward.case.key}"
    assert amina.post(f"/onward-referrals/{onward.key}/cancel").status_code == 409


@pytest.mark.parametrize(
    "moments",
    [
        {},
        {"sent_at": NOW},
        {"sent_at": NOW, "waitlisted_at": NOW},
        {"sent_at": NOW, "accepted_at": NOW},
        {"sent_at": NOW, "first_attended_at": NOW},
        {"sent_at": NOW, "ended_at": NOW, "outcome": "not_known"},
        {"declined_at": NOW, "decline_reason": "full"},
        {"cancelled_at": NOW},
    ],
)
def test_in_every_state_it_has_a_whole_page(
    amina: Reader, case: SupportCase, cast: Cast, moments: dict[str, object]
) -> None:
    made = make.onward_referral(case, by=cast.amina, message=HOSTILE, **moments)
    made.service.name = HOSTILE
    html = amina.get(f"/onward-referrals/{made.key}").text
    assert "<script>alert" not in html
    assert straight_quotes(html) == []


def test_what_was_suggested_is_noted_as_taken_up_and_what_was_not_is_not(
    amina: Reader, case: SupportCase
) -> None:
    for match in ("good-2", "", "best-0"):
        to = make.service(f"Allotment {match}")
        page = amina.get(f"/cases/{case.key}/onward-referrals/new?service={to.key}&match={match}")
        assert (f'value="{match}"' in page.text) == (match != "best-0")
        assert refer(amina, case, to, match=match, once=match).status_code == 303
    [answer] = db.session.scalars(select(MatchAnswer))
    assert (answer.kind, answer.band, answer.rank) == ("accepted", "good", 2)
    assert answer.onward_referral.service.name == "Allotment good-2"


def test_what_was_talked_about_first_is_noted_as_taken_up_too(
    amina: Reader, case: SupportCase, cast: Cast
) -> None:
    to = make.service("Allotment")
    match_answers.discuss(case, to, by=cast.amina, at=NOW)
    db.session.commit()
    refer(amina, case, to)
    assert match_answers.to_discuss(case) == []
    assert [answer.kind for answer in db.session.scalars(select(MatchAnswer).order_by("id"))] == [
        "to_discuss",
        "accepted",
    ]
