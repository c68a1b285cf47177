"""A practice's list and pages of its referrals: the stage, its own words, and nothing else."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event, select
from werkzeug.test import TestResponse

from linkwork.database import db
from linkwork.models import AuditEntry, ReferralSource
from tests import cast as make
from tests.cast import Cast, sign_in
from tests.conftest import NOW
from tests.pages import Reader, read

NEW = "/referrals/new?checked=yes"


@pytest.fixture
def practice(client: Reader, cast: Cast) -> Reader:
    """Somebody of Birch Road Surgery, signed in."""
    sign_in(client, cast.dev)
    return client


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
    # Each page has a form token of the second it was made in, and nothing else of its own.
    assert len({re.sub(r"csrf[^>]*", "", a.text) for a in answers}) == 1


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
    for address, most in (("/referrals/", 5), (f"/referrals/{key}", 7), (NEW, 5)):
        with statements() as asked:
            practice.get(address)
        assert len(asked) <= most, asked
