"""Files of Open Referral UK services, read one service at a time in bounded memory.

Three shapes are known: an object with a list ``services``, a page of the API with its list
``contents``, and a bare list. What is neither is refused as a whole, in a sentence that says what
was found instead.
"""

import codecs
import math
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import IO, Any, Self

import ijson

from linkwork.errors import FileRefused

LISTS = ("services", "contents")
DEEPEST = 24
MOST_VALUES = 20_000
CHUNK_BYTES = 1 << 16
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
CUT_OFF = ("premature", "Incomplete", "incomplete")
WANTED = (
    "Linkwork reads Open Referral UK 3.0: a JSON object with a list “services”, "
    "a page with a list “contents”, or a list of services."
)


MOST_DIGITS = 4000
ENDLESS_NUMBER = re.compile(rb"[0-9]{%d}" % MOST_DIGITS)
NOTHING = "Nothing was imported."
STARTS = ("start_map", "start_array")
ENDS = ("end_map", "end_array")


class TooLarge:
    """Stands for a record with more values than any service has."""


Event = tuple[str, Any]


def records(path: Path) -> Iterator[dict[str, Any] | TooLarge | None]:
    """Give each service of the file as a dictionary; None for an entry that is not an object.

    Raises FileRefused when the file is not of a known shape, or breaks off: what was given until
    then must be thrown away.
    """
    try:
        with _Reader(path) as file:
            yield from _entries(_events(file))
    except OSError as error:
        raise FileRefused(f"The file cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise FileRefused("The file is not text in an encoding Linkwork knows.") from error


class _Reader:
    """A file in whatever encoding, read as UTF-8 and watched for what the parser trips over."""

    def __init__(self, path: Path) -> None:
        encoding = _encoding(path)
        self._text = encoding != "utf-8"
        self._file: IO[Any] = (
            path.open(encoding=encoding, errors="replace") if self._text else path.open("rb")
        )
        self._tail = b""

    def read(self, size: int = CHUNK_BYTES) -> bytes:
        """Give about ``size`` bytes: ijson does not mind a few more."""
        chunk = self._file.read(size)
        read: bytes = chunk.encode() if self._text else chunk
        # Python refuses to make a number of more digits, and the parser does not survive that.
        if ENDLESS_NUMBER.search(self._tail + read):
            raise FileRefused("The file holds a number of thousands of digits. " + NOTHING)
        self._tail = read[-MOST_DIGITS:]
        return read

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(CHUNK_BYTES)
        _refuse_what_is_not_json(start)
        for mark, name in BYTE_ORDER_MARKS:
            if start.startswith(mark):
                return name
        decoder = codecs.getincrementaldecoder("utf-8")()
        chunk = start
        try:
            while chunk:
                decoder.decode(chunk)
                chunk = file.read(CHUNK_BYTES)
            # A character broken off at the very end is a file broken off: the parser says so.
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8"


def _refuse_what_is_not_json(start: bytes) -> None:
    seen = start.lstrip(codecs.BOM_UTF8 + codecs.BOM_UTF16_LE + codecs.BOM_UTF16_BE).lstrip()
    if not seen:
        raise FileRefused(f"The file is empty. {WANTED}")
    if seen.startswith(b"PK\x03\x04"):
        raise FileRefused(f"The file is a zip file or a workbook, not JSON. {WANTED}")
    if seen.startswith(b"<"):
        raise FileRefused(
            f"The file is a web page or XML, not JSON: the address it came from may have shown a "
            f"sign-in or an error page. {WANTED}"
        )
    if seen[:1] not in (b"{", b"["):
        raise FileRefused(f"The file is not JSON: it may be a CSV table. {WANTED}")


def _events(file: Any) -> Iterator[Event]:
    """The parser's events, with the nesting bounded and its errors in words."""
    depth = 0
    try:
        for kind, value in ijson.basic_parse(file, buf_size=CHUNK_BYTES):
            if kind in STARTS:
                depth += 1
                if depth > DEEPEST:
                    raise FileRefused(
                        f"The file is nested more than {DEEPEST} levels deep, which no directory "
                        f"is. {NOTHING}"
                    )
            elif kind in ENDS:
                depth -= 1
            yield kind, value
    except (ijson.JSONError, ValueError, ArithmeticError) as error:
        raise FileRefused(_in_words(str(error), depth)) from error


def _in_words(error: str, depth: int) -> str:
    if depth and any(word in error for word in CUT_OFF):
        return "The file breaks off before its end. Fetch or save it again. " + NOTHING
    return f"The file is not valid JSON. {NOTHING} {WANTED}"


def _entries(events: Iterator[Event]) -> Iterator[dict[str, Any] | TooLarge | None]:
    kind, _ = next(events, ("", None))
    if kind == "start_array":
        yield from _items(events)
        _finish(events)
        return
    keys = []
    for _, key in events:
        if key is None:
            break
        keys.append(key)
        kind, _ = next(events)
        if key in LISTS and kind == "start_array":
            yield from _items(events)
            _finish(events)
            return
        _skip(kind, events)
    raise FileRefused(f"The file has no list of services: {_found(keys)} {WANTED}")


def _found(keys: list[Any]) -> str:
    if known := [key for key in LISTS if key in keys]:
        return f"its “{known[0]}” is not a list."
    if {"id", "name"} <= set(keys):
        return "it is one service by itself."
    named = ", ".join(f"“{str(key)[:40]}”" for key in keys[:5])
    return f"it holds {named}." if named else "it is an empty object."


def _finish(events: Iterator[Event]) -> None:
    for _ in events:
        pass


def _items(events: Iterator[Event]) -> Iterator[dict[str, Any] | TooLarge | None]:
    for kind, _value in events:
        if kind == "end_array":
            return
        if kind == "start_map":
            yield _record(events)
        else:
            _skip(kind, events)
            yield None


def _skip(kind: str, events: Iterator[Event]) -> None:
    depth = 1 if kind in STARTS else 0
    while depth:
        kind, _ = next(events)
        depth += (kind in STARTS) - (kind in ENDS)


def _record(events: Iterator[Event]) -> dict[str, Any] | TooLarge:
    """Build one record from its events, or only count them once there are too many."""
    building = _Building()
    for kind, value in events:
        if building.is_done_with(kind, value):
            break
    return building.record if building.count <= MOST_VALUES else TooLarge()


class _Building:
    """One record on its way from events to a dictionary."""

    def __init__(self) -> None:
        self.record: dict[str, Any] = {}
        self.count = 0
        self._open: list[tuple[Any, str]] = [(self.record, "")]
        self._key = ""

    def is_done_with(self, kind: str, value: Any) -> bool:
        """Take one event, and say whether the record ended with it."""
        self.count += 1
        if kind == "map_key":
            self._key = _clean(value)
        elif kind == "start_map":
            self._begin({})
        elif kind == "start_array":
            self._begin([])
        elif kind in ENDS:
            self._key = self._open.pop()[1]
        else:
            self._put(_clean(value))
        return not self._open

    def _begin(self, container: dict[str, Any] | list[Any]) -> None:
        self._put(container)
        self._open.append((container, self._key))

    def _put(self, value: Any) -> None:
        within = self._open[-1][0]
        if self.count > MOST_VALUES:
            return
        if isinstance(within, dict):
            within[self._key] = value
        else:
            within.append(value)


def _clean(value: Any) -> Any:
    """What a database can keep: no NUL, no half of a character, no number JSON cannot write."""
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "replace").decode()
    if isinstance(value, Decimal):
        number = float(value)
        return number if math.isfinite(number) else str(value)
    return value
