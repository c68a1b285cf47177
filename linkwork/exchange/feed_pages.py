"""The pages of a feed: what each says of itself, and the way from the first to the last.

Version 3.0 counts ``total_pages`` and lists ``contents``, version 1.0 counts ``totalPages`` and
lists ``content`` or ``contents``. Feeds count pages from one or from zero, repeat pages, promise
pages they do not have and go on for ever: what the list says is held against what it gives.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from io import StringIO
from typing import Any

from linkwork.errors import FileRefused
from linkwork.exchange.feed_line import Limits
from linkwork.exchange.json_values import JsonText
from linkwork.exchange.oruk_file import LISTS

ITEMS = ("total_items", "totalElements")
PAGES = ("total_pages", "totalPages")
NUMBERS = ("page_number", "number")
LASTS = ("last_page", "last")
FRAME = (*ITEMS, *PAGES, *NUMBERS, *LASTS)
# What a summary has not: a list that gives it may not need to be followed.
FULL = frozenset(("service_at_locations", "schedules", "regular_schedules", "cost_options"))
# Services that move while a list is read may be missed: more than a tenth is a fault.
KEPT_PROMISE = 0.9
MOST_KEYS = 1000
Ask = Callable[[int], "Page"]


@dataclass(slots=True)
class Page:
    """One page: the records it lists and what it says of itself, as far as it does."""

    records: list[dict[str, Any]]
    frame: dict[str, Any] = field(default_factory=dict)

    @property
    def is_first_version(self) -> bool:
        """Whether it speaks version 1.0."""
        return "totalElements" in self.frame

    def count(self, names: tuple[str, ...]) -> int | None:
        """A number the page says of itself."""
        found = (self.frame.get(name) for name in names)
        return next((n for n in found if isinstance(n, int) and not isinstance(n, bool)), None)

    @property
    def is_last(self) -> bool:
        """Whether it says that it is the last one."""
        return any(self.frame.get(name) is True for name in LASTS)


def read(words: str) -> Page | None:
    """Read an answer as a page; None where it is JSON of another shape.

    Raises FileRefused where it is not JSON, or beyond the limits of it.
    """
    text = JsonText(StringIO(words))
    if text.peek() != "{":
        return None
    page, listed = Page([]), False
    for place, key in enumerate(text.members()):
        if place > MOST_KEYS:
            return None
        if key in LISTS and text.peek() == "[" and not listed:
            listed = True
            page.records = [one for one in text.items() if isinstance(one, dict)]
        elif key in FRAME:
            page.frame[key] = text.value()
        else:
            text.skip()
    return page if listed and page.frame else None


def key_of(record: dict[str, Any]) -> str:
    """What a record is called in the feed; empty where it has no name that could be asked for."""
    given = record.get("id")
    return str(given).strip()[:300] if isinstance(given, str | int) else ""


def is_like_whole(record: dict[str, Any]) -> bool:
    """Whether a list gives more of a service than a summary has."""
    return not FULL.isdisjoint(says(record))


def says(record: dict[str, Any]) -> set[str]:
    """The properties of a record that say something."""
    return {name for name, value in record.items() if value not in (None, "", [], {})}


def all_of(first: Page, ask: Ask, limits: Limits) -> Iterator[Page]:
    """Give page after page, each with the records that no page before it had.

    ``first`` is what the list answered unasked; ``ask`` fetches a page by its number. Raises
    FileRefused where pages repeat or never end, or where most of what was promised is missing.
    """
    walk = _Walk(limits, start=_start(first, ask))
    while not walk.is_over:
        page = ask(walk.start + walk.done)
        if walk.takes(page):
            yield page
    walk.check()


def _start(first: Page, ask: Ask) -> int:
    """The number of the first page: some say that they count from zero, and count from one."""
    if first.count(NUMBERS) != 0:
        return 1
    try:
        return 1 if ask(1).count(NUMBERS) == 0 else 0
    except FileRefused:
        return 0


@dataclass(slots=True)
class _Walk:
    """How far one has come through the pages."""

    limits: Limits
    start: int
    done: int = 0
    repeats: int = 0
    promised: int | None = None
    is_over: bool = False
    seen: set[str] = field(default_factory=set)

    def takes(self, page: Page) -> bool:
        """Keep what is new on a page, and say whether anything is."""
        listed = len(page.records)
        page.records = [one for one in page.records if self._is_new(key_of(one))]
        self.promised = self.promised or page.count(ITEMS)
        if listed and not page.records:
            return self._repeated()
        self.repeats = 0
        self.done += 1
        self.is_over = not listed or self._is_last(page)
        if self.done > self.limits.pages or len(self.seen) > self.limits.services:
            raise FileRefused(
                f"The list of the feed does not end: {self.done:,} pages with {len(self.seen):,} "
                "services came, and more were promised. Nothing was imported."
            )
        return bool(page.records)

    def _is_new(self, key: str) -> bool:
        if key and key in self.seen:
            return False
        self.seen.add(key)
        return True

    def _repeated(self) -> bool:
        self.repeats += 1
        self.done += 1
        if self.repeats > 1:
            raise FileRefused(
                f"The feed goes round in a circle: page {self.start + self.done - 1} and the one "
                "before it were there already. Nothing was imported."
            )
        return False

    def _is_last(self, page: Page) -> bool:
        pages = page.count(PAGES)
        if pages is not None:
            return self.done >= pages
        items = page.count(ITEMS)
        return page.is_last or (items is not None and len(self.seen) >= items)

    def check(self) -> None:
        """Refuse a feed that kept too little of its promise."""
        if self.promised and len(self.seen) < KEPT_PROMISE * self.promised:
            raise FileRefused(
                f"The feed says it has {self.promised:,} services and lists {len(self.seen):,} of "
                "them. Nothing was imported: try again later, or ask who publishes it."
            )
