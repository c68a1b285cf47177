"""What somebody with a grudge or a broken program sends, and what must not come of it."""

from collections.abc import Sequence

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from linkwork import clock as present
from linkwork.audit import Event
from linkwork.database import db
from linkwork.models import AuditEntry, SupportCase
from tests import cast as make
from tests.cast import Cast, sign_in
from tests.conftest import TODAY
from tests.pages import Reader, read


@pytest.fixture
def amina(client: Reader, cast: Cast) -> Reader:
    """Amina, a link worker of Northside, at her browser."""
    sign_in(client, cast.amina)
    return client


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    """A case of Amina’s that has started."""
    return make.case(cast.northside, worker=cast.amina, first_conversation_at=present.now())


def entries(event: Event) -> Sequence[AuditEntry]:
    """What the audit trail holds of one kind of event."""
    return db.session.scalars(select(AuditEntry).where(AuditEntry.event == event.value)).all()


def details(**typed: str) -> dict[str, str]:
    """A form of a person’s details as it is sent."""
    usual = {"given_name": "Rosa", "family_name": "Quill", "date_of_birth": "12/3/1954"}
    return {**usual, "version": "1", **typed}


# Reading is noted, however it is done


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        ("/cases/{key}/person", {"given_name": ""}),
        ("/cases/{key}/contacts/new", {}),
        ("/cases/{key}/contacts/new", {"suggest": "1", "notes": "lonely"}),
        ("/cases/{key}/close", {}),
        ("/cases/{key}/matches/needs", {}),
    ],
)
def test_a_case_shown_with_a_form_that_was_refused_was_read_and_is_noted(
    amina: Reader, case: SupportCase, address: str, sent: dict[str, str]
) -> None:
    """Otherwise sending an empty form would be a way to read without a trace."""
    answer = amina.post(address.format(key=case.key), data=sent)
    assert answer.status_code in {200, 409, 422}
    assert "quill" in answer.text.lower()
    noted = entries(Event.CASE_OPENED)
    assert [(entry.record_id, entry.person_id) for entry in noted] == [(case.id, case.person_id)]


def test_a_change_that_shows_nothing_is_noted_as_the_change_alone(
    amina: Reader, case: SupportCase
) -> None:
    assert amina.post(f"/cases/{case.key}/pause").status_code == 303
    assert entries(Event.CASE_OPENED) == []


# Who is known elsewhere


def test_nobody_finds_out_by_trying_who_is_known_elsewhere(
    amina: Reader, cast: Cast, case: SupportCase
) -> None:
    """A number and birth of somebody elsewhere, and one that nobody has, are saved alike."""
    elsewhere = make.case(cast.southside, worker=cast.cath).person
    address = f"/cases/{case.key}/person"
    answers, pages = [], []
    for number in (elsewhere.nhs_number, make.nhs_number()):
        born = f"{elsewhere.date_of_birth:%d/%m/%Y}"
        typed = details(nhs_number=number or "", date_of_birth=born, once=number or "")
        typed["version"] = str(case.person.version)
        answers.append(amina.post(address, data=typed))
        pages.append(without_numbers(amina.get(answers[-1].location)))
    assert [answer.status_code for answer in answers] == [303, 303]
    assert pages[0] == pages[1]


def without_numbers(answer: TestResponse) -> str:
    """What is read on a page, whatever numbers stand in it."""
    return "".join(c for c in read(answer.text).text if not c.isdigit())


# What no program of ours sends


@pytest.mark.parametrize(
    ("who", "address"),
    [
        ("amina", "/cases/?endpoint=x"),
        ("admin", "/organisations?endpoint=x"),
        ("admin", "/users?endpoint=x&role=admin"),
        ("caldicott", "/audit-trail?endpoint=x"),
        ("caldicott", "/audit-trail?until_on=9999-12-31"),
        ("caldicott", "/audit-trail?before=999999999999999999"),
        ("caldicott", "/audit-trail?before=2147483648"),
    ],
)
def test_an_address_that_makes_no_sense_is_answered_as_if_it_were_not_there(
    client: Reader, cast: Cast, who: str, address: str
) -> None:
    assert sign_in(client, getattr(cast, who)).get(address).status_code == 200


def test_a_key_no_database_can_be_asked_for_is_not_found_in_a_form_either(
    amina: Reader, case: SupportCase
) -> None:
    answer = amina.post(f"/cases/{case.key}/onward-referrals/new", data={"service": "a\0b"})
    assert answer.status_code == 404


@pytest.mark.parametrize("name", ["gender", "ethnic_group"])
@pytest.mark.parametrize("value", ["a\0b", "x" * 5000, "<script>"])
def test_what_is_chosen_from_a_list_is_one_of_the_list(
    amina: Reader, case: SupportCase, name: str, value: str
) -> None:
    answer = amina.post(f"/cases/{case.key}/person", data=details(**{name: value}))
    assert answer.status_code == 422
    assert getattr(case.person, name) is None


@pytest.mark.parametrize("amount", ["sNaN", "NaN", "-sNaN123", "Infinity", "1e999999999"])
def test_an_amount_that_is_no_amount_is_refused(
    amina: Reader, case: SupportCase, amount: str
) -> None:
    address = f"/cases/{case.key}/limits/"
    assert amina.post(address, data={"max_cost": amount}).status_code == 422


def test_a_very_long_text_is_not_read_for_suggestions_before_it_is_refused(
    amina: Reader, case: SupportCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []

    def crisis_words(text: str) -> tuple[()]:
        read.append(len(text))
        return ()

    monkeypatch.setattr("linkwork.web.live_matches.crisis_words", crisis_words)
    amina.post(f"/cases/{case.key}/contacts/new", data={"suggest": "1", "notes": "a-" * 400_000})
    assert read[0] <= 60_002


# Two engines


@pytest.mark.parametrize(
    ("verb", "sent"),
    [
        ("answer", {"answer": "accepted"}),
        ("went", {"held_on": TODAY.isoformat()}),
        ("end", {"outcome": "not_known"}),
        ("cancel", {}),
    ],
)
def test_an_onward_referral_goes_on_from_its_own_page_on_either_engine(
    amina: Reader, cast: Cast, case: SupportCase, verb: str, sent: dict[str, str]
) -> None:
    onward = make.onward_referral(case, by=cast.amina, sent_at=present.now())
    assert amina.post(f"/onward-referrals/{onward.key}/{verb}", data=sent).status_code == 303


def test_a_need_that_is_ticked_a_thousand_times_is_confirmed_once(
    amina: Reader, case: SupportCase
) -> None:
    """The trail is held for every writer while entries are made."""
    sent = {"yes": ["gardening"] * 1000}
    assert amina.post(f"/cases/{case.key}/matches/needs", data=sent).status_code == 303
    assert len(entries(Event.INTEREST_CONFIRMED)) == 1
