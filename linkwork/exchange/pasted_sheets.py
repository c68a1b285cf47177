"""Sheets small enough to be shown in a box: a CSV file as text, and its rows."""

import tempfile
from pathlib import Path

from linkwork import paths
from linkwork.errors import FileRefused
from linkwork.exchange import tables
from linkwork.exchange.tables import Layout

MOST_BYTES = 500_000
MOST_ROWS = 2_000
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


def text_of(content: bytes) -> str:
    """What is written in a CSV file. Raises FileRefused for one that is no text, or too large."""
    if len(content) > MOST_BYTES:
        raise FileRefused(f"The file is larger than {MOST_BYTES // 1000:,} kB. Split it.")
    if content.startswith(WORKBOOKS):
        raise FileRefused("This is a workbook. Save the sheet as CSV, and choose that file.")
    for encoding in (
        "utf-8-sig",
        "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "cp1252",
    ):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return "\n".join(text.replace("\0", "").splitlines())
    raise FileRefused("The file is no text. Save the sheet as CSV in UTF-8, and choose that file.")


def rows(text: str, layout: Layout) -> list[tuple[int, dict[str, str]]]:
    """The rows of a sheet: the line (1 is the first) and the trimmed text of each meaning.

    Raises FileRefused where the columns are not those of the layout, and where there are too many.
    """
    with tempfile.TemporaryDirectory(dir=paths.in_memory(), prefix="linkwork-sheet-") as folder:
        file = Path(folder) / "sheet.csv"
        file.write_text(text + "\n", encoding="utf-8")
        found = []
        for row in tables.read(file, [layout], name="The sheet").rows:
            found.append(row)
            if len(found) > MOST_ROWS:
                raise FileRefused(f"The sheet has more than {MOST_ROWS:,} rows. Split it.")
    if not found:
        raise FileRefused("The sheet has no rows under its headers.")
    return found
