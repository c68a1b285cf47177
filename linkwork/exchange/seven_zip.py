"""Reads the plain kind of 7z archive: one stream, packed with LZMA, as open data comes in.

The format is described in ``7zFormat.txt`` of the LZMA SDK (7-zip.org, public domain). What is
not plain (encrypted, filtered, several streams) is refused. Nothing is unpacked to disk, and no
more than the dictionary of the packer (at most 256 MB) and a piece of the stream are held.
"""

import io
import lzma
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from linkwork.errors import FileRefused

SIGNATURE = b"7z\xbc\xaf\x27\x1c"
LZMA1, LZMA2 = b"\x03\x01\x01", b"\x21"
END, HEADER, STREAMS, FILES = 0x00, 0x01, 0x04, 0x05
PACKED, UNPACKED, PARTS, SIZES, CHECKSUMS, FOLDERS, CODER_SIZES, COUNTS = (
    0x06, 0x07, 0x08, 0x09, 0x0A, 0x0B, 0x0C, 0x0D,
)  # fmt: skip
NAMES, ENCODED = 0x11, 0x17
MOST_HEADER = 4_000_000
MOST_DICTIONARY = 1 << 28
MOST_FILES = 10_000
CHUNK = 1 << 18


class _Strange(Exception):
    """The archive is not of the plain kind."""


@dataclass
class _Streams:
    """Where the packed bytes lie, how they are packed, and how long each file in them is."""

    offset: int = 0
    packed: int = 0
    filters: list[dict[str, Any]] | None = None
    size: int = 0
    files: tuple[int, ...] = ()
    checksums: tuple[int | None, ...] = ()


class _Reader(io.RawIOBase):
    """The unpacked stream, a piece at a time, up to its length."""

    def __init__(self, raw: BinaryIO, streams: _Streams, place: int) -> None:
        self._raw, self._packed = raw, streams.packed
        self._sum, self._expected = 0, streams.checksums[place] if streams.checksums else None
        skip = sum(streams.files[:place])
        self._unpacker = lzma.LZMADecompressor(lzma.FORMAT_RAW, filters=streams.filters)
        raw.seek(len(SIGNATURE) + 26 + streams.offset)
        while skip:
            skip -= len(self._piece(min(skip, CHUNK)))
        self._left = streams.files[place]

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int:
        piece = self._piece(min(len(into), self._left)) if self._left else b""
        into[: len(piece)] = piece
        self._left -= len(piece)
        self._sum = zlib.crc32(piece, self._sum)
        if piece and not self._left and self._expected not in (None, self._sum):
            raise EOFError("its checksum is wrong")
        return len(piece)

    def _piece(self, most: int) -> bytes:
        while True:
            fresh = b""
            if self._unpacker.needs_input:
                fresh = self._raw.read(min(CHUNK, self._packed))
                self._packed -= len(fresh)
            piece = self._unpacker.decompress(fresh, max_length=most)
            if piece:
                return piece
            if not fresh and self._unpacker.needs_input:
                raise EOFError("the packed bytes end too soon")


@contextmanager
def opened(file: Path, ending: str) -> Iterator[BinaryIO]:
    """Open the first file in an archive whose name ends with ``ending``, to be read as bytes.

    Raises FileRefused, also while it is read, for what is no plain 7z archive and for a broken
    one.
    """
    try:
        with file.open("rb") as raw:
            streams, names = _described(raw)
            place = next((i for i, name in enumerate(names) if name.endswith(ending)), None)
            if place is None or place >= len(streams.files):
                raise FileRefused(f"{file.name} has no file in it that ends with {ending}.")
            with io.BufferedReader(_Reader(raw, streams, place), CHUNK) as inside:
                yield inside
    except _Strange as strange:
        raise FileRefused(
            f"{file.name} cannot be unpacked here ({strange}). Unpack it yourself, and give the"
            " folder with what was in it."
        ) from None
    except (
        lzma.LZMAError,
        EOFError,
        IndexError,
        MemoryError,
        OSError,
        OverflowError,
        ValueError,
    ) as wrong:
        raise FileRefused(f"{file.name} is broken ({wrong}). Get it again.") from None


def _described(raw: BinaryIO) -> tuple[_Streams, list[str]]:
    start = raw.read(32)
    if not start.startswith(SIGNATURE) or len(start) < 32:
        raise _Strange("it is not a 7z archive")
    offset, size = (int.from_bytes(start[at : at + 8], "little") for at in (12, 20))
    if not 0 < size <= MOST_HEADER:
        raise _Strange("its list of contents is too long")
    raw.seek(32 + offset)
    header = raw.read(size)
    if zlib.crc32(header) != int.from_bytes(start[28:32], "little"):
        raise EOFError("its list of contents is damaged")
    if header[0] == ENCODED:
        header = _decoded(raw, header)
    return _contents(_Bytes(header))


