"""The database: one session a request, one transaction a request, one way to migrate."""

import logging
import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar
from uuid import uuid4

from flask import Flask, Response, current_app, g, has_request_context, request
from flask_migrate import Migrate, downgrade, upgrade
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Dialect, Engine, Enum, MetaData, String, TypeDecorator, event
from sqlalchemy.engine import Connection
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    Session,
    SessionTransaction,
    declared_attr,
    mapped_column,
    registry,
)

from linkwork import clock, paths

View = TypeVar("View", bound=Callable[..., Any])
READING = frozenset({"GET", "HEAD", "OPTIONS"})
before_commits: list[Callable[[Session], None]] = []
"""What makes right, at the end of whatever may have written, what is kept beside it."""
BUSY_SECONDS = 15


class Moment(TypeDecorator[datetime]):
    """A moment kept in UTC and given back in UTC, on engines that forget the zone too."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a moment without a zone: guessing it would move somebody's history."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give back UTC whatever the engine kept."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _values(choices: type[StrEnum]) -> list[str]:
    return [choice.value for choice in choices]


class Base(DeclarativeBase):
    """What every model descends from: names for constraints, and moments in UTC."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    registry = registry(
        metadata=metadata,
        type_annotation_map={
            datetime: Moment(),
            StrEnum: Enum(StrEnum, values_callable=_values, native_enum=False, length=32),
        },
    )


