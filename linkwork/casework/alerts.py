"""Alerts: what a visitor must know, and whether anybody may visit alone; with who said so, when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from linkwork import audit, clock
from linkwork.audit import Event
from linkwork.casework import people
from linkwork.database import db
from linkwork.errors import ChangedMeanwhile, RuleBroken
from linkwork.models import AuditEntry, Person, User

MOST_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Alerts:
    """What is to be known: words before a visit, and why nobody visits alone until a review."""

    alert: str | None
    lone_worker_reason: str | None
    lone_worker_review_on: date | None


@dataclass(frozen=True, slots=True)
class Change:
    """One earlier change: when, whose, and which of the alerts."""

    at: datetime
    who: str
    fields: Sequence[str]


def of(person: Person) -> Alerts:
    """What stands now."""
    return Alerts(person.alert, person.lone_worker_reason, person.lone_worker_review_on)


def change(person: Person, now: Alerts, *, version: int, by: User, at: datetime) -> None:
    """Set what a visitor must know of a person; what is the same leaves no trace.

    Raises ``ChangedMeanwhile`` where somebody saved after ``version`` was read, and
    ``RuleBroken`` where the warning against visiting alone has no review to come.
    """
    people.hold(person)
    if person.version != version:
        raise ChangedMeanwhile(
            "Somebody else changed these details while you were writing. "
            "Check them below, then save again."
        )
    today = clock.london(at).date()
    review_on = now.lone_worker_review_on
    if now.lone_worker_reason and review_on is None:
        raise RuleBroken("Enter the date by which “do not visit alone” is looked at again.")
    if now.lone_worker_reason and review_on is not None and review_on < today:
        raise RuleBroken("The review of “do not visit alone” must be today or later.")
    if not now.lone_worker_reason:
        now = Alerts(now.alert, None, None)
    fields = [name for name in Alerts.__slots__ if getattr(person, name) != getattr(now, name)]
    if not fields:
        return
    for name in fields:
        setattr(person, name, getattr(now, name))
    person.alerts_set_at, person.alerts_set_by = at, by
    audit.record(Event.ALERTS_CHANGED, person, by=by, person_id=person.id, fields=sorted(fields))


def history(person: Person) -> Sequence[Change]:
    """Who changed the alerts of a person and when, newest first; at most 20."""
    query = (
        select(AuditEntry.at, User.name, AuditEntry.details)
        .join(User, User.id == AuditEntry.user_id)
        .where(
            AuditEntry.person_id == person.id,
            AuditEntry.event == Event.ALERTS_CHANGED.value,
        )
        .order_by(AuditEntry.number.desc())
        .limit(MOST_SHOWN)
    )
    return [
        Change(at, name, said.get("fields", [])) for at, name, said in db.session.execute(query)
    ]
