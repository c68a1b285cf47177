"""A case is closed, its practice is told, and reads it: the whole way in a browser."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from linkwork.database import db
from linkwork.models import CaseNeed, Message, Need, SupportCase
from tests import cast as make
from tests.browser.test_referrals import tab_to
from tests.browser.windows import inspect, sign_in
from tests.cast import Cast
from tests.conftest import NOW

SECRET = "Not for anybody else."


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    """A case with two open onward referrals, a need, and a word that is safe to share."""
    case = make.case(
        cast.northside, worker=cast.amina, first_conversation_at=NOW - timedelta(days=5)
    )
    make.referral(cast.birch, by=cast.dev, case=case)
    case.needs.append(CaseNeed(need=Need.LONELINESS, seen_at=NOW))
    make.contact(case, by=cast.amina, notes="Sings every day now.", share_with_gp=True)
    make.contact(case, by=cast.amina, notes=SECRET)
    gone = {"sent_at": NOW, "first_attended_at": NOW}
    make.onward_referral(case, by=cast.amina, service=make.service("Choir"), **gone)
    make.onward_referral(case, by=cast.amina, service=make.service("Garden"), sent_at=NOW)
    return case


@pytest.mark.both_engines
def test_a_case_is_closed_and_its_practice_reads_why(
    browse: Callable[..., Page], case: SupportCase, cast: Cast, engine: str
) -> None:
    look: Any = inspect if engine == "sqlite" else lambda *_: None
    page = browse()
    sign_in(page, cast.amina)
    page.goto(f"/cases/{case.key}")
    page.get_by_role("link", name="Close", exact=True).click()
    expect(page.get_by_label("whom did you tell")).to_be_hidden()
    page.get_by_label("Needs more than we can give").check()
    look(page, "close")
    page.get_by_label("where do they get help now").fill("Community team")
    page.get_by_label("whom did you tell").fill("Dr Hale")
    page.get_by_label("Choir").select_option(label="It helped")
    page.get_by_role("button", name="Close this case").click()
    expect(page.get_by_text("Choose what became of Garden.").first).to_be_visible()
    page.get_by_label("Garden").select_option(label="Not going: the activity is full")
    page.get_by_label("Loneliness").check()
    page.get_by_label("What was achieved").fill("Sings twice a week.")
    page.get_by_role("button", name="Close this case").click()
    told = page.locator("#message-text")
    for words in ("Choir: finished, it helped", "Sings twice a week.", "Sings every day now."):
        expect(told).to_contain_text(words)
    expect(told).not_to_contain_text(SECRET)
    page.get_by_text("The same as HL7 FHIR R4").click()
    expect(page.get_by_text('"resourceType": "ServiceRequest"')).to_be_visible()
    look(page, "close-preview")
    page.get_by_role("button", name="Close and send to Birch Road Surgery").click()
    expect(page.get_by_text("Sent to Birch Road Surgery.")).to_be_visible()
    look(page, "closed")
    the_practice_reads_it(browse(), cast, look)
    page.reload()
    expect(page.get_by_text("sent 18 November 2026, filed 18 November")).to_be_visible()


def the_practice_reads_it(page: Page, cast: Cast, look: Any) -> None:
    """Read the message, take it away, and file it."""
    sign_in(page, cast.dev)
    page.get_by_role("link", name="Messages").click()
    look(page, "messages")
    page.get_by_role("button", name="Read message about Rosa Quill").click()
    expect(page.locator("#message-text")).to_contain_text("Sings twice a week.")
    look(page, "message")
    with page.expect_download() as taken:
        page.get_by_role("link", name="Download as text").click()
    assert "quill" not in taken.value.suggested_filename.lower()
    assert "Sings twice a week." in taken.value.path().read_text(encoding="utf-8")
    page.get_by_role("button", name="Filed in the record").click()
    expect(page.get_by_text("Marked as filed in the record.")).to_be_visible()


def test_a_message_is_written_by_keyboard_alone_and_without_scripts(
    browse: Callable[..., Page], case: SupportCase, cast: Cast
) -> None:
    page = browse(width=375)
    sign_in(page, cast.amina)
    page.goto(f"/cases/{case.key}/messages/new")
    inspect(page, "message-new")
    tab_to(page, "Your own words")
    page.keyboard.type("Please check her hearing.")
    tab_to(page, "Show the message again")
    page.keyboard.press("Enter")
    expect(page.locator("#message-text")).to_contain_text("Please check her hearing.")
    plain = browse(scripts=False)
    sign_in(plain, cast.amina)
    plain.goto(f"/cases/{case.key}/messages/new")
    plain.get_by_label("Loneliness").uncheck()
    plain.get_by_role("button", name="Show the message again").click()
    plain.get_by_role("button", name="Send to Birch Road Surgery").click()
    expect(plain.get_by_text("Sent to Birch Road Surgery.")).to_be_visible()
    assert "Loneliness" not in db.session.scalars(select(Message.body)).one()


def test_a_supervisor_takes_a_death_back(page: Page, case: SupportCase, cast: Cast) -> None:
    case.worker = cast.supervisor
    db.session.commit()
    sign_in(page, cast.supervisor)
    page.goto(f"/cases/{case.key}/close")
    page.get_by_label("Died").check()
    expect(page.get_by_label("Garden")).to_be_hidden()
    page.get_by_role("button", name="Close this case").click()
    page.get_by_role("link", name="Recorded by mistake").click()
    inspect(page, "not-dead")
    page.get_by_label("What we were told was wrong").check()
    page.get_by_role("button", name="They are alive: open again").click()
    expect(page.get_by_text("Check everything: a death was recorded by mistake")).to_be_visible()
