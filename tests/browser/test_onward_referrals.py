"""A worker sends somebody on, the provider answers on a phone without an account, both go on."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from linkwork.casework import onward_referrals
from linkwork.database import db
from tests import cast as make
from tests.browser.windows import inspect, sign_in
from tests.cast import Cast
from tests.conftest import NOW, Clock

WITHIN_FIVE_DAYS = NOW - timedelta(days=5)


@pytest.fixture
def case(cast: Cast) -> str:
    """The address of a case that has begun; its person reads large print."""
    person = make.person("Rosa", "O'Quill <b>", access_needs="Large print")
    began = {"person": person, "first_conversation_at": WITHIN_FIVE_DAYS}
    return f"/cases/{make.case(cast.northside, worker=cast.amina, **began).key}"


@pytest.mark.both_engines
def test_a_provider_answers_by_a_link_and_the_worker_follows(
    browse: Callable[..., Page], cast: Cast, case: str, clock: Clock, engine: str
) -> None:
    look = inspect if engine == "sqlite" else lambda *_: None
    choir = make.service(email="choir@moorvale.example")
    worker, provider = browse(), browse(width=375)
    sign_in(worker, cast.amina)
    worker.goto(f"{case}/onward-referrals/new?service={choir.key}")
    worker.get_by_label("Message to them").fill("A little shy at first.")
    worker.get_by_role("checkbox", name="They agreed").check()
    worker.get_by_role("button", name="Agree and send").click()
    expect(worker.get_by_text("Nobody has looked at the details yet.")).to_be_visible()
    look(worker, "onward-link")
    words = worker.get_by_label("By secure email or text.").input_value()
    link = next(line for line in words.splitlines() if "/answer/" in line)

    accept(provider, link, look)
    clock.advance(days=8)
    sign_in_again(worker, cast)
    worker.goto(case)
    worker.get_by_role("link", name="Riverside choir").first.click()
    expect(worker.get_by_text("“Come to the side door.”")).to_be_visible()
    expect(worker.get_by_role("heading", name="did they go?")).to_be_visible()
    look(worker, "onward-went")

    come(provider, look)
    worker.reload()
    expect(worker.get_by_text("(the provider said)")).to_be_visible()
    worker.get_by_label("It helped").check()
    worker.get_by_role("button", name="Save ending").click()
    expect(worker.get_by_text("Nothing more can be changed.")).to_be_visible()
    provider.reload()
    expect(provider.get_by_role("heading", name="There is nothing more to do")).to_be_visible()
    look(provider, "answer-nothing-to-do")


def accept(page: Page, link: str, look: Callable[[Page, str], None]) -> None:
    """Open the link, ask for the details, and say yes with a date."""
    page.goto(link)
    expect(page.get_by_text("Rosa", exact=True)).to_be_visible()
    expect(page.get_by_text("O'Quill")).to_have_count(0)
    look(page, "answer-cover")
    page.get_by_role("button", name="Show the details").click()
    expect(page.get_by_text("Rosa O'Quill <b>")).to_be_visible()
    expect(page.get_by_text("Large print")).to_be_visible()
    look(page, "answer-details")
    page.get_by_role("button", name="Send the answer").click()
    expect(page.get_by_role("alert")).to_contain_text("Choose an answer.")
    look(page, "answer-error")
    page.get_by_label("Yes, there is a place").check()
    page.get_by_label("If yes, when is their first session?").fill("2026-11-25")
    page.get_by_label("Anything the link worker should know").fill("Come to the side door.")
    page.get_by_role("button", name="Send the answer").click()
    expect(page.get_by_text("Thank you. The link worker is told.")).to_be_visible()


def come(page: Page, look: Callable[[Page, str], None]) -> None:
    """Come back with the same link a week later, and say that they came."""
    page.reload()
    page.get_by_role("button", name="Show the details").click()
    expect(page.get_by_label("Date", exact=True)).to_have_value("2026-11-25")
    page.get_by_label("They came").check()
    page.get_by_role("button", name="Save whether they came").click()
    expect(page.get_by_text("25 November 2026: came")).to_be_visible()
    look(page, "answer-came")


def sign_in_again(page: Page, cast: Cast) -> None:
    """A week later the session has ended."""
    page.goto("/")
    sign_in(page, cast.amina)
    page.wait_for_load_state()


def test_a_provider_answers_with_scripts_turned_off(
    browse: Callable[..., Page], cast: Cast
) -> None:
    case = make.case(cast.northside, worker=cast.amina, first_conversation_at=WITHIN_FIVE_DAYS)
    onward = onward_referrals.agree(case, make.service(), by=cast.amina, at=NOW)
    onward_referrals.send(onward, by=cast.amina, at=NOW)
    address = make.address_to_answer(onward)
    db.session.commit()
    page = browse(scripts=False)
    page.goto(address)
    page.get_by_role("button", name="Show the details").click()
    page.get_by_label("No", exact=True).check()
    page.get_by_label("If no, why?").select_option("We are full")
    page.get_by_role("button", name="Send the answer").click()
    expect(page.get_by_text("You said that you cannot take Rosa")).to_be_visible()
