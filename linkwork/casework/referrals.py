"""Referrals: received, and followed by whoever sent them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from linkwork import access, audit
from linkwork.audit import Event
from linkwork.casework import people
from linkwork.casework.people import Identity
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import (
    CaseState,
    Organisation,
    OrganisationKind,
    Priority,
    Referral,
    ReferralSource,
    SupportCase,
    User,
)

NO_CONSENT = (
    "Ask the patient first, then tick that they agreed. "
    "A referral cannot be sent without the patient’s agreement."
)
# A practice follows its referral by stage; what is said in conversations is not its business.
STAGES = {
    CaseState.NEW: "Received",
    CaseState.WAITING: "Accepted, waiting for a first conversation",
    CaseState.STARTED: "Being supported",
    CaseState.PLANNED: "Being supported",
    CaseState.CONNECTED: "Going to an activity",
    CaseState.PAUSED: "Paused",
    CaseState.DECLINED: "Not taken on",
    CaseState.CLOSED: "Support has ended",
}


@dataclass(frozen=True, slots=True)
class Request:
    """What a referrer asks for, and why."""

    note: str
    reasons: Sequence[str] = ()
    urgency: Priority = Priority.ROUTINE
    consented: bool = False
    share_with_gp: bool = True


def receive_from_practice(
    identity: Identity, request: Request, *, by: User, at: datetime, on: date
) -> Referral:
    """Take a referral from a practice to its PCN, where it waits for a link worker.

    Raises ``RuleBroken`` without the patient’s agreement, or where the practice has no PCN.
    """
    practice = by.organisation
    if not request.consented:
        raise RuleBroken(NO_CONSENT)
    if practice.kind is not OrganisationKind.PRACTICE or practice.parent is None:
        raise RuleBroken(
            "Your practice is not linked to a PCN yet, so there is nobody to send this to. "
            "Ask your administrator to import the list of practices."
        )
    return receive(
        identity,
        request,
        pcn=practice.parent,
        practice=practice,
        source=ReferralSource.GP,
        by=by,
        at=at,
        on=on,
    )


def receive(
    identity: Identity,
    request: Request,
    *,
    pcn: Organisation,
    practice: Organisation | None,
    source: ReferralSource,
    by: User,
    at: datetime,
    on: date,
) -> Referral:
    """Record a referral and open a case for it, or join it to the case that is open already."""
    if not request.consented:
        raise RuleBroken(NO_CONSENT)
    found = people.recognise(identity, practice=practice, on=on)
    case = _open_case_of(found.person.id, pcn) or _new_case(found.person.id, pcn, request, at)
    referral = Referral(
        person=found.person,
        case=case,
        organisation_id=pcn.id,
        practice_id=practice.id if practice else None,
        source=source,
        referrer_id=by.id,
        referrer_name=by.name,
        reasons=list(request.reasons),
        note=request.note,
        urgency=request.urgency,
        consented_at=at,
        share_with_gp=request.share_with_gp,
        received=found.differs,
        referred_at=at,
        received_at=at,
    )
    db.session.add(referral)
    if request.urgency is Priority.SOON:
        case.priority = Priority.SOON
    audit.record(Event.REFERRAL_RECEIVED, referral, by=by)
    return referral


def stage(referral: Referral) -> str:
    """Where a referral stands, in the words a practice sees."""
    return STAGES[referral.case.state]


def sent_by(user: User, *, limit: int = 50, before: int | None = None) -> Sequence[Referral]:
    """A practice’s own referrals, newest first; ``before`` is the number of the last one shown."""
    query = (
        access.referrals(user)
        .where(Referral.practice_id == user.organisation_id)
        .options(joinedload(Referral.person), joinedload(Referral.case))
    )
    if before is not None:
        query = query.where(Referral.id < before)
    return db.session.scalars(query.order_by(Referral.id.desc()).limit(limit)).all()


def _open_case_of(person_id: int, pcn: Organisation) -> SupportCase | None:
    query = select(SupportCase).where(
        SupportCase.person_id == person_id,
        SupportCase.organisation_id == pcn.id,
        SupportCase.is_open,
    )
    return db.session.scalar(query.order_by(SupportCase.id.desc()).limit(1))


def _new_case(person_id: int, pcn: Organisation, request: Request, at: datetime) -> SupportCase:
    case = SupportCase(
        person_id=person_id,
        organisation_id=pcn.id,
        opened_at=at,
        priority=request.urgency,
        share_with_gp=request.share_with_gp,
    )
    db.session.add(case)
    db.session.flush()
    return case