def _decoded(raw: BinaryIO, header: bytes) -> bytes:
    streams = _streams(_Bytes(header[1:]))
    if streams.size > MOST_HEADER:
        raise _Strange("its list of contents is too long")
    return io.BufferedReader(_Reader(raw, streams, 0)).read(streams.size)


class _Bytes:
    """A header, read from its beginning."""

    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    def byte(self) -> int:
        self._at += 1
        return self._data[self._at - 1]

    def take(self, count: int) -> bytes:
        taken = self._data[self._at : self._at + count]
        if len(taken) != count:
            raise EOFError("its list of contents ends too soon")
        self._at += count
        return taken

    def number(self) -> int:
        """A number of one to nine bytes: the leading ones of the first say how many follow."""
        first, mask, value = self.byte(), 0x80, 0
        for place in range(8):
            if not first & mask:
                return value | (first & (mask - 1)) << (8 * place)
            value |= self.byte() << (8 * place)
            mask >>= 1
        return value

    def few(self) -> int:
        number = self.number()
        if number > MOST_FILES:
            raise _Strange("it holds too many files")
        return number


def _contents(data: _Bytes) -> tuple[_Streams, list[str]]:
    if data.byte() != HEADER or data.byte() != STREAMS:
        raise _Strange("its contents are listed in another way")
    streams, names = _streams(data), list[str]()
    if data.byte() == FILES:
        data.few()
        while (kind := data.byte()) != END:
            block = data.take(data.number())
            if kind == NAMES:
                names = block[1:].decode("utf-16-le").split("\0")[:-1]
    return streams, names


def _streams(data: _Bytes) -> _Streams:
    found = _Streams()
    readers = {PACKED: _packed, UNPACKED: _unpacked, PARTS: _parts}
    while (kind := data.byte()) != END:
        if kind not in readers:
            raise _Strange("its contents are listed in another way")
        readers[kind](data, found)
    found.files = found.files or (found.size,)
    return found


def _packed(data: _Bytes, found: _Streams) -> None:
    found.offset = data.number()
    if data.number() != 1:
        raise _Strange("it is packed in several streams")
    while (kind := data.byte()) != END:
        if kind == SIZES:
            found.packed = data.number()
        elif kind == CHECKSUMS:
            _checksums(data, 1)


def _unpacked(data: _Bytes, found: _Streams) -> None:
    if data.byte() != FOLDERS or data.number() != 1 or data.byte() or data.number() != 1:
        raise _Strange("it is packed in several steps")
    found.filters = [_filter(data)]
    if data.byte() != CODER_SIZES:
        raise _Strange("its contents are listed in another way")
    found.size = data.number()
    while (kind := data.byte()) != END:
        if kind == CHECKSUMS:
            found.checksums = _checksums(data, 1)


def _filter(data: _Bytes) -> dict[str, Any]:
    flags = data.byte()
    method = data.take(flags & 0x0F)
    properties = data.take(data.few()) if flags & 0x20 else b""
    if method == LZMA1 and len(properties) == 5 and not flags & 0x10:
        rest, lc = divmod(properties[0], 9)
        pb, lp = divmod(rest, 5)
        dictionary = int.from_bytes(properties[1:], "little")
        chosen = {"id": lzma.FILTER_LZMA1, "lc": lc, "lp": lp, "pb": pb}
    elif method == LZMA2 and len(properties) == 1 and properties[0] < 40:
        dictionary = (2 | properties[0] & 1) << (properties[0] // 2 + 11)
        chosen = {"id": lzma.FILTER_LZMA2}
    else:
        raise _Strange("it is encrypted, or packed in another way than LZMA")
    if dictionary > MOST_DICTIONARY:
        raise _Strange("unpacking it would take too much memory")
    return {**chosen, "dict_size": max(dictionary, 4096)}


def _parts(data: _Bytes, found: _Streams) -> None:
    count = 1
    while (kind := data.byte()) != END:
        if kind == COUNTS:
            count = data.few()
        elif kind == SIZES:
            found.files = tuple(data.number() for _ in range(count - 1))
        elif kind == CHECKSUMS:
            found.checksums = _checksums(data, count)
    found.files = (*found.files, found.size - sum(found.files))
    if len(found.checksums) not in (0, count):
        found.checksums = ()
    if min(found.files) < 0:
        raise _Strange("its contents are listed in another way")


def _checksums(data: _Bytes, count: int) -> tuple[int | None, ...]:
    """The CRC-32 of each of ``count`` streams; None where none is given."""
    bits = b"\xff" * ((count + 7) // 8) if data.byte() else data.take((count + 7) // 8)
    there = [bool(bits[i // 8] & 0x80 >> i % 8) for i in range(count)]
    return tuple(int.from_bytes(data.take(4), "little") if one else None for one in there)
