"""Windows on the running app: opened, watched, signed in to and inspected."""

import os
import weakref
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response

from linkwork.database import db
from linkwork.models import User
from tests.cast import PASSWORD
from tests.pages import straight_quotes

WIDTHS = (1280, 375, 320)
# Between the narrow two nothing changes but the room: the rules are asked at the narrowest.
RULED = (1280, 320)
HEIGHT = 900
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
UNFOLD = """[...document.querySelectorAll('details')].map(
    (folded, nth) => folded.open ? -1 : (folded.open = true, nth)).filter(nth => nth >= 0)"""
FOLD = """folded => document.querySelectorAll('details').forEach(
    (unfolded, nth) => { if (folded.includes(nth)) unfolded.open = false })"""
FIND_FAULTS = """options => axe.run(options).then(found => found.violations.map(
    ({id, help, nodes}) => ({id, help, where: nodes.slice(0, 3).map(n => String(n.target))})))"""
AXE_SCRIPT = Axe().axe_script
TOO_WIDE = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
REPORT_VIOLATIONS = """document.addEventListener('securitypolicyviolation', broken =>
    console.error('policy violated: ' + broken.violatedDirective + ' ' + broken.blockedURI))"""


# Playwright waits for ever for a promise in a window without JavaScript.
_without_scripts: weakref.WeakSet[Page] = weakref.WeakSet()


@dataclass
class Live:
    """The app, and where it is served."""

    app: Flask
    address: str


@dataclass
class Watch:
    """Notes everything that should not happen in a browser."""

    live: Live
    faults: list[str] = field(default_factory=list)

    def attend(self, page: Page) -> None:
        """Watch a page from now on."""
        page.add_init_script(REPORT_VIOLATIONS)
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.faults.append(f"script failed: {error}"))
        page.on("request", self._asked)
        page.on("response", self._answered)

    def _said(self, message: ConsoleMessage) -> None:
        # A refused page is reported by _answered, which knows a refusal from a fault.
        if message.type in {"error", "warning"} and not message.text.startswith("Failed to load"):
            self.faults.append(f"{message.type}: {message.text}")

    def _asked(self, request: Request) -> None:
        if not request.url.startswith((self.live.address, "data:", "blob:")):
            self.faults.append(f"left the site: {request.url}")

    def _answered(self, response: Response) -> None:
        allowed = 500 if response.request.resource_type in {"document", "fetch"} else 400
        if response.status >= allowed:
            self.faults.append(f"{response.status}: {response.url}")


def window(chromium: Browser, watch: Watch, width: int = 1280, scripts: bool = True) -> Page:
    """Open a window with its own cookies, with or without JavaScript."""
    context = chromium.new_context(
        base_url=watch.live.address,
        viewport={"width": width, "height": HEIGHT},
        locale="en-GB",
        timezone_id="Europe/London",
        java_script_enabled=scripts,
        reduced_motion="reduce",
    )
    context.set_default_timeout(10_000)
    page = context.new_page()
    watch.attend(page)
    if not scripts:
        _without_scripts.add(page)
    # What the test prepared must be there for the server, which has a connection of its own.
    prepared, app = db.session(), watch.live.app
    page.on("request", lambda _: commit(prepared, app))
    return page


def commit(prepared: Any, app: Flask) -> None:
    """Commit from where there is no context of the app: a listener of the browser."""
    with app.app_context():
        prepared.commit()


def sign_in(page: Page, who: User) -> None:
    """Sign in as a member of the cast, by hand."""
    page.goto("/sign-in")
    page.get_by_label("Email").fill(who.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def axe(page: Page) -> list[str]:
    """Return what the accessibility rules find on the page, with everything unfolded."""
    assert page not in _without_scripts, "inspect the page in a window with JavaScript"
    unfolded = page.evaluate(UNFOLD)
    # Brought in once for each page, and asked for no more than is read: half the time.
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found = page.evaluate(FIND_FAULTS, {"runOnly": TAGS, "resultTypes": ["violations"]})
    page.evaluate(FOLD, unfolded)
    return [f"{fault['id']}: {fault['help']}: {', '.join(fault['where'])}" for fault in found]


def inspect(page: Page, name: str = "", ruled: tuple[int, ...] = RULED) -> None:
    """Hold a page to every rule at every width, and leave it as wide as it was.

    The rules of accessibility are asked at the widths ``ruled``.

    With LINKWORK_PICTURES set to a folder, pictures called ``name`` are left there.
    """
    before = page.viewport_size
    found = [f"straight apostrophe: {words}" for words in straight_quotes(page.content())]
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": HEIGHT})
        if width in ruled:
            found += [f"at {width}: {fault}" for fault in axe(page)]
        if page.evaluate(TOO_WIDE):
            found.append(f"at {width}: scrolls sideways")
        picture(page, f"{name}-{width}")
    if before:
        page.set_viewport_size(before)
    assert found == [], f"{page.url}: {found}"


def picture(page: Page, name: str) -> None:
    """Leave a picture of the whole page, where pictures were asked for."""
    folder = os.environ.get("LINKWORK_PICTURES")
    if folder and not name.startswith("-"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)
