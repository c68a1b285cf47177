"""What a page asks the database, how the database finds it, and two who ask at once.

with watching() as asked: ...        ``asked`` holds every SELECT with its values
plan_of(statement, values)           how the present engine would find the rows
at_once(act, act)                    each in a thread of its own, started together
    dawdle(monkeypatch, module, name)    a check that takes its time, so that two do meet
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, event

from linkwork.database import db

# Who is signed in and what they have not read, asked on every page, and the audit trail, written
# after it.
OF_EVERY_PAGE = (
    "user_session",
    "audit_head",
    "audit_entry",
    "(SELECT notification.id",
)


def dawdle(monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> None:
    """Let a check take its time, so that somebody else could act between it and what follows."""
    check = getattr(module, name)

    def slowly(*args: Any, **kwargs: Any) -> Any:
        result = check(*args, **kwargs)
        time.sleep(0.3)
        return result

    monkeypatch.setattr(module, name, slowly)


@contextmanager
def watching() -> Iterator[list[tuple[str, Any]]]:
    """Collect the queries of what happens meanwhile, without those of every page."""
    asked: list[tuple[str, Any]] = []

    def note(_conn: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        of_this_page = not any(f"FROM {table}" in statement for table in OF_EVERY_PAGE)
        if statement.startswith("SELECT") and of_this_page:
            asked.append((statement, values))

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(Engine, "before_cursor_execute", note)


def plan_of(statement: str, values: Any) -> str:
    """The plan of a query on the present engine; PostgreSQL may not read whole small tables."""
    connection = db.session.connection()
    if connection.dialect.name == "sqlite":
        rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        return "\n".join(str(row[-1]) for row in rows)
    connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    rows = connection.exec_driver_sql(f"EXPLAIN {statement}", values)
    return "\n".join(str(row[0]) for row in rows)


def at_once(make_app: Callable[..., Flask], *acts: Callable[[Flask], Any]) -> list[Any]:
    """Do each of ``acts`` in a thread and an app of its own, at the same moment.

    Returns what each returned, in their order; what one raised is raised here.
    """
    db.session.commit()
    together, results = threading.Barrier(len(acts)), {}
    apps = [make_app() for _ in acts]

    def run(number: int, act: Callable[[Flask], Any]) -> None:
        with apps[number].app_context():
            try:
                together.wait(10)
                results[number] = act(apps[number])
            except Exception as error:
                results[number] = error
            finally:
                db.session.remove()
                db.engine.dispose()

    threads = [threading.Thread(target=run, args=job) for job in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    failures = [r for r in results.values() if isinstance(r, Exception)]
    assert not failures, failures
    return [results[number] for number in range(len(acts))]
