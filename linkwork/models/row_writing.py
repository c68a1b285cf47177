"""New rows by the hundred: into a table with as little about each as the engine allows.

What SQLAlchemy does for each row of an insert costs more than the row. Here each column is made
ready as a whole, by its own type, and the driver is handed the values.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import JSON, Column, Connection, Dialect, insert

Rows = Sequence[Mapping[str, Any]]
Make = Callable[[Rows], Iterable[Any]]
"""Makes the values of one column for some rows, as the driver takes them."""
PLANS_KEPT = 100


def add(connection: Connection, table: Any, rows: Rows) -> None:
    """Insert rows that all have the same columns; others get what they have by default."""
    if not rows:
        return
    statement, names, columns = _plan(table, tuple(rows[0]), connection.dialect)
    values: list[Any] = list(zip(*(column(rows) for column in columns), strict=True))
    if not connection.dialect.positional:
        values = [dict(zip(names, one, strict=True)) for one in values]
    connection.exec_driver_sql(statement, values)


def numbers(connection: Connection, table: Any, keys: Sequence[str]) -> dict[str, int]:
    """The numbers of the rows that are there with these keys, by key."""
    asked: Any = list(keys)
    among = "= ANY(%(keys)s)"
    if connection.dialect.name == "sqlite":
        asked, among = json.dumps(asked), "IN (SELECT value FROM json_each(:keys))"
    query = f"SELECT key, id FROM {table.name} WHERE key {among}"  # noqa: S608
    found: Any = connection.exec_driver_sql(query, {"keys": asked}).all()
    return dict(found)


@lru_cache(maxsize=PLANS_KEPT)
def _plan(
    table: Any, given: tuple[str, ...], dialect: Dialect
) -> tuple[str, tuple[str, ...], tuple[Make, ...]]:
    """The statement, and the columns it names in their order."""
    compiled: Any = insert(table).inline().compile(dialect=dialect, column_keys=list(given))
    names = tuple(compiled.positiontup if dialect.positional else compiled.params)
    made = (
        _given(table.c[n], dialect) if n in given else _said(table.c[n], dialect) for n in names
    )
    return str(compiled), names, tuple(made)


def _given(column: Column[Any], dialect: Dialect) -> Make:
    name, ready = column.name, _ready(column, dialect)
    return lambda rows: ready([row[name] for row in rows])


def _said(column: Column[Any], dialect: Dialect) -> Make:
    default: Any = column.default
    ready = _ready(column, dialect)
    say = default.arg if default.is_callable else lambda _context: default.arg
    return lambda rows: ready([say(None) for _ in rows])


def _ready(column: Column[Any], dialect: Dialect) -> Callable[[list[Any]], Iterable[Any]]:
    process: Any = column.type.dialect_impl(dialect).bind_processor(dialect)
    if process is None:
        return lambda values: values
    if isinstance(column.type, JSON):
        # Most lists are empty.
        plain = {"[]": process([]), "{}": process({}), "None": process(None)}
        return lambda values: [process(v) if v else plain[str(v)] for v in values]

    def each_once(values: list[Any]) -> Iterable[Any]:
        made = {value: process(value) for value in set(values)}
        return [made[value] for value in values]

    return each_once
