"""The file of an import, kept in the database until somebody decided what becomes of it.

It is kept in pieces and compressed, so that no more than a piece is in memory at a time.
"""

import hashlib
import re
import zlib
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import delete, insert, select

from linkwork.database import db
from linkwork.errors import FileRefused
from linkwork.models import DirectoryImport, ImportPart

PIECE_BYTES = 1 << 20
LONGEST_NAME = 120
UNSAFE = re.compile(r"[^\w.\- ]+")
GONE = "The file of this import is no longer kept. Bring it in again."


def keep(import_: DirectoryImport, file: Path) -> None:
    """Keep this file as that of the import."""
    for number, piece in enumerate(_pieces(file)):
        row = {"import_id": import_.id, "number": number, "content": zlib.compress(piece, 6)}
        db.session.execute(insert(ImportPart), [row])


def digest(file: Path) -> str:
    """A fingerprint of the bytes of a file."""
    found = hashlib.sha256()
    for piece in _pieces(file):
        found.update(piece)
    return found.hexdigest()


def unpack(import_: DirectoryImport, folder: Path) -> Path:
    """Write the file of the import into a folder. Raises FileRefused where it is kept no more."""
    path = folder / safe_name(import_.file_name)
    numbers = select(ImportPart.id).where(ImportPart.import_id == import_.id)
    with path.open("wb") as file:
        found = db.session.scalars(numbers.order_by(ImportPart.number)).all()
        if not found:
            raise FileRefused(GONE)
        for part_id in found:
            content = select(ImportPart.content).where(ImportPart.id == part_id)
            file.write(zlib.decompress(db.session.scalars(content).one()))
    return path


def forget(import_: DirectoryImport) -> None:
    """Keep the file no longer."""
    db.session.execute(delete(ImportPart).where(ImportPart.import_id == import_.id))


def safe_name(name: str) -> str:
    """A name that is one plain file in any folder, with the ending it had."""
    plain = UNSAFE.sub("_", name.replace("\\", "/").rsplit("/", 1)[-1]).strip(". ")
    return plain[-LONGEST_NAME:] or "file"


def _pieces(file: Path) -> Iterator[bytes]:
    with file.open("rb") as opened:
        while piece := opened.read(PIECE_BYTES):
            yield piece
