"""Text files as they are sent: UTF-8, UTF-16 with its mark, or Windows-1252, found by reading."""

import codecs
from pathlib import Path
from typing import TextIO

from linkwork.errors import FileRefused

CHUNK_BYTES = 1 << 16
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def beginning_of(path: Path) -> bytes:
    """The first bytes of a file, without a mark of its encoding and leading blanks.

    Raises FileRefused where it cannot be read.
    """
    try:
        with path.open("rb") as file:
            start = file.read(CHUNK_BYTES)
    except OSError as error:
        raise _unreadable(error) from error
    for mark, _name in MARKS:
        start = start.removeprefix(mark)
    # The blanks of UTF-16 have a zero beside them.
    return start.lstrip(b" \t\r\n\0")


def opened(path: Path) -> TextIO:
    """The file as text with its line ends as they are; what cannot be decoded becomes �.

    Reads the whole file once in pieces to find its encoding. Raises FileRefused where it cannot
    be read.
    """
    try:
        return path.open(encoding=encoding_of(path), errors="replace", newline="")
    except OSError as error:
        raise _unreadable(error) from error


def encoding_of(path: Path) -> str:
    """How the file is written: by its mark, else UTF-8 where every byte fits, else Windows-1252."""
    with path.open("rb") as file:
        chunk = file.read(CHUNK_BYTES)
        for mark, name in MARKS:
            if chunk.startswith(mark):
                return name
        decoder = codecs.getincrementaldecoder("utf-8")()
        try:
            while chunk:
                decoder.decode(chunk)
                chunk = file.read(CHUNK_BYTES)
            # A character broken off at the very end is a file broken off: its reader says so.
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8"


def _unreadable(error: OSError) -> FileRefused:
    return FileRefused(f"The file cannot be read: {error.strerror}. Nothing was imported.")
