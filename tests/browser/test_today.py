"""A morning at Today: act, and the row goes; put off; by keys, on a phone, without scripts."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from linkwork.database import db
from linkwork.models import SupportCase
from tests import cast as make
from tests.browser.windows import TOO_WIDE, inspect, sign_in
from tests.casework.test_today import DAY
from tests.cast import Cast
from tests.conftest import NOW, TODAY


def a_morning(cast: Cast) -> dict[str, SupportCase]:
    """Somebody new, a call-back, somebody with nothing booked, a task and a silent activity."""

    def case(given: str, **facts: Any) -> SupportCase:
        return make.case(cast.northside, worker=cast.amina, person=make.person(given), **facts)

    talked = {"first_conversation_at": NOW - 5 * DAY, "last_contact_at": NOW - 5 * DAY}
    make.post(cast.amina)
    made = {
        "new": case("Nell"),
        "due": case("Della", **talked, next_action="Ring about the choir", next_action_on=TODAY),
        "unbooked": case("Una", **talked),
        "third": case("Theo", **talked, next_action_on=TODAY + 9 * DAY),
    }
    make.contact(made["unbooked"], by=cast.amina)
    make.task(made["third"], what="Send the blue badge form")
    make.onward_referral(made["third"], by=cast.amina, sent_at=NOW - 12 * DAY)
    make.case(cast.northside, opened_at=NOW - 40 * DAY, person=make.person("Wanda"))
    db.session.commit()
    return made


@pytest.mark.both_engines
def test_a_morning_at_today(page: Page, cast: Cast, engine: str) -> None:
    a_morning(cast)
    sign_in(page, cast.amina)
    expect(page.get_by_role("heading", name="Today")).to_be_visible()
    expect(page.get_by_text("4 of 40 points, 4 people. Next free start")).to_be_visible()
    if engine == "sqlite":
        inspect(page, "today")
    finish_the_task(page)
    book_the_next_step(page)
    put_off(page, look=engine == "sqlite")
    record_the_call(page)


def finish_the_task(page: Page) -> None:
    """One press, and it is gone."""
    page.get_by_role("button", name="Done Send the blue badge form").click()
    expect(page.get_by_text("Task done.")).to_be_visible()
    expect(page.get_by_text("Send the blue badge form")).to_have_count(0)


def book_the_next_step(page: Page) -> None:
    """Two fields, and back to where one was."""
    page.get_by_role("link", name="Book the next step for Una Quill").click()
    page.get_by_label("What comes next").fill("Ring about swimming")
    page.get_by_label("On which day").fill("next Thursday")
    page.get_by_role("button", name="Save next step").click()
    expect(page.get_by_role("heading", name="Today")).to_be_visible()
    expect(page.get_by_role("link", name="Una Quill")).to_have_count(0)


def put_off(page: Page, *, look: bool) -> None:
    """Away until there is an answer, and brought back."""
    page.get_by_role("link", name="Put off Theo Quill").click()
    if look:
        inspect(page, "put-off")
    page.get_by_label("I am waiting for an answer").check()
    page.get_by_label("Until which day").fill("Friday")
    page.get_by_role("button", name="Put off").click()
    expect(page.get_by_role("heading", name="Activities that have not answered")).to_have_count(0)
    page.get_by_text("Put off (1)").click()
    expect(page.get_by_text("Comes back Friday.")).to_be_visible()
    page.get_by_role("button", name="Bring back Theo Quill").click()
    expect(page.get_by_role("heading", name="Activities that have not answered")).to_be_visible()


def record_the_call(page: Page) -> None:
    """The call-back is a conversation away from gone."""
    page.get_by_role("link", name="Record a conversation for Della Quill").click()
    expect(page.locator(".identity-bar__name")).to_have_text("QUILL, Della")
    page.get_by_label("What is going on").fill("She rang the choir herself.")
    page.get_by_label("Minutes", exact=True).fill("15")
    page.get_by_role("button", name="Save conversation").click()
    expect(page.get_by_text("Conversation saved")).to_be_visible()
    page.get_by_role("navigation", name="Menu").get_by_role("link", name="Today").click()
    expect(page.get_by_role("link", name="Record a conversation for Della Quill")).to_have_count(0)


def arrived(page: Page, heading: str) -> None:
    """Wait until a page is there and its scripts run: they show the button in the footer."""
    expect(page.get_by_role("heading", level=1)).to_contain_text(heading)
    expect(page.get_by_role("button", name="Keyboard shortcuts")).to_be_visible()


def press(page: Page, keys: str) -> None:
    """Press one key after another."""
    for key in keys:
        page.keyboard.press(key)


def test_the_keys_lead_where_they_say_and_can_be_turned_off(page: Page, cast: Cast) -> None:
    made = a_morning(cast)
    sign_in(page, cast.amina)
    arrived(page, "Today")
    press(page, "gc")
    arrived(page, "My caseload")
    press(page, "/gtn?")
    expect(page.locator("[data-search]")).to_have_value("gtn?")
    page.locator("h1").click()
    press(page, "gw")
    arrived(page, "Waiting list")
    page.goto(f"/cases/{made['new'].key}")
    arrived(page, "Case")
    press(page, "n")
    arrived(page, "conversation")
    page.goto("/today")
    arrived(page, "Today")
    press(page, "?")
    dialog = page.get_by_role("dialog", name="Keyboard shortcuts")
    expect(dialog).to_be_visible()
    inspect(page, "keys")
    dialog.get_by_label("Use these keys").uncheck()
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    page.reload()
    arrived(page, "Today")
    press(page, "gc?")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Today")
    page.get_by_role("button", name="Keyboard shortcuts").click()
    expect(page.get_by_label("Use these keys")).not_to_be_checked()


def reach(page: Page, name: str) -> None:
    """Press Tab until something called ``name`` has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "document.activeElement.innerText || document.activeElement.labels?.[0]?.innerText"
        )
        if name in (focused or "").replace("\n", " "):
            return
    raise AssertionError(f"the keyboard does not reach {name}")


