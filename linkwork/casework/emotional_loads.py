"""How heavy a case lies on its worker: seen by them and their supervisors, and by nobody else.

Nothing of it is shown on the case, in its timeline, in an export or in the audit trail, which only
says that the worker prepared for supervision.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select

from linkwork import access, audit
from linkwork.audit import Event
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import Contact, EmotionalLoad, Feeling, SupportCase, User

RECENT = 5


def mark(
    case: SupportCase,
    weight: int,
    *,
    feeling: Feeling | None = None,
    contact: Contact | None = None,
    by: User,
    at: datetime,
) -> None:
    """Mark a case, or one contact of it, as heavy: 1 a little, 2 heavy, 3 very heavy.

    A mark takes the place of the worker’s earlier ones on the case. Raises ``RuleBroken`` for
    anybody but the worker of the case, and for a contact of another case.
    """
    _must_be_mine(case, by)
    if not 1 <= weight <= 3 or (contact is not None and contact.case_id != case.id):
        raise RuleBroken("Choose how heavy it is, and one of this case’s own contacts.")
    _clear(case, by)
    mark = EmotionalLoad(worker_id=by.id, case_id=case.id, weight=weight, feeling=feeling)
    mark.contact_id, mark.marked_at = contact.id if contact else None, at
    db.session.add(mark)
    audit.record(Event.SUPERVISION_PREPARED, None, by=by)


def clear(case: SupportCase, *, by: User) -> None:
    """Take one’s mark off a case. Doing it twice is doing it once."""
    _clear(case, by)
    audit.record(Event.SUPERVISION_PREPARED, None, by=by)


def of_case(case: SupportCase, *, viewer: User) -> EmotionalLoad | None:
    """The mark ``viewer`` made on a case."""
    mine = access.emotional_loads(viewer).where(
        EmotionalLoad.case_id == case.id, EmotionalLoad.worker_id == viewer.id
    )
    return db.session.scalar(mine.order_by(EmotionalLoad.id.desc()).limit(1))


def latest(worker: User, *, viewer: User) -> dict[int, EmotionalLoad]:
    """The marks of a worker that ``viewer`` may see, by the number of the case."""
    query = access.emotional_loads(viewer).where(EmotionalLoad.worker_id == worker.id)
    return {load.case_id: load for load in db.session.scalars(query.order_by(EmotionalLoad.id))}


def recent_contacts(case: SupportCase, *, worker: User) -> Sequence[Contact]:
    """The last ``RECENT`` contacts of the case that its worker made, the newest first."""
    _must_be_mine(case, worker)
    query = select(Contact).where(Contact.case_id == case.id, Contact.worker_id == worker.id)
    return db.session.scalars(query.order_by(Contact.at.desc()).limit(RECENT)).all()


def _must_be_mine(case: SupportCase, by: User) -> None:
    if case.worker_id != by.id:
        raise RuleBroken("Only the worker of a case can say how it lies on them.")


def _clear(case: SupportCase, by: User) -> None:
    mine = (EmotionalLoad.case_id == case.id) & (EmotionalLoad.worker_id == by.id)
    db.session.execute(delete(EmotionalLoad).where(mine))
