"""The demo as it is built on days that are hard: year ends, 29 February, a Sunday at Christmas."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from sqlalchemy import select

from linkwork import clock
from linkwork.app import create_app
from linkwork.database import Base, db
from linkwork.demo import build
from tests import engines
from tests.conftest import SECRET, migrate

DAYS = [
    date(2026, 11, 18),
    date(2027, 4, 1),
    date(2027, 3, 31),
    date(2028, 2, 29),
    date(2026, 12, 27),
]

Row = dict[str, Any]
Tables = dict[str, list[Row]]


def made(folder: Path, today: date) -> Tables:
    """Build the demo on SQLite and return all its rows."""
    app = create_app(
        {
            "SECRET_KEY": SECRET,
            "AUDIT_KEY": SECRET,
            "SQLALCHEMY_DATABASE_URI": engines.sqlite_url(folder, migrate),
        }
    )
    with app.app_context():
        build(today, progress=lambda _: None)
        tables = {
            table.name: [dict(row._mapping) for row in db.session.execute(select(table))]
            for table in Base.metadata.sorted_tables
        }
        db.session.remove()
        db.engine.dispose()
    return tables


class Made:
    """The demo of one day."""

    def __init__(self, today: date, tables: Tables) -> None:
        self.today = today
        self.now = clock.utc(datetime.combine(today, time()))
        self.tables = tables

    def __getattr__(self, name: str) -> list[Row]:
        return self.tables[name]

    def by_case(self, name: str) -> dict[int, list[Row]]:
        found = defaultdict(list)
        for row in self.tables[name]:
            found[row["case_id"]].append(row)
        return found
