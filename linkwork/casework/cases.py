"""Cases: taken on, declined, given to a colleague, paused, closed, opened again."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, joinedload, lazyload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from linkwork import access, audit, clock
from linkwork.audit import Event
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import (
    CaseOpening,
    CloseReason,
    Complexity,
    Contact,
    ContactKind,
    CoverReason,
    DeclineReason,
    OnwardReferral,
    Person,
    Referral,
    SupportCase,
    User,
)

REOPEN_WITHIN = timedelta(days=28)
ATTEMPTS, ATTEMPT_DAYS, ATTEMPT_CHANNELS = 3, 2, 2


def with_name(worker: InstrumentedAttribute[Any]) -> ORMOption:
    """Load a user for their name, without their roles and organisation."""
    return joinedload(worker).options(lazyload(User.grants), lazyload(User.organisation))


# Everything a case’s own page shows of it, in three queries.
WHOLE = (
    joinedload(SupportCase.person).joinedload(Person.practice),
    with_name(SupportCase.worker),
    selectinload(SupportCase.needs),
    selectinload(SupportCase.referrals).joinedload(Referral.practice),
)


def open(case: SupportCase, *, by: User) -> None:  # noqa: A001 - the verb of the trade
    """Note that somebody opened a person’s case to read it."""
    audit.record(Event.CASE_OPENED, case, by=by)


def hold(case: SupportCase) -> None:
    """Keep a case for oneself until the transaction ends, and read it as it stands now.

    Every verb that changes a case begins here, so that of two workers at once the second finds
    what the first did and is told so.
    """
    db.session.flush()
    db.session.refresh(case, with_for_update=True)


def cover(case: SupportCase, reason: CoverReason, *, by: User, on: date) -> None:
    """Give a reason for opening a colleague’s case. It holds until the end of the day."""
    db.session.add(CaseOpening(case_id=case.id, user_id=by.id, opened_on=on, reason=reason))
    audit.record(Event.CASE_COVERED, case, by=by, reason=reason)


def accept(case: SupportCase, *, by: User, at: datetime) -> None:
    """Take a waiting case on to one’s own caseload. Doing it twice is doing it once."""
    hold(case)
    if case.is_open and case.accepted_at is not None and case.worker_id == by.id:
        return
    _must_be_new(case)
    case.worker_id = by.id
    _accepted(case, by, at)
    audit.record(Event.CASE_ACCEPTED, case, by=by)


def allocate(case: SupportCase, worker: User, *, by: User, at: datetime) -> None:
    """Give a case to a link worker; a new case is accepted with it.

    Raises ``RuleBroken`` where the case has ended, the worker is of another PCN or no link worker.
    """
    hold(case)
    _must_be_open(case)
    if not worker.is_active or not _works_there(worker, case):
        raise RuleBroken("Choose a link worker of the PCN this case belongs to.")
    if case.worker_id == worker.id:
        raise RuleBroken(f"This case is already with {worker.name}.")
    previous, case.worker_id = case.worker_id, worker.id
    if case.accepted_at is None:
        _accepted(case, by, at)
    audit.record(Event.CASE_ALLOCATED, case, by=by, to=worker.id, previously=previous)


def decline(case: SupportCase, reason: DeclineReason, *, by: User, at: datetime) -> None:
    """Say no to a referral, with a reason the practice is told."""
    hold(case)
    _must_be_open(case)
    if case.first_conversation_at is not None:
        raise RuleBroken("Support has started, so this case can be closed but not declined.")
    case.declined_at, case.declined_by_id, case.decline_reason = at, by.id, reason
    _nothing_more_to_do(case)
    audit.record(Event.CASE_DECLINED, case, by=by, reason=reason)


def pause(case: SupportCase, *, by: User, at: datetime) -> None:
    """Stop for a while: the person is in hospital, away, or not ready."""
    hold(case)
    _must_be_open(case)
    if case.paused_at is not None:
        raise RuleBroken("This case is already paused.")
    case.paused_at = at
    audit.record(Event.CASE_PAUSED, case, by=by)


def resume(case: SupportCase, *, by: User) -> None:
    """Go on with a paused case."""
    hold(case)
    _must_be_open(case)
    if case.paused_at is None:
        raise RuleBroken("This case is not paused.")
    case.paused_at = None
    audit.record(Event.CASE_RESUMED, case, by=by)


def weigh(case: SupportCase, complexity: Complexity, *, by: User) -> None:
    """Say how much of a worker’s time a case takes."""
    hold(case)
    _must_be_open(case)
    case.complexity = complexity
    audit.record(Event.CASE_WEIGHED, case, by=by, complexity=complexity)


def close(
    case: SupportCase, reason: CloseReason, *, summary: str | None, by: User, at: datetime
) -> None:
    """End the episode.

    Raises ``RuleBroken`` while an onward referral waits for an answer, or where somebody is given
    up on before three attempts on two days by two channels. A death ends everything at once; a
    case opened in error counts nowhere.
    """
    hold(case)
    _must_be_open(case)
    if reason is CloseReason.NO_CONTACT:
        _must_have_tried(case)
    if reason is CloseReason.DIED:
        _end_everything(case, at)
    elif unanswered(case):
        raise RuleBroken(
            "Some onward referrals have no answer yet. Say what became of each before you close."
        )
    if reason is CloseReason.PLAN_COMPLETED and case.first_conversation_at is None:
        raise RuleBroken("No conversation is recorded, so there is no plan to have completed.")
    case.closed_at, case.closed_by_id = at, by.id
    case.close_reason, case.close_summary = reason, summary
    _nothing_more_to_do(case)
    if reason is CloseReason.DIED and case.person.died_on is None:
        case.person.died_on = clock.london(at).date()
    audit.record(Event.CASE_CLOSED, case, by=by, reason=reason)


def reopen(case: SupportCase, *, by: User, at: datetime) -> None:
    """Go on with the same episode, within 28 days of its close.

    Raises ``RuleBroken`` after a death, or where a new episode has begun meanwhile.
    """
    hold(case)
    if case.closed_at is None:
        raise RuleBroken("This case is open.")
    if at - case.closed_at > REOPEN_WITHIN:
        raise RuleBroken("This case closed more than 28 days ago. Ask for a new referral instead.")
    if case.close_reason is CloseReason.DIED:
        raise RuleBroken("This case closed because the person died. It cannot be opened again.")
    if _another_is_open(case):
        raise RuleBroken("This person has another open case. Go on with that one instead.")
    case.closed_at = case.closed_by_id = case.close_reason = None
    audit.record(Event.CASE_REOPENED, case, by=by)


def unanswered(case: SupportCase) -> Sequence[OnwardReferral]:
    """Onward referrals of a case that still wait for an answer."""
    query = select(OnwardReferral).where(OnwardReferral.case_id == case.id, OnwardReferral.is_open)
    return db.session.scalars(query.order_by(OnwardReferral.id)).all()


def _accepted(case: SupportCase, by: User, at: datetime) -> None:
    case.accepted_at, case.accepted_by_id = at, by.id
    case.next_action = case.next_action or "First conversation"
    case.next_action_on = case.next_action_on or clock.london(at).date()


def _must_be_new(case: SupportCase) -> None:
    _must_be_open(case)
    if case.accepted_at is not None:
        whose = case.worker.name if case.worker else "somebody"
        raise RuleBroken(f"{whose} has already accepted this referral.")


def _must_be_open(case: SupportCase) -> None:
    if case.declined_at is not None:
        raise RuleBroken("This referral was declined.")
    if case.closed_at is not None:
        raise RuleBroken("This case is closed. Open it again first.")


def _works_there(worker: User, case: SupportCase) -> bool:
    query = access.cases(worker).where(SupportCase.id == case.id)
    return db.session.scalar(query.with_only_columns(SupportCase.id)) is not None


def _another_is_open(case: SupportCase) -> bool:
    query = select(SupportCase.id).where(
        SupportCase.person_id == case.person_id,
        SupportCase.organisation_id == case.organisation_id,
        SupportCase.id != case.id,
        SupportCase.is_open,
    )
    return db.session.scalar(query.limit(1)) is not None


def _must_have_tried(case: SupportCase) -> None:
    """Three attempts, on two days, by two channels, since anybody last talked."""
    query = select(Contact.at, Contact.mode).where(
        Contact.case_id == case.id, Contact.kind == ContactKind.ATTEMPT
    )
    if case.last_contact_at is not None:
        query = query.where(Contact.at > case.last_contact_at)
    tries = db.session.execute(query).all()
    days = {clock.london(at).date() for at, _ in tries}
    channels = {mode for _, mode in tries}
    if len(tries) < ATTEMPTS or len(days) < ATTEMPT_DAYS or len(channels) < ATTEMPT_CHANNELS:
        raise RuleBroken(
            "Try three times, on at least two days and in at least two ways, "
            "before you close because of no contact."
        )


def _end_everything(case: SupportCase, at: datetime) -> None:
    for onward in unanswered(case):
        onward.cancelled_at = at


def _nothing_more_to_do(case: SupportCase) -> None:
    case.next_action = case.next_action_on = None
