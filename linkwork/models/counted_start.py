"""People started, kept ready to be added up, and whose rows are due to be counted again.

``counted_start`` holds nothing that cannot be worked out from cases, contacts and posts: see
``linkwork.casework.counted_starts``, which fills it. Triggers note in ``count_due`` whom a change
of those may touch, in the transaction that makes it, whoever makes it and by whatever statement.
Neither table has a foreign key: one would hold people and organisations while they are counted,
against those who hold them already and wait to count.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from linkwork.capacity.targets import Scope
from linkwork.database import Base

COUNTED, COUNTED_SQLITE = text("is_counted"), text("is_counted = 1")


class CountedStart(Base):
    """A person, and a PCN that started them in a financial year: the earliest start there."""

    __tablename__ = "counted_start"
    __table_args__ = (
        # Holds all that England adds up, and little more, so that no row is read. SQLite asks for
        # the column, PostgreSQL for the condition.
        Index("ix_counted_start_sums",
              "year", "scope", "organisation_id", "started_on", "is_counted",
              sqlite_where=COUNTED_SQLITE, postgresql_where=COUNTED),
        Index(None, "organisation_id", "year", "scope", "started_on"),
    )  # fmt: skip

    person_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """The calendar year the financial year starts in."""
    scope: Mapped[Scope] = mapped_column(primary_key=True)
    organisation_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    started_at: Mapped[datetime]
    started_on: Mapped[date]
    """The same in London."""
    is_counted: Mapped[bool]
    """Whether the person counts for this PCN: nobody started them earlier in the year."""
    elsewhere_on: Mapped[date | None]
    """From which day on another PCN has started them too, seen from here."""


class CountDue(Base):
    """Whose starts may have changed and are to be counted again before the commit.

    One person; or everybody an organisation started, who are looked up only then, so that nobody
    who is started there at the same moment is overlooked.
    """

    __tablename__ = "count_due"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int | None]
    organisation_id: Mapped[int | None]


class Watch(NamedTuple):
    """A trigger: after what, on what condition, and whom it notes."""

    name: str
    event: str
    when: str
    who: tuple[str, ...]


def watch(connection: Connection) -> None:
    """Make the triggers.

    On SQLite a migration that makes one of their tables anew must call ``unwatch`` first and this
    at its end: they would be lost with the old table.
    """
    for one in _watches():
        for statement in _in_words_of(connection.dialect.name, one):
            connection.exec_driver_sql(statement)


def unwatch(connection: Connection) -> None:
    """Remove the triggers."""
    for one in _watches():
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql(f"DROP TRIGGER {one.name}")
        else:
            connection.exec_driver_sql(f"DROP FUNCTION {one.name}() CASCADE")


def mark_everybody(connection: Connection) -> None:
    """Note everybody who was ever started as due, where nobody was watching so far."""
    connection.exec_driver_sql(
        "INSERT INTO count_due (person_id) SELECT DISTINCT person_id FROM support_case"
        " WHERE first_conversation_at IS NOT NULL"
    )


def _watches() -> Iterator[Watch]:
    yield from _of_cases()
    yield from _of_contacts()
    yield from _of_posts()
    codes = ("ods_code", "key")  # the lower one decides between two starts at one moment
    changed = f"UPDATE OF {', '.join(codes)} ON organisation"
    yield Watch("count_due_organisation", changed, _differ(codes), (_everybody("NEW.id"),))


def _of_cases() -> Iterator[Watch]:
    columns = ("person_id", "organisation_id", "worker_id", "first_conversation_at")
    error = "coalesce({}.close_reason, '') = 'opened_in_error'"
    differ = f"{_differ(columns)} OR ({error.format('OLD')}) <> ({error.format('NEW')})"
    begun = "{}.first_conversation_at IS NOT NULL"
    was, now = begun.format("OLD"), begun.format("NEW")
    old, new = _person("SELECT OLD.person_id"), _person("SELECT NEW.person_id")
    moved = f"{new} WHERE NEW.person_id <> OLD.person_id"
    changed = f"UPDATE OF {', '.join((*columns, 'close_reason'))} ON support_case"
    yield Watch("count_due_case_new", "INSERT ON support_case", now, (new,))
    yield Watch("count_due_case", changed, f"({was} OR {now}) AND ({differ})", (old, moved))
    yield Watch("count_due_case_gone", "DELETE ON support_case", was, (old,))


def _of_contacts() -> Iterator[Watch]:
    """Only the contact at the moment a case began says who began it."""
    columns = ("case_id", "worker_id", "at", "kind", "outcome")
    of = (
        "SELECT person_id FROM support_case"
        " WHERE id = {0}.case_id AND first_conversation_at = {0}.at"
    )
    old, new = _person(of.format("OLD")), _person(of.format("NEW"))
    talked = "{0}.kind = 'conversation' AND {0}.outcome = 'attended'"
    was, now = talked.format("OLD"), talked.format("NEW")
    changed = f"UPDATE OF {', '.join(columns)} ON contact"
    either = f"(({was}) OR ({now})) AND ({_differ(columns)})"
    yield Watch("count_due_contact_new", "INSERT ON contact", now, (new,))
    yield Watch("count_due_contact", changed, either, (old, new))
    yield Watch("count_due_contact_gone", "DELETE ON contact", was, (old,))


def _of_posts() -> Iterator[Watch]:
    """An additional post touches whoever its PCN started while it was held."""
    columns = ("organisation_id", "worker_id", "start_on", "end_on", "additional", "state")
    old, new = _everybody("OLD.organisation_id"), _everybody("NEW.organisation_id")
    either = f"(OLD.additional OR NEW.additional) AND ({_differ(columns)})"
    changed = f"UPDATE OF {', '.join(columns)} ON post"
    yield Watch("count_due_post_new", "INSERT ON post", "NEW.additional", (new,))
    yield Watch("count_due_post", changed, either, (old, new))
    yield Watch("count_due_post_gone", "DELETE ON post", "OLD.additional", (old,))


def _person(query: str) -> str:
    return f"(person_id) {query}"


def _everybody(organisation: str) -> str:
    return f"(organisation_id) SELECT {organisation}"


def _differ(columns: tuple[str, ...]) -> str:
    """That any of these is not what it was; both engines read it so (SQLite from 3.39)."""
    return " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in columns)


def _in_words_of(engine: str, one: Watch) -> Iterator[str]:
    body = " ".join(f"INSERT INTO count_due {who};" for who in one.who)
    trigger = f"CREATE TRIGGER {one.name} AFTER {one.event} FOR EACH ROW WHEN "
    if engine == "sqlite":
        yield f"{trigger}{one.when} BEGIN {body} END"
        return
    yield (
        f"CREATE FUNCTION {one.name}() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$BEGIN {body} RETURN NULL; END$$"
    )
    yield f"{trigger}({one.when}) EXECUTE FUNCTION {one.name}()"
