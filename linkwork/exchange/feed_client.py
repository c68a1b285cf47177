"""Fetches a directory from an address: the paged API of Open Referral UK, or a file.

Lists are summaries, so each service is asked for by itself, a few at a time and never faster than
is polite. Servers that are busy are asked again later; everything has a limit; whatever goes wrong
is told in a sentence. Nothing is fetched from inside a network unless that is allowed.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

from linkwork.errors import FileRefused
from linkwork.exchange import feed_address, feed_pages, oruk_file
from linkwork.exchange.archives import is_workbook, is_zip
from linkwork.exchange.feed_address import Address
from linkwork.exchange.feed_folder import kept_in
from linkwork.exchange.feed_line import LIMITS, Answer, Limits, Unanswered
from linkwork.exchange.feed_pages import Page
from linkwork.exchange.feed_requests import Requests, refusal_of
from linkwork.exchange.feed_walk import FeedWalk, Progress
from linkwork.exchange.text_files import beginning_of, encoding_of

NOTHING = "Nothing was imported."
DOWNLOAD = "download"
SERVICES = "services"
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0"
NO_TABLES = (b"%PDF", b"\x1f\x8b", b"\x89PNG")
# What an address answers where the feed may still be below it.
ELSEWHERE = (400, 404, 405, 406, 410)


class Kind(StrEnum):
    """What there was at an address."""

    FEED = "feed"
    JSON = "json"
    ZIP = "zip"
    TABLE = "table"
    UNCHANGED = "unchanged"


@dataclass(slots=True)
class Fetched:
    """What came from an address.

    ``path`` is what ``dialects.records`` reads, or a spreadsheet where ``kind`` says table; None
    where nothing changed. ``missing`` are services that the list names and that could not be
    fetched: they are not gone. With ``partial`` only what changed was given, and what is absent
    means nothing.
    """

    kind: Kind
    path: Path | None
    name: str
    etag: str | None = None
    last_modified: str | None = None
    services: int = 0
    requests: int = 0
    missing: list[str] = field(default_factory=list)
    partial: bool = False


def fetch(
    address: str,
    into: Path,
    *,
    at: datetime,
    since: datetime | None = None,
    progress: Progress | None = None,
    allow_private: bool = False,
    etag: str | None = None,
    modified: str | None = None,
    limits: Limits = LIMITS,
) -> Fetched:
    """Fetch what is at an address into a folder.

    ``at`` is this moment. ``since`` asks a feed only for what changed after it, where it can tell.
    ``etag`` and ``modified`` are what the last answer said of a file: where it is the same,
    nothing is fetched. ``progress`` is told the services fetched and how many there are. What an
    interrupted run left in the folder is not fetched again within ``limits.fresh_hours``. Raises
    FileRefused, in a sentence, where nothing of use comes.
    """
    start = feed_address.read(address)
    into.mkdir(parents=True, exist_ok=True)
    with Requests(limits, allow_private=allow_private) as requests:
        fetching = _Fetching(requests, into, at, since, progress or _silent, limits)
        try:
            fetched = fetching.begin(start, _unless(etag, modified))
        except Unanswered as nothing:
            raise FileRefused(f"Nothing could be fetched: {nothing}. {NOTHING}") from nothing
        fetched.requests = requests.made
        return fetched


def _silent(_done: int, _total: int | None) -> None:
    pass


def _unless(etag: str | None, modified: str | None) -> dict[str, str]:
    asked = {"If-None-Match": etag, "If-Modified-Since": modified}
    return {name: value for name, value in asked.items() if value}


@dataclass(slots=True)
class _Fetching:
    requests: Requests
    into: Path
    at: datetime
    since: datetime | None
    progress: Progress
    limits: Limits

    def begin(self, address: Address, unless: dict[str, str]) -> Fetched:
        """Look what is at the address, and below it where there is no directory."""
        try:
            return self._at(address, unless)
        except _NoDirectory as none:
            if address.path.rstrip("/").endswith(f"/{SERVICES}"):
                raise
            try:
                return self._at(address.below(SERVICES), {})
            except FileRefused:
                raise none from None

    def _at(self, address: Address, unless: dict[str, str]) -> Fetched:
        download = self.into / DOWNLOAD
        with download.open("wb+") as file:
            answer = self.requests.get(address, file, most=self.limits.file_bytes, **unless)
        if answer.status == 304 and unless:
            return Fetched(Kind.UNCHANGED, None, "")
        if answer.status != 200:
            refused = _NoDirectory if answer.status in ELSEWHERE else FileRefused
            raise refused(f"{address.host} {refusal_of(answer.status)} {NOTHING}")
        if answer.headers.get("content-type", "").startswith("text/html"):
            raise _no_web_page(address)
        page = _page_of(download, self.limits)
        if page is not None:
            # Pages are below where the server sent us on to, if it did.
            return self._feed(answer.address, page)
        return self._file(download, answer)

    def _file(self, download: Path, answer: Answer) -> Fetched:
        kind = _kind_of(download, answer.address)
        file = download.with_name(f"{DOWNLOAD}{_ending(kind, answer.address)}")
        download.replace(file)
        headers = answer.headers
        return Fetched(
            kind,
            file,
            _name_of(answer.address),
            etag=headers.get("etag"),
            last_modified=headers.get("last-modified"),
        )

    def _feed(self, address: Address, first: Page) -> Fetched:
        everything, listed = first.count(feed_pages.ITEMS), address
        if self.since:
            asked = self.since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
            listed = address.asking(modified_after=asked)
        hours = self.limits.fresh_hours
        with kept_in(self.into, listed.whole, at=self.at, fresh_hours=hours) as kept:
            walk = FeedWalk(self.requests, self.limits, address, kept, self.at, self.progress)
            walk.through(first, listed)
            path, count = kept.written(is_first_version=first.is_first_version)
        return Fetched(
            Kind.FEED,
            path,
            address.host,
            services=count,
            missing=walk.missing,
            partial=self.since is not None and not _is_all(walk.total, everything),
        )


def _is_all(changed: int | None, everything: int | None) -> bool:
    """Whether a feed that was asked for what changed gave all it has, as far as it says."""
    return changed is not None and everything is not None and changed >= everything


class _NoDirectory(FileRefused):
    """There is something else at an address: what is below it may do."""


def _no_web_page(address: Address) -> _NoDirectory:
    return _NoDirectory(
        f"{address.host} answers with a web page, not with a directory. {NOTHING} Use the address "
        "of the feed itself, which often ends in /services, or of a file."
    )


def _page_of(download: Path, limits: Limits) -> Page | None:
    if beginning_of(download)[:1] != b"{" or download.stat().st_size > limits.page_bytes:
        return None
    return feed_pages.read(download.read_text(encoding="utf-8-sig", errors="replace"))


def _kind_of(file: Path, address: Address) -> Kind:
    if is_zip(file):
        return Kind.TABLE if is_workbook(file) else Kind.ZIP
    start = beginning_of(file)
    if start[:1] == b"<":
        raise _no_web_page(address)
    if start[:1] in (b"{", b"["):
        try:
            next(oruk_file.records(file), None)
        except FileRefused as refused:
            raise _NoDirectory(str(refused)) from None
        return Kind.JSON
    if not start:
        raise FileRefused(f"{address.host} answers with nothing at all. {NOTHING}")
    if _is_no_table(file, start):
        raise FileRefused(
            f"{address.host} answers with a file that is no directory and no table. {NOTHING} Use "
            "the address of JSON, CSV, a workbook, or a zip of them."
        )
    return Kind.TABLE


def _is_no_table(file: Path, start: bytes) -> bool:
    if start.startswith(OLD_WORKBOOK) or encoding_of(file) == "utf-16":
        return False
    return b"\0" in start or start.startswith(NO_TABLES)


def _ending(kind: Kind, address: Address) -> str:
    named = re.search(r"\.(csv|tsv|txt|xlsx|ods|xls)$", address.path.lower())
    return (
        named[0] if named and kind is Kind.TABLE else {"json": ".json", "zip": ".zip"}.get(kind, "")
    )


def _name_of(address: Address) -> str:
    last = address.path.rstrip("/").rpartition("/")[2]
    return re.sub(r"[^\w.\-]", "_", last)[-100:] or address.host
