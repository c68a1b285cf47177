"""The pages of the caseload and of a case: who opens what, what is noted, what is kept."""

import html as entities
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from linkwork.database import db
from linkwork.models import AuditEntry, CaseNeed, Contact, Need, SupportCase, User
from tests import cast as make
from tests.cast import Cast, sign_in
from tests.conftest import NOW, TODAY, Clock
from tests.pages import Reader, straight_quotes, without_tokens
from tests.statements import at_once

HOSTILE = "<img src=x onerror=alert(1)> O'Brien 😀 مرحبا"
DAY = timedelta(days=1)


@pytest.fixture
def amina(client: Reader, cast: Cast) -> Reader:
    """Amina, signed in."""
    return signed_in(client, cast.amina)


def signed_in(client: Reader, who: User) -> Reader:
    sign_in(client, who)
    return client


def events(of: str = "case.") -> list[str]:
    query = select(AuditEntry.event).order_by(AuditEntry.number)
    return [event for event in db.session.scalars(query) if event.startswith(of)]


def a_whole_case(cast: Cast, **facts: Any) -> SupportCase:
    case = make.case(cast.northside, worker=cast.amina, **facts)
    case.needs.append(CaseNeed(need=Need.FOOD, seen_at=NOW))
    make.referral(cast.birch, case=case)
    make.contact(case, by=cast.amina, notes="Talked about the allotment.")
    make.onward_referral(case, by=cast.amina, sent_at=NOW)
    return case


def test_opening_a_case_leaves_an_entry_about_the_person(amina: Reader, cast: Cast) -> None:
    case = a_whole_case(cast)
    amina.page(f"/cases/{case.key}")
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.number.desc())).first()
    assert entry is not None
    assert (entry.event, entry.user_id) == ("case.opened", cast.amina.id)
    assert (entry.record_id, entry.person_id) == (case.id, case.person_id)


@pytest.mark.parametrize(
    "page", ["", "/contacts/new", "/contacts/attempt", "/close", "/decline", "/person", "/matches/"]
)
def test_every_page_of_a_case_leaves_one_entry(amina: Reader, cast: Cast, page: str) -> None:
    case = a_whole_case(cast)
    amina.page(f"/cases/{case.key}{page}")
    assert events() == ["case.opened"]


def test_a_case_shows_what_happened_and_what_to_know(amina: Reader, cast: Cast) -> None:
    case = a_whole_case(cast, next_action="Ring about transport", next_action_on=TODAY - DAY)
    case.person.access_needs, case.person.language = "Large print", "Urdu"
    text = amina.page(f"/cases/{case.key}").text
    for words in (
        *("QUILL, Rosa", "Ring about transport", "Overdue by 1 day", "Talked about the allotment."),
        *("Sent to Riverside choir", "Large print", "Urdu", "Food", "Birch Road Surgery"),
    ):
        assert words in text


def test_what_people_typed_is_shown_as_they_typed_it(amina: Reader, cast: Cast) -> None:
    person = make.person(HOSTILE, HOSTILE, preferred_name=HOSTILE, alert=HOSTILE, address=HOSTILE)
    person.next_of_kin = person.safe_to_contact = person.access_needs = HOSTILE
    case = make.case(cast.northside, worker=cast.amina, person=person, next_action=HOSTILE)
    make.referral(cast.birch, case=case, note=HOSTILE, referrer_name="Dr Hale")
    make.contact(case, by=cast.amina, notes=HOSTILE, what_matters=HOSTILE, next_action=HOSTILE)
    for page in (f"/cases/{case.key}", "/cases/", "/cases/waiting", f"/cases/{case.key}/person"):
        html = amina.get(page).text
        assert "<img" not in html
        assert straight_quotes(html) == []
    assert HOSTILE in amina.page(f"/cases/{case.key}").text


def test_somebody_without_phone_postcode_or_nhs_number_has_whole_pages(
    amina: Reader, cast: Cast
) -> None:
    person = make.person(phone=None, postcode=None, nhs_number=None)
    case = make.case(cast.northside, worker=cast.amina, person=person)
    text = amina.page(f"/cases/{case.key}").text
    assert "No NHS number" in text
    assert "No phone" in text
    for page in ("/cases/", f"/cases/{case.key}/person", f"/cases/{case.key}/contacts/new"):
        amina.page(page)


def test_a_name_is_in_no_title_and_no_address(amina: Reader, cast: Cast) -> None:
    case = a_whole_case(cast)
    page = amina.page(f"/cases/{case.key}")
    assert "Quill" not in page.titles[0]
    assert not [address for address in page.values if "Quill" in address]


