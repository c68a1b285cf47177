"""The way through a feed: each list, and each service that it names, a few at a time."""

from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime
from io import StringIO
from itertools import islice
from typing import Any

from linkwork.errors import FileRefused
from linkwork.exchange import feed_pages
from linkwork.exchange.feed_address import Address
from linkwork.exchange.feed_folder import FeedFolder
from linkwork.exchange.feed_line import Limits, Unanswered
from linkwork.exchange.feed_pages import Page
from linkwork.exchange.feed_requests import Requests, refusal_of
from linkwork.exchange.json_values import JsonText

NOTHING = "Nothing was imported."
GONE = (404, 410)
UNWANTED = (400, 422)
# What may be missing of a feed that is taken for whole: a tenth, and ten of a small one.
MOST_MISSING, FEW = 0.1, 10
AHEAD = 4
TRIED = 3
Progress = Callable[[int, int | None], None]
# A record; None where it is gone; or why it could not be had.
Came = dict[str, Any] | str | None


@dataclass(slots=True)
class FeedWalk:
    """Through the lists of the feed at ``address``. ``missing`` are services that did not come."""

    requests: Requests
    limits: Limits
    address: Address
    kept: FeedFolder
    at: datetime
    progress: Progress
    total: int | None = None
    done: int = 0
    gives_whole: bool | None = None
    missing: list[str] = field(default_factory=list)

    def through(self, first: Page, listed: Address) -> None:
        """Fetch what is listed and not kept yet.

        ``first`` is what the feed answered unasked, ``listed`` where its pages are asked for.
        Raises FileRefused and Unanswered.
        """
        pages = feed_pages.all_of(first, self._asking(listed), self.limits)
        with ThreadPoolExecutor(self.limits.workers) as pool:
            try:
                for page in pages:
                    self.total = self.total or page.count(feed_pages.ITEMS)
                    self._fetch(pool, self._wanted(page))
            except BaseException:
                self.requests.stop()
                pool.shutdown(cancel_futures=True)
                raise

    def _asking(self, listed: Address) -> feed_pages.Ask:
        per_page: int | None = self.limits.per_page

        def ask(number: int) -> Page:
            nonlocal per_page, listed
            address = listed.asking(page=number, per_page=per_page)
            status, words = self.requests.words(address, most=self.limits.page_bytes)
            if status in UNWANTED and per_page:
                # It lets nobody say how long its pages are.
                per_page = None
                return ask(number)
            if status in UNWANTED and listed != self.address:
                # Nor what changed lately.
                listed = self.address
                return ask(number)
            page = feed_pages.read(words) if status == 200 else None
            if page is None:
                said = "answered with something else." if status == 200 else refusal_of(status)
                raise FileRefused(f"Page {number} of the feed: {listed.host} {said} {NOTHING}")
            return page

        return ask

    def _wanted(self, page: Page) -> Iterator[str]:
        wanted = []
        if self.gives_whole is None:
            self.gives_whole = self._gives_whole(page)
        for record in page.records:
            key = feed_pages.key_of(record)
            whole = self.gives_whole or not key
            self.kept.list_one(key, record if whole else None)
            if whole or self.kept.has(key):
                self._did_one()
            else:
                wanted.append(key)
        return iter(wanted)

    def _gives_whole(self, page: Page) -> bool:
        """Whether the list says all there is: some of its services asked for tell no more."""
        some = [one for one in page.records if feed_pages.is_like_whole(one)][:TRIED]
        return bool(some) and not any(self._tells_more(one) for one in some)

    def _tells_more(self, record: dict[str, Any]) -> bool:
        came = self._ask_for(feed_pages.key_of(record))
        return isinstance(came, dict) and bool(feed_pages.says(came) - feed_pages.says(record))

    def _fetch(self, pool: ThreadPoolExecutor, wanted: Iterator[str]) -> None:
        waiting: dict[Future[Came], str] = {}
        while True:
            # Only a few ahead, so that a fault is noticed before much more is asked for.
            for key in islice(wanted, self.limits.workers * AHEAD - len(waiting)):
                waiting[pool.submit(self._ask_for, key)] = key
            if not waiting:
                return
            for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                self._take(waiting.pop(future), future.result())

    def _ask_for(self, key: str) -> Came:
        try:
            address = self.address.below(key)
            status, words = self.requests.words(address, most=self.limits.service_bytes)
        except Unanswered as nothing:
            return str(nothing)
        if status != 200:
            return None if status in GONE else f"{self.address.host} {refusal_of(status)}"
        return _record(words, key)

    def _take(self, key: str, came: Came) -> None:
        if isinstance(came, dict):
            self.kept.keep(key, came, at=self.at)
        elif came is not None:
            self.missing.append(key)
            if len(self.missing) > max(FEW, MOST_MISSING * (self.total or 0)):
                raise FileRefused(
                    f"{len(self.missing)} services of the feed could not be fetched, the last "
                    f"because {came.rstrip('.')}. {NOTHING} What came is kept: try again later."
                )
        self._did_one()

    def _did_one(self) -> None:
        self.done += 1
        self.progress(self.done, self.total)


def _record(words: str, key: str) -> dict[str, Any] | str:
    try:
        record = JsonText(StringIO(words)).value()
    except FileRefused:
        return "an answer was not JSON"
    if not isinstance(record, dict):
        return "an answer was no service"
    if feed_pages.key_of(record).lower() != key.lower():
        return "another service came than was asked for"
    return record
