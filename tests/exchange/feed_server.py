"""A feed of a few lines that publishes a directory, or misbehaves as it is told.

with feed_server(services) as feed: ...     feed.address for the client, feed.asked for what it got
feed.says[path] = [Said(503), Said(200, b"...")]     answers for a path, one after the other
feed.first_version, feed.per_page, feed.total ...     how its lists are
"""

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

LIST = ("id", "name", "status", "description", "organization", "last_modified")
PAUSE = 0.02


@dataclass(frozen=True)
class Said:
    """One answer: ``slowly`` a letter at a time, ``cut`` before its end."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    slowly: bool = False
    cut: bool = False


@dataclass
class Feed:
    """What it has, how it answers, and what it was asked."""

    services: list[dict[str, Any]]
    port: int = 0
    per_page: int = 50
    starts_at: int = 1
    asks_from: int = 1
    first_version: bool = False
    promises: int | None = None
    circles: bool = False
    knows_modified_after: bool = False
    says: dict[str, list[Said]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)
    dripped: int = 0
    socket: Any = None
    """The server itself, whose own ``socket`` may be made safe."""

    @property
    def address(self) -> str:
        """Where its services are."""
        return f"http://127.0.0.1:{self.port}/api/services"

    def answer(self, target: str) -> Said:
        """What it says to a request."""
        parts = urlsplit(target)
        told = self.says.get(parts.path)
        if told:
            return told.pop(0) if len(told) > 1 else told[0]
        if parts.path == "/api/services":
            return _json(self._page(parse_qs(parts.query)))
        known = {f"/api/services/{one['id']}": one for one in self.services}
        found = known.get(parts.path)
        return _json(found) if found else Said(404)

    def _page(self, query: dict[str, list[str]]) -> dict[str, Any]:
        number = int(query.get("page", [str(self.asks_from)])[0]) - self.asks_from
        size = min(int(query.get("per_page", ["10"])[0]), self.per_page)
        listed = self.services
        if self.knows_modified_after and "modified_after" in query:
            listed = [o for o in listed if o.get("last_modified", "") > query["modified_after"][0]]
        start = 0 if self.circles else number * size
        some = [{k: v for k, v in o.items() if k in LIST} for o in listed[start : start + size]]
        total = len(listed) if self.promises is None else self.promises
        pages = -(-total // size)
        if self.first_version:
            words = ("totalElements", "totalPages", "number", "content")
        else:
            words = ("total_items", "total_pages", "page_number", "contents")
        return dict(zip(words, (total, pages, number + self.starts_at, some), strict=True))


def _json(value: Any) -> Said:
    return Said(200, json.dumps(value).encode(), {"Content-Type": "application/json"})


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    feed: Feed

    def do_GET(self) -> None:
        self.feed.asked.append(self.path)
        self.feed.headers.append(dict(self.headers))
        said = self.feed.answer(self.path)
        self.send_response(said.status)
        for name, value in said.headers.items():
            self.send_header(name, value)
        if "Transfer-Encoding" not in said.headers:
            self.send_header("Content-Length", str(len(said.body) + said.cut))
        self.end_headers()
        if said.slowly:
            self._drip(said.body)
        else:
            self.wfile.write(said.body)
        self.close_connection = said.cut or said.slowly

    def _drip(self, body: bytes) -> None:
        with suppress(OSError):
            for place in range(len(body)):
                if self.feed.closing.wait(PAUSE):
                    return
                self.wfile.write(body[place : place + 1])
                self.wfile.flush()
                self.feed.dripped += 1

    def log_message(self, *_: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        pass


@contextmanager
def feed_server(services: list[dict[str, Any]] | None = None, **how: Any) -> Iterator[Feed]:
    """Run a feed until the end of the block."""
    feed = Feed(services or [], **how)
    server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"feed": feed}))
    feed.socket = server
    feed.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield feed
    finally:
        feed.closing.set()
        server.shutdown()
        thread.join(10)
        server.server_close()


@dataclass
class Clock:
    """Time that passes only while somebody sleeps."""

    now: float = 0
    slept: list[float] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        """Let time pass."""
        with self.lock:
            self.now += seconds
            self.slept.append(seconds)
        time.sleep(0)
