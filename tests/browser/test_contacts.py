"""The note that is written ten times a day: by keyboard alone, with few keys, on any screen."""

from collections.abc import Callable
from datetime import date

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from linkwork.database import db
from linkwork.models import Contact, SupportCase
from tests import cast as make
from tests.browser.windows import inspect, picture, sign_in
from tests.cast import Cast

FEWER_KEYS_THAN = 12
MATTERS = "I want to sing with other people again."
GOING_ON = "Lonely since her husband died. The Tuesday club closed."
STEP = "Ring the choir"


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    """A case on Amina’s caseload."""
    return make.case(cast.northside, worker=cast.amina)


class Keyboard:
    """Types, and counts the keys that are not the note’s own words."""

    def __init__(self, page: Page) -> None:
        self.page, self.keys = page, 0

    def words(self, text: str) -> None:
        self.page.keyboard.insert_text(text)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
        self.keys += len(keys)


def test_a_typical_note_takes_fewer_than_twelve_keys_besides_its_words(
    page: Page, cast: Cast, case: SupportCase
) -> None:
    sign_in(page, cast.amina)
    page.goto(f"/cases/{case.key}/contacts/new")
    expect(page.get_by_label("What matters to them")).to_be_focused()
    hands = Keyboard(page)
    hands.words(MATTERS)
    hands.press("Tab")
    hands.words(GOING_ON)
    hands.press("Tab")
    hands.words(STEP)
    hands.press("Tab", *"tue", "Tab", *"25", "Enter")
    expect(page.get_by_role("heading", name="Find activities")).to_be_visible()
    expect(page.get_by_text("Next step: Tuesday 24 November 2026.")).to_be_visible()
    db.session.rollback()
    contact = db.session.scalars(select(Contact)).one()
    said = (contact.what_matters, contact.notes, contact.next_action, contact.minutes)
    assert said == (MATTERS, GOING_ON, STEP, 25)
    assert (contact.next_action_on, contact.mode) == (date(2026, 11, 24), "phone")
    assert hands.keys < FEWER_KEYS_THAN


def test_needs_come_to_hand_as_they_are_heard_and_danger_is_answered(
    page: Page, cast: Cast, case: SupportCase
) -> None:
    sign_in(page, cast.amina)
    page.goto(f"/cases/{case.key}/contacts/new")
    inspect(page, "note-empty")
    page.get_by_label("What is going on").fill(GOING_ON)
    page.get_by_label("When").fill("in 2 weeks")
    heard = page.locator("[data-at-hand]")
    expect(heard.get_by_text("“Lonely”")).to_be_visible()
    expect(page.get_by_text("Wednesday 2 December 2026")).to_be_visible()
    heard.get_by_role("checkbox", name="Loneliness", exact=True).check()
    page.get_by_label("How much loneliness matters").select_option("3")
    page.get_by_role("radio", name="45").check()
    expect(page.get_by_label("Minutes", exact=True)).to_have_value("45")
    inspect(page, "note-written")
    page.get_by_label("What is going on").fill(f"{GOING_ON} He said he can’t go on.")
    expect(page.get_by_role("heading", name="Is anybody in danger?")).to_be_visible()
    inspect(page, "note-danger")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Your note is saved.")).to_be_visible()
    inspect(page, "alarm")
    page.get_by_label("No: I have read it again").check()
    page.get_by_label("What worries you and what you did").fill("A line of the song he sings.")
    page.get_by_role("button", name="Record what I did").click()
    expect(page.get_by_text("What you did is recorded.")).to_be_visible()
    assert [(need.need, need.importance) for need in case.needs] == [("loneliness", 3)]


def test_a_contact_is_corrected_and_both_texts_are_shown_to_the_second_of_two(
    browse: Callable[..., Page], cast: Cast, case: SupportCase
) -> None:
    contact = make.contact(case, by=cast.amina, notes="She sang.", minutes=20)
    address = f"/contacts/{contact.key}/correct"
    first, second = browse(), browse()
    for window in (first, second):
        sign_in(window, cast.amina)
        window.goto(address)
    for window, words in ((first, "She sings."), (second, "She sings alto.")):
        window.get_by_label("Notes").fill(words)
        window.get_by_label("Why is it corrected?").fill("A slip")
        window.get_by_role("button", name="Save correction").click()
    expect(second.locator(".error-summary")).to_contain_text("Both texts are below")
    expect(second.get_by_role("heading", name="What it says now")).to_be_visible()
    expect(second.get_by_label("Notes")).to_have_value("She sings alto.")
    inspect(second, "correction-two")
    second.get_by_role("button", name="Save correction").click()
    expect(second.get_by_text("Corrected on 18 November 2026 by Amina Okafor")).to_be_visible()
    picture(second, "correction-done")
    second.get_by_role("link", name="show what it said").click()
    expect(second.get_by_text("She sang.")).to_be_visible()
    expect(second.get_by_text("She sings.")).to_be_visible()
    inspect(second, "correction-history")
    second.goto(f"/contacts/{contact.key}/strike")
    second.get_by_label("Why does it not belong here?").fill("The wrong person")
    inspect(second, "strike")
    second.get_by_role("button", name="Take it out").click()
    expect(second.get_by_role("heading", name="Contact taken out")).to_be_visible()
    expect(second.get_by_text("She sings alto.")).to_have_count(0)


def test_a_try_says_back_the_day_of_the_next_one(page: Page, cast: Cast, case: SupportCase) -> None:
    sign_in(page, cast.amina)
    page.goto(f"/cases/{case.key}/contacts/attempt")
    page.get_by_label("When").fill("tomorrow")
    expect(page.get_by_text("Thursday 19 November 2026")).to_be_visible()
    inspect(page, "attempt")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Attempt saved. Next step: Thursday 19 November 2026.")).to_be_visible()
