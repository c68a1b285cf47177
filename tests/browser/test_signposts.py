"""A signpost, a gap and a supervision, by keyboard and in few presses, in a browser."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from linkwork.casework import signposts
from linkwork.database import db
from linkwork.models import CaseNeed, Need, service_text
from tests import cast as make
from tests.browser.windows import inspect, sign_in
from tests.cast import Cast
from tests.conftest import NOW, Clock

Look = Callable[[Page, str], None]
MOST_KEYS_OF_A_SEARCH = 8
MOST_KEYS_OF_THE_USUAL = 3


class Keys:
    """A keyboard that counts."""

    def __init__(self, page: Page) -> None:
        self._page, self.pressed = page, 0

    def type(self, *keys: str) -> None:
        for key in keys:
            self._page.keyboard.press(key)
            self.pressed += 1


@pytest.fixture
def look(engine: str) -> Look:
    """Hold a page to every rule, in one of the two runs."""
    return lambda page, name: inspect(page, name) if engine == "sqlite" else None


def at(browse: Callable[..., Page], who: Any, address: str, **how: Any) -> Page:
    page = browse(**how)
    sign_in(page, who)
    page.wait_for_load_state()
    page.goto(address)
    return page


@pytest.mark.both_engines
def test_a_signpost_is_counted_in_a_few_keys(
    browse: Callable[..., Page], cast: Cast, clock: Clock, look: Look
) -> None:
    choir = make.service("Riverside choir")
    service_text.reindex([choir.id])
    page = at(browse, cast.dev, "/signposts")
    keys = Keys(page)
    expect(page.get_by_label("Activity")).to_be_focused()
    keys.type(*"choir", "Enter")
    page.wait_for_url("**words=choir")
    expect(page.get_by_role("button", name="Told somebody about Riverside choir")).to_be_focused()
    look(page, "signposts-found")
    keys.type("Enter")
    expect(page.get_by_text("Counted: Riverside choir")).to_be_visible()
    assert keys.pressed <= MOST_KEYS_OF_A_SEARCH
    look(page, "signposts-counted")
    clock.advance(minutes=1)
    again = Keys(page)
    expect(page.get_by_label("Activity")).to_be_focused()
    again.type("Tab", "Tab", "Enter")
    expect(page.get_by_text("2 times in your practice")).to_be_visible()
    assert again.pressed <= MOST_KEYS_OF_THE_USUAL
    page.get_by_role("button", name="Undo Riverside choir").first.click()
    expect(page.get_by_text("1 time in your practice")).to_be_visible()


def test_a_signpost_is_counted_without_scripts(browse: Callable[..., Page], cast: Cast) -> None:
    signposts.record(service=make.service("Riverside choir"), by=cast.dev, at=NOW)
    db.session.commit()
    page = at(browse, cast.dev, "/signposts", scripts=False)
    page.get_by_role("button", name="Count another").click()
    expect(page.get_by_text("2 times in your practice")).to_be_visible()


@pytest.mark.both_engines
def test_a_search_that_finds_nothing_becomes_a_gap_with_one_press(
    browse: Callable[..., Page], cast: Cast, look: Look
) -> None:
    case = make.case(cast.northside, worker=cast.amina)
    db.session.add(CaseNeed(case_id=case.id, need=Need.FOOD, seen_at=NOW))
    db.session.commit()
    page = at(browse, cast.amina, "/services?words=ukulele&need=food&postcode=ZZ1&cost=free")
    look(page, "gap-offered")
    page.get_by_role("button", name="Note this gap: food in ZZ1").click()
    expect(page.get_by_text("Noted: Food in ZZ1, it costs too much")).to_be_visible()
    look(page, "gap-noted")
    page.get_by_role("button", name="Undo Food").click()
    expect(page.get_by_text("Taken back.")).to_be_visible()
    page.goto(f"/cases/{case.key}/matches/")
    page.get_by_role("button", name="Note this gap: food in ZZ1").click()
    page.get_by_role("link", name="Back to what you were looking for").click()
    expect(page).to_have_url(re.compile(f"/cases/{case.key}/matches/$"))


@pytest.mark.both_engines
def test_supervision_is_prepared_held_and_read_by_the_two(
    browse: Callable[..., Page], cast: Cast, look: Look
) -> None:
    case = make.case(cast.northside, worker=cast.amina, person=make.person("Odette", "Marl"))
    db.session.commit()
    worker = at(browse, cast.amina, f"/cases/{case.key}")
    worker.get_by_role("link", name="How does it lie on you?").click()
    worker.get_by_label("Very heavy").check()
    worker.get_by_label("Stuck").check()
    look(worker, "load")
    worker.get_by_role("button", name="Save for supervision").click()
    worker.get_by_role("link", name="Supervision", exact=True).click()
    expect(worker.get_by_text("Very heavy: stuck")).to_be_visible()
    look(worker, "supervision")
    worker.get_by_role("link", name="Record my supervision").click()
    worker.get_by_label("Notes").fill("We spoke of endings.")
    look(worker, "supervision-new")
    worker.get_by_role("button", name="Save").click()
    expect(worker.get_by_text("Supervision recorded.")).to_be_visible()
    above = at(browse, cast.supervisor, "/supervision")
    look(above, "supervision-team")
    above.get_by_role("link", name="Amina Okafor").click()
    expect(above.get_by_text("Very heavy: stuck")).to_be_visible()
    look(above, "supervision-worker")
    above.get_by_role("link", name="18 November 2026").click()
    expect(above.get_by_text("We spoke of endings.")).to_be_visible()
    look(above, "supervision-held")
    above.go_back()
    above.get_by_role("link", name="Odette Marl").click()
    expect(above.get_by_text("Why do you need to open it?")).to_be_visible()
