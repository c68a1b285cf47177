"""The tabular data package: a folder of CSV tables, joined into one record for each service.

The tables go into a temporary database beside nothing else, and services come out of it a few
hundred at a time, so that memory does not grow with the directory. A row that names one that is
not there is left out and told, table by table.
"""

import json
import sqlite3
from collections import Counter, defaultdict
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
    TABLES,
    rows,
    table_of,
)

AT_ONCE = 200
MOST_PARTS = 1000
SCHEMA = """
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -32000;
CREATE TABLE row (number INTEGER PRIMARY KEY, kind INTEGER, id TEXT, body TEXT);
CREATE TABLE link (relation INTEGER, owner TEXT, number INTEGER);
"""
INDEXES = """
CREATE INDEX row_by_id ON row (kind, id);
CREATE INDEX link_by_owner ON link (relation, owner, number);
"""
# Tables and the columns that make their rows part of others, as numbers of the two tables above.
KINDS = {table: number for number, table in enumerate(sorted(TABLES))}
RELATIONS = {
    relation: number
    for number, relation in enumerate(
        sorted({(part, of) for parts in CHILDREN.values() for _, part, of in parts})
    )
}
OWNERS_OF = {table: [of for part, of in RELATIONS if part == table] for table in TABLES}
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
        last = 0
        for table in sorted(tables, key="service".__ne__):
            last = _take_in(joined, table, tables[table], start=last + 1)
            if table == "service":
                services = last
        joined.execute("COMMIT")
        joined.executescript(INDEXES)
        package = _Package(joined, tables)
        yield from package.services(services)
        if warn:
            package.tell_of_the_lost(warn)


@contextmanager
def _joined() -> Iterator[sqlite3.Connection]:
    """A database that is thrown away after the block."""
    with TemporaryDirectory(prefix="linkwork_") as folder:
        file = Path(folder) / "joined.db"
        with closing(sqlite3.connect(file, isolation_level=None)) as joined:
            joined.executescript(SCHEMA)
            yield joined


def _take_in(joined: sqlite3.Connection, table: str, path: Path, *, start: int) -> int:
    """Take a table in under the numbers from ``start``, and return the last of them."""
    number = start - 1
    found: list[tuple[int, int, str | None, str]] = []
    links: list[tuple[int, str, int]] = []
    for number, row in enumerate(rows(path, path.name), start=start):
        if table == "service" and number == start:
            _refuse_what_are_no_services(row, path)
        links += [
            (RELATIONS[table, of], owner, number)
            for of in OWNERS_OF[table]
            if (owner := row.pop(of, None))
        ]
        found.append((number, KINDS[table], row.get("id"), json.dumps(row)))
        if len(found) >= AT_ONCE:
            _write(joined, found, links)
    _write(joined, found, links)
    return number


def _write(
    joined: sqlite3.Connection,
    found: list[tuple[int, int, str | None, str]],
    links: list[tuple[int, str, int]],
) -> None:
    joined.executemany("INSERT INTO row VALUES (?, ?, ?, ?)", found)
    joined.executemany("INSERT INTO link VALUES (?, ?, ?)", links)
    found.clear()
    links.clear()


def _refuse_what_are_no_services(row: Record, path: Path) -> None:
    if not {"id", "name"} <= set(row):
        raise FileRefused(
            f"{path.name} has no columns “id” and “name”, as the table of services has in Open "
            f"Referral UK. Its columns are: {', '.join(list(row)[:10])}. {NOTHING}"
        )