def test_the_morning_is_done_by_keyboard_alone(page: Page, cast: Cast) -> None:
    a_morning(cast)
    sign_in(page, cast.amina)
    expect(page.get_by_role("heading", name="Today")).to_be_visible()
    reach(page, "Done")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Task done.")).to_be_visible()
    reach(page, "Book the next step")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Book the next step")).to_be_visible()
    reach(page, "What comes next")
    page.keyboard.type("Ring about swimming")
    reach(page, "On which day")
    page.keyboard.type("next Thursday")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Today")).to_be_visible()
    expect(page.get_by_role("link", name="Una Quill")).to_have_count(0)
    reach(page, "Put off Nell")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Put this off")).to_be_visible()
    reach(page, "They asked for a later day")
    page.keyboard.press("Space")
    reach(page, "Until which day")
    page.keyboard.type("Friday")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Put off (1)")).to_be_visible()


def test_today_works_on_a_small_phone_without_scripts(
    browse: Callable[..., Page], cast: Cast
) -> None:
    a_morning(cast)
    page = browse(width=320, scripts=False)
    sign_in(page, cast.amina)
    page.get_by_role("button", name="Done Send the blue badge form").click()
    expect(page.get_by_text("Task done.")).to_be_visible()
    page.get_by_role("button", name="Accept Wanda Quill").click()
    expect(page.locator(".identity-bar__name")).to_have_text("QUILL, Wanda")
    assert not page.get_by_role("button", name="Keyboard shortcuts").is_visible()


def test_a_worker_is_handed_over_on_a_small_phone(browse: Callable[..., Page], cast: Cast) -> None:
    a_morning(cast)
    page = browse(width=320)
    sign_in(page, cast.supervisor)
    page.goto("/cases/?whose=team&view=open")
    inspect(page, "team")
    page.get_by_role("link", name="Hand over cases").click()
    inspect(page, "handover")
    page.get_by_role("link", name="Hand over the cases of Amina Okafor").click()
    inspect(page, "handover-one")
    page.get_by_label("Who takes everybody").select_option(index=1)
    page.get_by_label("What the new worker should know").fill("Ring in the morning.")
    page.get_by_role("button", name="Hand over").click()
    expect(page.get_by_text("4 cases handed over.")).to_be_visible()
    assert not page.evaluate(TOO_WIDE)
