"""What was fetched of a feed, kept in a folder: a run that breaks off goes on where it was.

Records are kept under what the feed calls them, with the moment they came, and written to
``services.jsonl`` in the order of the list when all are there.
"""

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

FILE, KEPT = "services.jsonl", "fetched.db"
FIRST_VERSION = '{"totalElements": 0, "content": []}'
THIRD_VERSION = '{"total_items": 0, "contents": []}'
SCHEMA = """
CREATE TABLE IF NOT EXISTS about (address TEXT, first_version INTEGER);
CREATE TABLE IF NOT EXISTS record (key TEXT PRIMARY KEY, at REAL, body TEXT);
CREATE TEMP TABLE listed (place INTEGER PRIMARY KEY, key TEXT, body TEXT);
"""


class FeedFolder:
    """The records of one feed. Of one thread only."""

    def __init__(self, kept: sqlite3.Connection, folder: Path, oldest: float) -> None:
        self._kept = kept
        self._folder = folder
        self._oldest = oldest

    def has(self, key: str) -> bool:
        """Whether a record came lately enough not to be fetched again."""
        query = "SELECT 1 FROM record WHERE key = ? AND at >= ?"
        return self._kept.execute(query, (key, self._oldest)).fetchone() is not None

    def keep(self, key: str, record: dict[str, Any], *, at: datetime) -> None:
        """Keep a record that came."""
        row = (key, at.timestamp(), json.dumps(record, ensure_ascii=False))
        self._kept.execute("INSERT OR REPLACE INTO record VALUES (?, ?, ?)", row)
        self._kept.commit()

    def list_one(self, key: str, record: dict[str, Any] | None = None) -> None:
        """Note the next of the list: by its key, or by itself where the list gives it whole."""
        body = json.dumps(record, ensure_ascii=False) if record is not None else None
        self._kept.execute("INSERT INTO listed (key, body) VALUES (?, ?)", (key, body))

    def written(self, *, is_first_version: bool) -> tuple[Path, int]:
        """Write what is listed and there into a file, and return it with the number of services.

        What was kept is forgotten then: the next run fetches all anew.
        """
        query = """
            SELECT coalesce(listed.body, record.body) FROM listed LEFT JOIN record USING (key)
            WHERE coalesce(listed.body, record.body) IS NOT NULL ORDER BY place
        """
        file, count = self._folder / FILE, 0
        with file.open("w", encoding="utf-8") as lines:
            # A page of nothing: it says which version this is, also where nothing changed.
            lines.write(f"{FIRST_VERSION if is_first_version else THIRD_VERSION}\n")
            for (body,) in self._kept.execute(query):
                lines.write(f"{body}\n")
                count += 1
        self._kept.execute("DELETE FROM record")
        self._kept.commit()
        return file, count


@contextmanager
def kept_in(
    folder: Path, address: str, *, at: datetime, fresh_hours: float
) -> Iterator[FeedFolder]:
    """Open what is kept of the feed at an address; what is of another feed or older is dropped."""
    folder.mkdir(parents=True, exist_ok=True)
    oldest = (at - timedelta(hours=fresh_hours)).timestamp()
    kept = _opened(folder / KEPT)
    try:
        if kept.execute("SELECT address FROM about").fetchone() != (address,):
            kept.execute("DELETE FROM record")
            kept.execute("DELETE FROM about")
            kept.execute("INSERT INTO about VALUES (?, 0)", (address,))
        kept.execute("DELETE FROM record WHERE at < ?", (oldest,))
        kept.commit()
        yield FeedFolder(kept, folder, oldest)
    finally:
        kept.close()


def _opened(file: Path) -> sqlite3.Connection:
    kept = sqlite3.connect(file)
    try:
        kept.executescript(SCHEMA)
    except sqlite3.DatabaseError:
        # Half written when a machine went down: it is only there to save time.
        kept.close()
        file.unlink()
        kept = sqlite3.connect(file)
        kept.executescript(SCHEMA)
    return kept
