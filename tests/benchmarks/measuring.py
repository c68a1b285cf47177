"""Asking pages over kept-alive connections, timing the answers, and counting queries."""

import re
import socket
import statistics
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, event

LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
LAST_WORD = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)
END = b"\r\n\r\n"
CHUNK = 1 << 16
WAIT_SECONDS = 60

Asking = Callable[[int], bytes]
"""The bytes of the nth request of a client, for pages whose every sending must differ."""


def request(path: str, *, cookie: str = "", form: str | None = None) -> bytes:
    """Return a request as a browser sends it: a GET, or a POST of an encoded form."""
    lines = [f"{'GET' if form is None else 'POST'} {path} HTTP/1.1", "Host: 127.0.0.1"]
    if cookie:
        lines.append(f"Cookie: {cookie}")
    if form is not None:
        lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(form)}"]
    return "\r\n".join([*lines, "", form or ""]).encode("ascii") if form else _head(lines)


def _head(lines: Sequence[str]) -> bytes:
    return "\r\n".join([*lines, "", ""]).encode("ascii")


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    body: bytes


class Connection:
    """One kept-alive connection, made again where the server let it go."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._socket: socket.socket | None = None

    def ask(self, asked: bytes) -> Answer:
        """Send a request and read its whole answer."""
        kept = self._socket is not None
        try:
            return self._ask(asked)
        except ConnectionError:
            self.close()
            if not kept:
                raise
            return self._ask(asked)  # it had been idle for longer than the server keeps one

    def close(self) -> None:
        """Let go of the connection."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _ask(self, asked: bytes) -> Answer:
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self._port), WAIT_SECONDS)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.sendall(asked)
        got = self._more(b"")
        while END not in got:
            got = self._more(got)
        head, _, body = got.partition(END)
        length = LENGTH.search(head)
        assert length, head  # every page says how long it is
        while len(body) < int(length[1]):
            body = self._more(body)
        if LAST_WORD.search(head):
            self.close()
        return Answer(int(head.split(b" ", 2)[1]), body)

    def _more(self, so_far: bytes) -> bytes:
        assert self._socket is not None
        more = self._socket.recv(CHUNK)
        if not more:
            raise ConnectionResetError
        return so_far + more


@dataclass
class Timing:
    """The answers of one page at one number of clients, gathered over rounds."""

    times_s: list[float] = field(default_factory=list)
    elapsed_s: float = 0.0
    cpu_s: float = 0.0
    """Processor time of the server’s workers meanwhile, all together."""
    bytes: int = 0

    @property
    def p50_ms(self) -> float:
        """The time half of the answers were quicker than."""
        return statistics.median(self.times_s) * 1000

    @property
    def p95_ms(self) -> float:
        """The time 19 of 20 answers were quicker than."""
        ordered = sorted(self.times_s)
        return ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))] * 1000

    @property
    def cpu_ms(self) -> float:
        """Processor time of the server’s workers for one answer."""
        return self.cpu_s / len(self.times_s) * 1000

    @property
    def per_second(self) -> float:
        """Answers a second, of all clients together."""
        return len(self.times_s) / self.elapsed_s


def ask_all(port: int, asking: Sequence[Asking], times: int, status: int, into: Timing) -> None:
    """Let as many clients as there are in ``asking`` ask ``times`` each, at once.

    Raises AssertionError where an answer has another status: a refusal is quick and no page.
    """
    ready = threading.Barrier(len(asking) + 1)
    faults: list[Exception] = []

    def client(ask: Asking) -> None:
        connection = Connection(port)
        try:
            connection.ask(ask(-1))  # opens it, and lets the server take it in
            ready.wait(WAIT_SECONDS)
            for number in range(times):
                asked = ask(number)
                began = time.perf_counter()
                answer = connection.ask(asked)
                into.times_s.append(time.perf_counter() - began)
                into.bytes = len(answer.body)
                assert answer.status == status, (asked[:300], answer.status, answer.body[-3000:])
        except Exception as fault:
            faults.append(fault)
            ready.abort()
        finally:
            connection.close()

    threads = [threading.Thread(target=client, args=(ask,)) for ask in asking]
    for thread in threads:
        thread.start()
    with _patience(faults):
        ready.wait(WAIT_SECONDS)
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    into.elapsed_s += time.perf_counter() - began
    if faults:
        raise faults[0]


@contextmanager
def _patience(faults: list[Exception]) -> Iterator[None]:
    """What broke the start is told by the client it happened to."""
    try:
        yield
    except threading.BrokenBarrierError:
        if not faults:
            raise


@contextmanager
def statements() -> Iterator[list[str]]:
    """Gather every statement sent to a database meanwhile, by this process."""
    sent: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            sent.append(" ".join(statement.split()))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def of_the_page(sent: Sequence[str]) -> list[str]:
    """Those that are for the page itself, and not for the session or the audit trail."""
    besides = re.compile(r"\b(user_session|audit_entry|audit_head)\b")
    return [statement for statement in sent if not besides.search(statement)]
