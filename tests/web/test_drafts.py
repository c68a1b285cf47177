"""Drafts over the wire: kept for their author, given back in the form, and let go when saved."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from linkwork.database import db
from linkwork.models import Contact, Draft, SupportCase, User
from tests import cast as make
from tests.cast import Cast, sign_in
from tests.pages import Reader, read
from tests.statements import at_once

# What is kept is asked on both engines: tests/casework/test_drafts.py.
pytestmark = pytest.mark.one_engine

FIELDS = {"notes": ["She sings, and <b>plays</b>."], "minutes": ["2x"], "needs": ["food"]}
SAVED = {
    "on": "2026-11-18",
    "at": "10:15",
    "mode": "phone",
    "minutes": "25",
    "notes": "She sings, and <b>plays</b>.",
    "once": "one",
    "draft": "page-one-key",
}


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    return make.case(cast.northside, worker=cast.amina)


@pytest.fixture
def amina(client: Reader, cast: Cast) -> Reader:
    sign_in(client, cast.amina)
    return client


def keep(client: Any, case: SupportCase, **sent: Any) -> TestResponse:
    content = {"draft": "page-one-key", "version": None, "fields": FIELDS, **sent}
    answer: TestResponse = client.post(f"/cases/{case.key}/drafts/conversation", json=content)
    return answer


def form(client: Reader, case: SupportCase, **query: str) -> str:
    return client.get(f"/cases/{case.key}/contacts/new", query_string=query).text


def test_a_draft_is_answered_with_when_it_was_kept_and_words_about_danger(
    amina: Reader, case: SupportCase
) -> None:
    fields = {"notes": ["So lonely. She wants to end it all."], "next_action_on": ["tue"]}
    answer = keep(amina, case, fields=fields).json or {}
    assert (answer["draft"], answer["version"], answer["at"]) == ("page-one-key", 1, "10:30")
    assert answer["day"] == "Tuesday 24 November 2026"
    assert answer["crisis"] == ["end it all"]


def test_an_unclear_day_is_answered_with_what_to_write(amina: Reader, case: SupportCase) -> None:
    answer = keep(amina, case, fields={"next_action_on": ["next week"]}).json or {}
    assert "Say which day next week" in answer["day"]


def test_the_form_opens_with_what_was_not_saved(amina: Reader, case: SupportCase) -> None:
    keep(amina, case)
    html = form(amina, case)
    page = read(html)
    assert "Your unsaved note of 18 November 2026, 10:30 is here." in page.text
    assert "She sings, and <b>plays</b>." in page.text
    values = {str(f.get("name")): f.get("value") for f in page.fields if f.get("name") != "needs"}
    assert 'name="draft" type="hidden" value="page-one-key"' in html
    assert 'name="draft_version" type="hidden" value="1"' in html
    assert values["minutes"] == "2x"
    assert [f["value"] for f in page.fields if f.get("name") == "needs" and "checked" in f] == [
        "food"
    ]


def test_nobody_else_finds_it(amina: Reader, case: SupportCase, cast: Cast) -> None:
    keep(amina, case)
    key = db.session.scalars(select(Draft.key)).one()
    sign_in(amina, cast.ben)
    amina.post(f"/cases/{case.key}/cover", data={"reason": "joint_work"})
    assert "She sings" not in form(amina, case)
    assert "unsaved" not in amina.get(f"/cases/{case.key}").text
    assert amina.post(f"/drafts/{key}/discard").status_code == 404


def test_the_page_of_the_case_says_that_there_is_one(amina: Reader, case: SupportCase) -> None:
    keep(amina, case)
    text = amina.page(f"/cases/{case.key}").text
    assert "You have an unsaved note of 18 November 2026, 10:30." in text


def test_a_draft_is_discarded_when_its_author_says_so(amina: Reader, case: SupportCase) -> None:
    keep(amina, case)
    gone = amina.post("/drafts/page-one-key/discard", data={"back": "form"})
    assert gone.location == f"/cases/{case.key}/contacts/new"
    assert "She sings" not in form(amina, case)


def test_saving_the_note_lets_go_of_its_draft(amina: Reader, case: SupportCase) -> None:
    keep(amina, case)
    amina.post(f"/cases/{case.key}/contacts/new", data=SAVED)
    assert db.session.scalars(select(Contact.notes)).one() == FIELDS["notes"][0]
    assert "unsaved" not in amina.get(f"/cases/{case.key}").text
    assert keep(amina, case).json is not None
    assert (keep(amina, case).json or {}).get("saved") is True


def test_a_note_that_is_refused_keeps_its_draft(amina: Reader, case: SupportCase) -> None:
    keep(amina, case)
    amina.post(f"/cases/{case.key}/contacts/new", data={**SAVED, "minutes": "x"})
    assert "unsaved note" in amina.get(f"/cases/{case.key}").text


def test_without_scripts_a_draft_is_kept_by_a_button(amina: Reader, case: SupportCase) -> None:
    kept = amina.post(
        f"/cases/{case.key}/contacts/new", data={**SAVED, "minutes": "", "keep": "yes"}
    )
    assert (kept.status_code, kept.location) == (303, f"/cases/{case.key}")
    assert "Saved as a draft" in amina.page(kept.location).text
    assert "She sings" in form(amina, case)


def test_two_texts_are_both_shown_and_either_can_be_gone_on_with(
    amina: Reader, case: SupportCase
) -> None:
    keep(amina, case, fields={"notes": ["From the desk"]})
    forked = keep(amina, case, fields={"notes": ["From the phone"]}).json or {}
    assert forked["draft"] != "page-one-key"
    assert [other["text"] for other in forked["beside"]] == ["From the desk"]
    page = read(form(amina, case, draft="page-one-key"))
    assert "Both texts are kept." in page.text
    assert "From the phone" in page.text
    notes = amina.get(forked["beside"][0]["address"]).text
    assert ">\r\nFrom the desk</textarea>" in notes


def test_a_try_has_a_draft_of_its_own(amina: Reader, case: SupportCase) -> None:
    content = {"draft": "page-two-key", "version": None, "fields": {"notes": ["No answer."]}}
    amina.post(f"/cases/{case.key}/drafts/attempt", json=content)
    assert "No answer." not in form(amina, case)
    assert "No answer." in amina.get(f"/cases/{case.key}/contacts/attempt").text
    assert "/contacts/attempt?draft=page-two-key" in amina.get(f"/cases/{case.key}").text


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"fields": None}, 422),
        ({"fields": ["notes"]}, 422),
        ({"fields": {"notes": "text"}}, 422),
        ({"fields": {"notes": [1]}}, 422),
        ({"fields": {"notes": ["y" * 100_001]}}, 409),
        ({"fields": {"notes": ["y" * 600_000]}}, 413),
        ({"fields": {"notes": ["nul \0 byte"]}}, 200),
        ({"draft": {"not": "a key"}}, 200),
        ({"draft": "../../x"}, 200),
        ({"version": "two"}, 200),
    ],
)
def test_whatever_is_sent_is_kept_or_answered_with_a_sentence(
    amina: Reader, case: SupportCase, sent: dict[str, Any], status: int
) -> None:
    answer = keep(amina, case, **sent)
    assert answer.status_code == status
    assert status == 200 or (answer.json or {})["error"].endswith((".", "it."))


def test_a_form_that_keeps_no_draft_is_not_found(amina: Reader, case: SupportCase) -> None:
    assert amina.post(f"/cases/{case.key}/drafts/plan", json={}).status_code == 404


def at_the_same_time(
    who: User, case: SupportCase, what: Callable[[Any, str], TestResponse]
) -> Callable[[Flask], int]:
    """What somebody does in a thread of their own."""
    number, key = who.id, case.key

    def act(app: Flask) -> int:
        window = sign_in(app.test_client(), db.session.get_one(User, number))
        return what(window, key).status_code

    return act


def send_draft(client: Any, key: str) -> TestResponse:
    content = {"draft": "page-one-key", "version": None, "fields": FIELDS}
    answer: TestResponse = client.post(f"/cases/{key}/drafts/conversation", json=content)
    return answer


def send_note(client: Any, key: str) -> TestResponse:
    answer: TestResponse = client.post(f"/cases/{key}/contacts/new", data=SAVED)
    return answer


def test_a_draft_that_is_sent_twice_at_once_is_one(
    case: SupportCase, cast: Cast, make_app: Callable[..., Flask]
) -> None:
    db.session.commit()
    press = at_the_same_time(cast.amina, case, send_draft)
    assert at_once(make_app, press, press) == [200, 200]
    assert list(db.session.scalars(select(Draft.key))) == ["page-one-key"]


def test_a_note_that_is_saved_while_its_draft_is_kept_leaves_no_draft(
    case: SupportCase, cast: Cast, make_app: Callable[..., Flask]
) -> None:
    db.session.commit()
    one, two = (at_the_same_time(cast.amina, case, what) for what in (send_draft, send_note))
    assert at_once(make_app, one, two) == [200, 303]
    [left] = db.session.scalars(select(Draft))
    assert (left.fields, left.contact_id is not None) == ({}, True)
