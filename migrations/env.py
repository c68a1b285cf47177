"""Runs migrations on the application's own engine, in one transaction: all of it or nothing."""

from alembic import context
from flask import current_app
from sqlalchemy.engine import Connection

from linkwork.database import db
from linkwork.models import service_text


def run() -> None:
    """Bring the database to the wanted revision, with the rows that are in it."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            _without_foreign_keys(connection)
        else:
            _migrate(connection)


def _migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=db.metadata,
        # SQLite can undo a change of tables too, now that the driver does not commit by itself.
        transactional_ddl=True,
        include_name=_has_a_model,
        **current_app.extensions["migrate"].configure_args,
    )
    with context.begin_transaction():
        context.run_migrations()
        if connection.dialect.name == "sqlite":
            _check_foreign_keys(connection)


def _has_a_model(name: str | None, kind: str, _parents: object) -> bool:
    """The index of words in services makes and drops its own tables."""
    return kind != "table" or name is None or not service_text.is_part_of_it(name)


def _without_foreign_keys(connection: Connection) -> None:
    """SQLite alters a table by copying it, and dropping the old one would empty its children."""
    driver = connection.connection.dbapi_connection
    driver.execute("PRAGMA foreign_keys = OFF")
    try:
        _migrate(connection)
    finally:
        driver.execute("PRAGMA foreign_keys = ON")


def _check_foreign_keys(connection: Connection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        raise RuntimeError(f"{len(broken)} rows would point at nothing, the first: {broken[0]}")


run()
