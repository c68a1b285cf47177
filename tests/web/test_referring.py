"""A practice refers a patient: once, with agreement, told plainly what is wrong."""

import html
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from linkwork.database import db
from linkwork.models import Person, Referral, SupportCase
from tests import cast as make
from tests.cast import Cast, sign_in
from tests.conftest import NOW
from tests.pages import Reader, read

NEW = "/referrals/new?checked=yes"
# The box in the dialogue that lists the keys has no name.
OF_EVERY_PAGE = {None}
HOSTILE = "<script>alert(1)</script>"
ANSWERS = {
    "nhs_number": "999 000 0018",
    "given_name": "Rosa",
    "family_name": "Quill",
    "date_of_birth": "12/3/1951",
    "phone": "07700 900123",
    "postcode": "zz1 1aa",
    "note": "Lonely since the move.",
    "consented": "y",
    "once": "the first time",
}


@pytest.fixture
def practice(client: Reader, cast: Cast) -> Reader:
    """Somebody of Birch Road Surgery, signed in."""
    sign_in(client, cast.dev)
    return client


def send(practice: Reader, **answers: Any) -> TestResponse:
    given = {k: v for k, v in {**ANSWERS, **answers}.items() if v is not None}
    return practice.post("/referrals/new", data=given)


def count(model: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def errors(response: TestResponse) -> str:
    assert response.status_code in {409, 422}
    assert "Error: " in read(response.text).titles[0]
    return read(response.text).text


def test_an_emergency_is_asked_about_before_the_form(practice: Reader) -> None:
    page = practice.page("/referrals/new")
    assert page.headings == ["Is anybody in danger now?"]
    assert "999" in page.text
    assert "choose option 2" in page.text
    assert "on working days" in page.text
    assert {f.get("name") for f in page.fields} - OF_EVERY_PAGE == set()


def test_the_form_asks_seven_questions(practice: Reader) -> None:
    """The two parts of a name are one question."""
    names = {f.get("name") for f in practice.page(NEW).fields} - OF_EVERY_PAGE
    assert len(names - {"given_name", "once", "csrf_token"}) == 7


def test_the_present_wait_is_said_before_anything_is_typed(practice: Reader, cast: Cast) -> None:
    assert "We cannot say yet" in practice.page(NEW).text
    for _ in range(5):
        first = NOW - timedelta(days=3)
        opened = first - timedelta(days=12)
        make.case(
            cast.northside,
            person=make.person(nhs_number=None),
            opened_at=opened,
            first_conversation_at=first,
        )
    for address in ("/referrals/new", NEW):
        text = practice.page(address).text
        assert "Half of people have their first conversation within 12 days" in text
        assert "the 5 people who started in the last 90 days and the 0 who still wait" in text


def test_a_referral_is_confirmed_with_what_happens_next(practice: Reader) -> None:
    response = send(practice)
    assert response.status_code == 303
    sent = db.session.scalars(select(Referral)).one()
    assert response.location == f"/referrals/{sent.key}"
    page = practice.page(response.location)
    for words in ("Referral sent", "What happens next", f"Reference {sent.key}", "Received"):
        assert words in page.text
    assert "QUILL" not in page.titles[0]
    assert (sent.person.postcode, sent.note) == ("ZZ1 1AA", "Lonely since the move.")


def test_a_referral_needs_a_name_a_birth_a_reason_and_agreement_and_no_more(
    practice: Reader,
) -> None:
    said = errors(practice.post("/referrals/new", data={"once": "x"}))
    for sentence in (
        "Enter the patient’s first name.",
        "Enter the patient’s last name.",
        "Enter the patient’s date of birth, like 12/3/1951.",
        "Say why the patient would like support, in a sentence or two.",
        "Ask the patient first, then tick that they agreed.",
    ):
        assert sentence in said
    assert send(practice, nhs_number=None, phone=None, postcode=None).status_code == 303


def test_a_referral_without_agreement_says_what_to_do_and_keeps_what_was_typed(
    practice: Reader,
) -> None:
    response = send(practice, consented=None)
    assert "A referral cannot be sent without the patient’s agreement." in errors(response)
    for typed in ("999 000 0018", "Rosa", "Quill", "12/3/1951", "07700 900123", "Lonely since"):
        assert typed in response.text
    assert count(Referral) == 0


@pytest.mark.parametrize(
    ("answer", "typed", "sentence"),
    [
        ("nhs_number", "999 000 0019", "Check the NHS number: it has 10 digits"),
        ("nhs_number", "9" * 5000, "Check the NHS number: it has 10 digits"),
        ("date_of_birth", "19/11/2026", "Date of birth must be in the past."),
        ("date_of_birth", "12/3/1850", "Date of birth must be within the last 120 years."),
        ("date_of_birth", "31/2/1951", "There is no such date."),
        ("date_of_birth", "3/13/1951", "There is no such date."),
        ("date_of_birth", "12/3/51", "Enter the year of birth with all four digits"),
        ("date_of_birth", "in spring", "Enter a date of birth like 12/3/1951."),
        ("phone", "ask her son", "Enter one phone number"),
        ("phone", "07700 900123" * 100, "Enter one phone number"),
        ("postcode", "Manchester", "Enter a postcode like M1 6AB"),
        ("given_name", "a" * 101, "Shorten the first name to 100 characters."),
        ("family_name", "a" * 101, "Shorten the last name to 100 characters."),
        ("family_name", " \u200b ", "Enter the patient’s last name."),
        ("note", "a" * 4001, "Shorten why they would like support to 4,000 characters."),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence_and_shown_again(
    practice: Reader, answer: str, typed: str, sentence: str
) -> None:
    response = send(practice, **{answer: typed})
    assert sentence in errors(response)
    assert typed.strip("\u200b ") in response.text
    assert count(Referral) == 0


def test_a_very_long_text_is_refused_in_a_sentence_and_kept(practice: Reader) -> None:
    response = send(practice, note="a" * 900_000)
    assert "Shorten why they would like support to 4,000 characters." in errors(response)
    assert "a" * 900_000 in response.text


@pytest.mark.parametrize(
    "name",
    [HOSTILE, "O'Brien", "فاطمة الزهراء", "שרה", "Zoë 🌻", "李小龍", "Qu{7*7}", "%s %(x)s"],
)
def test_any_name_is_taken_and_shown_as_it_was_written(practice: Reader, name: str) -> None:
    page = practice.page(send(practice, family_name=name).location)
    assert name in page.text
    assert name.upper() in practice.page("/referrals/").text
    shown = practice.post("/referrals/search", data={"words": "Rosa"}).text
    assert html.escape(name.upper(), quote=False) in shown.replace("&#39;", "'")
    assert HOSTILE not in shown


def test_what_nobody_sees_is_taken_out_of_a_name(practice: Reader) -> None:
    send(practice, family_name="Qu\x00ill\u202e\x07 \n Adams")
    assert db.session.scalars(select(Person.family_name)).one() == "Quill Adams"


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(max_size=120), st.text(max_size=15), st.text(max_size=15), st.text(max_size=50))
def test_no_text_breaks_the_form_or_the_page(
    practice: Reader, name: str, number: str, born: str, words: str
) -> None:
    typed = {"family_name": f"<b>{name}", "note": words, "once": make.secrets.token_hex(8)}
    shown = send(practice, **typed, nhs_number=number, date_of_birth=born)
    assert shown.status_code in {303, 422}
    sent = send(practice, **{**typed, "note": f"<i>{words}", "nhs_number": None})
    assert sent.status_code in {303, 422}
    pages = [shown.text, sent.text, practice.get("/referrals/").text]
    found = practice.post("/referrals/search", data={"words": words})
    assert found.status_code in {200, 409, 422}
    assert not [text for text in [*pages, found.text] if "<b>" in text or "<i>" in text]


def test_a_double_click_sends_one_referral(practice: Reader) -> None:
    first, second = send(practice), send(practice)
    assert first.location == second.location
    assert (count(Referral), count(SupportCase), count(Person)) == (1, 1, 1)


def test_the_same_form_sent_twice_at_once_makes_one_referral(
    practice: Reader, cast: Cast, make_app: Callable[..., Flask]
) -> None:
    together, answers = threading.Barrier(2), []
    windows = [sign_in(make_app().test_client(), cast.dev) for _ in range(2)]

    def press(window: Any) -> None:
        together.wait(10)
        with window.application.app_context():
            answers.append(send(window))
            db.session.remove()
            db.engine.dispose()

    db.session.commit()
    threads = [threading.Thread(target=press, args=[window]) for window in windows]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert [a.status_code for a in answers] == [303, 303]
    assert answers[0].location == answers[1].location
    assert (count(Referral), count(SupportCase), count(Person)) == (1, 1, 1)


def test_the_same_patient_referred_again_is_taken_the_same_way_and_joined(
    practice: Reader,
) -> None:
    first = send(practice)
    second = send(practice, once="a second time", note="Still lonely.")
    assert (first.status_code, second.status_code) == (303, 303)
    assert (count(Referral), count(SupportCase), count(Person)) == (2, 1, 1)


def test_a_patient_known_elsewhere_is_taken_exactly_as_one_nobody_knows(
    practice: Reader, cast: Cast
) -> None:
    known = make.person("Rosa", "Known", nhs_number="9990000018", phone="07700 900999")
    known.date_of_birth = known.date_of_birth.replace(1951, 3, 12)
    make.case(cast.southside, person=known)
    one = practice.page(send(practice, phone=None).location).text
    other = {"nhs_number": "9990000026", "once": "2", "phone": None}
    two = practice.page(send(practice, **other).location).text
    keys = db.session.scalars(select(Referral.key).order_by(Referral.id)).all()
    assert one.replace(keys[0], "") == two.replace(keys[1], "").replace("0026", "0018")


def test_a_practice_without_a_pcn_is_told_before_it_types(practice: Reader, cast: Cast) -> None:
    cast.birch.parent = None
    response = practice.get("/referrals/new")
    assert response.status_code == 409
    assert (
        "Ask the person who looks after Linkwork to bring in the list of practices."
        in read(response.text).text
    )
