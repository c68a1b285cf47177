"""Correcting what is known of a person, even when somebody else does it at the same time."""

import html as entities
import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from werkzeug.test import TestResponse

from linkwork.database import db
from linkwork.models import AuditEntry, Person, SupportCase
from tests import cast as make
from tests.cast import Cast, sign_in
from tests.pages import Reader, read

HOSTILE = "<img src=x onerror=alert(1)> O'Brien 😀 مرحبا"


@pytest.fixture
def amina(client: Reader, cast: Cast) -> Reader:
    """Amina, signed in."""
    sign_in(client, cast.amina)
    return client


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    """A case of Amina’s."""
    person = make.person(nhs_number="9990000018", gender="female")
    return make.case(cast.northside, worker=cast.amina, person=person)


def shown(html: str) -> dict[str, str]:
    """What a browser would send back of a form that nobody touched."""
    page = read(html)
    values = {
        str(f["name"]): f.get("value") or ""
        for f in page.fields
        if f.get("name") and f.get("type") != "checkbox"
    }
    for name in ("gender", "ethnic_group"):
        chosen = re.search(rf'name="{name}".*?</select>', html, re.DOTALL)
        assert chosen is not None
        option = re.search(r'<option selected value="([^"]*)"', chosen[0])
        values[name] = entities.unescape(option[1]) if option else ""
    for name, text in re.findall(r'<textarea[^>]*name="(\w+)"[^>]*>\s*(.*?)</textarea>', html):
        values[name] = entities.unescape(text)
    version = re.search(r'name="version"[^>]*value="(\d+)"', html)
    assert version is not None
    return {**values, "version": version[1], "once": f"version {version[1]}"}


def form_of(client: Reader, case: SupportCase) -> dict[str, str]:
    return shown(client.get(f"/cases/{case.key}/person").text)


def save(client: Reader, case: SupportCase, data: dict[str, Any]) -> TestResponse:
    return client.post(f"/cases/{case.key}/person", data=data)


def test_a_form_nobody_touched_changes_nothing(amina: Reader, case: SupportCase) -> None:
    person = case.person
    names = ("given_name", "date_of_birth", "nhs_number", "gender", "phone", "postcode", "email")
    before = [getattr(person, name) for name in names]
    assert save(amina, case, form_of(amina, case)).status_code == 303
    assert [getattr(person, name) for name in names] == before


def test_everything_that_is_known_can_be_put_right(amina: Reader, case: SupportCase) -> None:
    typed = {
        **form_of(amina, case),
        "given_name": "Róza",
        "family_name": "O'Brien",
        "preferred_name": "Rosie",
        "date_of_birth": "1 Feb 1960",
        "nhs_number": "999 000 0026",
        "gender": "non_binary",
        "ethnic_group": "White: Irish",
        "phone": "07700 900124",
        "email": "rosie@moorvale.example",
        "address": "1 Elm Lane\nMoorvale",
        "postcode": "zz2 2bb",
        "safe_to_contact": "No voicemail",
        "language": "Polish",
        "interpreter": "y",
        "access_needs": "Large print",
        "carer": "y",
        "next_of_kin": "Ada",
    }
    assert save(amina, case, typed).status_code == 303
    person = case.person
    assert (person.name, person.given_name_folded) == ("Rosie O'Brien", "roza")
    assert (person.date_of_birth.isoformat(), person.postcode) == ("1960-02-01", "ZZ2 2BB")
    assert (person.interpreter, person.carer, person.address) == (
        True,
        True,
        "1 Elm Lane\nMoorvale",
    )
    text = amina.page(f"/cases/{case.key}").text
    for words in ("(known as Rosie)", "Interpreter: Polish", "No voicemail", "999 000 0026"):
        assert words in text


