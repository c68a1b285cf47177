"""The floor: the least a page of the same rows can cost. Bare Flask and sqlite3, plain HTML.

No sign-in, no rule of access, no audit entry, no template, no form, no explanation. It has its
own file with the same rows, so that neither it nor Linkwork waits for the other.
"""

import sqlite3
import threading
import time
from html import escape
from pathlib import Path
from typing import Any

from flask import Flask, redirect, request
from sqlalchemy import Engine, create_engine, insert, select

from linkwork.database import Base
from linkwork.models import service_text

SHOWN = 25
UNUSED = ("audit_", "submission", "user_session")
CASELOAD = """
    SELECT c.id, p.given_name, p.family_name, c.next_action, c.next_action_on, c.last_contact_at,
        (SELECT group_concat(n.need) FROM case_need n WHERE n.case_id = c.id)
    FROM support_case c JOIN person p ON p.id = c.person_id
    WHERE c.worker_id = ? AND c.closed_at IS NULL AND c.declined_at IS NULL
    ORDER BY c.next_action_on, c.id LIMIT ?"""
PERSON = """SELECT p.given_name, p.family_name, p.nhs_number, p.date_of_birth, p.phone, p.address,
    c.opened_at, c.next_action FROM support_case c JOIN person p ON p.id = c.person_id
    WHERE c.id = ?"""
TIMELINE = """
    SELECT at, mode, outcome, notes, what_matters FROM contact WHERE case_id = :id
    UNION ALL SELECT referred_at, source, urgency, note, referrer_name FROM referral
        WHERE case_id = :id
    UNION ALL SELECT o.created_at, s.name, NULL, NULL, NULL FROM onward_referral o
        JOIN service s ON s.id = o.service_id WHERE o.case_id = :id
    ORDER BY 1 DESC"""
FOUND = """SELECT s.id, s.name, s.description, s.status, s.phone FROM words
    JOIN service s ON s.id = words.rowid WHERE words MATCH ? AND s.status = 'active' AND s.listed
    ORDER BY rank LIMIT ?"""
STARTED = """SELECT substr(first_conversation_at, 1, 7), count(DISTINCT person_id)
    FROM support_case WHERE organisation_id = ? AND first_conversation_at IS NOT NULL
    GROUP BY 1 ORDER BY 1"""
REFERRED = """SELECT r.id, p.given_name, p.family_name, r.referred_at, r.urgency, c.accepted_at,
    c.closed_at FROM referral r JOIN person p ON p.id = r.person_id
    JOIN support_case c ON c.id = r.case_id
    WHERE r.practice_id = ? AND c.closed_at IS NULL AND c.declined_at IS NULL
    ORDER BY r.referred_at DESC LIMIT ?"""
KEEP = """INSERT INTO contact (key, created_at, version, case_id, worker_id, at, mode, kind,
    outcome, minutes, travel_minutes, notes, needs, safety_concern, share_with_gp)
    VALUES (hex(randomblob(9)), :now, 1, :case, :worker, :now, 'phone', 'conversation',
    'attended', 20, 0, :notes, '[]', 0, 0)"""


def fill(file: Path, source: Engine) -> None:
    """Copy the rows a page shows from ``source``, on either engine, into a file of the floor."""
    target = create_engine(f"sqlite:///{file}")
    tables = [t for t in Base.metadata.sorted_tables if not t.name.startswith(UNUSED)]
    Base.metadata.create_all(target, tables)
    with source.connect() as there, target.begin() as here:
        for table in tables:
            rows = [dict(row) for row in there.execute(select(table)).mappings()]
            if rows:
                here.execute(insert(table), rows)
        here.exec_driver_sql("CREATE VIRTUAL TABLE words USING fts5(name, description)")
        here.exec_driver_sql(
            "INSERT INTO words (rowid, name, description) SELECT id, name, description FROM service"
        )
    target.dispose()


def create(file: str) -> Flask:
    """Make the floor, on a file that ``fill`` filled."""
    app = Flask("floor", static_folder=None)
    database = Database(Path(file))
    app.add_url_rule("/", view_func=lambda: "floor", endpoint="home")

    @app.get("/caseload/<int:worker>")
    def caseload(worker: int) -> str:
        return _table(database.rows(CASELOAD, (worker, SHOWN)))

    @app.get("/case/<int:number>")
    def case(number: int) -> str:
        person = database.rows(PERSON, (number,))
        return _table([*person, *database.rows(TIMELINE, {"id": number})])

    @app.get("/search/<words>")
    def search(words: str) -> str:
        return _table(database.rows(FOUND, (_any_of(words), SHOWN)))

    @app.get("/matches/<int:number>")
    def matches(number: int) -> str:
        said = database.rows("SELECT note FROM referral WHERE case_id = ?", (number,))
        needs = database.rows("SELECT need FROM case_need WHERE case_id = ?", (number,))
        words = " ".join(str(value) for (value,) in [*said, *needs])
        return _table([*needs, *database.rows(FOUND, (_any_of(words), SHOWN))])

    _add_the_rest(app, database)
    return app


def _add_the_rest(app: Flask, database: "Database") -> None:
    """The pages of a lead and of a practice, and the one form."""

    @app.get("/capacity/<int:pcn>")
    def capacity(pcn: int) -> str:
        return _table(database.rows(STARTED, (pcn,)))

    @app.get("/practice/<int:practice>")
    def practice(practice: int) -> str:
        return _table(database.rows(REFERRED, (practice, SHOWN)))

    @app.post("/case/<int:number>/contact/<int:worker>")
    def contact(number: int, worker: int) -> Any:
        now = time.strftime("%Y-%m-%d %H:%M:%S.000000", time.gmtime())
        given = {"now": now, "case": number, "worker": worker, "notes": request.form["notes"]}
        database.write(KEEP, given)
        return redirect(f"/case/{number}", 303)


class Database:
    """One connection for each thread, set as Linkwork sets its own."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._here = threading.local()

    def rows(self, query: str, given: Any) -> list[tuple[Any, ...]]:
        """Return what a query finds."""
        return self._connection().execute(query, given).fetchall()

    def write(self, statement: str, given: Any) -> None:
        """Carry out one statement, kept on the disk before this returns."""
        connection = self._connection()
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(statement, given)
        connection.execute("UPDATE support_case SET last_contact_at = :now WHERE id = :case", given)
        connection.execute("COMMIT")

    def _connection(self) -> sqlite3.Connection:
        if not hasattr(self._here, "connection"):
            made = sqlite3.connect(self._file, timeout=15, isolation_level=None)
            for pragma in ("journal_mode = WAL", "synchronous = FULL", "cache_size = -32000"):
                made.execute(f"PRAGMA {pragma}")
            self._here.connection = made
        connection: sqlite3.Connection = self._here.connection
        return connection


def _any_of(text: str) -> str:
    words = [word for word in service_text.words_of(text) if word not in service_text.STOP_WORDS]
    return " OR ".join(f'"{word}"' for word in dict.fromkeys(words)) or '"nothing"'


def _table(rows: list[tuple[Any, ...]]) -> str:
    cells = (
        "".join(f"<td>{escape(str(value))}</td>" for value in row if value is not None)
        for row in rows
    )
    return f"<!doctype html><table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"
