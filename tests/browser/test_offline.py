"""Home visits without a network, in a real browser: nothing lost."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from linkwork.casework import visits
from linkwork.database import db
from linkwork.models import Contact, SupportCase, Visit
from tests import cast as make
from tests.browser.offline_visits import (
    NOTE,
    drafts,
    on_the_device,
    set_out,
    write,
)
from tests.browser.windows import inspect, sign_in
from tests.cast import Cast
from tests.conftest import NOW, TODAY


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    person = make.person(address="1 Elm Lane", alert="Large dog")
    return make.case(cast.northside, worker=cast.amina, person=person)


@pytest.fixture
def visit(case: SupportCase, cast: Cast) -> Visit:
    made = visits.plan(case, planned_at=NOW, by=cast.amina, at=NOW - timedelta(hours=1))
    db.session.commit()
    return made


def contacts() -> list[Contact]:
    db.session.rollback()
    return list(db.session.scalars(select(Contact)))


@pytest.mark.both_engines
def test_a_visit_is_made_and_written_up_without_a_network_and_sent_on_return(
    browse: Callable[..., Page], cast: Cast, visit: Visit
) -> None:
    page = browse(width=375)
    set_out(page, cast)
    page.reload()  # the page itself comes from the device
    expect(page.get_by_text("Rosa Quill")).to_be_visible()
    expect(page.get_by_text("There is no network")).to_be_visible()
    inspect(page, "offline-list")
    page.get_by_role("button", name="Start").click()
    write(page)
    page.clock.fast_forward("30:00")
    page.get_by_role("button", name="I am safe").click()
    expect(page.get_by_text("Safe at 11:00")).to_be_visible()
    page.reload()
    page.get_by_text("Write a note").click()
    expect(page.get_by_label("What is going on")).to_have_value(NOTE)
    inspect(page, "offline-note")
    assert drafts() == []
    page.context.set_offline(False)
    expect(page.get_by_role("link", name="Finish this note in Linkwork")).to_be_visible()
    [draft] = drafts()
    assert draft.fields["notes"] == [NOTE]
    assert visit.started_at is not None
    assert visit.safe_at is not None
    inspect(page, "offline-sent")
    page.get_by_role("link", name="Finish this note in Linkwork").click()
    expect(page.get_by_label("What is going on")).to_have_value(NOTE)
    page.get_by_role("button", name="Save conversation").click()
    page.wait_for_url(lambda address: "/contacts/" not in address)
    assert [(c.notes, c.mode, c.minutes) for c in contacts()] == [(NOTE, "visit", 45)]


def test_a_note_of_a_visit_that_is_gone_is_told_and_kept_and_not_sent_for_ever(
    page: Page, cast: Cast, case: SupportCase, visit: Visit
) -> None:
    set_out(page, cast)
    write(page)
    case.organisation = cast.southside
    db.session.commit()
    page.context.set_offline(False)
    expect(page.get_by_text("Linkwork has no such visit for you any more")).to_be_visible()
    expect(page.get_by_text("and cannot be sent")).to_be_visible()
    expect(page.get_by_role("button", name="Send what I wrote")).to_be_hidden()
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url))
    page.clock.run_for(50_000)
    page.reload()
    expect(page.get_by_text("Linkwork has no such visit for you any more")).to_be_visible()
    assert [address for address in sent if address.endswith("/sync")] == []
    page.get_by_text("Write a note").click()
    expect(page.get_by_label("What is going on")).to_have_value(NOTE)
    remove = page.get_by_role("button", name="Take them off this device")
    remove.click()
    expect(page.get_by_text("What could not be sent is still on it")).to_be_visible()
    remove.click()
    expect(page.get_by_text("Nothing is on this device now")).to_be_visible()
    assert f"note:{visit.key}" not in on_the_device(page)


def test_words_that_are_newer_in_linkwork_are_shown_beside_and_nothing_is_lost(
    page: Page, cast: Cast, case: SupportCase, visit: Visit
) -> None:
    set_out(page, cast)
    write(page)
    page.context.set_offline(False)
    expect(page.get_by_text("Sent to Linkwork")).to_be_visible()
    page.context.set_offline(True)
    [draft] = drafts()
    draft.fields = {**draft.fields, "notes": ["Written at the desk."]}
    draft.version += 1
    visits.stop(case, by=cast.ben, at=NOW)
    case.closed_at = NOW
    db.session.commit()
    page.get_by_label("What is going on").fill("Written on the way.")
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_text("not sent yet")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_text("Written at the desk.")).to_be_visible()
    expect(page.get_by_text("This visit was cancelled at 10:30")).to_be_visible()
    expect(page.get_by_text("This case has ended meanwhile")).to_be_visible()
    expect(page.get_by_label("What is going on")).to_have_value("Written on the way.")
    inspect(page, "offline-conflict")
    assert [d.fields["notes"] for d in drafts()] == [
        ["Written at the desk."],
        ["Written on the way."],
    ]


def test_nobody_starts_alone_where_nobody_should_without_a_network_either(
    page: Page, cast: Cast, case: SupportCase, visit: Visit
) -> None:
    case.person.lone_worker_reason, case.person.lone_worker_review_on = "Threats", TODAY
    db.session.commit()
    set_out(page, cast)
    start = page.get_by_role("button", name="Start")
    expect(start).to_be_disabled()
    inspect(page, "offline-not-alone")
    page.get_by_label("Who goes with you").fill("Ben Harte")
    start.click()
    expect(page.get_by_role("button", name="I am safe")).to_be_visible()


def test_without_scripts_the_list_on_paper_is_offered(
    browse: Callable[..., Page], cast: Cast, visit: Visit
) -> None:
    page = browse(scripts=False, width=320)
    sign_in(page, cast.amina)
    page.goto("/visits/offline")
    page.get_by_role("link", name="Print the list of today’s visits").click()
    expect(page.get_by_text("Large dog")).to_be_visible()