def test_the_trail_says_which_fields_changed_and_not_to_what(
    amina: Reader, case: SupportCase
) -> None:
    save(amina, case, {**form_of(amina, case), "phone": "07700 900199"})
    query = select(AuditEntry).where(AuditEntry.event == "person.edited")
    assert db.session.scalars(query).one().details == {"fields": ["phone"]}


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"given_name": " "}, "Enter the first name."),
        ({"nhs_number": "999 000 0019"}, "Check the NHS number"),
        ({"date_of_birth": "12/3/1850"}, "within the last 120 years"),
        ({"date_of_birth": "12/3/2027"}, "in the past"),
        ({"date_of_birth": "30/2/1951"}, "no such date"),
        ({"date_of_birth": ""}, "Enter the date of birth"),
        ({"postcode": "nowhere"}, "Enter a postcode like M1 6AB"),
        ({"phone": "ring the bell"}, "Enter one phone number"),
        ({"email": "rosa at home"}, "Enter an email address"),
        ({"language": "x" * 101}, "Shorten this to 100 characters."),
    ],
)
def test_what_cannot_be_says_why_and_keeps_what_was_typed(
    amina: Reader, case: SupportCase, typed: dict[str, str], sentence: str
) -> None:
    refused = save(amina, case, {**form_of(amina, case), "next_of_kin": HOSTILE, **typed})
    assert refused.status_code == 422
    page = read(refused.text)
    assert sentence in page.text
    assert HOSTILE in [f.get("value") for f in page.fields]
    assert case.person.next_of_kin is None


def test_a_number_that_is_known_elsewhere_is_saved_as_any_other(
    amina: Reader, case: SupportCase, cast: Cast
) -> None:
    make.case(cast.southside, person=make.person("Ada", "Elsewhere", nhs_number="9990000026"))
    saved = save(amina, case, {**form_of(amina, case), "nhs_number": "9990000026"})
    assert saved.status_code == 303
    assert "Elsewhere" not in amina.get(saved.location).text
    assert case.person.nhs_number == "9990000026"


def test_of_two_who_edit_at_once_the_second_sees_both_and_chooses(
    amina: Reader, case: SupportCase, cast: Cast
) -> None:
    mine = {**form_of(amina, case), "phone": "07700 900001", "next_of_kin": "Ada, her niece"}
    save(amina, case, {**form_of(amina, case), "phone": "07700 900002", "once": "theirs"})
    refused = save(amina, case, mine)
    assert refused.status_code == 409
    text = read(refused.text).text
    assert "Somebody else changed these details while you were writing." in text
    assert "What is saved now, where it is not what you typed Phone 07700 900002" in text
    assert case.person.phone == "07700 900002"
    again = shown(refused.text)
    assert (again["phone"], again["next_of_kin"]) == ("07700 900001", "Ada, her niece")
    assert save(amina, case, {**again, "once": "again"}).status_code == 303
    assert (case.person.phone, case.person.next_of_kin) == ("07700 900001", "Ada, her niece")


def test_a_version_that_was_tampered_with_overwrites_nothing(
    amina: Reader, case: SupportCase
) -> None:
    for version in ("", "x", "-1", "²", "9" * 40):
        typed = {**form_of(amina, case), "phone": "07700 900003", "version": version}
        assert save(amina, case, typed).status_code == 409
    assert case.person.phone == "07700 900123"


def test_an_odd_value_from_elsewhere_is_kept_as_a_choice(amina: Reader, case: SupportCase) -> None:
    case.person.gender, case.person.ethnic_group = "unknown to us", "Any other"
    assert save(amina, case, form_of(amina, case)).status_code == 303
    assert (case.person.gender, case.person.ethnic_group) == ("unknown to us", "Any other")


@given(words=st.text(max_size=40), born=st.text(max_size=12), number=st.text(max_size=14))
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_is_typed_is_saved_or_answered_with_a_sentence(
    amina: Reader, case: SupportCase, words: str, born: str, number: str
) -> None:
    amina.inspecting = False  # what was typed may look like a fault of ours
    person = db.session.get_one(Person, case.person_id)
    typed = {"given_name": words, "family_name": words, "address": words}
    typed |= {"date_of_birth": born or "1/1/1950", "nhs_number": number, "once": words + born}
    answer = save(amina, case, {**typed, "version": str(person.version)})
    assert answer.status_code in {303, 409, 422}
