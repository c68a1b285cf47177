"""Putting a contact right on its page, reading what it said, and taking one out."""

import pytest
from sqlalchemy import select

from linkwork.casework import contacts
from linkwork.casework.contacts import Conversation
from linkwork.database import db
from linkwork.models import AuditEntry, Contact, ContactMode, SupportCase
from tests import cast as make
from tests.cast import Cast, sign_in
from tests.conftest import NOW
from tests.pages import Reader, read

# What is kept is asked on both engines: tests/casework/test_corrections.py.
pytestmark = pytest.mark.one_engine

CORRECTED = {
    "on": "2026-11-18",
    "at": "10:30",
    "mode": "phone",
    "minutes": "25",
    "notes": "She sings alto.",
    "reason": "A slip",
    "version": "1",
}


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    return make.case(cast.northside, worker=cast.amina)


@pytest.fixture
def contact(case: SupportCase, cast: Cast) -> Contact:
    said = Conversation(mode=ContactMode.PHONE, minutes=25, notes="She sang.")
    made = contacts.record(case, said, by=cast.amina, at=NOW, now=NOW)
    db.session.commit()
    return made


@pytest.fixture
def amina(client: Reader, cast: Cast) -> Reader:
    sign_in(client, cast.amina)
    return client


def test_a_corrected_contact_says_so_and_what_it_said_can_be_read(
    amina: Reader, contact: Contact, case: SupportCase
) -> None:
    saved = amina.post(f"/contacts/{contact.key}/correct", data=CORRECTED)
    assert (saved.status_code, saved.location) == (303, f"/cases/{case.key}")
    page = amina.page(saved.location).text
    assert "She sings alto." in page
    assert "She sang." not in page
    assert "Corrected on 18 November 2026 by Amina Okafor" in page
    before = amina.page(f"/contacts/{contact.key}/history").text
    assert "She sang." in before
    assert "Changed by Amina Okafor : A slip" in before.replace("Okafor:", "Okafor :")
    events = list(db.session.scalars(select(AuditEntry.event)))
    assert "contact.history_opened" in events


def test_the_second_of_two_is_shown_both_texts_and_then_chooses(
    amina: Reader, contact: Contact
) -> None:
    address = f"/contacts/{contact.key}/correct"
    amina.post(address, data=CORRECTED)
    refused = amina.post(address, data={**CORRECTED, "notes": "She sings bass."})
    page = read(refused.text)
    assert refused.status_code == 409
    assert "Both texts are below" in page.text
    assert "She sings alto." in page.text
    assert "She sings bass." in page.text
    assert 'name="version" type="hidden" value="2"' in refused.text
    amina.post(address, data={**CORRECTED, "notes": "She sings bass.", "version": "2"})
    assert contact.notes == "She sings bass."


def test_a_correction_that_does_not_say_what_it_has_read_overwrites_nothing(
    amina: Reader, contact: Contact
) -> None:
    sent = {name: text for name, text in CORRECTED.items() if name != "version"}
    assert amina.post(f"/contacts/{contact.key}/correct", data=sent).status_code == 409
    assert contact.notes == "She sang."


def test_a_colleague_is_told_whom_to_ask(
    client: Reader, contact: Contact, case: SupportCase, cast: Cast
) -> None:
    sign_in(client, cast.ben)
    client.post(f"/cases/{case.key}/cover", data={"reason": "joint_work"})
    page = client.page(f"/contacts/{contact.key}/correct").text
    assert "Ask Amina Okafor , who wrote this" in page.replace("Okafor,", "Okafor ,")
    refused = client.post(f"/contacts/{contact.key}/correct", data=CORRECTED)
    assert refused.status_code == 409
    assert client.get(f"/contacts/{contact.key}/history").status_code == 409
    assert contact.notes == "She sang."


def test_a_colleague_gives_a_reason_before_they_see_a_contact(
    client: Reader, contact: Contact, cast: Cast
) -> None:
    sign_in(client, cast.ben)
    for page in ("correct", "history", "strike"):
        asked = client.get(f"/contacts/{contact.key}/{page}")
        assert asked.status_code == 303
        assert "/cover" in asked.location


def test_what_is_taken_out_is_not_shown_in_the_case(
    amina: Reader, contact: Contact, case: SupportCase
) -> None:
    address = f"/contacts/{contact.key}/strike"
    assert "She sang." in amina.page(address).text
    assert amina.post(address, data={"reason": ""}).status_code == 422
    amina.post(address, data={"reason": "Written about the wrong person"})
    page = amina.page(f"/cases/{case.key}").text
    assert "Contact taken out" in page
    assert "She sang." not in page
    assert "She sang." in amina.page(f"/contacts/{contact.key}/history").text
    assert "was taken out" in amina.page(f"/contacts/{contact.key}/correct").text


def test_a_late_entry_is_marked_as_one(amina: Reader, case: SupportCase) -> None:
    late = {**CORRECTED, "on": "2026-11-16", "once": "late"}
    amina.post(f"/cases/{case.key}/contacts/new", data=late)
    page = amina.page(f"/cases/{case.key}").text
    assert "Written down later, on 18 November 2026, 10:30." in page
