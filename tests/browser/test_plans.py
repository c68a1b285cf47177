"""A plan from the first goal to the person’s own phone, in a browser."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from linkwork.database import db
from linkwork.models import GoalAction, SupportCase
from tests import cast as make
from tests.browser.windows import inspect, picture, sign_in
from tests.cast import Cast
from tests.conftest import NOW

GOAL = "I want to sing again, O’Brien <b>style</b>"
ACTION = "Ring the choir"
Look = Callable[[Page, str], None]


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    """A case with a conversation and an activity that was agreed."""
    begun = NOW - timedelta(days=3)
    made = make.case(cast.northside, worker=cast.amina, first_conversation_at=begun)
    made.person.practice = cast.birch
    choir = make.service("Riverside choir", phone="01632 960123")
    make.onward_referral(made, by=cast.amina, service=choir)
    db.session.commit()
    return made


@pytest.fixture
def look(engine: str) -> Look:
    """Hold a page to every rule, on one engine: the pages of the other are the same."""
    return lambda page, name: inspect(page, f"plan-{name}") if engine == "sqlite" else None


@pytest.mark.both_engines
def test_a_plan_is_written_agreed_printed_shared_read_and_taken_back(
    browse: Callable[..., Page], case: SupportCase, cast: Cast, look: Look
) -> None:
    worker = browse()
    sign_in(worker, cast.amina)
    write(worker, case)
    on_paper(worker, look)
    link = share(worker, look)
    person = browse(width=375)
    open_by_birthday(person, link, look)
    read_and_tick(person, look)
    worker.reload()
    expect(worker.get_by_text("(they said so themself)")).to_be_visible()
    expect(worker.get_by_text("Last opened 18 November 2026")).to_be_visible()
    worker.get_by_role("button", name="Take it back").click()
    expect(worker.get_by_text("It opens nothing now.")).to_be_visible()
    person.reload()
    expect(person.get_by_role("heading", name="This link does not work")).to_be_visible()
    assert "sing again" not in person.content()
    look(person, "over")


def write(page: Page, case: SupportCase) -> None:
    """Write a goal and an action with the keyboard alone, and agree the plan."""
    page.goto(f"/cases/{case.key}")
    page.get_by_role("link", name="Write the plan").press("Enter")
    page.get_by_label("What do they want, in their own words?").focus()
    page.keyboard.type(GOAL)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=GOAL)).to_be_visible()
    page.get_by_text("Add an action").press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type(ACTION)
    for typed in ("", "", "next Tuesday"):  # who, by name, by when
        page.keyboard.press("Tab")
        page.keyboard.type(typed)
    page.keyboard.press("Enter")
    expect(page.get_by_text("Rosa, by 24 November 2026")).to_be_visible()
    page.get_by_label("Review it on").fill("in 6 weeks")
    page.get_by_role("button", name="We agreed this plan").click()
    expect(page.get_by_text("The plan is agreed.")).to_be_visible()


def on_paper(page: Page, look: Look) -> None:
    """Look at each layout as it prints: the frame gone, the words large enough, one column."""
    page.get_by_role("link", name="Print", exact=True).click()
    for layout, points in {"Standard": 12, "Large print": 18, "Easy read": 16}.items():
        page.get_by_role("link", name=layout).click()
        if layout == "Large print":  # the others are looked at as the person sees them
            look(page, "large")
        page.emulate_media(media="print")
        expect(page.locator(".header")).to_be_hidden()
        expect(page.locator(".tabs")).to_be_hidden()
        size = "getComputedStyle(document.querySelector('.sheet p')).fontSize"
        assert round(float(page.evaluate(size)[:-2]) * 72 / 96) == points
        paper = page.locator("body").inner_text()
        assert GOAL in paper
        assert "01632 960123" in paper
        assert "999 " not in paper.split("If I need help now")[0]  # no NHS number
        picture(page, f"plan-paper-{layout.split()[0].lower()}")
        page.emulate_media(media="screen")
    page.get_by_role("link", name="Back to plan").click()


def share(page: Page, look: Look) -> str:
    """Make the link, and return its address."""
    page.get_by_role("button", name="Make a link").click()
    link = page.locator("#plan-link").inner_text()
    look(page, "shared")
    return link


def open_by_birthday(page: Page, link: str, look: Look) -> None:
    """Come with the link alone, guess, then know."""
    page.goto(link)
    assert "sing again" not in page.content()
    born = page.get_by_label("Your date of birth")
    born.fill("1/1/1950")
    born.press("Enter")
    expect(page.get_by_text("You have 4 more tries.").first).to_be_visible()
    look(page, "wrong")
    born.fill("12 March 1954")
    born.press("Enter")
    expect(page.get_by_role("heading", name=GOAL)).to_be_visible()
    look(page, "mine")


def read_and_tick(page: Page, look: Look) -> None:
    """Read it in easy read on a small phone, and say that something was done."""
    page.set_viewport_size({"width": 320, "height": 700})
    page.get_by_role("link", name="Easy read").click()
    page.get_by_role("button", name="I have done this").click()
    expect(page.get_by_text("This is done.")).to_be_visible()
    done = db.session.query(GoalAction).populate_existing().one()
    assert (done.done_at, done.done_by_id) == (NOW, None)
    expect(page.get_by_text("Link worker, Northside PCN: opened it")).to_be_visible()
    look(page, "easy")


def test_a_plan_is_written_and_read_without_scripts(
    browse: Callable[..., Page], case: SupportCase, cast: Cast
) -> None:
    page = browse(scripts=False)
    sign_in(page, cast.amina)
    page.goto(f"/cases/{case.key}/plan")
    page.get_by_label("What do they want").fill(GOAL)
    page.get_by_role("button", name="Add goal").click()
    page.get_by_text("Add an action").click()
    page.get_by_label("What will be done?").fill(ACTION)
    page.get_by_role("button", name="Add action").click()
    page.get_by_role("button", name="We agreed this plan").click()
    page.get_by_role("button", name="Make a link").click()
    theirs = browse(scripts=False)  # whoever is signed in is not taken for the person
    theirs.goto(page.locator("#plan-link").inner_text())
    theirs.get_by_label("Your date of birth").fill("12/3/1954")
    theirs.get_by_role("button", name="Open my plan").click()
    expect(theirs.get_by_text(f"I will: {ACTION}")).to_be_visible()
    expect(theirs.locator("[data-print]")).to_be_hidden()
