"""Requests to one feed, from several threads: politely spaced, tried again, and within limits."""

import re
import threading
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from io import BytesIO
from typing import BinaryIO, Self

from linkwork.errors import FileRefused
from linkwork.exchange.feed_address import Address
from linkwork.exchange.feed_line import Answer, Limits, Line, Unanswered

BUSY = frozenset((408, 425, 429, 500, 502, 503, 504))
NOTHING = "Nothing was imported."


class Requests:
    """Asks a server, a line for each thread, all of them at one pace."""

    def __init__(self, limits: Limits, *, allow_private: bool) -> None:
        self.made = 0
        self._limits = limits
        self._allow_private = allow_private
        self._ends = limits.clock() + limits.total_seconds
        self._next = 0.0
        self._bytes = 0
        self._is_stopped = False
        self._lock = threading.Lock()
        self._own = threading.local()
        self._lines: list[Line] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for line in self._lines:
            line.close()

    def stop(self) -> None:
        """Begin no request any more."""
        self._is_stopped = True

    def words(self, address: Address, *, most: int) -> tuple[int, str]:
        """The status and the text of an answer of at most ``most`` bytes."""
        body = BytesIO()
        answer = self.get(address, body, most=most)
        return answer.status, body.getvalue().decode("utf-8-sig", "replace")

    def get(self, address: Address, into: BinaryIO, *, most: int, **headers: str) -> Answer:
        """Ask until an answer comes that is no excuse, or until it is enough.

        Raises FileRefused where the time or the room is used up, or the server is not one we ask;
        Unanswered (which is shown as FileRefused at the start) where it never answered.
        """
        said: Answer | Unanswered | None = None
        for attempt in range(self._limits.tries):
            if attempt:
                self._pause(said, attempt)
            self._wait_for_a_turn()
            into.seek(0)
            into.truncate()
            try:
                said = self._ask(address, into, most, headers)
            except Unanswered as nothing:
                said = nothing
                continue
            if said.status not in BUSY:
                return said
        if isinstance(said, Answer):
            return said
        raise Unanswered(str(said))

    def _ask(self, address: Address, into: BinaryIO, most: int, headers: dict[str, str]) -> Answer:
        left = self._ends - self._limits.clock()
        seconds = min(self._limits.request_seconds, max(left, 0.01))
        answer = self._line().get(address, into, most=most, seconds=seconds, **headers)
        with self._lock:
            self._bytes += answer.length
            if self._bytes > self._limits.all_bytes:
                raise FileRefused(
                    f"The feed is larger than {self._limits.all_bytes // 1_000_000:,} MB, which no "
                    f"directory is. {NOTHING}"
                )
        return answer

    def _line(self) -> Line:
        line: Line | None = getattr(self._own, "line", None)
        if line is None:
            line = self._own.line = Line(self._limits, allow_private=self._allow_private)
            with self._lock:
                self._lines.append(line)
        return line

    def _wait_for_a_turn(self) -> None:
        with self._lock:
            now = self._limits.clock()
            turn = max(now, self._next)
            self._next = turn + self._limits.gap_seconds
            self.made += 1
        self._refuse_when_over(turn)
        if turn > now:
            self._limits.sleep(turn - now)
            self._refuse_when_over(turn)

    def _refuse_when_over(self, turn: float) -> None:
        if self._is_stopped or turn >= self._ends:
            raise FileRefused(
                f"The feed took longer than {self._limits.total_seconds / 60:.0f} minutes. "
                f"{NOTHING} What came is kept: try again later."
            )

    def _pause(self, said: Answer | Unanswered | None, attempt: int) -> None:
        """Let the server rest as long as it asks for, or longer each time."""
        asked = _asked_for(said) if isinstance(said, Answer) else None
        seconds = self._limits.first_wait_seconds * 2 ** (attempt - 1) if asked is None else asked
        if seconds > self._limits.longest_wait_seconds:
            raise FileRefused(
                f"The feed asks to be left alone for {seconds / 60:.0f} minutes. {NOTHING} What "
                "came is kept: try again later."
            )
        if isinstance(said, Answer):
            with self._lock:
                # It is busy for all of us.
                self._next = max(self._next, self._limits.clock() + seconds)
        else:
            self._limits.sleep(seconds)


def refusal_of(status: int) -> str:
    """What a server said by the number of its answer, in words that follow its name."""
    words = {
        401: "asks for a password, and Linkwork has none for it.",
        403: "does not let us in.",
        404: "has nothing at that address.",
        410: "has nothing at that address any more.",
        429: "is too busy for us. Try again later.",
    }
    if 500 <= status < 600:
        return f"has a fault of its own at present (it answered {status}). Try again later."
    return words.get(status, f"answered {status}.")


def _asked_for(answer: Answer) -> float | None:
    """The seconds of Retry-After: a number, or a moment counted from the date of the answer."""
    words = answer.headers.get("retry-after", "")
    if re.fullmatch(r"[0-9]{1,9}", words):
        return float(words)
    try:
        until = parsedate_to_datetime(words)
        answered = parsedate_to_datetime(answer.headers.get("date", ""))
        return max(0.0, (_utc(until) - _utc(answered)).total_seconds())
    except (ValueError, TypeError):
        return None


def _utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
