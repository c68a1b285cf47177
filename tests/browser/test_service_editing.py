"""An activity is added by hand, corrected and put back, with scripts and without, in a browser."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from linkwork.casework import service_facts
from linkwork.database import db
from tests import cast as the
from tests.browser.windows import inspect, sign_in


@pytest.mark.both_engines
def test_an_activity_is_added_edited_and_put_back(
    browse: Callable[..., Page], cast: Any, engine: str
) -> None:
    db.session.commit()
    page = browse(scripts=engine == "sqlite")
    look = inspect if engine == "sqlite" else lambda *_: None
    sign_in(page, cast.editor)
    page.goto("/services")
    page.get_by_role("link", name="Add an activity").click()
    look(page, "activity-new")
    _fill(page)
    page.get_by_role("button", name="Add another session").click()
    expect(page.get_by_role("group", name="Session 3")).to_be_visible()
    page.get_by_role("button", name="Remove session 3").click()
    expect(page.get_by_role("group", name="Session 3")).to_have_count(0)
    expect(page.get_by_label("Name", exact=True)).to_have_value("Allotment mornings")
    look(page, "activity-typed")
    page.get_by_role("button", name="Save").click()
    for words in ("Tuesdays, 10am to 12 noon", "First Friday of the month, 2pm to 4pm"):
        expect(page.get_by_text(words)).to_be_visible()
    expect(page.get_by_text("Step-free")).to_be_visible()
    look(page, "activity-read")
    _edit_and_put_back(page, look)


def _fill(page: Page) -> None:
    page.get_by_label("Name", exact=True).fill("Allotment mornings")
    page.get_by_label("In words").first.fill("Tuesdays 10am to 12 noon, first Friday 2pm to 4pm")
    page.get_by_role("button", name="Fill in from these words").first.click()
    expect(page.get_by_text("This is how we understood it.")).to_be_visible()
    expect(page.get_by_role("group", name="Session 2").get_by_label("Friday")).to_be_checked()
    page.get_by_label("Name of the place").fill("Long Row plots")
    page.get_by_label("Postcode").fill("m14 5rx")
    page.get_by_label("Step-free").check()


def _edit_and_put_back(page: Page, look: Callable[..., None]) -> None:
    page.get_by_role("link", name="Edit").click()
    page.get_by_role("button", name="Remove session 2").click()
    expect(page.get_by_role("group", name="Session 2")).to_have_count(0)
    page.get_by_role("textbox", name="Phone").fill("01632 960100")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("First Friday of the month")).to_have_count(0)
    page.get_by_role("link", name="History").click()
    look(page, "activity-history")
    page.get_by_role("link", name="Put back").first.click()
    look(page, "activity-put-back")
    page.get_by_role("button", name="Put back").click()
    page.get_by_role("link", name="Back to the activity").click()
    expect(page.get_by_text("First Friday of the month, 2pm to 4pm")).to_be_visible()
    expect(page.get_by_text("No phone")).to_be_visible()


def test_two_entries_side_by_side_obey_every_rule(page: Page, cast: Any) -> None:
    one, other = the.service("Choir", phone="1"), the.service("Choir", fees="£2")
    service_facts.put(other, "places_at", [{"name": "W" * 90, "postcode": "M14 5RX"}])
    db.session.commit()
    sign_in(page, cast.editor)
    page.goto("/services/duplicates")
    inspect(page, "duplicates")
    page.goto(f"/services/{one.key}/same-as/{other.key}")
    inspect(page, "merge")
    page.get_by_role("button", name="Merge the two").click()
    page.get_by_role("link", name="Part them again").click()
    inspect(page, "part")
