"""Reading the audit trail: who opened and changed what, newest first, without a word about anybody.

Records are shown by their kind and key. Whoever may see the trail sees all of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, select

from linkwork import clock
from linkwork.audit import Event
from linkwork.casework import people
from linkwork.database import Addressed, Base, db
from linkwork.models import AuditEntry, Person, User

PAGE = 50


@dataclass(frozen=True, slots=True)
class Filters:
    """Which entries are asked for; None is all. Days are English days, both included."""

    user_key: str | None = None
    person_key: str | None = None
    event: Event | None = None
    from_on: date | None = None
    until_on: date | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One entry with what its numbers stand for, as far as that still exists."""

    number: int
    at: datetime
    event: str
    user: User | None
    record_type: str
    record_key: str | None
    person_key: str | None
    details: dict[str, Any]


def listed(filters: Filters, *, before: int | None = None) -> tuple[Sequence[Line], int | None]:
    """One page of the entries that fit, newest first, and the number the next page begins before.

    The number is None on the last page. A user or person that does not exist has no entries.
    """
    query = _chosen(filters).order_by(AuditEntry.number.desc()).limit(PAGE + 1)
    if before is not None:
        query = query.where(AuditEntry.number < before)
    found = db.session.scalars(query).all()
    page = found[:PAGE]
    return _lines(page), page[-1].number if len(found) > PAGE else None


def user_called(key: str | None) -> User | None:
    """The user of a filter."""
    return db.session.scalar(select(User).where(User.key == key)) if key else None


def _chosen(filters: Filters) -> Select[AuditEntry]:
    query = select(AuditEntry)
    if filters.user_key:
        query = query.where(AuditEntry.user_id == _number_of(User, filters.user_key))
    if filters.person_key:
        numbers = people.every_number_of(_number_of(Person, filters.person_key))
        query = query.where(AuditEntry.person_id.in_(numbers))
    if filters.event:
        query = query.where(AuditEntry.event == filters.event.value)
    if filters.from_on:
        query = query.where(AuditEntry.at >= _midnight(filters.from_on))
    if filters.until_on and filters.until_on < date.max:
        query = query.where(AuditEntry.at < _midnight(filters.until_on + timedelta(days=1)))
    return query


def _number_of(model: type[Addressed], key: str) -> int:
    return db.session.scalar(select(model.id).where(model.key == key)) or 0


def _midnight(day: date) -> datetime:
    return clock.utc(datetime.combine(day, time.min))


def _lines(entries: Sequence[AuditEntry]) -> list[Line]:
    users = _users({entry.user_id for entry in entries if entry.user_id})
    keys = _keys(
        {(entry.record_type, entry.record_id) for entry in entries if entry.record_id}
        | {(Person.__tablename__, entry.person_id) for entry in entries if entry.person_id}
    )
    return [
        Line(
            number=entry.number,
            at=entry.at,
            event=entry.event,
            user=users.get(entry.user_id or 0),
            record_type=entry.record_type,
            record_key=keys.get((entry.record_type, entry.record_id)),
            person_key=keys.get((Person.__tablename__, entry.person_id)),
            details=entry.details,
        )
        for entry in entries
    ]


def _users(numbers: set[int]) -> dict[int, User]:
    found = db.session.scalars(select(User).where(User.id.in_(numbers))).unique()
    return {user.id: user for user in found}


def _keys(records: set[tuple[str, int | None]]) -> dict[tuple[str, int | None], str]:
    found: dict[tuple[str, int | None], str] = {}
    for table in {name for name, _ in records}:
        model = _addressed(table)
        if model is not None:
            numbers = [number for name, number in records if name == table]
            query = select(model.id, model.key).where(model.id.in_(numbers))
            found |= {(table, number): key for number, key in db.session.execute(query)}
    return found


def _addressed(table: str) -> type[Addressed] | None:
    """The model of a table whose records have keys."""
    models = (mapper.class_ for mapper in Base.registry.mappers)
    return next((m for m in models if issubclass(m, Addressed) and m.__tablename__ == table), None)
