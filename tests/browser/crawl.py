"""Goes through the app as somebody who follows links, and sends every form empty."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import ElementHandle, Page
from werkzeug.exceptions import HTTPException

from tests.browser.windows import RULED, Live, inspect

# What somebody fills in and sends. A form that is only a button is none.
FORMS = "main form[method=post]:has(input:not([type=hidden]), select, textarea)"
EMPTY = """form => {
    for (const field of form.elements) {
        if (field.type === 'checkbox' || field.type === 'radio') field.checked = false;
        else if (field.tagName === 'SELECT') field.selectedIndex = 0;
        else if (field.type !== 'hidden' && field.tagName !== 'BUTTON') field.value = '';
    }
}"""
SEND = "form => form.requestSubmit(form.querySelector('button[type=submit]'))"
ADDRESSES = "links => links.map(link => link.href)"
FOCUSED = "selector => document.activeElement?.matches(selector)"
DOWNLOADS = (".csv", ".ics", ".json", ".txt", ".xlsx", ".zip")


@dataclass
class Crawl:
    """One walk through the app, and what was seen: each address, and the route it belongs to.

    ``leaving`` are the routes not to follow.
    """

    live: Live
    page: Page
    name: str
    leaving: set[str] = field(default_factory=set)
    seen: dict[str, str] = field(default_factory=dict)
    refusing: set[str] = field(default_factory=set)
    _links: list[str] = field(default_factory=list)
    _led: set[str] = field(default_factory=set)

    def follow(self, *addresses: str) -> None:
        """Look at each address, then at one page of each route that links lead to."""
        for address in addresses:
            self._look(address)
        while new := next(self._new(), None):
            self._look(new)

    def send_every_form_empty(self) -> None:
        """Send each form of each page that was seen with nothing in it."""
        for address, route in list(self.seen.items()):
            if not is_download(address):
                self.page.goto(address)
                for nth in range(self.page.locator(FORMS).count()):
                    self._send_empty(route, address, nth)

    def _look(self, address: str) -> None:
        if is_download(address):
            self.seen[address] = self._route(address)
            answer = self.page.request.get(address)
            assert answer.ok, f"{address}: {answer.status}"
            return
        answered = self.page.goto(address)
        assert answered is not None
        assert answered.ok, f"{address}: {answered.status}"
        # Where it led is what is seen: a colleague’s case asks for a reason first.
        route = self._route(self.page.url)
        self.seen[self.page.url] = route
        self._led.add(self._route(address))
        earlier = sum(known == route for known in self.seen.values()) - 1
        hold(self.page, f"{self.name}-{route}{f'-{earlier}' if earlier else ''}")
        self._links += self.page.locator("a[href]").evaluate_all(ADDRESSES)

    def _new(self) -> Iterator[str]:
        known = {"", *self.leaving, *self.seen.values(), *self._led}
        for link in self._links:
            if link.startswith(self.live.address) and self._route(link) not in known:
                yield link.split("#")[0]

    def _route(self, address: str) -> str:
        """The endpoint an address belongs to; nothing for a file."""
        path = urlsplit(address).path
        try:
            endpoint, _ = self.live.app.url_map.bind("").match(path, "GET")
        except HTTPException:
            return ""
        return "" if endpoint == "static" else str(endpoint)

    def _send_empty(self, route: str, address: str, nth: int) -> None:
        self.page.goto(address)
        form = self.page.locator(FORMS).nth(nth).element_handle()
        assert form is not None
        form.evaluate(EMPTY)
        status = self._send(form)
        assert status < 500, f"{address}: {status}"
        if status >= 400:
            self.refusing.add(route)
            hold_refusal(self.page, f"{self.name}-{route}-error-{nth}")

    def _send(self, form: ElementHandle) -> int:
        with self.page.expect_navigation() as answered:
            form.evaluate(SEND)
        return answered.value.status


def is_download(address: str) -> bool:
    """Whether an address gives a file to keep."""
    return urlsplit(address).path.endswith(DOWNLOADS)


def hold(page: Page, name: str, ruled: tuple[int, ...] = RULED) -> None:
    """Hold a page to what every page keeps to."""
    assert page.title().endswith(" – Linkwork"), page.url
    assert page.locator("h1").count() == 1, page.url
    inspect(page, name, ruled)


def hold_refusal(page: Page, name: str) -> None:
    """Hold a form that was refused to what it has to say, and where it lets one go."""
    assert page.title().startswith("Error: "), page.url
    page.wait_for_function(FOCUSED, arg=".error-summary")
    links = page.locator(".error-summary a")
    for nth in range(links.count()):
        target = links.nth(nth).get_attribute("href") or ""
        links.nth(nth).click()
        assert page.evaluate(FOCUSED, target), f"{page.url}: {target} does not take focus"
    page.evaluate("scrollTo(0, 0)")  # nothing half under the bar that stays at the top
    # The page was held to the rules at every width: new is what is said of the faults.
    hold(page, name, ruled=RULED[-1:])
