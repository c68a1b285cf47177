"""A real server, a real browser, and what is held against a page.

``live``     the app being served: ``live.app``, ``live.address``
``page``     a browser window on it, 1280 wide: ``page.goto("/sign-in")``; when the test ends,
             every error, policy violation, failed file and request elsewhere fails it
``browse``   another window, with its own cookies: ``browse(width=375)``

What to do with a page, and how to look at it, is in tests/browser/windows.py.
"""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from _pytest.runner import runtestprotocol
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright

from linkwork.database import db
from tests import second_tries
from tests.browser.serving import served
from tests.browser.windows import Live, Watch, window

HERE = Path(__file__).parent
FURTHER_TRIES = 2
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--font-render-hinting=none",
    "--no-first-run",
]


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool | None:
    """Try a browser’s test that failed again, twice: a browser has clocks and threads of its own.

    What passes only then is told at the end of the run (tests/conftest.py), to be looked into.
    """
    if not item.path.is_relative_to(HERE):
        return None
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    reports = runtestprotocol(item, nextitem=nextitem, log=False)
    for _ in range(FURTHER_TRIES):
        if failed := [report for report in reports if report.failed]:
            second_tries.note(item.nodeid, str(failed[0].longrepr))
            item._initrequest()  # type: ignore[attr-defined]
            reports = runtestprotocol(item, nextitem=nextitem, log=False)
    for report in reports:
        item.ihook.pytest_runtest_logreport(report=report)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for this process."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        pytest.fail("No Chromium found: install it, or run tests/run, which does.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def app(make_app: Callable[..., Flask]) -> Iterator[Flask]:
    """The app as it is served: forms from another site are refused."""
    app = make_app(WTF_CSRF_ENABLED=True)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def live(app: Flask) -> Iterator[Live]:
    """The app, served on a port of its own until the test ends."""
    with served(app) as address:
        yield Live(app, address)
        db.session.rollback()  # what is still being answered may wait to write


@pytest.fixture
def browse(live: Live, chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Open windows on the app, each with its own cookies; hold every fault against the test."""
    watch = Watch(live)
    yield lambda **how: window(chromium, watch, **how)
    for context in chromium.contexts:
        context.close()
    assert watch.faults == []


@pytest.fixture
def page(browse: Callable[..., Page]) -> Page:
    """A window as wide as a desk’s."""
    return browse()
