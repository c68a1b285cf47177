"""JSON of any size, read one value at a time in bounded memory.

A value is decoded whole, by the decoder of the standard library, from a window of the text that
moves on with it. What would make the decoder run away is refused before it does: values of more
than ``MOST_CHARACTERS``, nesting, endless numbers. Several values may follow one another, as in
JSON lines.
"""

import json
import math
import re
from collections.abc import Iterator
from typing import Any, TextIO

from linkwork.errors import FileRefused

DEEPEST = 24
MOST_VALUES = 20_000
MOST_CHARACTERS = 4_000_000
MOST_DIGITS = 4000
CHUNK_CHARACTERS = 1 << 16
# How far before the end of what was read a fault can stand that more text might still mend.
UNFINISHED = 8
NOTHING = "Nothing was imported."
CLOSING = '}]"'
ENDED = re.compile(r"[\]}, \n]")
BLANK = re.compile(r"[ \t\r\n]*")
# Escapes of what no database keeps: NUL, and halves of a character.
UNWELCOME = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")


class TooLarge:
    """Stands for a value that holds more values than any service has."""


class JsonText:
    """The values of a text, one after the other.

    Every method raises FileRefused where the text is not JSON, breaks off or goes beyond a limit.
    ``wanted`` is said to a user whose file is not JSON.
    """

    def __init__(self, file: TextIO, wanted: str = "") -> None:
        self._file = file
        self._wanted = wanted
        self._text = ""
        self._at = 0
        self._passed = 0
        self._decoder = json.JSONDecoder(parse_float=_number, parse_constant=_no_constant)

    @property
    def position(self) -> int:
        """How many characters were read so far."""
        return self._passed + self._at

    def peek(self) -> str:
        """The character that the next value begins with; empty at the end of the text."""
        while True:
            found = BLANK.match(self._text, self._at)
            self._at = found.end() if found else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more():
                return ""

    def value(self) -> Any:
        """The next value; TooLarge where it holds more than ``MOST_VALUES`` others."""
        self.peek()
        while True:
            try:
                value, end = self._decoder.raw_decode(self._text, self._at)
            except json.JSONDecodeError as wrong:
                if not self._is_unfinished(wrong) or not self._more():
                    raise self._refusal(wrong) from None
            except ValueError as wrong:
                raise self._refusal(wrong) from None
            except RecursionError:
                raise _too_deep() from None
            else:
                # A number near the end of what was read may go on in the next piece.
                is_closed = self._text[end - 1] in CLOSING
                if is_closed or end + UNFINISHED < len(self._text) or not self._more():
                    start, self._at = self._at, end
                    return self._checked(value, start, end)

    def items(self) -> Iterator[Any]:
        """The values of a list that comes next, each decoded when it is asked for."""
        self._expect("[")
        if self.peek() != "]":
            yield self.value()
            while self._comma_or("]"):
                yield self.value()
        self._expect("]")

    def members(self) -> Iterator[str]:
        """The keys of an object that comes next: its value must be read after each."""
        self._expect("{")
        if self.peek() != "}":
            yield self._key()
            while self._comma_or("}"):
                yield self._key()
        self._expect("}")

    def skip(self) -> None:
        """Pass over the next value; a list may be of any length."""
        if self.peek() == "[":
            for _ in self.items():
                pass
        else:
            self.value()

    def _key(self) -> str:
        if self.peek() != '"':
            raise self._broken()
        key = str(self.value())
        self._expect(":")
        return key

    def _comma_or(self, end: str) -> bool:
        if self.peek() == ",":
            self._at += 1
            return True
        if self.peek() == end:
            return False
        raise self._broken()

    def _expect(self, character: str) -> None:
        if self.peek() != character:
            raise self._broken()
        self._at += 1

    def _more(self) -> bool:
        kept = len(self._text) - self._at
        if kept > MOST_CHARACTERS:
            raise FileRefused(
                f"The file holds one entry of more than {MOST_CHARACTERS // 1_000_000} MB, which "
                f"no service is. {NOTHING}"
            )
        # Twice as much each time, so that a long value is not decoded from its start too often.
        chunk = self._file.read(max(CHUNK_CHARACTERS, kept))
        if chunk:
            self._text = self._text[self._at :] + chunk
            self._passed += self._at
            self._at = 0
        return bool(chunk)

    def _is_unfinished(self, wrong: json.JSONDecodeError) -> bool:
        near = wrong.pos >= len(self._text) - UNFINISHED
        return near or wrong.msg.startswith("Unterminated string")

    def _checked(self, value: Any, start: int, end: int) -> Any:
        if not isinstance(value, dict | list | str):
            return value
        brackets = self._text.count("{", start, end) + self._text.count("[", start, end)
        if brackets > DEEPEST:
            _refuse_depth(value, DEEPEST)
        commas = self._text.count(",", start, end) + self._text.count(":", start, end)
        if commas + brackets > MOST_VALUES and _size(value) > MOST_VALUES:
            return TooLarge()
        return _clean(value) if UNWELCOME.search(self._text, start, end) else value

    def _refusal(self, wrong: ValueError) -> FileRefused:
        if "digit" in str(wrong):
            return FileRefused(f"The file holds a number of thousands of digits. {NOTHING}")
        if isinstance(wrong, json.JSONDecodeError):
            return self._broken(wrong.pos, is_cut=wrong.msg.startswith("Unterminated string"))
        return self._broken()

    def _broken(self, at: int | None = None, *, is_cut: bool = False) -> FileRefused:
        rest = self._text[self._at if at is None else at :]
        is_cut = is_cut or (len(rest) < UNFINISHED and not ENDED.search(rest))
        if (self.position or at) and is_cut and not self._file.read(1):
            said = "The file breaks off before its end. Fetch or save it again."
            return FileRefused(f"{said} {NOTHING}")
        return FileRefused(f"The file is not valid JSON. {NOTHING} {self._wanted}".strip())


def _number(words: str) -> float | str:
    if len(words) > MOST_DIGITS:
        raise ValueError("too many digits")
    number = float(words)
    # What JSON cannot write is kept as it was written.
    return number if math.isfinite(number) else words


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _too_deep() -> FileRefused:
    return FileRefused(
        f"The file is nested more than {DEEPEST} levels deep, which no directory is. {NOTHING}"
    )


def _parts(value: Any) -> Any:
    return value.values() if isinstance(value, dict) else value


def _refuse_depth(value: Any, levels: int) -> None:
    if not levels:
        raise _too_deep()
    for part in _parts(value):
        if isinstance(part, dict | list):
            _refuse_depth(part, levels - 1)


def _size(value: Any) -> int:
    return 1 + (sum(map(_size, _parts(value))) if isinstance(value, dict | list) else 0)


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return value.replace("\x00", "").encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {_clean(key): _clean(part) for key, part in value.items()}
    return [_clean(part) for part in value] if isinstance(value, list) else value
