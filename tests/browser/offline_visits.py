"""What is done on the page of visits without a network, and what a device lets anybody read."""

from datetime import datetime

from flask import current_app
from playwright.sync_api import Page, expect
from sqlalchemy import select

from linkwork.database import db
from linkwork.models import Draft, User
from tests.browser.windows import commit, sign_in
from tests.cast import PASSWORD, Cast
from tests.conftest import NOW

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
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    page.close()
    context.set_offline(False)
    another = context.new_page()
    another.on("request", lambda _: commit(prepared, app))
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


def drafts() -> list[Draft]:
    db.session.rollback()
    return list(db.session.scalars(select(Draft).order_by(Draft.id)))


def go_on(page: Page, who: User) -> None:
    """Sign in where the page of visits asks for it, and come back to it."""
    page.goto("/sign-in?next=/visits/offline")
    page.get_by_label("Email").fill(who.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", name="Visits without a network")).to_be_visible()
