"""Contacts: conversations and failed attempts, recorded on the day or later."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import lazyload, selectinload

from linkwork import audit, clock
from linkwork.audit import Event
from linkwork.casework import alarms, concerns, snoozes
from linkwork.casework.cases import hold, must_be_there, with_name
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import (
    CaseNeed,
    Contact,
    ContactKind,
    ContactMode,
    ContactOutcome,
    Correction,
    Need,
    SupportCase,
    User,
)
from linkwork.models.contact import TWO_WAY

SHOWN = 50
MOST_SHOWN = 1000
FARTHEST_STEP = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Conversation:
    """What was said and decided."""

    mode: ContactMode
    minutes: int
    notes: str | None = None
    what_matters: str | None = None
    strengths: str | None = None
    travel_minutes: int = 0
    needs: Mapping[Need, int] | None = None
    """Needs seen, with how much each matters (1 to 3)."""
    plan_agreed: bool = False
    safety_concern: bool = False
    safety_action: str | None = None
    """What is feared and what was done about it."""
    told: str | None = None
    told_at: datetime | None = None
    share_with_gp: bool = False
    next_action: str | None = None
    next_action_on: date | None = None


def record(
    case: SupportCase, said: Conversation, *, by: User, at: datetime, now: datetime
) -> Contact:
    """Record a conversation that was attended. The first by voice or face starts the episode.

    A late entry moves the start back, never forward. Raises ``RuleBroken`` for a moment to come,
    one before the referral or after the case ended, a plan agreed before anybody talked, or a next
    step that is past or a year away.
    """
    hold(case)
    _must_take_contacts(case, at, now)
    _must_be_ahead(said.next_action_on, now)
    if not said.notes and not said.what_matters:
        raise RuleBroken("Write down what was said, or what matters to the person.")
    if said.safety_concern and not (said.safety_action and said.told):
        raise RuleBroken("Say what you did about the safety concern, and whom you told.")
    contact = Contact(
        case=case,
        worker_id=by.id,
        at=at,
        kind=ContactKind.CONVERSATION,
        outcome=ContactOutcome.ATTENDED,
        needs=sorted(said.needs or {}),
        recorded_at=now,
        **{name: getattr(said, name) for name in CARRIED},
    )
    db.session.add(contact)
    db.session.flush()
    _start(case, contact, by)
    _see_needs(case, said.needs or {}, at)
    if said.plan_agreed:
        _agree_plan(case, at)
    _go_on(case, contact, by)
    _come_after(case, contact)
    audit.record(Event.CONTACT_RECORDED, contact, by=by, person_id=case.person_id)
    if said.safety_concern:
        _tell_of_danger(contact, said, by, now)
    referred = alarms.in_referrals(case, besides=contact)
    alarms.listen(contact, also=referred, by=by, at=now)
    return contact


CARRIED = (
    "mode",
    "minutes",
    "travel_minutes",
    "notes",
    "what_matters",
    "strengths",
    "safety_concern",
    "safety_action",
    "share_with_gp",
    "next_action",
    "next_action_on",
)


def attempt(
    case: SupportCase,
    *,
    mode: ContactMode,
    outcome: ContactOutcome,
    notes: str | None,
    next_action: str | None,
    next_action_on: date | None,
    by: User,
    at: datetime,
    now: datetime,
) -> Contact:
    """Record that somebody was tried and not reached. It never starts a case.

    What was booked stays booked unless a next step is given.
    """
    hold(case)
    _must_take_contacts(case, at, now)
    if outcome is ContactOutcome.ATTENDED:
        raise RuleBroken("Record a conversation instead: you reached the person.")
    _must_be_ahead(next_action_on, now)
    contact = Contact(
        case=case,
        worker_id=by.id,
        at=at,
        mode=mode,
        kind=ContactKind.ATTEMPT,
        outcome=outcome,
        notes=notes,
        next_action=next_action,
        next_action_on=next_action_on,
        recorded_at=now,
    )
    db.session.add(contact)
    db.session.flush()
    _come_after(case, contact)
    audit.record(Event.CONTACT_RECORDED, contact, by=by, person_id=case.person_id, attempt=True)
    alarms.listen(contact, by=by, at=now)
    return contact


def of_case(case: SupportCase, *, limit: int = SHOWN) -> Sequence[Contact]:
    """The contacts of a case, newest first."""
    query = (
        select(Contact)
        .where(Contact.case_id == case.id)
        .options(
            with_name(Contact.worker),
            with_name(Contact.struck_by),
            selectinload(Contact.corrections)
            .joinedload(Correction.corrected_by)
            .options(lazyload(User.grants), lazyload(User.organisation)),
        )
        .order_by(Contact.at.desc(), Contact.id.desc())
        .limit(limit)
    )
    return db.session.scalars(query).unique().all()


def _tell_of_danger(contact: Contact, said: Conversation, by: User, now: datetime) -> None:
    concerns.raise_concern(
        contact.case,
        what=said.safety_action,
        told=said.told,
        told_at=said.told_at or now,
        contact=contact,
        by=by,
        at=now,
    )


def _must_take_contacts(case: SupportCase, at: datetime, now: datetime) -> None:
    if not case.is_open and (case.closed_at is None or at >= case.closed_at):
        raise RuleBroken(
            "This case has ended. Open it again to record a contact, or give the time of one "
            "that was before the end."
        )
    must_be_possible(case, at, now)


def must_be_possible(case: SupportCase, at: datetime, now: datetime) -> None:
    """Raise ``RuleBroken`` for a moment to come, or one before the day the referral arrived."""
    if at > now:
        raise RuleBroken("A contact cannot be in the future. Check its date and time.")
    if clock.london(at).date() < clock.london(case.opened_at).date():
        raise RuleBroken("A contact cannot be before the referral arrived. Check its date.")


def _must_be_ahead(step_on: date | None, now: datetime) -> None:
    today = clock.london(now).date()
    if step_on is not None and step_on < today:
        raise RuleBroken("The next step must be today or later.")
    if step_on is not None and step_on > today + FARTHEST_STEP:
        raise RuleBroken("The next step must be within a year. Check its date.")


def _start(case: SupportCase, contact: Contact, by: User) -> None:
    if contact.mode not in TWO_WAY:
        return
    if case.accepted_at is None:  # talking to somebody is taking them on
        must_be_there(by, case)
        # On the day of the referral they may have talked first: nobody accepts what is not there.
        accepted_at = max(contact.at, case.opened_at)
        case.accepted_at, case.accepted_by_id, case.worker_id = accepted_at, by.id, by.id
        audit.record(Event.CASE_ACCEPTED, case, by=by)
    if case.first_conversation_at is None or contact.at < case.first_conversation_at:
        case.first_conversation_at = contact.at


def _go_on(case: SupportCase, contact: Contact, by: User) -> None:
    """Whoever is talked with is not paused any more; a talk before the pause says nothing of it."""
    if case.is_open and case.paused_at is not None and contact.at >= case.paused_at:
        case.paused_at = None
        audit.record(Event.CASE_RESUMED, case, by=by)


def _agree_plan(case: SupportCase, at: datetime) -> None:
    """The first agreement counts, whenever it is recorded; it never comes before a conversation."""
    if case.first_conversation_at is None or at < case.first_conversation_at:
        raise RuleBroken("Record a conversation first: a plan is agreed by talking about it.")
    case.plan_agreed_at = min(at, case.plan_agreed_at or at)


def _see_needs(case: SupportCase, needs: Mapping[Need, int], at: datetime) -> None:
    known = {need.need: need for need in case.needs}
    for need, importance in needs.items():
        if need in known:
            known[need].importance = max(known[need].importance, importance)
            if case.is_open:
                known[need].resolved_at = None
        else:
            case.needs.append(CaseNeed(need=need, importance=importance, seen_at=at))


def _come_after(case: SupportCase, contact: Contact) -> None:
    """The latest contact decides the next step; a late entry of an older one does not, nor one of
    a case that has ended since.
    """
    talked = contact.kind is ContactKind.CONVERSATION
    if talked and (case.last_contact_at is None or contact.at > case.last_contact_at):
        case.last_contact_at = contact.at
    others = select(func.max(Contact.at)).where(
        Contact.case_id == case.id,
        Contact.id != contact.id,
        Contact.kind != ContactKind.STRUCK,
    )
    latest = db.session.scalar(others)
    if (latest is not None and contact.at < latest) or not case.is_open:
        return
    if talked or contact.next_action or contact.next_action_on:
        case.next_action, case.next_action_on = contact.next_action, contact.next_action_on
        snoozes.end_of(case, at=contact.recorded_at or contact.at)
