"""The list of activities answers while somebody types, and without scripts."""

from datetime import time
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from linkwork.database import db
from linkwork.models import Location, Schedule, ServiceAtLocation, service_text
from tests import cast as the
from tests.browser.windows import inspect, sign_in

pytestmark = pytest.mark.one_engine


def test_it_answers_while_somebody_types_and_goes_back(page: Page, cast: Any) -> None:
    for number, name in enumerate(("Gardening club", "Garden walks", "Ballroom")):
        made = the.service(name)
        place = Location(latitude=53.45 + number / 20, longitude=-2.2, city="Harrowfield")
        made.places_at = [ServiceAtLocation(location=place)]
        made.schedules = [Schedule(byday="WE", opens_at=time(9), closes_at=time(12))]
        service_text.reindex([made.id])
    db.session.commit()
    sign_in(page, cast.amina)
    page.goto("/services")
    count = page.get_by_role("status")
    expect(count).to_have_text("3 activities found")
    inspect(page, "search-all")
    page.keyboard.press("/")
    page.keyboard.type("balroom", delay=20)
    expect(page.get_by_text("Showing results for ballroom.")).to_be_visible()
    expect(count).to_have_text("1 activity found")
    expect(page.get_by_label("Words")).to_be_focused()
    page.get_by_label("Words").fill("garden")
    expect(count).to_have_text("2 activities found")
    page.get_by_label("Near").fill("M14")
    expect(page.get_by_role("link", name="Remove filter: Near M14")).to_be_visible()
    page.get_by_label("Day", exact=True).select_option("Sunday")
    expect(count).to_have_text("0 activities found")
    inspect(page, "search-none")
    page.go_back()
    expect(count).to_have_text("2 activities found")
    expect(page.get_by_label("Day", exact=True)).to_have_value("")
    expect(page.get_by_label("Near")).to_have_value("M14")
    page.get_by_role("link", name="Best match").click()
    inspect(page, "search-found")