class Record(Base):
    """What every table has: a number, and when the row was made."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(primary_key=True, sort_order=-3)
    created_at: Mapped[datetime] = mapped_column(default=clock.now, sort_order=-2)


def new_key() -> str:
    """A name for a record that cannot be guessed from another: 72 random bits."""
    return secrets.token_urlsafe(9)


class Addressed(Record):
    """A record with an address of its own. Addresses carry ``key``; numbers never leave."""

    __abstract__ = True

    key: Mapped[str] = mapped_column(String(36), unique=True, default=new_key, sort_order=-1)


def new_uuid() -> str:
    """A name for a record that is published: its identifier in Open Referral UK, a random UUID."""
    return str(uuid4())


class Published(Addressed):
    """A record that leaves in Open Referral UK, where its key is its identifier."""

    __abstract__ = True

    key: Mapped[str] = mapped_column(String(36), unique=True, default=new_uuid, sort_order=-1)


class Versioned:
    """A record two people may edit at once: the second save of the same version is refused."""

    version: Mapped[int] = mapped_column(default=1)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:
        """Let every update ask for the version it read."""
        return {"version_id_col": cls.__table__.c.version}  # type: ignore[attr-defined]


db = SQLAlchemy(model_class=Base)
migrations = Migrate(directory=str(paths.MIGRATIONS), render_as_batch=True, compare_type=True)


def init_app(app: Flask) -> None:
    """Give the app its database, and commit once at the end of each request that worked."""
    if app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite"):
        app.config.setdefault(
            "SQLALCHEMY_ENGINE_OPTIONS", {"connect_args": {"timeout": BUSY_SECONDS}}
        )
    else:
        app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", {"pool_pre_ping": True})
    db.init_app(app)
    migrations.init_app(app, db)
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            _prepare_sqlite(db.engine)
    app.after_request(commit_if_it_worked)


def commit_if_it_worked(response: Response) -> Response:
    """A request is one transaction: kept when it is answered, dropped when it is refused.

    A page that was only read leaves what must be noted of it (who opened what, that the session
    is alive) in a short transaction of its own, so that reading never waits for a writer.
    """
    if response.status_code >= 400 and not g.get("keep"):
        db.session.rollback()
        afterwards().clear()
    elif _is_reading():
        _note_the_reading()
    else:
        db.session.commit()
    return response


def reads_only(view: View) -> View:
    """Declare that a view changes nothing though what it is asked comes as a POST.

    It is answered like any page that is only read, and waits for no writer.
    """
    view.reads_only = True  # type: ignore[attr-defined]
    return view


def _is_reading() -> bool:
    if request.method in READING:
        return True
    view = current_app.view_functions.get(request.endpoint or "")
    return bool(getattr(view, "reads_only", False))


def let_go() -> None:
    """End the present transaction, keeping what was loaded: something slow comes next."""
    db.session.expunge_all()
    db.session.rollback()


def read_without_transaction() -> None:
    """Let each statement of what comes next stand by itself, where only reading follows.

    On PostgreSQL that saves two of its four round trips to a request of one query; each
    statement sees what is committed when it begins, as it would within a transaction. SQLite
    has no such trips to save.
    """
    if db.engine.dialect.name == "postgresql" and not db.session().in_transaction():
        db.session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})


def commit_anyway() -> None:
    """Keep what this request wrote though its answer is a refusal: a failed sign-in counts."""
    g.keep = True


def afterwards() -> list[Callable[[], None]]:
    """What is to be written when the present transaction ends well. Cleared by every end."""
    queue: list[Callable[[], None]] = db.session.info.setdefault("afterwards", [])
    return queue


def apart(app: Flask, act: Callable[[], object]) -> None:
    """Do something in a transaction of its own, outside of any request."""
    with app.app_context():
        try:
            act()
            db.session.commit()
        finally:
            db.session.remove()


def _note_the_reading() -> None:
    db.session.rollback()
    if afterwards():
        g.writing = True
        db.session.commit()


def migrate(revision: str = "head") -> None:
    """Bring the database up to ``revision``."""
    logging.getLogger("alembic").setLevel(logging.WARNING)
    upgrade(directory=str(paths.MIGRATIONS), revision=revision)


def migrate_back(revision: str = "base") -> None:
    """Take the database back to ``revision``."""
    downgrade(directory=str(paths.MIGRATIONS), revision=revision)


def _prepare_sqlite(engine: Engine) -> None:
    """Durable, checked and patient: see the reliability section of the README."""
    event.listen(engine, "connect", _set_pragmas)
    event.listen(engine, "begin", _begin)


def _set_pragmas(connection: Any, _record: object) -> None:
    # The driver must not open transactions by itself: _begin does.
    connection.isolation_level = None
    for pragma in (
        "foreign_keys = ON",
        "journal_mode = WAL",
        "synchronous = FULL",
        f"busy_timeout = {BUSY_SECONDS * 1000}",
        "cache_size = -32000",
        "mmap_size = 268435456",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Connection) -> None:
    """Writers queue at the start: a transaction that reads first cannot always become a writer."""
    reading = has_request_context() and _is_reading() and not g.get("writing")
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


@event.listens_for(Session, "after_transaction_create")
def _note_where_a_savepoint_begins(session: Session, begun: SessionTransaction) -> None:
    if begun.nested:
        left = len(session.info.get("afterwards", []))
        session.info.setdefault("left_before", {})[begun] = left


@event.listens_for(Session, "after_transaction_end")
def _forget_the_savepoint(session: Session, ended: SessionTransaction) -> None:
    session.info.get("left_before", {}).pop(ended, None)


@event.listens_for(Session, "before_commit")
def _run_what_was_left(session: Session) -> None:
    """The last thing before every commit, so that the audit chain is held for a moment only."""
    if session.get_nested_transaction() is not None:
        return  # a savepoint: what surrounds it may still be undone, and then all of it is
    if not (has_request_context() and _is_reading()):
        for act in before_commits:
            act(session)
    queue = session.info.get("afterwards", [])
    while queue:
        queue.pop(0)()


@event.listens_for(Session, "after_rollback")
def _forget_what_was_left(session: Session) -> None:
    """Drop what undone work left: all of it, or what was left since the savepoint began."""
    savepoint = session.get_nested_transaction()
    if savepoint is not None:
        since = session.info["left_before"].get(savepoint, 0)
        del session.info.get("afterwards", [])[since:]
    elif not has_request_context() or not _is_reading():
        session.info.pop("afterwards", None)