def test_a_case_of_another_pcn_does_not_exist(amina: Reader, cast: Cast) -> None:
    key = make.case(cast.southside, worker=cast.cath).key
    foreign = [amina.get(f"/cases/{key}{p}").status_code for p in ("", "/cover", "/person")]
    assert foreign == [404, 404, 404]
    of_another, of_nobody = amina.get(f"/cases/{key}"), amina.get("/cases/no-such-key")
    assert without_tokens(of_another.text) == without_tokens(of_nobody.text)
    assert events() == []


def test_a_colleagues_case_asks_for_a_reason_and_remembers_it_today(
    amina: Reader, cast: Cast, clock: Clock
) -> None:
    key = make.case(cast.northside, worker=cast.ben).key
    asked = amina.get(f"/cases/{key}")
    assert asked.location == f"/cases/{key}/cover?next=/cases/{key}"
    assert "This case is with Ben Harte" in amina.page(asked.location).text
    given = amina.post(asked.location, data={"reason": "cover"})
    assert (given.status_code, given.location) == (303, f"/cases/{key}")
    assert amina.get(f"/cases/{key}").status_code == 200
    assert events() == ["case.covered", "case.opened"]
    clock.advance(hours=14)
    signed_in(amina, cast.amina)
    assert amina.get(f"/cases/{key}").status_code == 303


def test_a_reason_must_be_given(amina: Reader, cast: Cast) -> None:
    key = make.case(cast.northside, worker=cast.ben).key
    refused = amina.post(f"/cases/{key}/cover", data={})
    assert refused.status_code == 422
    assert "Choose why you need to open this case." in refused.text


@pytest.mark.parametrize("elsewhere", ["//evil.example", "https://evil.example", "/\\evil", "x"])
def test_a_reason_leads_nowhere_else(amina: Reader, cast: Cast, elsewhere: str) -> None:
    key = make.case(cast.northside, worker=cast.ben).key
    data, query = {"reason": "cover"}, {"next": elsewhere}
    given = amina.post(f"/cases/{key}/cover", query_string=query, data=data)
    assert given.location == f"/cases/{key}"


