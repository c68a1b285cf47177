"""Collects the rows of the demo with numbers of their own, and writes them in bulk."""

from base64 import urlsafe_b64encode
from collections import defaultdict
from datetime import datetime
from random import Random
from typing import Any

from sqlalchemy import func, insert, select

from linkwork.database import Addressed, Record, db

AT_ONCE = 500


class Rows:
    """Rows by table, in the order in which the tables were first used."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        self._rows: dict[type[Record], list[dict[str, Any]]] = defaultdict(list)
        self._last: dict[type[Record], int] = {}

    def add(self, model: type[Record], made_at: datetime, /, **columns: Any) -> int:
        """Keep a row made then and return its number."""
        self._rows[model].append(row := {"id": self._next(model), "created_at": made_at, **columns})
        if issubclass(model, Addressed):
            row["key"] = urlsafe_b64encode(self._rng.randbytes(9)).decode()
        number: int = row["id"]
        return number

    def of(self, model: type[Record]) -> list[dict[str, Any]]:
        """Return the rows kept for a table."""
        return self._rows[model]

    def write(self) -> None:
        """Insert everything, and let each table count on from its last number."""
        for model, rows in self._rows.items():
            for start in range(0, len(rows), AT_ONCE):
                db.session.execute(insert(model), rows[start : start + AT_ONCE])
            _count_on(model)
        self._rows.clear()

    def _next(self, model: type[Record]) -> int:
        if model not in self._last:
            self._last[model] = db.session.scalar(select(func.max(model.id))) or 0
        self._last[model] += 1
        return self._last[model]


def _count_on(model: type[Record]) -> None:
    """PostgreSQL does not notice numbers that were given by hand."""
    if db.session.get_bind().dialect.name == "postgresql":
        sequence = func.pg_get_serial_sequence(f'"{model.__tablename__}"', "id")
        last = select(func.max(model.id)).scalar_subquery()
        db.session.execute(select(func.setval(sequence, last)))
