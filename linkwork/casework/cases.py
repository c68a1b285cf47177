"""Cases: taken on, declined, given to a colleague, paused, closed, opened again."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, joinedload, lazyload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from linkwork import access, audit, clock
from linkwork.audit import Event
from linkwork.casework import people
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import (
    CaseOpening,
    CloseReason,
    Complexity,
    Contact,
    ContactKind,
    ContactOutcome,
    CoverReason,
    DeclineReason,
    OnwardReferral,
    Person,
    Priority,
    Referral,
    SupportCase,
    User,
)

REOPEN_WITHIN = timedelta(days=28)
ATTEMPTS, ATTEMPT_DAYS, ATTEMPT_CHANNELS = 3, 2, 2
# An appointment that was cancelled, by either side, was no try at reaching somebody.
UNREACHED = (ContactOutcome.NO_REPLY, ContactOutcome.DNA)
# No episode goes on after a death, and one that was opened in error never was.
FINAL = (CloseReason.DIED, CloseReason.OPENED_IN_ERROR)
NEW_REFERRAL = "Read the new referral"


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
    db.session.refresh(case, with_for_update={"of": SupportCase})


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
    if case.accepted_at is None:
        raise RuleBroken("Accept this referral first, or say why it is not taken on.")
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


def weigh(
    case: SupportCase, complexity: Complexity, *, priority: Priority | None = None, by: User
) -> None:
    """Say how much of a worker’s time a case takes, and, where given, how soon it should be."""
    hold(case)
    _must_be_open(case)
    case.complexity = complexity
    case.priority = priority or case.priority
    said: dict[str, Any] = {"priority": priority} if priority else {}
    audit.record(Event.CASE_WEIGHED, case, by=by, complexity=complexity, **said)


def close(
    case: SupportCase, reason: CloseReason, *, summary: str | None, by: User, at: datetime
) -> None:
    """End the episode.

    Raises ``RuleBroken`` while an onward referral waits for an answer, or where somebody is given
    up on before three attempts on two days by two channels. A death ends everything at once, in
    every case of the person; a case opened in error counts nowhere.
    """
    if reason is CloseReason.DIED:
        people.hold(case.person)
    hold(case)
    _must_be_open(case)
    if reason is CloseReason.NO_CONTACT:
        _must_have_tried(case)
    if reason is CloseReason.DIED:
        _end_everything(case.person, case, by, at)
    elif unanswered(case):
        raise RuleBroken(
            "Some onward referrals have no answer yet. Say what became of each before you close."
        )
    if reason is CloseReason.PLAN_COMPLETED and case.first_conversation_at is None:
        raise RuleBroken("No conversation is recorded, so there is no plan to have completed.")
    case.close_summary = summary
    _end(case, reason, by, at)


def reopen(case: SupportCase, *, by: User, at: datetime) -> None:
    """Go on with the same episode, within 28 days of its close.

    Raises ``RuleBroken`` after a death, or where a new episode has begun meanwhile.
    """
    hold(case)
    if case.closed_at is None:
        _must_be_open(case)
        raise RuleBroken("This case is open.")
    if at - case.closed_at > REOPEN_WITHIN:
        raise RuleBroken("This case closed more than 28 days ago. Ask for a new referral instead.")
    if case.close_reason is CloseReason.DIED or case.person.died_on is not None:
        raise RuleBroken("This person died. Their cases cannot be opened again.")
    if _another_is_open(case):
        raise RuleBroken("This person has another open case. Go on with that one instead.")
    _go_on(case, by)


def take_up(case: SupportCase, *, by: User, at: datetime) -> None:
    """Let a new referral into a case the caller holds: its worker reads of it today.

    An episode that ended lately goes on; where its worker has left, it waits for another.
    """
    if case.closed_at is not None:
        _go_on(case, by)
        if case.worker is None or not case.worker.is_active or not _works_there(case.worker, case):
            case.worker_id = case.accepted_at = case.accepted_by_id = None
    if case.accepted_at is None:
        return
    booked = case.next_action or ""
    if not booked.startswith(NEW_REFERRAL):
        case.next_action = f"{NEW_REFERRAL}, then: {booked}" if booked else NEW_REFERRAL
    today = clock.london(at).date()
    case.next_action_on = min(case.next_action_on or today, today)


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
        Contact.case_id == case.id,
        Contact.kind == ContactKind.ATTEMPT,
        Contact.outcome.in_(UNREACHED),
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


def _end(case: SupportCase, reason: CloseReason, by: User, at: datetime) -> None:
    case.closed_at, case.closed_by_id, case.close_reason = at, by.id, reason
    _nothing_more_to_do(case)
    audit.record(Event.CASE_CLOSED, case, by=by, reason=reason)


def _go_on(case: SupportCase, by: User) -> None:
    case.closed_at = case.closed_by_id = case.close_reason = case.paused_at = None
    audit.record(Event.CASE_REOPENED, case, by=by)


def _end_everything(person: Person, told: SupportCase, by: User, at: datetime) -> None:
    """Nobody rings the bereaved: what is under way in any PCN stops with this transaction."""
    person.died_on = person.died_on or clock.london(at).date()
    query = select(SupportCase).where(SupportCase.person_id == person.id, SupportCase.is_open)
    held = query.order_by(SupportCase.id).with_for_update(of=SupportCase)
    fresh = db.session.scalars(held.execution_options(populate_existing=True))
    for case in fresh.unique().all():
        for onward in unanswered(case):
            onward.cancelled_at = at
            answer: dict[str, Any] = {"person_id": person.id, "answer": "cancelled"}
            audit.record(Event.ONWARD_ANSWERED, onward, by=by, **answer)
        if case.id != told.id:
            _end(case, CloseReason.DIED, by, at)


def _nothing_more_to_do(case: SupportCase) -> None:
    case.next_action = case.next_action_on = None