class _Package:
    """The joined tables, out of which services come with all their parts."""

    def __init__(self, joined: sqlite3.Connection, tables: Mapping[str, Path]) -> None:
        self._joined = joined
        self._tables = tables
        self._lost: Counter[tuple[str, str, str]] = Counter()

    def services(self, last: int) -> Iterator[Record]:
        """Every service, in the order of its table, whose rows have the numbers up to ``last``."""
        query = "SELECT id, body FROM row WHERE number BETWEEN ? AND ? ORDER BY number"
        for start in range(1, last + 1, AT_ONCE):
            some = self._joined.execute(query, (start, min(last, start + AT_ONCE - 1)))
            yield from self._whole("service", some.fetchall())

    def tell_of_the_lost(self, warn: Warn) -> None:
        """Say, table by table, how many rows name one that is not there."""
        query = """
            SELECT count(*) FROM link WHERE relation = ? AND NOT EXISTS (
                SELECT 1 FROM row WHERE row.kind = ? AND row.id = link.owner
            )
        """
        for (table, of), relation in RELATIONS.items():
            owner = OWNERS[of]
            if table in self._tables and owner in self._tables:
                numbers = (relation, KINDS[owner])
                self._lost[table, of, owner] += self._joined.execute(query, numbers).fetchone()[0]
        for (table, of, owner), count in sorted(self._lost.items()):
            if count:
                said = "1 row names" if count == 1 else f"{count:,} rows name"
                reason = f"{said} a {of} that is not in {self._tables[owner].name}."
                warn(Quarantined(0, None, self._tables[table].name, reason))

    def _whole(self, table: str, found: Sequence[tuple[str | None, str]]) -> list[Record]:
        """These rows of a table, with the parts that other tables hold of them."""
        whole: list[Record] = [json.loads(body) for _, body in found]
        by_id: dict[str, list[Record]] = defaultdict(list)
        for (key, _), record in zip(found, whole, strict=True):
            if key:
                by_id[key].append(record)
        for name, part, of in CHILDREN.get(table, ()):
            if part in self._tables and by_id:
                for owner, record in self._parts(part, of, list(by_id)):
                    for one in by_id[owner]:
                        one.setdefault(name, []).append(record)
        for name, of in REFERENCES.get(table, ()):
            if OWNERS[of] in self._tables:
                self._refer(table, whole, name, of)
        return whole

    def _parts(self, table: str, of: str, owners: Sequence[str]) -> Iterator[tuple[str, Record]]:
        query = f"""
            SELECT row.id, row.body, link.owner FROM link JOIN row USING (number)
            WHERE relation = ? AND owner IN ({_marks(owners)}) ORDER BY number
        """  # noqa: S608 (question marks only)
        found = self._joined.execute(query, (RELATIONS[table, of], *owners)).fetchall()
        most = Counter(owner for *_, owner in found).most_common(1)
        if most and most[0][1] > MOST_PARTS:
            raise FileRefused(
                f"{self._tables[table].name} has more than {MOST_PARTS:,} rows of one {of}, which "
                f"no directory has. {NOTHING}"
            )
        whole = self._whole(table, [row[:2] for row in found])
        yield from zip([row[2] for row in found], whole, strict=True)

    def _refer(self, table: str, whole: Sequence[Record], name: str, of: str) -> None:
        """Put the row that a column names in the place of its identifier."""
        owner = OWNERS[of]
        # A term keeps the identifier of its taxonomy, and needs its name only without one.
        is_term = table == "taxonomy_term"
        named = [(one, str(one[of])) for one in whole if of in one]
        if is_term:
            named = [(one, key) for one, key in named if not one.get("taxonomy")]
        keys = list({key for _, key in named})
        query = f"SELECT id, body FROM row WHERE kind = ? AND id IN ({_marks(keys)})"  # noqa: S608
        found = self._joined.execute(query, (KINDS[owner], *keys)).fetchall()
        records = self._whole(owner, found)
        known = {key: record for (key, _), record in zip(found, records, strict=True)}
        for one, key in named:
            if not is_term:
                one.pop(of)
            if key in known:
                one[name] = known[key]
            else:
                self._lost[table, of, owner] += 1


def _marks(values: Sequence[object]) -> str:
    return ", ".join("?" * len(values))
