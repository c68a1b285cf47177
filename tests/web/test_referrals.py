"""The practice's pages: refer once, be told plainly what is wrong, and follow one's own."""

import html
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event, func, select
from werkzeug.test import TestResponse

from linkwork.database import db
from linkwork.forms.referrals import one_line, typed_date, without_unseen
from linkwork.models import AuditEntry, Person, Referral, ReferralSource, SupportCase
from tests import cast as make
from tests.cast import Cast, sign_in
from tests.conftest import NOW, TODAY
from tests.pages import Reader, read

NEW = "/referrals/new?checked=yes"
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


@contextmanager
def statements() -> Iterator[list[str]]:
    """What is asked of the database meanwhile, without sessions and the audit trail."""
    asked: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not any(word in statement for word in ("user_session", "audit_", "BEGIN", "user_role")):
            asked.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield asked
    event.remove(Engine, "before_cursor_execute", note)


def test_an_emergency_is_asked_about_before_the_form(practice: Reader) -> None:
    page = practice.page("/referrals/new")
    assert page.headings == ["Is anybody in danger now?"]
    assert "999" in page.text
    assert "choose option 2" in page.text
    assert "on working days" in page.text
    assert {f.get("name") for f in page.fields} == set()


def test_the_form_asks_seven_questions(practice: Reader) -> None:
    """The two parts of a name are one question."""
    names = {f["name"] for f in practice.page(NEW).fields}
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
        assert "Of the 5 people who started in the last 13 weeks, half" in text
        assert "within 12 days" in text


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


@given(st.dates(min_value=TODAY.replace(year=1906)))
def test_a_date_is_read_in_every_usual_way(born: Any) -> None:
    ways = (
        f"{born.day}/{born.month}/{born.year}",
        f"{born.day:02}.{born.month:02}.{born.year}",
        f"{born:%d%m%Y}",
        f"{born.day} {born.month} {born.year}",
        f" {born.day} {born:%B} {born.year} ",
        f"{born.day}th {born:%b}, {born.year}",
        born.isoformat(),
    )
    assert {typed_date(way) for way in ways} == {born}


@given(st.text())
def test_any_text_is_a_date_or_a_sentence(typed: str) -> None:
    said = "A date was read."
    try:
        typed_date(typed)
    except ValueError as error:
        said = str(error)
    assert re.fullmatch(r"[A-Z][A-Za-z0-9 ,/]+\.( [A-Z][a-z ]+\.)?", said)


@given(st.text())
def test_a_name_on_one_line_holds_nothing_unseen(typed: str) -> None:
    once = one_line(without_unseen(typed))
    assert one_line(without_unseen(once)) == once
    assert not set(once or "") & set("\n\t\x00\u202e\u200b")


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
    assert "Ask your administrator to import the list of practices." in read(response.text).text


def test_the_list_shows_the_stage_and_nothing_of_the_case(practice: Reader, cast: Cast) -> None:
    sent = make.referral(cast.birch, by=cast.dev)
    make.contact(sent.case, by=cast.amina, notes="Secret of the conversation")
    text = practice.page("/referrals/").text
    assert "QUILL" in text
    assert "Received" in text
    assert "8 November 2026" in text
    for hidden in ("Secret", "Amina", "loneliness"):
        assert hidden not in text


def test_the_list_has_a_tab_for_what_has_ended(practice: Reader, cast: Cast) -> None:
    make.referral(cast.birch, by=cast.dev).case.closed_at = NOW
    assert "No referral is open." in practice.page("/referrals/").text
    assert "Support has ended" in practice.page("/referrals/?tab=ended").text
    assert "Open" in practice.page("/referrals/?tab=nonsense&page=x").text


def test_a_long_list_has_pages(practice: Reader, cast: Cast) -> None:
    for _ in range(26):
        make.referral(cast.birch, by=cast.dev)
    assert "Page 1 of 2" in practice.page("/referrals/").text
    assert "Page 2 of 2" in practice.page("/referrals/?page=2").text
    assert "nothing on this page" in practice.page("/referrals/?page=3").text


