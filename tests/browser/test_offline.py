"""Home visits without a network, in a real browser: nothing lost, nothing readable afterwards."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from linkwork.casework import visits
from linkwork.database import db
from linkwork.models import Contact, Draft, SupportCase, User, Visit
from tests import cast as make
from tests.browser.windows import inspect, sign_in
from tests.cast import PASSWORD, Cast
from tests.conftest import NOW, TODAY, Clock

NOTE = "She keeps pigeons – and wants to show somebody."
PERSONAL = ("Rosa", "Quill", "Elm Lane", "07700 900123", "Large dog", "pigeons")
# Everything that can be read on the device without a key.
READ_THE_DEVICE = """async () => {
    const read = [JSON.stringify({...localStorage}), JSON.stringify({...sessionStorage})];
    for (const { name } of await indexedDB.databases()) {
        const base = await new Promise((done, failed) => {
            const opening = indexedDB.open(name);
            opening.onsuccess = () => done(opening.result);
            opening.onerror = () => failed(opening.error);
        });
        for (const store of base.objectStoreNames) {
            const rows = await new Promise((done, failed) => {
                const asked = base.transaction(store).objectStore(store).getAll();
                asked.onsuccess = () => done(asked.result);
                asked.onerror = () => failed(asked.error);
            });
            for (const row of rows) {
                const sealed = row.sealed && new TextDecoder().decode(row.sealed);
                read.push(name + JSON.stringify(row) + String(row.key ?? '') + (sealed ?? ''));
            }
        }
        base.close();
    }
    for (const name of await caches.keys()) {
        const cache = await caches.open(name);
        for (const request of await cache.keys()) {
            read.push(request.url + await (await cache.match(request)).text());
        }
    }
    return read.join('\\n');
}"""
WORKS_BY_ITSELF = "navigator.serviceWorker.ready.then(() => true)"


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    person = make.person(address="1 Elm Lane", alert="Large dog")
    return make.case(cast.northside, worker=cast.amina, person=person)


@pytest.fixture
def visit(case: SupportCase, cast: Cast) -> Visit:
    made = visits.plan(case, planned_at=NOW, by=cast.amina, at=NOW - timedelta(hours=1))
    db.session.commit()
    return made


def on_the_device(page: Page) -> str:
    found: str = page.evaluate(READ_THE_DEVICE)
    return found


def set_out(page: Page, cast: Cast, at: datetime = NOW) -> None:
    """Sign in, take today’s visits along, and lose the network."""
    page.clock.install(time=at)
    sign_in(page, cast.amina)
    page.goto("/visits/offline")
    page.get_by_role("button", name="Take today’s visits with me").click()
    expect(page.get_by_text("Today’s visits are on this device")).to_be_visible()
    assert page.evaluate(WORKS_BY_ITSELF)
    page.context.set_offline(True)


def return_in_a_new_window(page: Page) -> Page:
    """Have a network again where the page that would send at once is closed."""
    context, prepared = page.context, db.session()
    page.close()
    context.set_offline(False)
    another = context.new_page()
    another.on("request", lambda _: prepared.commit())
    return another


def readable(page: Page) -> list[str]:
    """What can be read of the person, on the screen or the device, and the key if it is left."""
    shown = page.content() + on_the_device(page)
    return [words for words in (*PERSONAL, "CryptoKey") if words in shown]


def write(page: Page, text: str = NOTE) -> None:
    page.get_by_text("Write a note").click()
    page.get_by_label("What is going on").fill(text)
    page.get_by_label("Minutes").fill("45")
    expect(page.get_by_text("not sent yet")).to_be_visible()


def contacts() -> list[Contact]:
    db.session.rollback()
    return list(db.session.scalars(select(Contact)))


def drafts() -> list[Draft]:
    db.session.rollback()
    return list(db.session.scalars(select(Draft).order_by(Draft.id)))


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


def go_on(page: Page, who: User) -> None:
    """Sign in where the page of visits asks for it, and come back to it."""
    page.goto("/sign-in?next=/visits/offline")
    page.get_by_label("Email").fill(who.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Visits without a network")).to_be_visible()


def test_after_signing_out_nothing_on_the_device_can_be_read_and_the_note_comes_back_to_its_writer(
    page: Page, cast: Cast, visit: Visit
) -> None:
    set_out(page, cast)
    write(page)
    assert "Rosa Quill" in page.content()
    page = return_in_a_new_window(page)
    page.goto("/help")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    read = on_the_device(page)
    assert "linkwork-records" in read, "the note is there, sealed"
    assert [words for words in PERSONAL if words in read] == []
    page.goto("/visits/offline")
    expect(page.get_by_role("link", name="Sign in")).to_be_visible()
    assert [words for words in PERSONAL if words in page.content()] == []
    go_on(page, cast.ben)
    expect(page.get_by_text("No visit is on this device")).to_be_visible()
    assert [words for words in PERSONAL if words in page.content()] == []
    assert drafts() == []
    page.goto("/help")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    go_on(page, cast.amina)
    expect(page.get_by_role("link", name="Finish this note in Linkwork")).to_be_visible()
    assert [draft.fields["notes"] for draft in drafts()] == [[NOTE]]


def test_even_while_signed_in_nothing_lies_open_on_the_device(
    page: Page, cast: Cast, visit: Visit
) -> None:
    set_out(page, cast)
    write(page)
    read = on_the_device(page)
    assert "/visits/offline" in read
    assert "linkwork-keys" in read
    assert [words for words in (*PERSONAL, "Amina") if words in read] == []


def test_signing_out_in_one_window_empties_the_other(page: Page, cast: Cast, visit: Visit) -> None:
    set_out(page, cast)
    page.context.set_offline(False)
    other = page.context.new_page()
    other.goto("/help")
    other.get_by_role("button", name="Sign out").click()
    expect(page.get_by_text("This device was locked")).to_be_visible()
    assert "Quill" not in page.content()


def test_a_session_that_ended_on_the_way_is_asked_for_and_the_note_is_sent_then(
    page: Page, cast: Cast, visit: Visit, clock: Clock
) -> None:
    set_out(page, cast)
    write(page)
    clock.advance(minutes=40)
    page.context.set_offline(False)
    expect(page.get_by_text("You are not signed in. What you wrote is still here")).to_be_visible()
    assert readable(page) == []
    inspect(page, "offline-signed-out")
    page.get_by_role("link", name="Sign in").click()
    page.get_by_label("Email").fill(cast.amina.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("link", name="Finish this note in Linkwork")).to_be_visible()
    assert [draft.fields["notes"] for draft in drafts()] == [[NOTE]]


def test_what_was_typed_a_moment_ago_is_sealed_before_the_device_is_locked(
    page: Page, cast: Cast, visit: Visit, clock: Clock
) -> None:
    set_out(page, cast)
    page.get_by_text("Write a note").click()
    clock.advance(minutes=40)
    page.clock.pause_at(NOW + timedelta(minutes=40))
    page.get_by_label("What is going on").press_sequentially(NOTE)  # the clock never runs on
    page.context.set_offline(False)
    expect(page.get_by_text("You are not signed in")).to_be_visible()
    assert readable(page) == []
    page.clock.resume()
    go_on(page, cast.amina)
    expect(page.get_by_role("link", name="Finish this note in Linkwork")).to_be_visible()
    assert [draft.fields["notes"] for draft in drafts()] == [[NOTE]]


@pytest.mark.parametrize("ended", ["idle", "disabled"])
def test_a_page_that_is_opened_after_the_session_has_ended_shows_nothing(
    page: Page, cast: Cast, visit: Visit, clock: Clock, ended: str
) -> None:
    set_out(page, cast)
    page.reload()
    expect(page.get_by_text("Rosa Quill")).to_be_visible()
    if ended == "idle":
        clock.advance(minutes=40)
    else:
        cast.amina.disabled_at = NOW
        db.session.commit()
    page = return_in_a_new_window(page)
    page.clock.install(time=NOW)
    page.goto("/visits/offline")
    expect(page.get_by_text("You are not signed in")).to_be_visible()
    assert readable(page) == []
    page.context.set_offline(True)
    page.reload()
    expect(page.get_by_text("This device is locked")).to_be_visible()
    assert readable(page) == []


def test_a_page_that_stays_open_does_not_outlive_the_session_nor_keep_it_alive(
    page: Page, cast: Cast, visit: Visit, clock: Clock
) -> None:
    set_out(page, cast)
    page.context.set_offline(False)
    page.clock.pause_at(NOW + timedelta(minutes=10))
    for minutes in (0, 10, 4):
        clock.advance(minutes=minutes)
        with page.expect_response("**/visits/offline/me?by=clock"):
            page.clock.run_for(76_000)
        expect(page.get_by_text("Rosa Quill")).to_be_visible()
    clock.advance(minutes=2)
    page.clock.run_for(76_000)
    expect(page.get_by_text("You are not signed in")).to_be_visible()
    assert readable(page) == []


def test_somebody_else_who_is_signed_in_meanwhile_reads_nothing_of_it(
    browse: Callable[..., Page], page: Page, cast: Cast, visit: Visit
) -> None:
    set_out(page, cast)
    write(page)
    other = browse()
    sign_in(other, cast.ben)
    page = return_in_a_new_window(page)
    page.context.clear_cookies()
    page.context.add_cookies(other.context.cookies())
    page.goto("/visits/offline")
    expect(page.get_by_text("No visit is on this device")).to_be_visible()
    assert [words for words in PERSONAL if words in page.content()] == []
    assert drafts() == []


def test_visits_are_gone_at_midnight_without_a_network_too_and_the_note_is_not(
    page: Page, cast: Cast, visit: Visit
) -> None:
    set_out(page, cast, at=NOW + timedelta(hours=11))
    write(page)
    page.clock.fast_forward("02:31:00")
    page.reload()
    expect(page.get_by_text("A visit of an earlier day")).to_be_visible()
    assert [words for words in PERSONAL[:-1] if words in page.content()] == []
    page.get_by_text("Write a note").click()
    expect(page.get_by_label("What is going on")).to_have_value(NOTE)


def test_any_page_forgets_the_visits_of_a_day_that_is_over(
    page: Page, cast: Cast, visit: Visit
) -> None:
    set_out(page, cast)
    assert f"visit:{visit.key}" in on_the_device(page)
    page = return_in_a_new_window(page)
    page.context.clear_cookies()
    page.clock.install(time=NOW + timedelta(days=1))
    page.goto("/sign-in")
    expect(page.get_by_label("Email")).to_be_visible()
    page.wait_for_function("localStorage.getItem('linkwork-taken-until') === null")
    assert f"visit:{visit.key}" not in on_the_device(page)


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
