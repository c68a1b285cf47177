"""The tabular data package: a folder of CSV tables, joined into one record for each service.

The tables go into a temporary database beside nothing else, and services come out of it a few
hundred at a time, so that memory does not grow with the directory. A row that names one that is
not there is left out and told, table by table.
"""

import json
import sqlite3
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from linkwork.errors import FileRefused
from linkwork.exchange.import_report import Quarantined
from linkwork.exchange.tabular_tables import (
    CHILDREN,
    NOTHING,
    OWNERS,
    REFERENCES,
    rows,
    table_of,
)

AT_ONCE = 200
MOST_PARTS = 1000
SCHEMA = """
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -16000;
CREATE TABLE row (number INTEGER PRIMARY KEY, kind TEXT, id TEXT, body TEXT);
CREATE TABLE link (kind TEXT, of TEXT, owner TEXT, number INTEGER);
"""
INDEXES = """
CREATE INDEX row_by_id ON row (kind, id);
CREATE INDEX row_by_number ON row (kind, number);
CREATE INDEX link_by_number ON link (number);
CREATE INDEX link_by_owner ON link (kind, of, owner, number);
"""
Record = dict[str, Any]
Warn = Callable[[Quarantined], None]


def tables_in(files: Sequence[Path]) -> dict[str, Path]:
    """The tables among some files, by name. Raises FileRefused where one is there twice."""
    found: dict[str, Path] = {}
    for file in sorted(files):
        table = table_of(file.name)
        if table in found:
            raise FileRefused(
                f"{found[table].name} and {file.name} are the same table: keep one. {NOTHING}"
            )
        if table:
            found[table] = file
    return found


def records(tables: Mapping[str, Path], *, warn: Warn | None = None) -> Iterator[Record]:
    """Give each service of a package with everything that belongs to it.

    ``warn`` is told of rows that name a row which is not there. Raises FileRefused where a table
    cannot be read.
    """
    with _joined() as joined:
        joined.execute("BEGIN")
        for table, path in tables.items():
            _take_in(joined, table, path)
        joined.execute("COMMIT")
        joined.executescript(INDEXES)
        if warn:
            _tell_of_the_lost(joined, tables, warn)
        yield from _services(joined, tables)


@contextmanager
def _joined() -> Iterator[sqlite3.Connection]:
    """A database that is thrown away after the block."""
    with TemporaryDirectory(prefix="linkwork_") as folder:
        file = Path(folder) / "joined.db"
        with closing(sqlite3.connect(file, isolation_level=None)) as joined:
            joined.executescript(SCHEMA)
            yield joined


def _take_in(joined: sqlite3.Connection, table: str, path: Path) -> None:
    start = joined.execute("SELECT coalesce(max(number), 0) FROM row").fetchone()[0]
    links: list[tuple[str, str, str, int]] = []
    for number, row in enumerate(rows(path, path.name), start=start + 1):
        if table == "service" and number == start + 1:
            _refuse_what_are_no_services(row, path)
        links += [(table, name, owner, number) for name, owner in _owners(table, row)]
        body = json.dumps(row, ensure_ascii=False)
        joined.execute("INSERT INTO row VALUES (?, ?, ?, ?)", (number, table, row.get("id"), body))
        if len(links) >= AT_ONCE:
            joined.executemany("INSERT INTO link VALUES (?, ?, ?, ?)", links)
            links.clear()
    joined.executemany("INSERT INTO link VALUES (?, ?, ?, ?)", links)


def _owners(table: str, row: dict[str, str]) -> list[tuple[str, str]]:
    """The columns of a row that name other rows, taken out of it."""
    if table == "taxonomy_term":
        # It keeps the identifier of its taxonomy, and needs the name only where it has none.
        taxonomy = None if row.get("taxonomy") else row.get("taxonomy_id")
        return [("taxonomy_id", taxonomy)] if taxonomy else []
    return [(name, owner) for name in OWNERS if (owner := row.pop(name, None))]


def _refuse_what_are_no_services(row: Record, path: Path) -> None:
    if not {"id", "name"} <= set(row):
        raise FileRefused(
            f"{path.name} has no columns “id” and “name”, as the table of services has in Open "
            f"Referral UK. Its columns are: {', '.join(list(row)[:10])}. {NOTHING}"
        )