def test_the_page_of_a_referral_shows_its_own_form_and_its_stages(
    practice: Reader, cast: Cast
) -> None:
    case = make.case(cast.northside, worker=cast.amina, first_conversation_at=NOW)
    sent = make.referral(cast.birch, by=cast.dev, case=case)
    make.contact(case, by=cast.amina, notes="Secret of the conversation")
    make.onward_referral(case, by=cast.amina)
    text = practice.page(f"/referrals/{sent.key}").text
    for shown in (
        "Link worker: Amina Okafor",
        "9 November 2026",
        "First conversation",
        "18 November 2026",
        "Lives alone since her husband died.",
        "Dev Anand",
    ):
        assert shown in text
    for hidden in ("Secret", "Riverside choir", "07700 900123", "ZZ1 1AA"):
        assert hidden not in text


def test_a_referral_not_taken_on_says_why(practice: Reader, cast: Cast) -> None:
    sent = make.referral(cast.birch, by=cast.dev)
    sent.case.declined_at, sent.case.decline_reason = NOW, "unsafe"
    text = practice.page(f"/referrals/{sent.key}").text
    assert "Not taken on" in text
    assert "The patient needs clinical or crisis help first." in text


def test_what_is_not_a_practice_s_own_is_the_same_as_unknown(practice: Reader, cast: Cast) -> None:
    theirs = make.referral(cast.quay, by=cast.quinn)
    private = make.referral(cast.birch, source=ReferralSource.SELF)
    answers = [practice.get(f"/referrals/{key}") for key in (theirs.key, private.key, "unknown")]
    assert {a.status_code for a in answers} == {404}
    assert len({a.text for a in answers}) == 1


def test_nobody_else_opens_a_practice_s_pages(client: Reader, cast: Cast) -> None:
    for who in (cast.amina, cast.lead, cast.editor):
        sign_in(client, who)
        for address in ("/referrals/", "/referrals/new", NEW, "/referrals/x"):
            assert client.get(address).status_code == 403


def test_a_search_is_not_in_an_address_and_finds_its_own_only(practice: Reader, cast: Cast) -> None:
    make.referral(cast.birch, by=cast.dev)
    make.referral(cast.quay, by=cast.quinn)
    response = practice.post("/referrals/search", data={"words": "quill"})
    assert "1 referral of your practice found" in read(response.text).text
    assert practice.get("/referrals/search?words=quill").status_code in {404, 405}
    assert "Type a name" in errors(practice.post("/referrals/search", data={"words": " "}))
    nobody = practice.post("/referrals/search", data={"words": "Nobody"})
    assert "0 referrals of your practice found" in read(nobody.text).text


def test_every_look_leaves_an_entry(practice: Reader, cast: Cast) -> None:
    sent = make.referral(cast.birch, by=cast.dev)
    practice.page("/referrals/")
    practice.page(f"/referrals/{sent.key}")
    practice.post("/referrals/search", data={"words": "quill"})
    entries = db.session.scalars(select(AuditEntry).order_by(AuditEntry.number)).all()
    assert [e.event for e in entries] == ["cases.listed", "referral.opened", "cases.searched"]
    assert entries[0].details == {"shown": 1, "view": "referrals open"}
    assert entries[1].person_id == sent.person_id


def test_pages_ask_the_database_a_few_questions_whatever_they_show(
    practice: Reader, cast: Cast
) -> None:
    for _ in range(3):
        sent = make.referral(cast.birch, by=cast.dev)
    key = sent.key
    db.session.commit()
    for address, most in (("/referrals/", 4), (f"/referrals/{key}", 4), (NEW, 4)):
        with statements() as asked:
            practice.get(address)
        assert len(asked) <= most, asked
