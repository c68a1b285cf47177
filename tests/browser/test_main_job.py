"""The whole job, from a practice that refers to the guardian who reads who looked, in a browser."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from linkwork.database import db
from linkwork.models import User
from tests.browser import players as cast_of
from tests.browser.demo_data import demo_url
from tests.browser.players import SERVICES, Players
from tests.browser.windows import inspect, sign_in
from tests.cast import nhs_number
from tests.conftest import EXCUSED, TODAY, Clock

GIVEN, FAMILY = "Bridget", "O’Brien <script>"
SHOUTED = "O’BRIEN <SCRIPT>, Bridget"
WHY = "Lives alone since her husband died, and feels lonely. Used to love gardening."
SAID = "She misses company most. She would like to do some gardening again. Hates bingo."
SECRET = "Hates bingo"
Look = Callable[[Page, str], None]
PASSWORD = "copper kettle on Tuesday"


@pytest.fixture
def directory(request: pytest.FixtureRequest) -> str:
    """Which directory the job is done with."""
    if request.param == "real" and not SERVICES.exists():
        pytest.skip(EXCUSED)
    return str(request.param)


@pytest.fixture
def database_url(database_url: str, directory: str, engine: str, tmp_path: Path, clock: Any) -> str:
    """The demo, or an empty database."""
    return demo_url(engine, database_url, tmp_path) if directory == "demo" else database_url


@pytest.fixture
def players(app: Any, directory: str) -> Players:
    """Who takes part."""
    if directory == "demo":
        return cast_of.of_the_demo()
    found = cast_of.of_the_real_directory()
    db.session.commit()
    return found


@pytest.fixture
def look(engine: str, directory: str) -> Look:
    """Hold a page to every rule, in one of the runs: the pages of the others are the same."""
    first = engine == "sqlite" and (directory == "real" or not SERVICES.exists())
    return lambda page, name: inspect(page, f"job-{name}") if first else None


@pytest.mark.both_engines
@pytest.mark.parametrize("directory", ["real"], indirect=True)
def test_the_whole_job_is_done_from_referral_to_target(
    browse: Callable[..., Page], players: Players, clock: Clock, look: Look
) -> None:
    do_the_whole_job(browse, players, clock, look)


@pytest.mark.parametrize("directory", ["demo"], indirect=True)
def test_the_whole_job_is_done_in_the_demo(
    browse: Callable[..., Page], players: Players, clock: Clock, look: Look
) -> None:
    do_the_whole_job(browse, players, clock, look)


def do_the_whole_job(
    browse: Callable[..., Page], players: Players, clock: Clock, look: Look
) -> None:
    """From the first page a practice opens to the trail of what everybody opened."""

    def at_desk(who: User) -> Page:
        page = browse()
        sign_in(page, who)
        page.wait_for_load_state()
        return page

    lead, practice, worker = (at_desk(p) for p in (players.lead, players.practice, players.worker))
    before = people_started(lead)
    refer(practice, players, look)
    clock.advance(minutes=5)
    case = accept(worker, look)
    record_conversation(worker, look)
    clock.advance(minutes=5)
    activity = find_activity(worker, look)
    send_onward(worker, activity, look)
    practice_sees_the_stage_only(practice, case, look)
    assert people_started(lead) == before + 1
    lead_sees_no_name(lead, look)
    stranger_finds_nothing(at_desk(players.stranger), case)
    edit_activity(at_desk(players.editor), activity, look)
    join(browse, invite(at_desk(players.admin), players, look), look)
    read_the_trail(at_desk(players.guardian), players, look)


def refer(page: Page, players: Players, look: Look) -> None:
    """Pass the stop screen, and refer the patient."""
    page.get_by_role("link", name="Refer a patient").first.click()
    expect(page.get_by_role("heading", name="Is anybody in danger now?")).to_be_visible()
    look(page, "stop")
    page.get_by_role("button", name="Nobody is in danger").click()
    page.get_by_label("NHS number").fill(nhs_number())
    page.get_by_label("First name").fill(GIVEN)
    page.get_by_label("Last name").fill(FAMILY)
    page.get_by_label("Date of birth").fill("12 March 1951")
    page.get_by_label("Phone").fill("07700 900321")
    page.get_by_label("Postcode").fill(players.postcode)
    page.get_by_label("Why would they like support?").fill(WHY)
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Send referral").click()
    expect(page.get_by_text("Referral sent")).to_be_visible()
    expect(page.locator(".identity-bar__name")).to_have_text(SHOUTED)


def accept(page: Page, look: Look) -> str:
    """Find the patient on the waiting list and take them on; return the address of the case."""
    page.get_by_role("navigation", name="Menu").get_by_role("link", name="Waiting list").click()
    look(page, "waiting")
    page.get_by_role("button", name=f"Accept {GIVEN} {FAMILY}").click()
    expect(page.locator(".identity-bar__name")).to_have_text(SHOUTED)
    expect(page.get_by_text(WHY)).to_be_visible()
    look(page, "accepted")
    return page.url


def record_conversation(page: Page, look: Look) -> None:
    """Write the note, be told what is heard in it, and save."""
    page.get_by_role("link", name="Record a conversation").click()
    page.get_by_label("Minutes").fill("45")
    page.get_by_label("What matters to them").fill("To be among people again.")
    page.get_by_label("What is going on").fill(SAID)
    page.get_by_role("button", name="Suggest needs").click()
    expect(page.locator("[data-at-hand]")).to_contain_text("“gardening”")
    expect(page.get_by_label("What is going on")).to_have_value(SAID)
    page.get_by_role("checkbox", name="Loneliness", exact=True).check()
    look(page, "note")
    page.get_by_role("button", name="Save conversation").click()
    expect(page.get_by_text("Conversation saved")).to_be_visible()


def find_activity(page: Page, look: Look) -> str:
    """Confirm a need and a limit, read why activities are shown or not, and choose the first."""
    expect(page.get_by_text(re.compile("^Gardening: .*“gardening”"))).to_be_visible()
    page.get_by_role("button", name="Yes : gardening").click()
    page.get_by_role("link", name="Change what it must keep to").click()
    page.get_by_label("How far can they go?").select_option("5 miles")
    page.get_by_role("button", name="Keep these limits").click()
    first = page.locator(".match").first
    expect(first.get_by_text("Because: gardening (confirmed)")).to_be_visible()
    page.locator("summary", has_text=re.compile(r"^\d+ too far")).click()
    expect(page.get_by_text(re.compile(r"miles away$")).last).to_be_visible()
    look(page, "matches")
    activity = first.get_by_role("heading").inner_text()
    first.get_by_role("link", name="Refer").click()
    return activity


def send_onward(page: Page, activity: str, look: Look) -> None:
    """Agree and send, then note that they went."""
    expect(page.get_by_role("heading", level=1)).to_contain_text(activity)
    assert SECRET not in page.content()
    look(page, "onward-new")
    page.get_by_role("checkbox", name="They agreed").check()
    page.get_by_role("button", name="Agree and send").click()
    look(page, "onward-sent")
    page.get_by_role("button", name="They went").click()
    expect(page.get_by_role("button", name="They went")).to_have_count(0)
    look(page, "onward-went")
    page.get_by_role("link", name="Back to case").click()
    expect(page.get_by_text(f"First visit to {activity}")).to_be_visible()
    look(page, "case")


def practice_sees_the_stage_only(page: Page, case: str, look: Look) -> None:
    """The practice knows how far it is, and nothing that was said."""
    page.reload()
    expect(page.get_by_text("Going to an activity")).to_be_visible()
    assert SECRET not in page.content()
    look(page, "practice")
    answer = page.goto(case)
    assert answer is not None
    assert answer.status == 403


def people_started(page: Page) -> int:
    """The figure the lead reads: people started by now, against the share of 125,000."""
    page.get_by_role("link", name="Capacity").first.click()
    page.get_by_text("Show the months as a table").click()
    expect(page.get_by_text(re.compile(r"\d+ of 125,000 people"))).to_be_visible()
    months = page.get_by_role("table", name="People started each month")
    month = months.get_by_role("row", name=f"{TODAY:%B}")
    return int(month.get_by_role("cell").nth(1).inner_text())


def lead_sees_no_name(page: Page, look: Look) -> None:
    """Nothing the lead can open says who was started."""
    assert "Brien" not in page.content()
    look(page, "capacity")
    file = page.request.get(page.get_by_role("link", name="Download").get_attribute("href") or "")
    assert file.ok
    assert "Brien" not in file.text()


def stranger_finds_nothing(page: Page, case: str) -> None:
    """For somebody at another PCN, there is no such case."""
    answer = page.goto(case)
    assert answer is not None
    assert answer.status == 404
    assert "Brien" not in page.content()


def edit_activity(page: Page, activity: str, look: Look) -> None:
    """Correct what the directory says of the activity, and read it there."""
    page.goto("/services")
    page.locator("[data-search]").fill(activity)
    page.keyboard.press("Enter")
    page.get_by_role("link", name=activity, exact=True).first.click()
    page.get_by_role("link", name="Edit").click()
    page.get_by_label("What happens there").fill("New: bring gloves. Tea afterwards.")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Your changes are saved")).to_be_visible()
    expect(page.get_by_text("bring gloves")).to_be_visible()
    look(page, "service")


def invite(page: Page, players: Players, look: Look) -> str:
    """Invite a link worker, and return the link to give to them."""
    page.get_by_role("link", name="Users").click()
    page.get_by_role("link", name="Invite somebody").click()
    page.get_by_label("Full name").fill("Ida Lark")
    page.get_by_label("Work email address").fill("ida.lark@moorvale.example")
    page.get_by_label("Organisation").fill(players.worker.organisation.ods_code)
    page.get_by_role("checkbox", name="Link worker").check()
    page.get_by_role("button", name="Make the invitation").click()
    look(page, "invited")
    return page.get_by_text("/join/").inner_text()


def join(browse: Callable[..., Page], link: str, look: Look) -> None:
    """Choose a password with the link, sign out, and sign in with it."""
    page = browse()
    page.goto(link)
    look(page, "join")
    page.get_by_label("Choose a password").fill(PASSWORD)
    page.get_by_label("The same password again").fill(PASSWORD)
    page.get_by_role("button", name="Save and sign in").click()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_label("Email").fill("ida.lark@moorvale.example")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Today")).to_be_visible()


def read_the_trail(page: Page, players: Players, look: Look) -> None:
    """Who opened the case is there, nothing that was said, and the trail is whole."""
    page.get_by_role("link", name="Audit trail").click()
    expect(page.get_by_role("link", name=players.worker.name).first).to_be_visible()
    assert "Brien" not in page.content()
    assert SECRET not in page.content()
    look(page, "trail")
    page.get_by_role("link", name="Check that it is whole").click()
    expect(page.get_by_role("heading", name="The trail is whole")).to_be_visible()
    look(page, "whole")
