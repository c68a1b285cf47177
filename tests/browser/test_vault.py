"""What the browser keeps while nobody can be asked: locked, never lost, and nobody else’s."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.windows import sign_in
from tests.cast import Cast

IN_THE_VAULT = """async ([act, name, object]) => {
    const { vault } = await import('/static/js/vault.js');
    if (!(await vault.open())) return 'locked';
    return (await vault[act](name, object)) ?? null;
}"""
ALL_THAT_IS_KEPT = """async () => {
    const read = (database) => new Promise((done) => {
        const opening = indexedDB.open(database, 1);
        opening.onupgradeneeded = () => opening.transaction.abort();
        opening.onerror = () => done([]);
        opening.onsuccess = () => {
            const rows = opening.result.transaction('rows').objectStore('rows').getAll();
            rows.onsuccess = () => { opening.result.close(); done(rows.result); };
        };
    });
    const [keys, records] = [await read('linkwork-keys'), await read('linkwork-records')];
    const text = (bytes) => new TextDecoder().decode(bytes);
    const readable = await Promise.all(keys.map(({ key }) =>
        crypto.subtle.exportKey('raw', key).then(() => true, () => false)));
    return { keys: readable, records: records.map((row) => [row.name, text(row.sealed)]) };
}"""
WORDS = {"notes": "Zebra crossing"}


def ask(page: Page, act: str, name: str = "", thing: object = None) -> Any:
    """Do one thing in the vault of this page’s browser."""
    return page.evaluate(IN_THE_VAULT, [act, name, thing])


def sign_out(page: Page) -> None:
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()


@pytest.fixture
def amina(page: Page, cast: Cast) -> Page:
    """Amina’s browser, with one thing kept in it."""
    sign_in(page, cast.amina)
    assert ask(page, "put", "draft/one", WORDS) is None
    return page


def test_what_is_kept_is_sealed_and_its_key_cannot_be_read(amina: Page) -> None:
    kept = amina.evaluate(ALL_THAT_IS_KEPT)
    assert kept["keys"] == [False]
    assert [name for name, _ in kept["records"]] == ["draft/one"]
    assert "Zebra" not in str(kept)
    assert ask(amina, "get", "draft/one") == WORDS


def test_names_are_listed_in_order_and_things_are_forgotten_when_told(amina: Page) -> None:
    ask(amina, "put", "draft/two", {})
    ask(amina, "put", "visit/one", {})
    assert ask(amina, "list", "draft/") == ["draft/one", "draft/two"]
    ask(amina, "remove", "draft/one")
    assert ask(amina, "list") == ["draft/two", "visit/one"]
    assert ask(amina, "get", "draft/one") is None


def test_without_a_network_it_opens_for_whoever_is_signed_in(amina: Page) -> None:
    amina.context.set_offline(True)
    assert ask(amina, "get", "draft/one") == WORDS


def test_signing_out_leaves_nothing_readable_and_loses_nothing(amina: Page, cast: Cast) -> None:
    other_tab = amina.context.new_page()
    other_tab.goto("/cases/")
    assert ask(other_tab, "get", "draft/one") == WORDS
    sign_out(amina)
    assert ask(amina, "get", "draft/one") == "locked"
    assert ask(other_tab, "get", "draft/one") == "locked"
    kept = amina.evaluate(ALL_THAT_IS_KEPT)
    assert (kept["keys"], len(kept["records"])) == ([], 1)
    sign_in(amina, cast.amina)
    assert ask(amina, "get", "draft/one") == WORDS


def test_somebody_else_on_the_same_device_finds_nothing(amina: Page, cast: Cast) -> None:
    sign_out(amina)
    sign_in(amina, cast.ben)
    assert ask(amina, "list") == []
    assert ask(amina, "get", "draft/one") is None
    assert ask(amina, "put", "draft/one", {"notes": "Ben’s"}) is None
    sign_out(amina)
    sign_in(amina, cast.amina)
    assert ask(amina, "get", "draft/one") == WORDS


def test_a_browser_that_closed_without_signing_out_locks_itself_when_the_session_is_over(
    amina: Page, clock: Any
) -> None:
    clock.advance(minutes=16)
    amina.goto("/cases/")
    expect(amina.get_by_role("heading", name="Sign in", exact=True)).to_be_visible()
    assert ask(amina, "get", "draft/one") == "locked"


def test_a_record_that_was_moved_or_altered_does_not_open(amina: Page) -> None:
    moved = """async () => {
        const opening = indexedDB.open('linkwork-records', 1);
        await new Promise((done) => { opening.onsuccess = done; });
        const rows = opening.result.transaction('rows', 'readwrite').objectStore('rows');
        const all = rows.getAll();
        await new Promise((done) => { all.onsuccess = done; });
        const put = rows.put({ ...all.result[0], name: 'draft/two' });
        await new Promise((done) => { put.onsuccess = done; });
        opening.result.close();
    }"""
    amina.evaluate(moved)
    assert ask(amina, "list") == ["draft/one", "draft/two"]
    assert ask(amina, "get", "draft/two") is None


def test_a_name_with_a_person_in_it_is_refused(amina: Page) -> None:
    refused = """async () => {
        const { vault } = await import('/static/js/vault.js');
        await vault.open();
        return vault.put('draft/Rosa Quill', {}).then(() => 'kept', (error) => error.message);
    }"""
    assert amina.evaluate(refused) == "Not a name for the store."


def test_who_is_not_signed_in_is_given_no_key(browse: Callable[..., Page], cast: Cast) -> None:
    page = browse()
    page.goto("/sign-in")
    assert ask(page, "put", "draft/one", WORDS) == "locked"
