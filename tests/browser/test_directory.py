"""The directory in a browser: found, read, corrected, brought in, by keyboard and on a phone."""

import json
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from linkwork.database import db
from linkwork.models import service_text
from tests import cast as the
from tests.browser.windows import inspect, sign_in
from tests.exchange.feeds import bring_in, service

pytestmark = pytest.mark.one_engine
HOSTILE = "<img src=x onerror=alert(1)> مرحبا " + "W" * 60


@pytest.fixture
def editor(page: Page, cast: Any) -> Page:
    db.session.commit()
    sign_in(page, cast.editor)
    return page


def test_an_editor_looks_at_a_list_and_brings_it_in(editor: Page, tmp_path: Path) -> None:
    feed = tmp_path / "feed.json"
    rows = [service(1), service(2, name=HOSTILE), service(3, status="asleep")]
    feed.write_text(json.dumps({"services": [*rows, service(4, minimum_age="old")]}))
    editor.goto("/services")
    inspect(editor, "directory-empty")
    editor.get_by_role("link", name="Lists ").click()
    editor.get_by_role("link", name="Bring in a list").click()
    inspect(editor, "directory-import")
    editor.get_by_label("Name of the list").fill("Feed")
    editor.get_by_label("File").set_input_files(feed)
    editor.get_by_role("button", name="See what would change").click()
    expect(editor.get_by_role("cell", name="Green Fingers").first).to_be_visible()
    inspect(editor, "directory-preview")
    editor.get_by_role("link", name="Left out").click()
    expect(editor.get_by_text("“asleep” is not one of")).to_be_visible()
    inspect(editor, "directory-left-out")
    editor.get_by_role("button", name="Bring it in").click()
    expect(editor.get_by_text("In the directory")).to_be_visible()

    editor.get_by_role("link", name="All lists").click()
    inspect(editor, "directory-lists")
    editor.get_by_role("link", name="Feed", exact=True).click()
    inspect(editor, "directory-source")


def test_an_editor_finds_reads_and_corrects(editor: Page, tmp_path: Path) -> None:
    bring_in(tmp_path, service(1), service(2, name=HOSTILE), service(4))
    db.session.commit()
    editor.goto("/services")
    inspect(editor, "directory-all")
    editor.keyboard.press("/")
    editor.keyboard.type("allotment")
    editor.get_by_label("Near").fill("ZZ2 3FY")
    editor.get_by_text("More filters").click()
    editor.get_by_label("Step-free").check()
    editor.keyboard.press("Enter")
    expect(editor.get_by_role("status")).to_contain_text("2 activities found")
    inspect(editor, "directory-found")
    editor.get_by_role("link", name="Allotment 1").click()
    inspect(editor, "directory-read")
    editor.get_by_role("link", name="Edit").click()
    inspect(editor, "directory-edit")
    editor.get_by_label("Web address").fill("javascript:alert(1)")
    editor.get_by_role("button", name="Save").click()
    expect(editor.get_by_role("alert")).to_be_focused()
    inspect(editor, "directory-errors")
    editor.get_by_label("Web address").fill("https://allotment.example")
    editor.get_by_role("button", name="Save").click()
    expect(editor.get_by_text("Your changes are saved.")).to_be_visible()
    editor.get_by_role("button", name="Still right").click()
    expect(editor.get_by_text("Checked today", exact=True)).to_be_visible()


def test_a_hostile_activity_is_only_words(editor: Page) -> None:
    made = the.service(
        HOSTILE, description=HOSTILE, alert=HOSTILE, fees=HOSTILE, eligibility=HOSTILE
    )
    service_text.reindex([made.id])
    db.session.commit()
    for name in ("", f"/{made.key}", f"/{made.key}/edit"):
        editor.goto(f"/services{name}")
        inspect(editor, "directory-hostile")
