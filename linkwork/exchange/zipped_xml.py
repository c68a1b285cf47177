"""XML inside zip files, as workbooks are: read in pieces, within limits, and never believed.

Nothing is unpacked to disk and no part is ever whole in memory. A document type is refused, and
with it every entity; a part is read only as far as the limits below, whatever size it says it has.
"""

import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Any, Protocol
from xml.parsers import expat

from linkwork.errors import FileRefused
from linkwork.exchange.sheet_limits import MOST_CHARACTERS, MOST_KEPT_BYTES, bytes_of, too_much_text

MOST_PARTS = 5_000
MOST_UNPACKED_BYTES = 250_000_000
# Sheets pack to a fiftieth or so; only what is made to burst packs to less than a two-hundredth.
MOST_PACKED = 200
PLAIN_BYTES = 20_000_000
LONGEST_TAG_BYTES = 1_000_000
MOST_ELEMENTS = 10_000_000
DEEPEST = 100
CHUNK_BYTES = 1 << 16
ENCRYPTED = 0x1
DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError)


class Listener(Protocol):
    """What is told of the elements of a part, by their names without namespace."""

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins; its attributes are named without namespace too."""

    def end(self, name: str) -> None:
        """An element ends."""

    def text(self, words: str) -> None:
        """Some of the text inside an element."""


class Archive:
    """A zip file whose parts are read one after the other, with one allowance for them all."""

    def __init__(self, path: Path, name: str) -> None:
        self.name = name
        self._left, self._elements_left = MOST_UNPACKED_BYTES, MOST_ELEMENTS
        self._kept_left, self._given_left = MOST_KEPT_BYTES, MOST_CHARACTERS
        try:
            self._zip = zipfile.ZipFile(path)
        except (*DAMAGED, ValueError) as wrong:
            raise self.damaged() from wrong
        if len(self._zip.infolist()) > MOST_PARTS:
            self._zip.close()
            raise FileRefused(
                f"{name} holds more than {MOST_PARTS:,} parts, which no spreadsheet does. "
                "Save the one sheet you need as CSV, and import that. Nothing was imported."
            )

    def __enter__(self) -> "Archive":
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def has(self, part: str) -> bool:
        """Whether there is such a part."""
        return part in self._zip.NameToInfo

    def chunks(self, part: str) -> Iterator[bytes]:
        """The bytes of a part, in pieces. Raises FileRefused."""
        info = self._zip.NameToInfo.get(part)
        if info is None:
            raise self.damaged()
        if info.flag_bits & ENCRYPTED:
            raise self.locked()
        try:
            with self._zip.open(info) as file:
                yield from self._counted(file, max(PLAIN_BYTES, MOST_PACKED * info.compress_size))
        except DAMAGED as wrong:
            raise self.damaged() from wrong

    def _counted(self, file: IO[bytes], most: int) -> Iterator[bytes]:
        while chunk := file.read(CHUNK_BYTES):
            self._left -= len(chunk)
            most -= len(chunk)
            if self._left < 0 or most < 0:
                raise FileRefused(
                    f"{self.name} unpacks to more than {MOST_UNPACKED_BYTES // 1_000_000} MB, or "
                    "to far more than a list does. Save the one sheet you need as CSV, and import "
                    "that. Nothing was imported."
                )
            yield chunk

    def read(self, part: str, listener: Listener) -> Iterator[None]:
        """Tell ``listener`` of a part, and pause after each piece. Raises FileRefused."""
        parser, fed = _parser(_Bounded(listener, self)), 0
        try:
            for chunk in self.chunks(part):
                parser.Parse(chunk, False)
                fed += len(chunk)
                # The parser keeps a tag that has not ended yet, however long it becomes.
                if fed - max(parser.CurrentByteIndex, 0) > LONGEST_TAG_BYTES:
                    raise self.damaged()
                yield
            parser.Parse(b"", True)
        except (expat.ExpatError, LookupError, ValueError) as wrong:
            raise self.damaged() from wrong
        yield

    def keep(self, text: str) -> str:
        """Note that a text stays in memory. Raises FileRefused where all of them are too much."""
        self._kept_left -= bytes_of(text)
        if self._kept_left < 0:
            raise too_much_text(self.name)
        return text

    def give_out(self, cells: Sequence[str]) -> None:
        """Note what a row says. Raises FileRefused where all rows say more than a list does."""
        self._given_left -= sum(map(len, cells))
        if self._given_left < 0:
            raise too_much_text(self.name)

    def count_element(self) -> None:
        """Note an element. Raises FileRefused where there are more than a list has."""
        self._elements_left -= 1
        if self._elements_left < 0:
            raise FileRefused(
                f"{self.name} has more cells than can be read. Save the one sheet you need as "
                "CSV, without the empty rows and columns, and import that. Nothing was imported."
            )

    def read_all(self, part: str, listener: Listener) -> None:
        """Tell ``listener`` of a whole part. Raises FileRefused."""
        for _ in self.read(part, listener):
            pass

    def damaged(self) -> FileRefused:
        """The refusal of a file that breaks off or makes no sense."""
        return FileRefused(
            f"{self.name} is damaged or not a spreadsheet. Open it, save it again as XLSX, ODS or "
            "CSV, and import that. Nothing was imported."
        )

    def locked(self) -> FileRefused:
        """The refusal of a file with a password."""
        return FileRefused(
            f"{self.name} is protected by a password. Save it without one, and import that. "
            "Nothing was imported."
        )


class _Bounded:
    """Passes on what the parser finds, and stops at what no honest workbook has."""

    def __init__(self, listener: Listener, archive: Archive) -> None:
        self._listener, self._archive, self._depth = listener, archive, 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._archive.count_element()
        self._depth += 1
        if self._depth > DEEPEST:
            raise self._archive.damaged()
        plain = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        self._listener.start(name.rpartition(" ")[2], plain)

    def end(self, name: str) -> None:
        self._depth -= 1
        self._listener.end(name.rpartition(" ")[2])

    def text(self, words: str) -> None:
        self._listener.text(words)

    def refuse_type(self, *_: object) -> None:
        raise FileRefused(
            f"{self._archive.name} declares a document type, which can make a reader fetch other "
            "files. No spreadsheet programme writes that. Nothing was imported."
        )


def _parser(told: _Bounded) -> Any:
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = told.start
    parser.EndElementHandler = told.end
    parser.CharacterDataHandler = told.text
    parser.StartDoctypeDeclHandler = told.refuse_type
    parser.EntityDeclHandler = told.refuse_type
    return parser
