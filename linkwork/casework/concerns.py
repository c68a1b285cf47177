"""Safeguarding concerns: raised with who was told, shown to supervisors, ended with an outcome.

What a concern says stays with those who work the case: no practice, provider or lead reads it.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload, lazyload

from linkwork import access, audit
from linkwork.audit import Event
from linkwork.casework import notifications
from linkwork.casework.cases import hold, with_name
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import Concern, Contact, NoticeKind, SupportCase, User

MOST_SHOWN = 200


def raise_concern(
    case: SupportCase,
    *,
    what: str | None,
    told: str | None,
    told_at: datetime,
    high: bool = True,
    contact: Contact | None = None,
    by: User,
    at: datetime,
) -> Concern:
    """Note a safeguarding concern and whom it was told to; the PCN’s supervisors hear of it.

    ``high``: somebody may be harmed soon; it then stands on every page of the case while open. A
    concern may be noted in a case that has ended: harm does not end with it. Raises
    ``RuleBroken`` where nothing is said, nobody was told, or they were told in the future.
    """
    hold(case)
    if not (what or "").strip():
        raise RuleBroken("Write down what worries you, in the words that were used.")
    if not (told or "").strip():
        raise RuleBroken("Tell your safeguarding lead first, then say here whom you told.")
    if told_at > at:
        raise RuleBroken("The time you told somebody cannot be in the future.")
    if contact is not None and contact.case_id != case.id:
        raise RuleBroken("That conversation belongs to another case.")
    concern = Concern(
        case=case,
        contact=contact,
        what=what,
        told=told,
        told_at=told_at,
        high=high,
        raised_at=at,
        raised_by=by,
    )
    db.session.add(concern)
    _tell_supervisors(case, by, at)
    audit.record(Event.CONCERN_RAISED, concern, by=by, person_id=case.person_id, high=high)
    return concern


def open(concern: Concern, *, by: User) -> None:  # noqa: A001 - the verb of the trade
    """Note that somebody read a concern."""
    audit.record(Event.CONCERN_OPENED, concern, by=by, person_id=concern.case.person_id)


def close(concern: Concern, outcome: str | None, *, by: User, at: datetime) -> None:
    """Say how a concern ended. What was said when it was raised stays as it is.

    Raises ``RuleBroken`` without an outcome, or where it has been closed already.
    """
    hold(concern.case)
    db.session.refresh(concern)
    if not concern.is_open:
        raise RuleBroken("This concern has been closed. Its outcome is on the page of the case.")
    if not (outcome or "").strip():
        raise RuleBroken("Write down how this concern ended, and who decided it.")
    concern.closed_at, concern.closed_by, concern.outcome = at, by, outcome
    audit.record(Event.CONCERN_CLOSED, concern, by=by, person_id=concern.case.person_id)


def open_from(contact: Contact) -> bool:
    """Whether a concern that came up in a contact is still open."""
    query = select(Concern.id).where(Concern.contact_id == contact.id, Concern.closed_at.is_(None))
    return db.session.scalar(query.limit(1)) is not None


def under_way(user: User) -> Sequence[Concern]:
    """The open concerns of the cases ``user`` may see: high ones first, then the oldest.

    With the person and the worker of each case loaded, for a list; at most 200.
    """
    mine = access.cases(user).with_only_columns(SupportCase.id)
    query = (
        select(Concern)
        .where(Concern.closed_at.is_(None), Concern.case_id.in_(mine))
        .options(
            joinedload(Concern.case).joinedload(SupportCase.person),
            joinedload(Concern.case)
            .joinedload(SupportCase.worker)
            .options(lazyload(User.grants), lazyload(User.organisation)),
            with_name(Concern.raised_by),
        )
        .order_by(Concern.high.desc(), Concern.raised_at, Concern.id)
        .limit(MOST_SHOWN)
    )
    return db.session.scalars(query).unique().all()


def _tell_supervisors(case: SupportCase, by: User, at: datetime) -> None:
    for supervisor in db.session.scalars(access.supervisors(case)).unique():
        if supervisor.id != by.id:
            notifications.tell(supervisor, NoticeKind.CONCERN_RAISED, case=case, at=at)
