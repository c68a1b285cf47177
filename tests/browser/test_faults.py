"""What goes wrong on a working day, in a real browser: nothing typed is lost, nothing doubles."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import func, select

from linkwork.database import db
from linkwork.models import Contact, Service, SupportCase
from tests import cast as make
from tests.browser.windows import Live, inspect, sign_in
from tests.cast import PASSWORD, Cast
from tests.conftest import Clock

NOTE = "Her sister’s “Tuesday club” closed.\nShe would like to sing again – she’d said so twice."
LONGER_THAN_A_SESSION_MINUTES = 16
SEND_TWICE = """() => {
    const body = new FormData(document.querySelector('main form'));
    const send = () => fetch(location.href, {method: 'POST', body}).then(answer => answer.url);
    return Promise.all([send(), send()]);
}"""


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    """A case on Amina’s caseload."""
    return make.case(cast.northside, worker=cast.amina)


def begin_note(page: Page, case: SupportCase) -> None:
    """Open the form for a conversation and fill in what it must have."""
    page.goto(f"/cases/{case.key}/contacts/new")
    page.get_by_label("Minutes").fill("40")
    page.get_by_label("What is going on").fill(NOTE)


def save(page: Page) -> None:
    page.get_by_role("button", name="Save conversation").click()


def notes() -> list[str | None]:
    """The notes of every contact there is."""
    db.session.rollback()
    return list(db.session.scalars(select(Contact.notes)))


def sign_in_here(page: Page, email: str) -> None:
    """Sign in on the page that is shown, without going to another."""
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def test_a_note_comes_back_after_the_session_has_ended(
    page: Page, cast: Cast, case: SupportCase, clock: Clock
) -> None:
    sign_in(page, cast.amina)
    begin_note(page, case)
    clock.advance(minutes=LONGER_THAN_A_SESSION_MINUTES)
    save(page)
    expect(page.get_by_text("What you typed is kept")).to_be_visible()
    inspect(page, "session-ended")
    assert notes() == []
    sign_in_here(page, cast.amina.email)
    inspect(page, "session-kept")
    page.get_by_role("button", name="Go back to what you were writing").click()
    expect(page.get_by_label("What is going on")).to_have_value(NOTE)
    expect(page.get_by_label("Minutes")).to_have_value("40")
    save(page)
    expect(page.get_by_role("heading", name="Find activities")).to_be_visible()
    assert notes() == [NOTE]


def test_a_note_does_not_come_back_for_somebody_else(
    page: Page, cast: Cast, case: SupportCase, clock: Clock
) -> None:
    sign_in(page, cast.amina)
    begin_note(page, case)
    clock.advance(minutes=LONGER_THAN_A_SESSION_MINUTES)
    save(page)
    sign_in_here(page, cast.ben.email)
    expect(page.get_by_role("heading", name="Today")).to_be_visible()
    assert "Tuesday club" not in page.content()
    page.goto(f"/cases/{case.key}/contacts/new")
    assert "Tuesday club" not in page.content()
    assert notes() == []


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_pressing_save_twice_makes_one_contact(
    scripts: bool, browse: Callable[..., Page], cast: Cast, case: SupportCase
) -> None:
    page = browse(scripts=scripts)
    sign_in(page, cast.amina)
    begin_note(page, case)
    page.get_by_role("button", name="Save conversation").dblclick()
    expect(page.get_by_role("heading", name="Find activities")).to_be_visible()
    assert notes() == [NOTE]


@pytest.mark.both_engines
def test_a_note_that_is_sent_twice_at_once_makes_one_contact(
    page: Page, cast: Cast, case: SupportCase
) -> None:
    sign_in(page, cast.amina)
    begin_note(page, case)
    led_to = page.evaluate(SEND_TWICE)
    assert led_to[0] == led_to[1]
    assert led_to[0].endswith("/matches/")
    assert notes() == [NOTE]


def test_going_back_after_saving_and_saving_again_makes_one_contact(
    page: Page, cast: Cast, case: SupportCase
) -> None:
    sign_in(page, cast.amina)
    begin_note(page, case)
    save(page)
    expect(page.get_by_role("heading", name="Find activities")).to_be_visible()
    page.go_back()
    expect(page.get_by_role("heading", name="Record a conversation")).to_be_visible()
    save(page)
    page.wait_for_load_state()
    assert notes() == [NOTE]


def test_the_second_of_two_tabs_is_told_what_the_first_has_saved(
    browse: Callable[..., Page], cast: Cast, case: SupportCase
) -> None:
    first = browse()
    sign_in(first, cast.amina)
    second = first.context.new_page()
    for tab in (first, second):
        tab.goto(f"/cases/{case.key}/person")
    first.get_by_label("Phone").fill("07700 900456")
    first.get_by_role("button", name="Save").click()
    expect(first.get_by_text("Details saved")).to_be_visible()
    second.get_by_label("Access needs").fill("Uses a stick")
    second.get_by_role("button", name="Save").click()
    expect(second.locator(".error-summary")).to_be_focused()
    expect(second.get_by_label("Access needs")).to_have_value("Uses a stick")
    expect(second.get_by_role("main").get_by_text("07700 900456")).to_be_visible()
    inspect(second, "second-tab")


def test_a_case_is_opened_and_a_conversation_recorded_by_keyboard_alone(
    page: Page, cast: Cast, case: SupportCase
) -> None:
    page.goto("/sign-in")
    tab_to(page, "Email")
    page.keyboard.type(cast.amina.email)
    tab_to(page, "Password")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Today")).to_be_visible()
    tab_to(page, case.person.name)
    page.keyboard.press("Enter")
    expect(page.locator(".identity-bar")).to_be_visible()
    tab_to(page, "Record a conversation")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Record a conversation")).to_be_visible()
    tab_to(page, "Minutes")
    page.keyboard.type("25")
    tab_to(page, "What is going on")
    page.keyboard.type("Sings at home.")
    tab_to(page, "Save conversation")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Find activities")).to_be_visible()
    assert notes() == ["Sings at home."]


def tab_to(page: Page, what: str) -> None:
    """Go on by the Tab key until ``what`` has the focus."""
    for _ in range(80):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "(e => (e.labels?.[0]?.innerText ?? '') || e.innerText)(document.activeElement)"
        )
        if focused.startswith(what):
            return
    raise AssertionError(f"{what} is not reached by the Tab key")


@pytest.mark.parametrize("address", ["/cases/", "/services"])
def test_a_slash_goes_to_the_search(address: str, browse: Callable[..., Page], cast: Cast) -> None:
    page = browse(width=375)
    sign_in(page, cast.amina)
    page.goto(address)
    page.keyboard.press("/")
    search = page.locator("[data-search]")
    expect(search).to_be_focused()
    page.keyboard.type("12/3")
    expect(search).to_have_value("12/3")


def test_the_work_is_done_without_scripts(
    browse: Callable[..., Page], cast: Cast, case: SupportCase
) -> None:
    make.service("Riverside choir", listed=True)
    page = browse(scripts=False, width=375)
    sign_in(page, cast.amina)
    page.get_by_role("link", name=case.person.name, exact=True).click()
    page.get_by_role("link", name="Record a conversation").click()
    save(page)
    expect(page.locator(".error-summary")).to_be_visible()
    assert page.title().startswith("Error: ")
    page.get_by_label("Minutes").fill("30")
    page.get_by_label("What is going on").fill("Would like to join a choir.")
    page.get_by_role("button", name="Suggest needs and activities").click()
    expect(page.get_by_text("“choir”")).to_be_visible()
    save(page)
    expect(page.get_by_role("heading", name="Find activities")).to_be_visible()
    page.get_by_role("button", name=re.compile("^Yes")).first.click()
    expect(page.get_by_role("button", name=re.compile("^Take away")).first).to_be_visible()
    assert notes() == ["Would like to join a choir."]


def test_a_file_that_is_too_large_says_so(page: Page, cast: Cast, tmp_path: Path) -> None:
    file = tmp_path / "services.json"
    with file.open("wb") as made:
        made.truncate(21 * 1024 * 1024)
    sign_in(page, cast.editor)
    page.goto("/imports/new")
    page.get_by_label("Name of the list").fill("Feed")
    page.locator("input[type=file]").set_input_files(file)
    page.get_by_role("button", name="See what would change").click()
    expect(page.get_by_role("heading", name="That file is too large")).to_be_visible()
    assert db.session.scalar(select(func.count()).select_from(Service)) == 0


@pytest.mark.parametrize(
    ("given", "family"),
    [
        ("فاطمة", "الزهراء"),
        ("Bríd 🌻🧶", "O’Brien-Featherstonehaugh"),
        ("<img src=x onerror=alert(1)>", "</title><script>alert(2)</script>"),
        ("Wolfeschlegelsteinhausenbergerdorff" * 2, "Rhoshandiatellyneshiaunneveshenk" * 3),
    ],
    ids=["right to left", "emoji", "markup", "long"],
)
def test_any_name_is_shown_as_it_is(
    given: str, family: str, page: Page, cast: Cast, live: Live
) -> None:
    case = make.case(
        cast.northside,
        worker=cast.amina,
        person=make.person(given, family, alert=f"{family} {given}"),
    )
    make.referral(cast.birch, by=cast.dev, case=case)
    sign_in(page, cast.amina)
    inspect(page, f"name-list-{len(given)}")
    page.get_by_role("link", name=f"{given} {family}", exact=True).click()
    expect(page.locator(".identity-bar__name")).to_contain_text(f"{family.upper()}, {given}")
    inspect(page, f"name-case-{len(given)}")
