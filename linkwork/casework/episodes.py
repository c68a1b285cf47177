"""Episodes: ended with a reason, gone on with within 28 days, all of them stopped by a death.

With an episode ends what is under way in it. A death that was recorded by mistake is taken back,
and with it, within 28 days, every close that it brought about. One that is told of once the case
has ended: ``deaths``.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from linkwork import audit, clock
from linkwork.audit import Event
from linkwork.casework import (
    mail,
    notifications,
    onward_referrals,
    people,
    shared_links,
    snoozes,
    tasks,
    visits,
)
from linkwork.casework.cases import hold, is_there, must_be_open, nothing_more_to_do
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import (
    CloseReason,
    Contact,
    ContactKind,
    ContactOutcome,
    DeclineReason,
    LinkPurpose,
    NoticeKind,
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
NOT_DEAD = "Check everything: a death was recorded by mistake"


class DeathMistake(StrEnum):
    """How it came that a death was recorded of somebody who lives."""

    WRONG_PERSON = "wrong_person"
    WRONG_NEWS = "wrong_news"
    SLIP = "slip"


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
        end_everything(case.person, told=case, by=by, at=at)
    elif unanswered(case):
        raise RuleBroken(
            "Some onward referrals have no answer yet. Say what became of each before you close."
        )
    if reason is CloseReason.PLAN_COMPLETED and case.first_conversation_at is None:
        raise RuleBroken("No conversation is recorded, so there is no plan to have completed.")
    case.close_summary = summary
    _end(case, reason, by, at)


def decline(case: SupportCase, reason: DeclineReason, *, by: User, at: datetime) -> None:
    """Say no to a referral, with a reason the practice is told; what was under way ends too."""
    hold(case)
    must_be_open(case)
    if case.first_conversation_at is not None:
        raise RuleBroken("Support has started, so this case can be closed but not declined.")
    case.declined_at, case.declined_by_id, case.decline_reason = at, by.id, reason
    nothing_more_to_do(case)
    stop(case, by=by, at=at)
    audit.record(Event.CASE_DECLINED, case, by=by, reason=reason)


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


def take_death_back(case: SupportCase, why: DeathMistake, *, by: User, at: datetime) -> None:
    """Say that a person lives: what the record of their death closed is open again, in any PCN.

    Visits, links and reminders that were stopped are not made again. Where another case was opened
    at a PCN meanwhile, that one goes on alone, and what a death closed more than 28 days ago stays
    closed. ``case`` may be any of the person’s. Raises ``RuleBroken`` where no death is recorded.
    """
    people.hold(case.person)
    hold(case)
    if case.person.died_on is None:
        raise RuleBroken("No death is recorded of this person.")
    case.person.died_on = None
    by_death = _closed_by_death(case, at)
    # Asked of all before any is open again: two that were open side by side were so before.
    taken = {stopped.id for stopped in by_death if _another_is_open(stopped)}
    for stopped in by_death:
        if stopped.id in taken:
            stopped.close_reason = CloseReason.REDIRECTED
        else:
            _bring_back(stopped, by, at)
    audit.record(Event.DEATH_WITHDRAWN, case.person, by=by, person_id=case.person_id, reason=why)


def take_up(case: SupportCase, *, by: User, at: datetime) -> None:
    """Let a new referral into a case the caller holds: its worker reads of it today.

    An episode that ended lately goes on; where its worker has left, it waits for another.
    """
    if case.closed_at is not None:
        _go_on(case, by)
    if case.accepted_at is None:
        return
    if case.paused_at is not None:  # somebody asks for them now
        case.paused_at = None
        audit.record(Event.CASE_RESUMED, case, by=by)
    booked = case.next_action or ""
    if not booked.startswith(NEW_REFERRAL):
        case.next_action = f"{NEW_REFERRAL}, then: {booked}" if booked else NEW_REFERRAL
    today = clock.london(at).date()
    case.next_action_on = min(case.next_action_on or today, today)
    snoozes.end_of(case, at=at)


def stop(case: SupportCase, *, by: User, at: datetime) -> None:
    """End what is under way in a case the caller holds: visits, what was promised, and the links
    of providers. The person’s own link to their plan goes on to its end.
    """
    tasks.stop(case, by=by, at=at)
    visits.stop(case, by=by, at=at)
    for link in shared_links.of_case(case, LinkPurpose.ANSWER, at=at):
        shared_links.revoke(link, by=by, at=at)


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
    stop(case, by=by, at=at)
    if reason in FINAL:
        shared_links.stop(case, by=by, at=at)
        mail.stop(case, at=at)
    audit.record(Event.CASE_CLOSED, case, by=by, reason=reason)


def _go_on(case: SupportCase, by: User) -> None:
    case.closed_at = case.closed_by_id = case.close_reason = case.paused_at = None
    case.close_details = {}
    if case.worker is None or not is_there(case.worker, case):  # who had it left: it waits
        case.worker_id = case.accepted_at = case.accepted_by_id = None
    audit.record(Event.CASE_REOPENED, case, by=by)


def end_everything(
    person: Person, *, told: SupportCase | None = None, by: User, at: datetime
) -> None:
    """Nobody rings the bereaved: what is under way in any PCN stops with this transaction.

    The caller holds the person, and ends the case that was ``told`` of themselves.
    """
    person.died_on = person.died_on or clock.london(at).date()
    for case in _held(SupportCase.person_id == person.id):
        notifications.stop(case, at=at)
        shared_links.stop(case, by=by, at=at)  # those to a plan outlast the end of a case
        if not case.is_open:
            continue
        onward_referrals.stop(case, by=by, at=at)
        if told is None or case.id != told.id:
            _end(case, CloseReason.DIED, by, at)
        if case.worker is not None and case.worker_id != by.id:
            notifications.tell(case.worker, NoticeKind.DEATH_RECORDED, case=case, at=at)


def _held(*which: Any) -> Sequence[SupportCase]:
    """Cases held until the transaction ends, in the order in which everybody holds them."""
    query = select(SupportCase).where(*which).order_by(SupportCase.id)
    held = query.with_for_update(of=SupportCase).execution_options(populate_existing=True)
    return db.session.scalars(held).unique().all()


def _closed_by_death(case: SupportCase, at: datetime) -> list[SupportCase]:
    """What the death that is taken back in a case closed, all at one moment, within 28 days."""
    died = SupportCase.close_reason == CloseReason.DIED
    closed = _held(SupportCase.person_id == case.person_id, died)
    moments = [one.closed_at for one in closed if one.closed_at is not None]
    its_own = case.closed_at if case.close_reason is CloseReason.DIED else None
    when = its_own or max(moments, default=at)
    return [one for one in closed if one.closed_at == when and at - when <= REOPEN_WITHIN]


def _bring_back(case: SupportCase, by: User, at: datetime) -> None:
    """Open a case again as it was, and what was called off in it at the same moment."""
    recorded_at = case.closed_at
    _go_on(case, by)
    stopped = select(OnwardReferral).where(
        OnwardReferral.case_id == case.id, OnwardReferral.cancelled_at == recorded_at
    )
    for onward in db.session.scalars(stopped.order_by(OnwardReferral.id)).unique():
        onward.cancelled_at = None
        reopened: dict[str, Any] = {"person_id": case.person_id, "answer": "not cancelled"}
        audit.record(Event.ONWARD_ANSWERED, onward, by=by, **reopened)
    if case.accepted_at is not None:
        case.next_action, case.next_action_on = NOT_DEAD, clock.london(at).date()
        snoozes.end_of(case, at=at)
    if case.worker is not None and case.worker_id != by.id:
        notifications.tell(case.worker, NoticeKind.DEATH_WITHDRAWN, case=case, at=at)
