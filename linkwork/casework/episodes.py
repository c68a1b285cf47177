"""Episodes: ended with a reason, gone on with within 28 days, all of them stopped by a death."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from linkwork import audit, clock
from linkwork.audit import Event
from linkwork.casework import people
from linkwork.casework.cases import hold, must_be_open, nothing_more_to_do, works_there
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import (
    CloseReason,
    Contact,
    ContactKind,
    ContactOutcome,
    OnwardReferral,
    Person,
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
    must_be_open(case)
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
        must_be_open(case)
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
        if case.worker is None or not case.worker.is_active or not works_there(case.worker, case):
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
    nothing_more_to_do(case)
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
