"""Somebody asks for a link worker by keyboard on a small screen, and is taken on by one."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect

from linkwork.database import db
from tests import cast as make
from tests.browser.windows import inspect, sign_in
from tests.cast import Cast
from tests.conftest import Clock

HOSTILE = "O’Brien <img src=x onerror=alert(1)>"
WORDS = "I sit at home all day. I want to kill myself sometimes."


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Iterator[Flask]:
    """The app as it is served, on a site where every PCN takes part."""
    app = make_app(WTF_CSRF_ENABLED=True, PUBLIC_REFERRALS="all")
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def press(page: Page, name: str) -> None:
    """Go with the Tab key to a link or button of that name, and press Enter."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if name in page.evaluate("document.activeElement.innerText || ''"):
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"the keyboard does not reach “{name}”")


def write(page: Page, label: str, words: str) -> None:
    """Go with the Tab key to the field of that label, and type."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.labels?.[0]?.innerText || ''").startswith(label):
            page.keyboard.type(words)
            return
    raise AssertionError(f"the keyboard does not reach “{label}”")


@pytest.mark.both_engines
@pytest.mark.parametrize("scripts", [True, False])
def test_somebody_asks_by_keyboard_on_a_small_screen_and_becomes_a_case(
    browse: Callable[..., Page], cast: Cast, clock: Clock, engine: str, scripts: bool
) -> None:
    page = browse(width=320, scripts=scripts)
    look: Any = inspect if scripts and engine == "sqlite" else lambda *_: None
    page.goto("/ask")
    look(page, "ask")
    press(page, "I do")
    expect(page.get_by_role("heading", name="Which GP practice do you go to?")).to_be_visible()
    write(page, "Name of the GP practice", "birch")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Choose one")).to_be_visible()
    look(page, "ask-place")
    press(page, "Birch Road Surgery")
    expect(page.get_by_role("heading", name="Tell us about you")).to_be_visible()
    fill_in(page, clock)
    expect(page.get_by_text("Please stop for a moment")).to_be_visible()
    look(page, "ask-stop")
    expect(page.get_by_label("Tell us more")).to_have_value(WORDS)
    press(page, "Send it too")
    expect(page.get_by_role("heading", name="Thank you. We have it.")).to_be_visible()
    look(page, "ask-sent")
    reference = page.locator(".lede strong").inner_text()
    take_on(browse(), cast, reference, look)


def fill_in(page: Page, clock: Clock) -> None:
    """Answer what is asked, with the keyboard alone, and not quicker than anybody can."""
    write(page, "Your first name", "Rosa")
    write(page, "Your last name", HOSTILE)
    write(page, "Your date of birth", "12/3/1951")
    write(page, "Your phone number", "07700 900123")
    write(page, "Feeling lonely", " ")
    write(page, "Tell us more", WORDS)
    write(page, "Yes", " ")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("radio", name="No")).to_be_checked()
    write(page, "I want a link worker", " ")
    clock.advance(seconds=30)
    press(page, "Send")


def take_on(page: Page, cast: Cast, reference: str, look: Any) -> None:
    """Find the request, make it a referral of somebody new, and accept it."""
    sign_in(page, cast.amina)
    page.get_by_role("link", name="Waiting list").click()
    page.get_by_role("link", name="1 request of the public to check").click()
    expect(page.get_by_text("Words of danger", exact=True)).to_be_visible()
    look(page, "to-check")
    page.get_by_role("link", name="Rosa").click()
    expect(page.get_by_text(f"Reference {reference}")).to_be_visible()
    expect(page.get_by_text(WORDS)).to_be_visible()
    look(page, "to-check-one")
    page.get_by_role("button", name="Make it a referral").click()
    expect(page.get_by_text("This is now a referral.")).to_be_visible()
    page.get_by_role("button", name="Accept", exact=True).click()
    expect(page.locator(".identity-bar__name")).to_have_text(re.compile("O’BRIEN <IMG"))
    look(page, "to-check-case")


@pytest.mark.both_engines
def test_two_records_are_merged_and_parted_again(
    browse: Callable[..., Page], cast: Cast, engine: str
) -> None:
    page = browse()
    look: Any = inspect if engine == "sqlite" else lambda *_: None
    people = [make.person("Rosa", "Quill", nhs_number=None), make.person("Rosie", "Quil")]
    people[1].phone, people[1].alert = "07700 900999", "Dog"
    case, other = (make.case(cast.northside, worker=cast.amina, person=who) for who in people)
    other.declined_at = make.clock.now()
    db.session.commit()
    sign_in(page, cast.amina)
    page.wait_for_load_state()
    page.goto(f"/cases/{case.key}")
    look(page, "duplicate")
    page.get_by_role("link", name="Compare the two records").click()
    look(page, "merge")
    page.get_by_role("radio", name="07700 900999").check()
    page.get_by_role("button", name="Merge the two records").click()
    expect(page.get_by_text("The two records are one now.")).to_be_visible()
    expect(page.locator(".identity-bar")).to_contain_text("07700 900999")
    page.get_by_role("link", name="Part them again").click()
    look(page, "part")
    page.get_by_role("button", name="Part them again").click()
    expect(page.get_by_text("parted again, as they were")).to_be_visible()
    expect(page.locator(".identity-bar")).to_contain_text("07700 900123")


def test_a_practice_asks_takes_back_and_reads_its_figures(
    browse: Callable[..., Page], cast: Cast
) -> None:
    sent = make.referral(cast.birch, by=cast.dev)
    db.session.commit()
    page = browse()
    sign_in(page, cast.dev)
    page.wait_for_load_state()
    page.goto(f"/referrals/{sent.key}")
    page.get_by_role("link", name="Ask or tell the link worker").click()
    inspect(page, "practice-ask")
    page.get_by_label("What do you want to ask").fill("Has somebody called her?")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("No answer yet.")).to_be_visible()
    inspect(page, "practice-referral")
    page.get_by_role("link", name="Take this referral back").click()
    inspect(page, "practice-withdraw")
    page.get_by_role("radio", name="It was sent in error").check()
    page.get_by_role("button", name="Take it back").click()
    expect(page.get_by_text("Your practice took it back.")).to_be_visible()
    page.get_by_role("link", name="Back to our referrals").click()
    page.get_by_role("link", name="Our practice in figures").click()
    inspect(page, "practice-figures")
    expect(page.get_by_role("row", name="Taken back")).to_contain_text("1")