def hidden(html: str) -> dict[str, str]:
    """The hidden fields of the form in <main>."""
    main = html[html.index("<main") :]
    pairs = re.findall(r'<input[^>]*name="([^"]*)"[^>]*type="hidden"[^>]*value="([^"]*)"', main)
    other = re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]*)"[^>]*value="([^"]*)"', main)
    return dict([*pairs, *other])


@pytest.fixture
def guarded(make_app: Callable[..., Flask]) -> Iterator[Flask]:
    """The app as it is served, with forms that carry a token."""
    app = make_app(WTF_CSRF_ENABLED=True)
    yield app
    with app.app_context():
        db.engine.dispose()


def test_a_note_written_past_midnight_waits_behind_the_question_why(
    guarded: Flask, cast: Cast, clock: Clock
) -> None:
    """The reason given yesterday is over; nothing of the note is lost, and it is saved once."""
    browser: Any = guarded.test_client()
    clock.now = NOW.replace(hour=23, minute=50)
    key = make.case(cast.northside, worker=cast.ben).key
    sign_in(browser, cast.amina)
    page = f"/cases/{key}/contacts/new"
    token = hidden(browser.get(f"/cases/{key}/cover").text)["csrf_token"]
    browser.post(f"/cases/{key}/cover", data={"csrf_token": token, "reason": "cover"})
    form = hidden(browser.get(page).text)
    clock.advance(minutes=11)
    note = {**form, "on": "2026-11-18", "at": "23:40", "mode": "phone", "minutes": "9",
            "notes": f"A long talk. {HOSTILE}"}  # fmt: skip
    asked = browser.post(page, data=note)
    assert asked.status_code == 403
    assert "What you were writing is kept" in asked.text
    action = re.search(r'action="([^"]*cover[^"]*)"', asked.text)
    assert action is not None
    back = browser.post(action[1], data={**hidden(asked.text), "reason": "handover"})
    assert "What you typed is here" in back.text
    assert "signed in again" not in back.text
    kept = {name: entities.unescape(value) for name, value in hidden(back.text).items()}
    again = browser.post(page, data=kept)
    assert (again.status_code, kept["notes"]) == (200, note["notes"])
    assert entities.unescape(again.text).count(HOSTILE) == 1
    assert db.session.scalar(select(func.count()).select_from(Contact)) == 0
    del kept["resume"]
    assert browser.post(page, data=kept).status_code == 303
    saved = db.session.scalars(select(Contact.notes)).all()
    assert saved == [note["notes"]]


def test_of_two_who_accept_at_once_one_opens_the_case_and_one_is_told(
    cast: Cast, make_app: Callable[..., Flask]
) -> None:
    case = make.case(cast.northside)
    make.referral(cast.birch, case=case)
    key = case.key
    db.session.commit()

    def accepting(who: int) -> Callable[[Flask], TestResponse]:
        def act(app: Flask) -> TestResponse:
            window = sign_in(app.test_client(), db.session.get_one(User, who))
            return window.post(f"/cases/{key}/accept", follow_redirects=True)

        return act

    answers = at_once(make_app, accepting(cast.amina.id), accepting(cast.ben.id))
    assert {a.request.path for a in answers} == {f"/cases/{key}", "/cases/waiting"}
    [late] = [a for a in answers if a.request.path == "/cases/waiting"]
    assert "has already accepted this referral." in late.text
    assert events("case.accepted") == ["case.accepted"]


def test_pressing_accept_twice_opens_the_case_twice(amina: Reader, cast: Cast) -> None:
    key = make.case(cast.northside).key
    answers = [amina.post(f"/cases/{key}/accept") for _ in range(2)]
    assert [a.location for a in answers] == [f"/cases/{key}"] * 2
    assert events("case.accepted") == ["case.accepted"]


def test_a_referral_is_declined_with_a_reason(amina: Reader, cast: Cast) -> None:
    case = make.case(cast.northside)
    assert amina.post(f"/cases/{case.key}/decline").status_code == 422
    done = amina.post(f"/cases/{case.key}/decline", data={"reason": "duplicate"})
    assert (done.status_code, case.state) == (303, "declined")
    assert "Not taken on: Referred twice" in amina.page(f"/cases/{case.key}").text


def test_a_supervisor_gives_a_case_to_a_link_worker_of_its_pcn(client: Reader, cast: Cast) -> None:
    case = make.case(cast.northside)
    page = f"/cases/{case.key}/allocate"
    sign_in(client, cast.supervisor)
    offered = client.page(page).text
    assert "Ben Harte" in offered
    assert "Cath Doyle" not in offered
    assert client.post(page, data={"worker": cast.cath.key}).status_code == 409
    assert client.post(page, data={"worker": cast.ben.key}).status_code == 303
    assert case.worker == cast.ben


def test_a_link_worker_gives_no_case_away(amina: Reader, cast: Cast) -> None:
    case = make.case(cast.northside, worker=cast.amina)
    assert amina.get(f"/cases/{case.key}/allocate").status_code == 403
    assert "Give to a colleague" not in amina.page(f"/cases/{case.key}").text


def test_a_case_is_paused_weighed_closed_and_opened_again(amina: Reader, cast: Cast) -> None:
    case = make.case(cast.northside, worker=cast.amina, first_conversation_at=NOW)
    page = f"/cases/{case.key}"
    amina.post(f"{page}/weigh", data={"complexity": "complex", "priority": "soon"})
    amina.post(f"{page}/pause")
    assert (case.complexity, case.priority, case.state) == ("complex", "soon", "paused")
    assert amina.post(f"{page}/pause").status_code == 409
    amina.post(f"{page}/resume")
    closed = amina.post(f"{page}/close", data={"reason": "person_ended", "summary": "Moved on."})
    assert (closed.status_code, case.state) == (303, "closed")
    assert "Moved on." in amina.page(page).text
    amina.post(f"{page}/reopen")
    assert case.state == "started"


def test_a_record_that_may_be_a_duplicate_is_pointed_at(amina: Reader, cast: Cast) -> None:
    case, twin = a_whole_case(cast), make.case(cast.northside)
    twin.person.nhs_number = None
    page = amina.page(f"/cases/{case.key}")
    assert "the same date of birth" in page.text
    assert f"/cases/{twin.key}" in page.values


def test_older_contacts_are_a_click_away(amina: Reader, cast: Cast) -> None:
    case = make.case(cast.northside, worker=cast.amina)
    for n in range(55):
        make.contact(case, by=cast.amina, at=NOW - n * timedelta(hours=1), notes=f"Note {n}.")
    page = f"/cases/{case.key}"
    assert "Note 54." not in amina.page(page).text
    assert "Note 54." in amina.page(f"{page}?show=everything").text
