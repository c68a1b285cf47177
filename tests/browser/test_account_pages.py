"""The pages of accounts, users and the audit trail, held to every rule at every width."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from linkwork import audit
from linkwork.audit import Event
from linkwork.casework import users
from linkwork.database import db
from linkwork.models import Role
from tests import cast as make
from tests.browser.windows import Live, inspect, sign_in
from tests.cast import PASSWORD, Cast

HOSTILE = "<img src=x onerror=alert(1)> O’Noor"


def test_signing_in_and_its_errors(page: Page, cast: Cast) -> None:
    page.goto("/sign-in")
    inspect(page, "sign-in")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_be_focused()
    inspect(page, "sign-in-errors")
    sign_in(page, cast.amina)
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    expect(page).to_have_url(re.compile("/sign-in$"))


def test_joining(page: Page, cast: Cast, clock) -> None:
    _, token = users.invite(
        name=HOSTILE, email="farah.noor@moorvale.example", organisation=cast.northside,
        roles=[Role.LINK_WORKER], by=cast.admin, at=clock.now,
    )  # fmt: skip
    db.session.commit()
    page.goto(f"/join/{token}")
    inspect(page, "join")
    page.get_by_label("Choose a password").fill("three herons dancing")
    page.get_by_label("The same password again").fill("three herons")
    page.get_by_role("button", name="Save and sign in").click()
    inspect(page, "join-errors")
    page.get_by_label("Choose a password").fill("three herons dancing")
    page.get_by_label("The same password again").fill("three herons dancing")
    page.get_by_role("button", name="Save and sign in").click()
    expect(page.get_by_text("<img src=x").first).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    page.goto(f"/join/{token}")
    inspect(page, "join-over")


def test_the_pages_everybody_may_read(page: Page, cast: Cast) -> None:
    for name in ("help", "privacy", "accessibility", "no-such-page"):
        page.goto(f"/{name}")
        inspect(page, name)


def test_inviting_somebody(page: Page, cast: Cast) -> None:
    sign_in(page, cast.admin)
    page.goto("/users")
    inspect(page, "users")
    page.get_by_role("link", name="Invite somebody").click()
    inspect(page, "users-new")
    page.get_by_role("button", name="Make the invitation").click()
    inspect(page, "users-new-errors")
    page.get_by_label("Full name").fill(HOSTILE)
    page.get_by_label("Work email address").fill("farah.noor@moorvale.example")
    page.get_by_label("Organisation").fill("Northside PCN")
    page.get_by_label("Link worker").check()
    page.get_by_role("button", name="Make the invitation").click()
    expect(page.get_by_text("The link to give to them")).to_be_visible()
    inspect(page, "users-show")
    page.get_by_role("link", name="Change roles").click()
    inspect(page, "users-roles")
    page.goto("/users")
    page.get_by_label("Name or email address").fill("noor")
    page.get_by_role("button", name="Find").click()
    inspect(page, "users-find")
    page.goto("/users?role=practice&state=disabled")
    inspect(page, "users-none")


def test_reading_the_audit_trail(page: Page, cast: Cast) -> None:
    case = make.case(cast.northside, worker=cast.amina)
    cast.ben.name = HOSTILE
    for event in (Event.CASE_OPENED, Event.CASE_ACCEPTED, Event.CONTACT_RECORDED):
        audit.record(event, case, by=cast.ben, needs=["debt", "food"], minutes=40)
    db.session.commit()
    sign_in(page, cast.caldicott)
    page.goto("/audit-trail")
    inspect(page, "audit-trail")
    page.goto(f"/audit-trail?user={cast.ben.key}&event=case.opened&from_on=2026-11-18")
    inspect(page, "audit-trail-filtered")
    page.get_by_role("link", name=f"Person {case.person.key[:6]}").first.click()
    expect(page.get_by_text("About person")).to_be_visible()
    page.get_by_role("link", name="Check that it is whole").click()
    inspect(page, "audit-trail-check")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_note_survives_a_session_that_ended(
    browse: Callable[..., Page], cast: Cast, clock, scripts: bool
) -> None:
    page = browse(scripts=scripts)
    sign_in(page, cast.admin)
    page.goto("/users/new")
    page.get_by_label("Full name").fill(HOSTILE)
    page.get_by_label("Link worker").check()
    clock.advance(minutes=20)
    page.get_by_role("button", name="Make the invitation").click()
    expect(page.get_by_text("What you typed is kept")).to_be_visible()
    if scripts:
        inspect(page, "session-ended")
    page.get_by_label("Email").fill(cast.admin.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    if scripts:
        inspect(page, "kept")
    page.get_by_role("button", name="Go back to what you were writing").click()
    expect(page.get_by_label("Full name")).to_have_value(HOSTILE)
    expect(page.get_by_label("Link worker")).to_be_checked()


def test_the_warning_before_a_session_ends_keeps_it(page: Page, cast: Cast) -> None:
    page.clock.install()
    sign_in(page, cast.amina)
    page.goto("/help")
    page.clock.fast_forward("13:30")
    stay = page.get_by_role("button", name="Stay signed in")
    expect(stay).to_be_focused()
    stay.click()
    expect(stay).to_be_hidden()


def test_the_demonstrations_list(live: Live, browse: Callable[..., Page], cast: Cast) -> None:
    live.app.config["DEMO"] = True
    page = browse()
    page.goto("/demo")
    inspect(page, "demo")
    page.get_by_role("button", name="Amina Okafor").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()
