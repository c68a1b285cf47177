"""What supervision should talk about, drawn from the caseload of one worker.

A case is on the agenda where one of these holds on the day: nobody talked with the person for
``QUIET_DAYS`` (nor took the case on since); something to know before a visit, an open safeguarding
concern, or that nobody should visit alone; a safety concern in a contact of the last
``CRISIS_DAYS``, or words about danger that nobody has answered yet; support for over
``LONG_WEEKS`` weeks, or over ``MANY_TALKS`` conversations; paused for more than ``PAUSED_DAYS``;
or that it lies heavy on its worker, which only they and their supervisors see.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, Select, exists, func, or_, select
from sqlalchemy.orm import contains_eager

from linkwork import access, clock
from linkwork.casework import emotional_loads
from linkwork.database import db
from linkwork.models import (
    Alarm,
    Concern,
    Contact,
    ContactKind,
    ContactOutcome,
    EmotionalLoad,
    SupportCase,
    User,
)

QUIET_DAYS = 21
LONG_WEEKS = 26
MANY_TALKS = 12
PAUSED_DAYS = 28
CRISIS_DAYS = 28
MOST_CASES = 500


class Why(StrEnum):
    """Why a case is on the agenda, the most pressing first."""

    CONCERN = "concern"
    CRISIS = "crisis"
    ALERT = "alert"
    NOT_ALONE = "not_alone"
    HEAVY = "heavy"
    QUIET = "quiet"
    LONG = "long"
    MANY = "many"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Item:
    """One case of the agenda, and why it is there."""

    case: SupportCase
    why: tuple[Why, ...]
    load: EmotionalLoad | None = None


def of(worker: User, *, viewer: User, on: date) -> list[Item]:
    """The agenda of a worker as ``viewer`` may see it, in two queries, the most pressing first."""
    facts = db.session.execute(_cases(worker, viewer, on)).unique().all()
    loads = emotional_loads.latest(worker, viewer=viewer)
    items = []
    for row in facts:
        load = loads.get(row.SupportCase.id)
        why = tuple(_why(row, load, on))
        if why:
            items.append(Item(row.SupportCase, why, load))
    order = list(Why)
    return sorted(items, key=lambda item: (order.index(item.why[0]), item.case.id))


def kept(items: Sequence[Item]) -> list[dict[str, Any]]:
    """What is kept of an agenda with a supervision: numbers and codes, and nothing of a load."""
    return [
        {"case": item.case.id, "why": [why for why in item.why if why is not Why.HEAVY]}
        for item in items
        if set(item.why) != {Why.HEAVY}
    ]


def again(agenda: Sequence[dict[str, Any]], *, viewer: User) -> list[Item]:
    """A kept agenda with its cases, as far as ``viewer`` may still see them."""
    whys = {one["case"]: tuple(Why(code) for code in one["why"]) for one in agenda}
    query = (
        access.cases(viewer)
        .where(SupportCase.id.in_(list(whys)))
        .join(SupportCase.person)
        .options(contains_eager(SupportCase.person))
    )
    found = {case.id: case for case in db.session.scalars(query).unique()}
    return [Item(found[number], why) for number, why in whys.items() if number in found]


def _cases(worker: User, viewer: User, on: date) -> Select[Any]:
    of_case = Contact.case_id == SupportCase.id
    talked = (Contact.kind == ContactKind.CONVERSATION) & (
        Contact.outcome == ContactOutcome.ATTENDED
    )
    lately = Contact.at >= _midnight(on - timedelta(days=CRISIS_DAYS))
    talks = select(func.count()).where(of_case, talked).scalar_subquery()
    return (
        access.cases(viewer)
        .where(
            SupportCase.worker_id == worker.id,
            SupportCase.is_open,
            SupportCase.accepted_at.is_not(None),
        )
        .join(SupportCase.person)
        .options(contains_eager(SupportCase.person))
        .add_columns(
            exists()
            .where(Concern.case_id == SupportCase.id, Concern.closed_at.is_(None))
            .label("concern"),
            or_(
                exists().where(of_case, Contact.safety_concern, lately),
                exists().where(Alarm.case_id == SupportCase.id, Alarm.answered_at.is_(None)),
            ).label("crisis"),
            talks.label("talks"),
        )
        .order_by(SupportCase.id)
        .limit(MOST_CASES)
    )


def _why(row: Row[Any], load: EmotionalLoad | None, on: date) -> Iterable[Why]:
    case: SupportCase = row.SupportCase
    heard = max(filter(None, (case.last_contact_at, case.accepted_at)))
    begun = case.first_conversation_at or case.accepted_at
    facts = {
        Why.CONCERN: row.concern,
        Why.CRISIS: row.crisis,
        Why.ALERT: case.person.alert,
        Why.NOT_ALONE: case.person.lone_worker,
        Why.HEAVY: load is not None,
        Why.QUIET: case.paused_at is None and _days(heard, on) >= QUIET_DAYS,
        Why.LONG: begun is not None and _days(begun, on) > LONG_WEEKS * 7,
        Why.MANY: row.talks > MANY_TALKS,
        Why.PAUSED: case.paused_at is not None and _days(case.paused_at, on) > PAUSED_DAYS,
    }
    return (why for why in Why if facts[why])


def _days(since: datetime, on: date) -> int:
    return (on - clock.london(since).date()).days


def _midnight(day: date) -> datetime:
    return clock.utc(datetime.combine(day, time()))
