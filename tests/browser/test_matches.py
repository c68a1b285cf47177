"""From a list of matches: yes, no good, put back, side by side, and details to give."""

import pytest
from playwright.sync_api import Page, expect

from linkwork.casework.lexicon import concepts_of
from linkwork.database import db
from linkwork.models import Provider, SupportCase, service_text
from tests import cast as make
from tests.browser.windows import inspect, sign_in
from tests.cast import Cast

HOSTILE = "O'Neill’s <img src=x onerror=alert(1)> Garden"


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    """A case that gardens were heard in, three gardens and one that is full."""
    found = make.case(cast.northside, worker=cast.amina)
    make.contact(found, by=cast.amina, notes="He would love to be gardening again.")
    words = "Gardening on a shared allotment"
    for name, status in (
        (HOSTILE, None), ("Mill Plot", "waitlist"), ("Orchard", None), ("Full", "no-capacity"),
    ):  # fmt: skip
        made = make.service(
            name=name, description=words, concepts=concepts_of("", words, []), phone="01632 960001"
        )
        made.capacity_status, made.provider = status, Provider(name=f"Those of {len(name)}")
        db.session.flush()
        service_text.reindex([made.id])
    return found


def test_a_list_is_answered_compared_and_given_with_the_keyboard_alone(
    page: Page, cast: Cast, case: SupportCase
) -> None:
    sign_in(page, cast.amina)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"/cases/{case.key}/matches/")
    page.get_by_role("button", name="Yes : gardening").press("Enter")
    expect(page.get_by_text("Because: gardening (confirmed)").first).to_be_visible()

    page.locator("summary", has_text="No good: Orchard").press("Enter")
    page.get_by_role("button", name="Too far").locator("visible=true").press("Enter")
    expect(page.get_by_text("Taken off the list: Orchard (too far).")).to_be_visible()
    expect(page.get_by_label("Choose Orchard")).to_have_count(0)
    inspect(page, "matches-answered")
    page.get_by_role("button", name="Undo Orchard").press("Enter")

    for name in ("Orchard", HOSTILE):
        page.get_by_label(f"Choose {name}").press("Space")
    expect(page.get_by_role("button", name="Compare the chosen")).to_be_in_viewport()
    page.get_by_role("button", name="Compare the chosen").press("Enter")
    expect(page.get_by_role("row", name="Why it fits")).to_contain_text("Gardening (confirmed)")
    inspect(page, "matches-compared")

    page.get_by_role("link", name="Details to give to the person").press("Enter")
    inspect(page, "handout")
    page.get_by_role("button", name="Copy the text about Orchard").press("Enter")
    expect(page.get_by_text("Copied.")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == "Orchard. Phone 01632 960001."
