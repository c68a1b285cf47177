"""Home visits on a phone: out and back with one press each, and a team that sees who is late."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from linkwork.casework import concerns, visits
from linkwork.database import db
from linkwork.models import SupportCase
from tests import cast as make
from tests.browser.windows import inspect, sign_in
from tests.cast import PASSWORD, Cast
from tests.conftest import NOW, Clock


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    person = make.person(address="1 Elm Lane", alert="Large dog")
    return make.case(cast.northside, worker=cast.amina, person=person)


def test_a_visit_is_planned_started_and_ended_on_a_phone(
    browse: Callable[..., Page], cast: Cast, case: SupportCase
) -> None:
    page = browse(width=320)
    sign_in(page, cast.amina)
    page.goto(f"/cases/{case.key}")
    page.get_by_role("link", name="Plan a home visit").click()
    page.get_by_label("Time").fill("11:00")
    inspect(page, "visit-new")
    page.get_by_role("button", name="Plan this visit").click()
    inspect(page, "visits-planned")
    page.get_by_role("button", name="Start").dblclick()
    expect(page.get_by_text("On the visit")).to_be_visible()
    inspect(page, "visits-under-way")
    safe = page.get_by_role("button", name="I am safe")
    box = safe.bounding_box()
    assert box is not None
    assert min(box["height"] - 56, box["width"] - 240) >= 0, "large enough for a thumb"
    safe.dblclick()
    expect(page.get_by_role("link", name="Record what was said")).to_be_visible()
    assert [visit.safe_at for visit in case.visits] == [NOW]


def test_the_team_sees_who_is_late_and_finds_where_they_are(
    browse: Callable[..., Page], cast: Cast, case: SupportCase, clock: Clock
) -> None:
    visit = visits.plan(case, planned_at=NOW, by=cast.amina, at=NOW)
    visits.start(visit, by=cast.amina, at=NOW)
    concerns.raise_concern(case, what="Bruises", told="Jo Bell", told_at=NOW, by=cast.amina, at=NOW)
    db.session.commit()
    clock.advance(hours=1, minutes=1)
    page = browse(width=375)
    sign_in(page, cast.ben)
    page.goto("/services")
    expect(page.get_by_text("Amina Okafor has not said “I am safe”")).to_be_visible()
    inspect(page, "visit-late-banner")
    page.get_by_role("link", name="What to do").click()
    expect(page.get_by_text("1 Elm Lane")).to_be_visible()
    inspect(page, "visit-late")
    page.get_by_role("button", name="I have spoken with them: they are safe").click()
    expect(page.get_by_role("heading", name="Visits today")).to_be_visible()
    expect(page.get_by_text("has not said")).to_have_count(0)


def test_a_press_after_the_session_has_ended_is_not_lost(
    browse: Callable[..., Page], cast: Cast, case: SupportCase, clock: Clock
) -> None:
    visit = visits.plan(case, planned_at=NOW, by=cast.amina, at=NOW)
    visits.start(visit, by=cast.amina, at=NOW)
    db.session.commit()
    page = browse(width=375)
    sign_in(page, cast.amina)
    page.goto("/visits")
    clock.advance(minutes=40)
    page.get_by_role("button", name="I am safe").click()
    page.get_by_label("Email").fill(cast.amina.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Go back to what you were writing").click()
    expect(page.get_by_role("link", name="Record what was said")).to_be_visible()
    db.session.refresh(visit)
    assert visit.safe_at == clock.now
