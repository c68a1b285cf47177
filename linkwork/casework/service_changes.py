"""The history of an entry of the directory: who changed what, and when, field by field.

Values stand as ``service_facts`` writes them down, before and after. An import is one step of an
entry's history, whatever it changed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select

from linkwork.database import db, new_key
from linkwork.models import Service, ServiceChange

PROVIDER = "provider"
"""The source of what a provider told us itself, by its link."""
PAGE = 30
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Changed:
    """What was changed in one service: by field, what it held and what it holds now."""

    service_id: int
    changes: Mapping[str, Sequence[Any]]


@dataclass(frozen=True, slots=True)
class History:
    """A page of the history of an entry, the newest first, and how many steps there are."""

    changes: Sequence[ServiceChange]
    total: int


def record(
    changed: Iterable[Changed],
    *,
    at: datetime,
    by_id: int | None = None,
    source: str | None = None,
    puts_back_id: int | None = None,
) -> None:
    """Write a step into the history of each of these services, a few hundred at once.

    ``by_id`` is the user who did it; ``source`` the feed it came from, or ``PROVIDER``. What
    changes nothing is not written. Values must be such as JSON holds: see ``service_facts``.
    """
    step = {"at": at, "by_id": by_id, "source": source, "puts_back_id": puts_back_id}
    rows = [
        {**step, "key": new_key(), "service_id": one.service_id, "changes": _pairs(one.changes)}
        for one in changed
        if one.changes
    ]
    for start in range(0, len(rows), AT_ONCE):
        db.session.execute(insert(ServiceChange), rows[start : start + AT_ONCE])


def of_service(service: Service, *, number: int = 1) -> History:
    """Page ``number`` (from 1) of the history of an entry, the newest first."""
    query = select(ServiceChange).where(ServiceChange.service_id == service.id)
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    ordered = query.order_by(ServiceChange.at.desc(), ServiceChange.id.desc())
    rows = db.session.scalars(ordered.limit(PAGE).offset((number - 1) * PAGE)).unique().all()
    return History(rows, total)


def _pairs(changes: Mapping[str, Sequence[Any]]) -> dict[str, list[Any]]:
    return {name: list(pair) for name, pair in changes.items()}
