"""Zip files that somebody sent, unpacked into a folder of ours without trusting a word of them.

Names become plain file names in one folder, whatever path they claim. Links, passwords, zips in
zips and what unpacks to more than a directory is ever large are refused, in a sentence.
"""

import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from linkwork.errors import FileRefused

NOTHING = "Nothing was imported."
ZIP = b"PK\x03\x04"
EMPTY_ZIP = b"PK\x05\x06"
MOST_FILES = 500
MOST_BYTES = 1_000_000_000
# Text packs to a tenth or so; only what is made to burst packs to less than a two-hundredth.
MOST_PACKED = 200
PLAIN_BYTES = 5_000_000
CHUNK_BYTES = 1 << 16
OFFICE = frozenset(("[Content_Types].xml", "mimetype"))
NOT_FILES = re.compile(r"(^|/)(__MACOSX/|\.[^./\\]|Thumbs\.db$)")


def is_zip(path: Path) -> bool:
    """Whether a file begins as a zip does; workbooks do too."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(4) in (ZIP, EMPTY_ZIP)


def is_workbook(path: Path) -> bool:
    """Whether a zip is a spreadsheet or another document of an office."""
    try:
        with zipfile.ZipFile(path) as archive:
            return not OFFICE.isdisjoint(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False


@contextmanager
def unpacked(path: Path) -> Iterator[Path]:
    """A folder with the files of a zip, gone after the block.

    Raises FileRefused where the zip is not what it should be; nothing is left behind.
    """
    with TemporaryDirectory(prefix="linkwork_") as name:
        folder = Path(name)
        try:
            with zipfile.ZipFile(path) as archive:
                _unpack(archive, folder, path.stat().st_size)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            raise FileRefused(f"The zip is damaged: save it again. {NOTHING}") from error
        except (ValueError, OSError, RuntimeError) as error:
            raise FileRefused(f"The zip cannot be unpacked. {NOTHING}") from error
        yield folder


def _unpack(archive: zipfile.ZipFile, folder: Path, packed: int) -> None:
    members = [one for one in archive.infolist() if not NOT_FILES.search(one.filename)]
    if not OFFICE.isdisjoint(archive.namelist()):
        raise FileRefused(
            f"The file is a workbook or a document, not a zip of tables. {NOTHING} Import it as a "
            "spreadsheet."
        )
    if len(members) > MOST_FILES:
        raise FileRefused(f"The zip holds more than {MOST_FILES} files. {NOTHING}")
    most = min(MOST_BYTES, max(PLAIN_BYTES, MOST_PACKED * packed))
    for member in members:
        if not member.is_dir():
            most -= _unpack_one(archive, member, folder / _plain_name(member, folder), most)


def _plain_name(member: zipfile.ZipInfo, folder: Path) -> str:
    """The last part of a name, as a file of ours may be called. Refuses what wants out."""
    parts = re.split(r"[/\\]", member.filename)
    shown = member.filename[-60:]
    if ".." in parts or parts[0] == "" or ":" in parts[0]:
        raise FileRefused(f"The zip wants to write outside its folder: “{shown}”. {NOTHING}")
    if stat.S_ISLNK(member.external_attr >> 16):
        raise FileRefused(f"The zip holds a link instead of a file: “{shown}”. {NOTHING}")
    if member.flag_bits & 1:
        raise FileRefused(f"The zip has a password. Unpack it, and import what is in it. {NOTHING}")
    name = re.sub(r"[^\w.\- ]", "_", parts[-1])[-100:]
    if (folder / name).exists():
        raise FileRefused(f"The zip holds two files called “{name}”. {NOTHING}")
    return name


def _unpack_one(archive: zipfile.ZipFile, member: zipfile.ZipInfo, to: Path, most: int) -> int:
    """Write one file, and return its length in bytes: as counted, not as claimed."""
    written = 0
    with archive.open(member) as packed, to.open("wb") as file:
        while chunk := packed.read(CHUNK_BYTES):
            if not written and chunk.startswith(ZIP):
                raise FileRefused(
                    f"The zip holds another zip or a workbook, “{to.name}”. {NOTHING} Unpack it, "
                    "and import what is in it."
                )
            written += len(chunk)
            if written > most:
                raise FileRefused(
                    f"The zip unpacks to more than any directory is large. {NOTHING} Ask where it "
                    "came from."
                )
            file.write(chunk)
    return written
