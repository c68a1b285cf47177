"""Pages of a list, and the address of each under the filters that are set."""

from dataclasses import dataclass

from flask import request, url_for

MOST_PAGES = 10_000


@dataclass(frozen=True, slots=True)
class Page:
    """Which page of how many."""

    number: int
    total: int
    size: int

    @property
    def pages(self) -> int:
        """How many pages there are; one where there is nothing."""
        return max(1, -(-self.total // self.size))

    def url(self, number: int) -> str:
        """The address of another page of the same list."""
        return here(page=number if number > 1 else None)


@dataclass(frozen=True, slots=True)
class Sorting:
    """What a table is sorted by."""

    key: str
    descending: bool

    def url(self, key: str) -> str:
        """The same list sorted by ``key``; asked again, the other way round."""
        turn = key == self.key and not self.descending
        return here(sort=key, dir="desc" if turn else None, page=None)


def sorting(key: str, *, descending: bool) -> Sorting:
    """How a table is sorted."""
    return Sorting(str(key), descending)


def here(**changes: object) -> str:
    """This page’s address with some of its parameters changed, or taken away with None."""
    # Names that would mean something to url_for: another scheme, another host, another page.
    asked = {
        name: text
        for name, text in request.args.items()
        if not name.startswith("_") and name != "endpoint"
    }
    args = {**asked, **(request.view_args or {}), **changes}
    kept = {name: value for name, value in args.items() if value not in (None, "")}
    return url_for(request.endpoint or "pages.home", **kept)


def number_asked() -> int:
    """The page number of the address; 1 where it makes no sense."""
    text = request.args.get("page", "1")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1
    return min(max(1, number), MOST_PAGES)


def local_address(text: str | None) -> str | None:
    """An address of this site, else None: nobody is sent elsewhere by a link they were given."""
    if not text or not text.startswith("/") or text[1:2] in {"/", "\\"}:
        return None
    plain = text.isascii() and text.isprintable() and "\\" not in text
    return text if plain else None
