"""What fits, beside a note that is typed: never late, never in the way, and without scripts too."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

from linkwork.casework.lexicon import concepts_of
from linkwork.database import db
from linkwork.models import SupportCase, service_text
from tests import cast as make
from tests.browser.windows import inspect, sign_in
from tests.cast import Cast

GARDEN, CHOIR = "Mill <script>alert(1)</script> Allotment", "Riverside Choir"
LOVES_GARDENS = "He would love to be gardening again."
SINGS = " And singing in a choir."


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    """A case on Amina’s caseload, a garden and a choir."""
    for name, words in ((GARDEN, "Gardening on a shared allotment"), (CHOIR, "Singing, a choir")):
        made = make.service(name=name, description=words, concepts=concepts_of(name, words, []))
        service_text.reindex([made.id])
    return make.case(cast.northside, worker=cast.amina)


class Held:
    """Answers that wait until they are let go."""

    def __init__(self, page: Page) -> None:
        self.waiting: list[Route] = []
        self.holds = False
        page.route("**/matches/live", self._arrived)

    def _arrived(self, route: Route) -> None:
        if self.holds:
            self.waiting.append(route)
        else:
            route.continue_()

    def until_asked(self, page: Page) -> None:
        while not self.waiting:
            page.wait_for_timeout(20)

    def let_go(self) -> None:
        self.holds = False
        self.waiting.pop(0).continue_()


def begin(page: Page, who: Cast, case: SupportCase) -> None:
    sign_in(page, who.amina)
    page.goto(f"/cases/{case.key}/contacts/new")
    page.get_by_label("What is going on").focus()


def shows_only_the_newest(page: Page, held: Held) -> None:
    """An answer to older words comes too late."""
    held.holds = True
    page.keyboard.type(LOVES_GARDENS)
    held.until_asked(page)
    held.holds = False
    page.keyboard.type(SINGS)
    expect(page.locator("[data-fits-line]")).to_have_text("2 activities fit")
    shown = page.locator("[data-fits-list]").inner_html()
    held.let_go()
    page.wait_for_timeout(200)
    assert page.locator("[data-fits-list]").inner_html() == shown
    expect(page.locator("[data-fits-said]")).to_contain_text("2 activities fit: the first is ")


def answer_by_keyboard(page: Page) -> None:
    """To the chips, a no, a yes, words of one’s own, and back to the note."""
    chips = page.locator("[data-at-hand]")
    names = [chip.get_attribute("data-chip") for chip in chips.locator("li").all()]
    page.keyboard.press("Control+.")
    for name in names:
        page.keyboard.press("n" if name == "gardening" else "y")
    expect(page.locator("[data-fits-line]")).to_have_text("1 activity fits")
    page.keyboard.press("a")
    page.keyboard.type("debt")
    page.keyboard.press("Enter")
    expect(chips.get_by_label("Money and debt", exact=True)).to_be_checked()
    page.keyboard.press("Escape")
    expect(page.get_by_label("What is going on")).to_be_focused()


def moves_nothing_under_the_hand(page: Page, held: Held) -> None:
    """What arrives waits until the hand has gone."""
    line, chips = page.locator("[data-fits-line]"), page.locator("[data-at-hand]")
    with page.expect_response("**/matches/live"):
        page.get_by_label("Talk about it: Riverside Choir").check()
    held.holds = True
    chips.get_by_label("Gardening", exact=True).check()  # which takes the no away
    expect(chips.get_by_label("Not gardening")).not_to_be_checked()
    held.until_asked(page)
    page.locator(".fits a").first.hover()
    held.let_go()
    page.wait_for_timeout(200)
    expect(line).to_have_text("1 activity fits")
    page.get_by_role("heading", level=1).hover()
    expect(line).to_have_text("2 activities fit")
    expect(page.get_by_role("link", name=GARDEN)).to_be_visible()


def says_that_it_is_old_without_a_network(page: Page) -> None:
    """What is there stays."""
    page.context.set_offline(True)
    page.get_by_label("What is going on").press_sequentially(" Hm.")
    expect(page.get_by_text("(not up to date)")).to_be_visible()
    expect(page.locator(".fits a").first).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_text("(not up to date)")).to_be_hidden()


def test_what_fits_follows_the_typing_and_leaves_the_hands_alone(
    page: Page, cast: Cast, case: SupportCase
) -> None:
    begin(page, cast, case)
    held = Held(page)
    shows_only_the_newest(page, held)
    answer_by_keyboard(page)
    moves_nothing_under_the_hand(page, held)
    says_that_it_is_old_without_a_network(page)
    inspect(page, "note-live")
    page.get_by_label("Minutes", exact=True).fill("20")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="To talk about")).to_be_visible()
    db.session.refresh(case)
    answered = {one.concept: one.confirmed for one in case.interests}
    assert answered.items() >= {"gardening": True, "singing": True}.items()
    assert [need.need for need in case.needs] == ["money_debt"]


def test_on_a_phone_it_is_one_line_and_without_scripts_a_button_does_the_same(
    browse: Callable[..., Page], cast: Cast, case: SupportCase
) -> None:
    phone = browse(width=320)
    begin(phone, cast, case)
    phone.keyboard.type(LOVES_GARDENS)
    expect(phone.locator("[data-fits-line]")).to_have_text("1 activity fits")
    expect(phone.locator(".fits")).to_be_hidden()
    phone.locator("[data-fits] summary").click()
    expect(phone.get_by_role("link", name=GARDEN)).to_be_visible()
    phone.context.close()
    plain = browse(scripts=False)
    begin(plain, cast, case)
    plain.get_by_label("What is going on").fill(SINGS)
    plain.get_by_role("button", name="Suggest needs and activities").click()
    expect(plain.get_by_role("link", name=CHOIR)).to_be_visible()
    plain.locator("[data-at-hand]").get_by_label("Not singing", exact=False).check()
    plain.get_by_text("Something else").click()
    plain.get_by_label("Add a need or interest").fill("gardening")
    plain.get_by_role("button", name="Suggest needs and activities").click()
    expect(plain.get_by_label("Gardening", exact=True)).to_be_checked()
    expect(plain.get_by_role("link", name=GARDEN)).to_be_visible()
    expect(plain.get_by_role("link", name=CHOIR)).to_have_count(0)
