"""What was taken along without a network: not readable by anybody once it should not be."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from linkwork.casework import visits
from linkwork.database import db
from linkwork.models import SupportCase, Visit
from tests import cast as make
from tests.browser.offline_visits import (
    NOTE,
    PERSONAL,
    drafts,
    go_on,
    on_the_device,
    readable,
    return_in_a_new_window,
    set_out,
    write,
)
from tests.browser.windows import inspect, sign_in
from tests.cast import PASSWORD, Cast
from tests.conftest import NOW, Clock


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    person = make.person(address="1 Elm Lane", alert="Large dog")
    return make.case(cast.northside, worker=cast.amina, person=person)


@pytest.fixture
def visit(case: SupportCase, cast: Cast) -> Visit:
    made = visits.plan(case, planned_at=NOW, by=cast.amina, at=NOW - timedelta(hours=1))
    db.session.commit()
    return made


def test_after_signing_out_nothing_on_the_device_can_be_read_and_the_note_comes_back_to_its_writer(
    page: Page, cast: Cast, visit: Visit
) -> None:
    set_out(page, cast)
    write(page)
    assert "Rosa Quill" in page.content()
    page = return_in_a_new_window(page)
    page.goto("/help")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    read = on_the_device(page)
    assert "linkwork-records" in read, "the note is there, sealed"
    assert [words for words in PERSONAL if words in read] == []
    page.goto("/visits/offline")
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    assert [words for words in PERSONAL if words in page.content()] == []
    go_on(page, cast.ben)
    expect(page.get_by_text("No visit is on this device")).to_be_visible()
    assert [words for words in PERSONAL if words in page.content()] == []
    assert drafts() == []
    page.goto("/help")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    go_on(page, cast.amina)
    expect(page.get_by_role("link", name="Finish this note in Linkwork")).to_be_visible()
    assert [draft.fields["notes"] for draft in drafts()] == [[NOTE]]


def test_even_while_signed_in_nothing_lies_open_on_the_device(
    page: Page, cast: Cast, visit: Visit
) -> None:
    set_out(page, cast)
    write(page)
    read = on_the_device(page)
    assert "/visits/offline" in read
    assert "linkwork-keys" in read
    assert [words for words in (*PERSONAL, "Amina") if words in read] == []


def test_signing_out_in_one_window_empties_the_other(page: Page, cast: Cast, visit: Visit) -> None:
    set_out(page, cast)
    page.context.set_offline(False)
    other = page.context.new_page()
    other.goto("/help")
    other.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("This device was locked")).to_be_visible()
    assert "Quill" not in page.content()


def test_a_session_that_ended_on_the_way_is_asked_for_and_the_note_is_sent_then(
    page: Page, cast: Cast, visit: Visit, clock: Clock
) -> None:
    set_out(page, cast)
    write(page)
    clock.advance(minutes=40)
    page.context.set_offline(False)
    expect(page.get_by_text("You are not signed in. What you wrote is still here")).to_be_visible()
    assert readable(page) == []
    inspect(page, "offline-signed-out")
    page.get_by_role("link", name="Sign in").click()
    page.get_by_label("Email").fill(cast.amina.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("link", name="Finish this note in Linkwork")).to_be_visible()
    assert [draft.fields["notes"] for draft in drafts()] == [[NOTE]]


def test_what_was_typed_a_moment_ago_is_sealed_before_the_device_is_locked(
    page: Page, cast: Cast, visit: Visit, clock: Clock
) -> None:
    set_out(page, cast)
    page.get_by_text("Write a note").click()
    clock.advance(minutes=40)
    page.clock.pause_at(NOW + timedelta(minutes=40))
    page.get_by_label("What is going on").press_sequentially(NOTE)  # the clock never runs on
    page.context.set_offline(False)
    expect(page.get_by_text("You are not signed in")).to_be_visible()
    assert readable(page) == []
    page.clock.resume()
    go_on(page, cast.amina)
    expect(page.get_by_role("link", name="Finish this note in Linkwork")).to_be_visible()
    assert [draft.fields["notes"] for draft in drafts()] == [[NOTE]]


@pytest.mark.parametrize("ended", ["idle", "disabled"])
def test_a_page_that_is_opened_after_the_session_has_ended_shows_nothing(
    page: Page, cast: Cast, visit: Visit, clock: Clock, ended: str
) -> None:
    set_out(page, cast)
    page.reload()
    expect(page.get_by_text("Rosa Quill")).to_be_visible()
    if ended == "idle":
        clock.advance(minutes=40)
    else:
        cast.amina.disabled_at = NOW
        db.session.commit()
    page = return_in_a_new_window(page)
    page.clock.install(time=NOW)
    page.goto("/visits/offline")
    expect(page.get_by_text("You are not signed in")).to_be_visible()
    assert readable(page) == []
    page.context.set_offline(True)
    page.reload()
    expect(page.get_by_text("This device is locked")).to_be_visible()
    assert readable(page) == []


def test_a_page_that_stays_open_does_not_outlive_the_session_nor_keep_it_alive(
    page: Page, cast: Cast, visit: Visit, clock: Clock
) -> None:
    set_out(page, cast)
    page.context.set_offline(False)
    page.clock.pause_at(NOW + timedelta(minutes=10))
    for minutes in (0, 10, 4):
        clock.advance(minutes=minutes)
        with page.expect_response("**/visits/offline/me?by=clock"):
            page.clock.run_for(76_000)
        expect(page.get_by_text("Rosa Quill")).to_be_visible()
    clock.advance(minutes=2)
    page.clock.run_for(76_000)
    expect(page.get_by_text("You are not signed in")).to_be_visible()
    assert readable(page) == []


def test_somebody_else_who_is_signed_in_meanwhile_reads_nothing_of_it(
    browse: Callable[..., Page], page: Page, cast: Cast, visit: Visit
) -> None:
    set_out(page, cast)
    write(page)
    other = browse()
    sign_in(other, cast.ben)
    page = return_in_a_new_window(page)
    page.context.clear_cookies()
    page.context.add_cookies(other.context.cookies())
    page.goto("/visits/offline")
    expect(page.get_by_text("No visit is on this device")).to_be_visible()
    assert [words for words in PERSONAL if words in page.content()] == []
    assert drafts() == []


def test_visits_are_gone_at_midnight_without_a_network_too_and_the_note_is_not(
    page: Page, cast: Cast, visit: Visit
) -> None:
    set_out(page, cast, at=NOW + timedelta(hours=11))
    write(page)
    page.clock.fast_forward("02:31:00")
    page.reload()
    expect(page.get_by_text("A visit of an earlier day")).to_be_visible()
    assert [words for words in PERSONAL[:-1] if words in page.content()] == []
    page.get_by_text("Write a note").click()
    expect(page.get_by_label("What is going on")).to_have_value(NOTE)


def test_any_page_forgets_the_visits_of_a_day_that_is_over(
    page: Page, cast: Cast, visit: Visit
) -> None:
    set_out(page, cast)
    assert f"visit:{visit.key}" in on_the_device(page)
    page = return_in_a_new_window(page)
    page.context.clear_cookies()
    page.clock.install(time=NOW + timedelta(days=1))
    page.goto("/sign-in")
    expect(page.get_by_label("Email")).to_be_visible()
    page.wait_for_function("localStorage.getItem('linkwork-taken-until') === null")
    assert f"visit:{visit.key}" not in on_the_device(page)
