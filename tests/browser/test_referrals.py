"""A practice refers a patient without a mouse, and every page of it keeps every rule."""

from datetime import timedelta

from playwright.sync_api import Page, expect

from linkwork.models import CloseReason
from tests import cast as make
from tests.browser.windows import inspect, sign_in
from tests.cast import Cast
from tests.conftest import NOW

TYPED = (
    ("First name", "Fatima"),
    ("Last name", "O'Brien <b>الزهراء</b> 🌻"),
    ("Date of birth", "12 March 1951"),
    ("Phone", "07700 900123"),
    ("Postcode", "zz1 1aa"),
    ("Why would they like support?", "Lonely since the move. Would like to sing again."),
)


def tab_to(page: Page, what: str) -> None:
    """Go on by the Tab key until ``what`` has the focus."""
    for _ in range(40):
        page.keyboard.press("Tab")
        focused = page.evaluate(
            "(e => (e.labels?.[0]?.innerText ?? '') || e.innerText)(document.activeElement)"
        )
        if focused.startswith(what):
            return
    raise AssertionError(f"{what} is not reached by the Tab key")


def waits_of(cast: Cast) -> None:
    for waited in (4, 9, 12, 14, 30):
        first = NOW - timedelta(days=7)
        make.case(
            cast.northside,
            worker=cast.amina,
            person=make.person(nhs_number=None),
            opened_at=first - timedelta(days=waited),
            first_conversation_at=first,
        )


def test_a_patient_is_referred_by_keyboard_alone(page: Page, cast: Cast) -> None:
    waits_of(cast)
    sign_in(page, cast.dev)
    page.goto("/referrals/new")
    inspect(page, "refer-stop")
    tab_to(page, "Nobody is in danger")
    page.keyboard.press("Enter")
    expect(page.get_by_text("within 12 days")).to_be_visible()
    inspect(page, "refer-form")
    for label, words in TYPED:
        tab_to(page, label)
        page.keyboard.type(words)
    page.keyboard.press("Enter")
    tab_to(page, "Send referral")
    page.keyboard.press("Enter")
    expect(page.locator(".error-summary")).to_be_focused()
    inspect(page, "refer-refused")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("checkbox")).to_be_focused()
    page.keyboard.press("Space")
    tab_to(page, "Send referral")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Referral sent")).to_be_visible()
    expect(page.get_by_text("What happens next")).to_be_visible()
    inspect(page, "referral-sent")


def test_a_practice_follows_its_referrals(page: Page, cast: Cast) -> None:
    for family in ("Quill", "Adams", "Okonkwo-Featherstonehaugh"):
        case = make.case(cast.northside, person=make.person("Rosa", family))
        make.referral(cast.birch, by=cast.dev, case=case)
    closed = make.case(cast.northside, worker=cast.amina, first_conversation_at=NOW)
    ended = make.referral(cast.birch, by=cast.dev, case=closed)
    closed.closed_at, closed.close_reason = NOW, CloseReason.PLAN_COMPLETED
    for days in range(25):
        opened = NOW - timedelta(days=40 + days)
        make.referral(
            cast.birch,
            by=cast.dev,
            case=make.case(cast.northside, worker=cast.amina, opened_at=opened),
        )
    sign_in(page, cast.dev)
    page.goto("/referrals/")
    inspect(page, "referrals")
    page.get_by_text("Find a referral").click()
    page.get_by_label("Patient’s name or NHS number").fill("okonkwo")
    page.get_by_role("button", name="Search").click()
    expect(page.get_by_text("1 referral of your practice found")).to_be_visible()
    assert "okonkwo" not in page.url
    inspect(page, "referrals-found")
    page.goto(f"/referrals/{ended.key}")
    expect(page.get_by_text("Link worker: Amina Okafor")).to_be_visible()
    inspect(page, "referral-ended")