def _tell_of_the_lost(joined: sqlite3.Connection, tables: Mapping[str, Path], warn: Warn) -> None:
    query = """
        SELECT kind, of, count(*) FROM link WHERE NOT EXISTS (
            SELECT 1 FROM row WHERE row.kind = :owner AND row.id = link.owner
        ) AND of = :of GROUP BY kind
    """
    for of, owner in OWNERS.items():
        if owner in tables:
            for table, _, count in joined.execute(query, {"owner": owner, "of": of}):
                said = "1 row names" if count == 1 else f"{count:,} rows name"
                reason = f"{said} a {of} that is not in {tables[owner].name}."
                warn(Quarantined(0, None, tables[table].name, reason))


def _services(joined: sqlite3.Connection, tables: Mapping[str, Path]) -> Iterator[Record]:
    last = 0
    query = """
        SELECT number, id, body FROM row WHERE kind = 'service' AND number > ?
        ORDER BY number LIMIT ?
    """
    while some := joined.execute(query, (last, AT_ONCE)).fetchall():
        last = some[-1][0]
        yield from _whole(joined, tables, "service", some)


def _whole(
    joined: sqlite3.Connection,
    tables: Mapping[str, Path],
    table: str,
    found: Sequence[tuple[int, str | None, str]],
) -> list[Record]:
    """These rows of a table, with the parts that other tables hold of them."""
    whole = [json.loads(body) for _, _, body in found]
    by_id = defaultdict(list)
    for (_, key, _), record in zip(found, whole, strict=True):
        by_id[key].append(record)
    for name, part, of in CHILDREN.get(table, ()):
        if part in tables:
            for owner, record in _parts(joined, tables, part, of, [k for k in by_id if k]):
                for one in by_id[owner]:
                    one.setdefault(name, []).append(record)
    numbers = {number: record for (number, _, _), record in zip(found, whole, strict=True)}
    for name, of in REFERENCES.get(table, ()):
        for number, record in _named(joined, tables, table, of, list(numbers)):
            numbers[number][name] = record
    return whole


def _parts(
    joined: sqlite3.Connection,
    tables: Mapping[str, Path],
    table: str,
    of: str,
    owners: Sequence[str],
) -> Iterator[tuple[str, Record]]:
    query = f"""
        SELECT row.number, row.id, row.body, link.owner FROM link JOIN row USING (number)
        WHERE link.kind = ? AND of = ? AND owner IN ({_marks(owners)}) ORDER BY number
    """  # noqa: S608 (question marks only)
    found = joined.execute(query, (table, of, *owners)).fetchall()
    counts: dict[str, int] = defaultdict(int)
    for *_, owner in found:
        counts[owner] += 1
        if counts[owner] > MOST_PARTS:
            raise FileRefused(
                f"{tables[table].name} has more than {MOST_PARTS:,} rows of one {of}, which no "
                f"directory has. {NOTHING}"
            )
    whole = _whole(joined, tables, table, [row[:3] for row in found])
    yield from zip([row[3] for row in found], whole, strict=True)


def _named(
    joined: sqlite3.Connection,
    tables: Mapping[str, Path],
    table: str,
    of: str,
    numbers: Sequence[int],
) -> Iterator[tuple[int, Record]]:
    owner = OWNERS[of]
    if owner not in tables:
        return
    by_row = f"""
        SELECT number, owner FROM link
        WHERE kind = ? AND of = ? AND number IN ({_marks(numbers)})
    """  # noqa: S608 (question marks only)
    wanted = joined.execute(by_row, (table, of, *numbers)).fetchall()
    ids = list({key for _, key in wanted})
    by_id = f"""
        SELECT number, id, body FROM row WHERE kind = ? AND id IN ({_marks(ids)})
    """  # noqa: S608 (question marks only)
    found = joined.execute(by_id, (owner, *ids)).fetchall()
    whole = _whole(joined, tables, owner, found)
    known = {row[1]: record for row, record in zip(found, whole, strict=True)}
    yield from ((number, known[key]) for number, key in wanted if key in known)


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))
