"""One line to a server that publishes a directory: a request, and an answer within limits.

The server is not trusted. It has so many seconds for all of an answer, however slowly it speaks;
so many bytes, counted after unpacking; and so many other places to send us on to. No proxy is used
and nothing of ours is sent but a name.
"""

import http.client
import os
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any, BinaryIO

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection

from linkwork.errors import FileRefused
from linkwork.exchange import feed_address
from linkwork.exchange.feed_address import Address

MEGABYTE = 1_000_000
CHUNK_BYTES = 1 << 16
LONGEST_HEADER = 2000
SENT_ON = frozenset((301, 302, 303, 307, 308))
ASKED_WITH = {
    "Accept": "application/json, */*;q=0.5",
    "Accept-Encoding": "gzip",
    "User-Agent": "Linkwork directory import",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """What a server may cost us: seconds, bytes, counts. Waiting is done by ``sleep``."""

    workers: int = 4
    connect_seconds: float = 10
    request_seconds: float = 60
    total_seconds: float = 3600
    tries: int = 5
    first_wait_seconds: float = 1
    longest_wait_seconds: float = 120
    gap_seconds: float = 0.05
    fresh_hours: float = 12
    redirects: int = 5
    pages: int = 5000
    per_page: int = 100
    services: int = 100_000
    page_bytes: int = 16 * MEGABYTE
    service_bytes: int = 4 * MEGABYTE
    file_bytes: int = 300 * MEGABYTE
    all_bytes: int = 2000 * MEGABYTE
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said, without the body, which went where it was wanted."""

    status: int
    headers: Mapping[str, str]
    address: Address
    length: int


class Unanswered(Exception):
    """Nothing came that can be used, which may be otherwise the next time. Says what, in words."""


class _PlainLine(HTTPConnection):
    """A connection that goes to the number that was checked."""

    def __init__(
        self, address: Address, limits: Limits, *, allow_private: bool, **more: Any
    ) -> None:
        super().__init__(address.host, address.port, timeout=limits.connect_seconds, **more)
        self._seconds = limits.connect_seconds
        self._allow_private = allow_private
        self.spare: socket.socket | None = None

    def _new_conn(self) -> socket.socket:
        line = feed_address.connected(
            self.host, self.port, seconds=self._seconds, allow_private=self._allow_private
        )
        self._let_go()
        self.spare = line.dup()
        return line

    def hang_up(self) -> None:
        """Close it for good. Its own ``close`` leaves an answer that is still coming open."""
        self.close()
        self._let_go()

    def _let_go(self) -> None:
        if self.spare is not None:
            self.spare.close()
            self.spare = None


class _SafeLine(_PlainLine, HTTPSConnection):
    """The same with HTTPS: the certificate must be that of the name."""

    def __init__(self, address: Address, limits: Limits, *, allow_private: bool) -> None:
        safe = ssl.create_default_context()
        super().__init__(address, limits, allow_private=allow_private, ssl_context=safe)


class Line:
    """A line that is kept open between requests to one server. Of one thread only."""

    def __init__(self, limits: Limits, *, allow_private: bool) -> None:
        self._limits = limits
        self._allow_private = allow_private
        self._line: _PlainLine | None = None
        self._of: tuple[str, str, int] | None = None

    def get(
        self, address: Address, into: BinaryIO, *, most: int, seconds: float, **headers: str
    ) -> Answer:
        """Ask for an address, follow where it sends us, and write the body into a file.

        ``most`` bytes at most, unpacked; ``seconds`` for each of the requests. Raises Unanswered
        where trying again could help, and FileRefused where it could not.
        """
        for _ in range(self._limits.redirects + 1):
            answer = self._one(address, into, most, seconds, headers)
            location = answer.headers.get("location")
            if answer.status not in SENT_ON or not location:
                return answer
            address = address.elsewhere(location)
            into.seek(0)
            into.truncate()
        raise FileRefused(f"{address.host} sends us from one address to the next without end.")

    def close(self) -> None:
        """Hang up."""
        if self._line is not None:
            self._line.hang_up()
            self._line = None

    def _one(
        self,
        address: Address,
        into: BinaryIO,
        most: int,
        seconds: float,
        headers: Mapping[str, str],
    ) -> Answer:
        line = self._open_to(address)
        try:
            with _cut_after(seconds, line):
                line.request(
                    "GET",
                    address.target,
                    headers={**ASKED_WITH, **headers},
                    preload_content=False,
                )
                response = line.getresponse()
                length = _take(response, into, most, address.host)
        except ssl.SSLCertVerificationError as error:
            self.close()
            reason = error.verify_message
            raise FileRefused(
                f"The certificate of {address.host} is not valid: {reason}. Check the address."
            ) from error
        except socket.gaierror as error:
            self.close()
            if error.errno == socket.EAI_NONAME:
                raise FileRefused(f"{_in_words(error, address.host)}.") from error
            raise Unanswered(_in_words(error, address.host)) from error
        except (OSError, urllib3.exceptions.HTTPError, http.client.HTTPException) as error:
            self.close()
            raise Unanswered(_in_words(error, address.host)) from error
        except BaseException:
            self.close()
            raise
        found = {name.lower(): value[:LONGEST_HEADER] for name, value in response.headers.items()}
        if found.get("connection", "").lower() == "close":
            self.close()
        return Answer(response.status, found, address, length)

    def _open_to(self, address: Address) -> _PlainLine:
        of = (address.scheme, address.host, address.port)
        if self._line is not None and (self._of != of or not self._line.is_connected):
            self.close()
        if self._line is None:
            kind = _SafeLine if address.scheme == "https" else _PlainLine
            self._line = kind(address, self._limits, allow_private=self._allow_private)
            self._of = of
        return self._line


def _take(response: urllib3.BaseHTTPResponse, into: BinaryIO, most: int, host: str) -> int:
    length = 0
    while chunk := response.read(CHUNK_BYTES):
        length += len(chunk)
        if length > most:
            raise FileRefused(
                f"{host} answers with more than {most // MEGABYTE or 1} MB where a directory has "
                "less. Nothing was imported."
            )
        into.write(chunk)
    return length


@contextmanager
def _cut_after(seconds: float, line: _PlainLine) -> Iterator[None]:
    """Cut the line when the time is over: who answers a letter at a time never times out."""
    over = threading.Event()

    def cut() -> None:
        over.set()
        # The spare is the same connection, also while the line is being made safe.
        if line.spare is not None:
            with suppress(OSError):
                line.spare.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    except (OSError, urllib3.exceptions.HTTPError, http.client.HTTPException) as error:
        if over.is_set():
            raise TimeoutError from error
        raise
    finally:
        timer.cancel()
    if over.is_set():
        raise TimeoutError


def _in_words(error: Exception, host: str) -> str:
    if isinstance(error, socket.gaierror):
        return f"There is no {host} on the internet: look at the spelling of the address"
    if isinstance(error, TimeoutError | urllib3.exceptions.TimeoutError):
        return f"{host} did not answer in time"
    if isinstance(error, ConnectionRefusedError):
        return f"{host} does not take connections"
    if isinstance(error, urllib3.exceptions.DecodeError):
        return f"{host} packed its answer in a way that cannot be unpacked"
    if isinstance(error, ssl.SSLError):
        return f"{host} does not speak HTTPS as it should"
    if isinstance(error, OSError) and error.errno:
        return f"{host} cannot be reached: {os.strerror(error.errno).lower()}"
    return f"{host} broke off in the middle of its answer"
