"""What is typed survives the day: a crash, a lost session, a cut network, another device."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from linkwork.database import db
from linkwork.models import Contact, Draft, SupportCase
from tests import cast as make
from tests.browser.windows import inspect, sign_in
from tests.cast import PASSWORD, Cast
from tests.conftest import Clock

NOTE = "Her sister’s “Tuesday club” closed.\nShe would like to sing again."
NOT_SENT = "will be sent when the network is back"


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    """A case on Amina’s caseload."""
    return make.case(cast.northside, worker=cast.amina)


def open_form(page: Page, case: SupportCase) -> None:
    page.goto(f"/cases/{case.key}/contacts/new")


def write(page: Page, note: str = NOTE) -> None:
    page.get_by_label("What is going on").fill(note)


def status(page: Page, says: str) -> None:
    expect(page.locator("[data-draft-status]")).to_contain_text(says)


def opens_with(page: Page, note: str) -> None:
    expect(page.get_by_label("What is going on")).to_have_value(note)
    expect(page.get_by_text("Your unsaved note of")).to_be_visible()


def save(page: Page) -> None:
    page.get_by_label("Minutes", exact=True).fill("20")
    page.get_by_role("button", name="Save conversation").click()
    expect(page.get_by_role("heading", name="Find activities")).to_be_visible()


def notes() -> list[str | None]:
    db.session.rollback()
    return list(db.session.scalars(select(Contact.notes)))


def unsaved() -> list[str]:
    db.session.rollback()
    kept = db.session.scalars(select(Draft).where(Draft.contact_id.is_(None)))
    return [draft.fields["notes"][0].replace("\r\n", "\n") for draft in kept]


@pytest.mark.both_engines
def test_a_note_comes_back_after_the_browser_crashed_and_on_another_device(
    browse: Callable[..., Page], cast: Cast, case: SupportCase
) -> None:
    page = browse()
    sign_in(page, cast.amina)
    open_form(page, case)
    write(page)
    status(page, "Saved ")
    page.context.close()
    phone = browse(width=320)
    sign_in(phone, cast.amina)
    phone.goto(f"/cases/{case.key}")
    expect(phone.get_by_text("You have an unsaved note of")).to_be_visible()
    phone.get_by_role("link", name="Go on with it").click()
    opens_with(phone, NOTE)
    inspect(phone, "draft-restored")
    save(phone)
    assert (notes(), unsaved()) == ([NOTE], [])


def test_without_a_network_a_note_is_kept_on_the_device_and_sent_when_it_is_back(
    page: Page, cast: Cast, case: SupportCase
) -> None:
    sign_in(page, cast.amina)
    open_form(page, case)
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    write(page)
    status(page, NOT_SENT)
    inspect(page, "draft-offline")
    assert unsaved() == []
    page.context.set_offline(False)
    status(page, "Saved 10:30")
    assert unsaved() == [NOTE]
    save(page)
    page.goto("/cases/")
    page.wait_for_load_state("networkidle")
    assert (notes(), unsaved()) == ([NOTE], [])


def test_a_note_whose_network_went_and_whose_window_closed_is_sent_from_the_next_page(
    page: Page, cast: Cast, case: SupportCase
) -> None:
    sign_in(page, cast.amina)
    open_form(page, case)
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    write(page)
    status(page, NOT_SENT)
    page.evaluate("delete document.querySelector('form[data-keep]').dataset.keep")
    page.goto("about:blank")
    page.context.set_offline(False)
    page.goto("/cases/")
    expect(page.get_by_text("A note that was kept on this device has been sent.")).to_be_visible()
    open_form(page, case)
    opens_with(page, NOTE)


def test_a_note_that_is_saved_without_a_network_is_there_to_be_saved_again(
    page: Page, cast: Cast, case: SupportCase
) -> None:
    sign_in(page, cast.amina)
    open_form(page, case)
    page.wait_for_load_state("networkidle")
    page.get_by_label("Minutes", exact=True).fill("20")
    page.context.set_offline(True)
    write(page)
    with page.expect_event("requestfailed", lambda request: request.is_navigation_request()):
        page.get_by_role("button", name="Save conversation").click(no_wait_after=True)
    page.context.set_offline(False)
    page.goto("/cases/")
    expect(page.get_by_text("A note that was kept on this device has been sent.")).to_be_visible()
    open_form(page, case)
    opens_with(page, NOTE)
    save(page)
    assert (notes(), unsaved()) == ([NOTE], [])


def test_a_session_that_ends_in_the_middle_of_a_note_costs_nothing(
    page: Page, cast: Cast, case: SupportCase, clock: Clock
) -> None:
    sign_in(page, cast.amina)
    open_form(page, case)
    page.wait_for_load_state("networkidle")
    clock.advance(minutes=16)
    write(page)
    status(page, "will be sent when you sign in again")
    page.goto("/cases/")
    page.get_by_label("Email").fill(cast.amina.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("A note that was kept on this device has been sent.")).to_be_visible()
    open_form(page, case)
    opens_with(page, NOTE)


def test_nobody_else_at_the_same_device_finds_what_could_not_be_sent(
    page: Page, cast: Cast, case: SupportCase
) -> None:
    sign_in(page, cast.amina)
    open_form(page, case)
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    write(page)
    status(page, NOT_SENT)
    page.context.clear_cookies()
    page.context.set_offline(False)
    sign_in(page, cast.ben)
    page.goto("/cases/")
    page.wait_for_load_state("networkidle")
    assert unsaved() == []
    page.get_by_role("button", name="Sign out").click()
    sign_in(page, cast.amina)
    expect(page.get_by_text("A note that was kept on this device has been sent.")).to_be_visible()
    assert unsaved() == [NOTE]


def test_a_note_that_is_refused_for_good_is_told_and_stays_readable_and_is_not_sent_again(
    page: Page, cast: Cast, case: SupportCase
) -> None:
    sign_in(page, cast.amina)
    open_form(page, case)
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    write(page)
    status(page, NOT_SENT)
    page.evaluate("delete document.querySelector('form[data-keep]').dataset.keep")
    page.goto("about:blank")
    case.organisation, case.worker = cast.southside, cast.cath
    db.session.commit()
    page.context.set_offline(False)
    sent: list[str] = []
    page.on("request", lambda asked: sent.append(asked.url) if "/drafts/" in asked.url else None)
    for _ in range(2):
        page.goto("/cases/")
        expect(page.get_by_text("It cannot be sent")).to_be_visible()
    assert len(sent) == 1
    page.get_by_text("Read it").click()
    expect(page.get_by_text("She would like to sing again.")).to_be_visible()
    inspect(page, "draft-refused")
    page.get_by_role("button", name="Take it off this device").click()
    expect(page.get_by_text("It cannot be sent")).to_be_hidden()
    page.goto("/cases/")
    page.wait_for_load_state("networkidle")
    expect(page.get_by_text("It cannot be sent")).to_be_hidden()
    assert page.evaluate("Object.keys(localStorage)") == []


def test_two_devices_that_write_at_once_are_both_shown(
    browse: Callable[..., Page], cast: Cast, case: SupportCase
) -> None:
    page, other = browse(), browse()
    for device in (page, other):
        sign_in(device, cast.amina)
    open_form(page, case)
    write(page, "Common")
    status(page, "Saved ")
    open_form(other, case)
    opens_with(other, "Common")
    write(other, "Common, and what the desk says")
    status(other, "Saved ")
    write(page, "Common, and what the phone says")
    expect(page.get_by_text("Both texts are kept.")).to_be_visible()
    expect(page.get_by_text("Common, and what the desk says")).to_be_visible()
    inspect(page, "draft-two")
    assert len(unsaved()) == 2


def test_an_idle_session_still_ends_though_a_note_is_open(
    page: Page, cast: Cast, case: SupportCase, clock: Clock
) -> None:
    sign_in(page, cast.amina)
    open_form(page, case)
    write(page)
    status(page, "Saved ")
    clock.advance(minutes=16)
    page.wait_for_timeout(6000)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    page.goto("/cases/")
    expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()


def test_a_refused_note_is_not_sent_again_by_itself(
    page: Page, cast: Cast, case: SupportCase
) -> None:
    sign_in(page, cast.amina)
    open_form(page, case)
    page.wait_for_load_state("networkidle")
    sent: list[str] = []
    page.on("request", lambda r: sent.append(r.method) if r.is_navigation_request() else None)
    write(page)
    page.get_by_role("button", name="Save conversation").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    status(page, "Saved ")
    page.wait_for_load_state("networkidle")
    assert sent == ["POST"]
    expect(page.get_by_label("What is going on")).to_have_value(NOTE)
    save(page)
    assert (notes(), unsaved()) == ([NOTE], [])
