"""Writes very many rows at once: rows as the engines read them, indexes made when they are there.

A row is a tuple of what both engines understand as text: whole numbers (1 and 0 for yes and no),
strings (moments in UTC as SQLite keeps them), and None. PostgreSQL takes them by COPY, SQLite by
``executemany``. Everything happens in the one transaction of the session, changes to the tables
too: broken off, nothing has happened.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, text

from linkwork.database import db

Row = tuple[int | str | None, ...]
AT_ONCE = 20_000

INDEXES = """
SELECT indexname, indexdef FROM pg_indexes
WHERE schemaname = current_schema() AND tablename = :table AND indexname NOT IN
    (SELECT conname FROM pg_constraint WHERE conrelid = cast(:quoted AS regclass))
ORDER BY indexname
"""
TRIGGERS = """
SELECT tgname, tgenabled FROM pg_trigger
WHERE tgrelid = cast(:quoted AS regclass) AND NOT tgisinternal AND tgenabled <> 'D' ORDER BY tgname
"""
AGAIN = {"O": "ENABLE", "A": "ENABLE ALWAYS", "R": "ENABLE REPLICA"}
"""How a trigger is enabled that was, as PostgreSQL notes it."""
CONSTRAINTS = """
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
WHERE conrelid = cast(:quoted AS regclass) AND contype IN ('f', 'u') ORDER BY contype, conname
"""
KEPT_FOR_SQLITE = """
SELECT type, name, sql FROM sqlite_master
WHERE tbl_name = :table AND type IN ('index', 'trigger') AND sql IS NOT NULL ORDER BY type, name
"""


class Bulk:
    """Rows of some tables, numbered on from those that are there, and written in this order."""

    def __init__(self, columns: dict[str, tuple[str, ...]]) -> None:
        self._columns = columns
        self.rows: dict[str, list[Row]] = {table: [] for table in columns}
        self.last = {table: _last_number(table) for table in columns}
        self.written = dict.fromkeys(columns, 0)

    def add(self, table: str, *values: int | str | None) -> int:
        """Keep a row, without its number, and return the number it gets."""
        number = self.last[table] = self.last[table] + 1
        self.rows[table].append((number, *values))
        return number

    def write(self, *, at_least: int = 1) -> None:
        """Write what is kept, if any table has ``at_least`` so many rows."""
        if max(map(len, self.rows.values())) < at_least:
            return
        for table, rows in self.rows.items():
            if rows:
                _put(table, self._columns[table], rows)
                self.written[table] += len(rows)
                rows.clear()

    def count_on(self) -> None:
        """Let PostgreSQL number on from the last: it does not notice numbers given by hand."""
        if _is_postgresql():
            for table, last in self.last.items():
                statement = text("SELECT setval(pg_get_serial_sequence(:table, 'id'), :last)")
                if last:
                    db.session.execute(statement, {"table": f'"{table}"', "last": last})


@contextmanager
def set_aside(tables: Sequence[str], *, held: Sequence[str] = ()) -> Iterator[None]:
    """Take indexes, keys to other tables and triggers off these tables, and put them back.

    What is put back is checked against all rows. Nobody else can use the tables meanwhile, nor
    write to those ``held``. SQLite keeps its foreign keys, which cost it little.
    """
    connection = db.session.connection()
    if _is_postgresql():
        connection.execute(text("SET LOCAL maintenance_work_mem = '256MB'"))
        connection.execute(text("SET LOCAL timezone = 'UTC'"))  # moments are written without one
        for table in held:
            connection.exec_driver_sql(f'LOCK TABLE "{table}" IN SHARE ROW EXCLUSIVE MODE')
    again = [statement for table in tables for statement in _take_off(connection, table)]
    yield
    for statement in again:
        connection.exec_driver_sql(statement)


def _take_off(connection: Connection, table: str) -> list[str]:
    """Statements that put back what this takes off."""
    if not _is_postgresql():
        kept = connection.execute(text(KEPT_FOR_SQLITE), {"table": table}).all()
        for kind, name, _ in kept:
            connection.exec_driver_sql(f'DROP {kind} "{name}"')
        return [sql for _, _, sql in kept]
    named = {"table": table, "quoted": f'"{table}"'}
    indexes = connection.execute(text(INDEXES), named).all()
    constraints = connection.execute(text(CONSTRAINTS), named).all()
    triggers = connection.execute(text(TRIGGERS), named).all()
    connection.exec_driver_sql(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
    for name, _ in constraints:
        connection.exec_driver_sql(f'ALTER TABLE "{table}" DROP CONSTRAINT "{name}"')
    for name, _ in indexes:
        connection.exec_driver_sql(f'DROP INDEX "{name}"')
    return [
        *(definition for _, definition in indexes),
        *(f'ALTER TABLE "{table}" ADD CONSTRAINT "{name}" {how}' for name, how in constraints),
        *(f'ALTER TABLE "{table}" {AGAIN[how]} TRIGGER "{name}"' for name, how in triggers),
    ]


def _put(table: str, columns: Sequence[str], rows: Sequence[Row]) -> None:
    cursor: Any = db.session.connection().connection.cursor()
    names = ", ".join(f'"{name}"' for name in columns)
    if _is_postgresql():
        with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
            copy.write("".join(map(_line, rows)))
    else:
        places = ", ".join("?" * len(columns))
        cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({places})', rows)  # noqa: S608
    cursor.close()


def _line(row: Row) -> str:
    """A row as COPY reads it; no value of ours has a tab, a line end or a backslash."""
    return "\t".join(["\\N" if value is None else str(value) for value in row]) + "\n"


def _last_number(table: str) -> int:
    return db.session.scalar(text(f'SELECT max(id) FROM "{table}"')) or 0  # noqa: S608


def _is_postgresql() -> bool:
    return db.session.get_bind().dialect.name == "postgresql"
