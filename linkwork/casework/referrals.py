"""Referrals: sent by a practice, received by its PCN, joined to the case that is open."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select

from linkwork import audit
from linkwork.audit import Event
from linkwork.casework import cases, episodes, notifications, people
from linkwork.casework.people import Identity
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import (
    DeclineReason,
    NoticeKind,
    Organisation,
    OrganisationKind,
    Person,
    Priority,
    Referral,
    ReferralSource,
    SupportCase,
    User,
    WithdrawReason,
)

FROM_PRACTICE = frozenset({ReferralSource.GP, ReferralSource.OTHER_PRIMARY_CARE})
NO_CONSENT = (
    "Ask the patient first, then tick that they agreed. "
    "A referral cannot be sent without the patient’s agreement."
)
NO_PCN = (
    "Your practice is not linked to a PCN yet, so there is nobody to send a referral to. "
    "Ask the person who looks after Linkwork to bring in the list of practices."
)


@dataclass(frozen=True, slots=True)
class Request:
    """What a referrer asks for, and why."""

    note: str
    reasons: Sequence[str] = ()
    urgency: Priority = Priority.ROUTINE
    consented: bool = False
    share_with_gp: bool = True


@dataclass(frozen=True, slots=True)
class Referrer:
    """Who asked, where that is nobody who signs in: a relative, an agency, the person."""

    name: str
    relation: str | None = None
    contact: str | None = None


def recipient(user: User) -> Organisation:
    """The PCN a practice refers to. Raises ``RuleBroken`` where there is none."""
    practice = user.organisation
    if practice.kind is not OrganisationKind.PRACTICE or practice.parent is None:
        raise RuleBroken(NO_PCN)
    return practice.parent


def receive_from_practice(
    identity: Identity, request: Request, *, by: User, at: datetime, on: date
) -> Referral:
    """Take a referral from a practice to its PCN, where it waits for a link worker.

    Raises ``RuleBroken`` without the patient’s agreement, or where the practice has no PCN.
    """
    return receive(
        identity,
        request,
        pcn=recipient(by),
        practice=by.organisation,
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
    referrer: Referrer | None = None,
    person: Person | None = None,
    asked_at: datetime | None = None,
) -> Referral:
    """Record a referral and open a case for it, or join it to the case that is there already.

    That is one that is open, or that closed in the last 28 days: the same episode goes on.
    ``referrer`` is who asked where that is not ``by``, ``person`` whose it is where somebody
    decided that, and ``asked_at`` when it was asked, where that was before ``at``.
    """
    if not request.consented:
        raise RuleBroken(NO_CONSENT)
    if person is None:
        person = people.recognise(identity, practice=practice, on=on, pcn=pcn)
    # Only a practice’s own referral is a practice’s to see and to join.
    sent_by = practice if source in FROM_PRACTICE else None
    asked_at = asked_at or at
    referral = Referral(
        person=person,
        case=_case_for(person, request, pcn, sent_by, by=by, at=at, asked_at=asked_at),
        organisation_id=pcn.id,
        practice_id=sent_by.id if sent_by else None,
        source=source,
        referrer_id=None if referrer else by.id,
        referrer_name=referrer.name if referrer else by.name,
        referrer_relation=referrer.relation if referrer else None,
        referrer_contact=referrer.contact if referrer else None,
        reasons=list(request.reasons),
        note=request.note,
        urgency=request.urgency,
        consented_at=asked_at,
        share_with_gp=request.share_with_gp,
        received={**asdict(identity), "date_of_birth": identity.date_of_birth.isoformat()},
        referred_at=asked_at,
        received_at=at,
    )
    db.session.add(referral)
    audit.record(Event.REFERRAL_RECEIVED, referral, by=by, source=source)
    return referral


def withdraw(referral: Referral, reason: WithdrawReason, *, by: User, at: datetime) -> None:
    """Take a practice’s own referral back, as long as the practice knows of nobody’s acceptance.

    A case that nobody else referred to ends with it; any other goes on without it. Raises
    ``RuleBroken`` where it has been accepted, taken back, or has ended.
    """
    case = referral.case
    cases.hold(case)
    if referral.withdrawn_at is not None:
        raise RuleBroken("This referral was taken back before.")
    if not case.is_open:
        raise RuleBroken("This referral has ended already, so there is nothing to take back.")
    if case.accepted_at is not None and case.accepted_at >= _known_since(referral):
        raise RuleBroken(
            "A link worker has accepted this referral and may have called the patient. "
            "Tell the link worker what has changed instead."
        )
    referral.withdrawn_at, referral.withdraw_reason = at, reason
    audit.record(Event.REFERRAL_WITHDRAWN, referral, by=by, reason=reason)
    if case.accepted_at is None and not _others(referral):
        cases.decline(case, DeclineReason.WITHDRAWN, by=by, at=at)


def open(referral: Referral, *, by: User) -> None:  # noqa: A001 - the verb of the trade
    """Note that somebody opened a referral to read it."""
    audit.record(Event.REFERRAL_OPENED, referral, by=by)


def _known_since(referral: Referral) -> datetime:
    """When the practice of a referral first had to do with its case."""
    query = select(func.min(Referral.referred_at)).where(
        Referral.case_id == referral.case_id, Referral.practice_id == referral.practice_id
    )
    return db.session.scalar(query) or referral.referred_at


def _others(referral: Referral) -> bool:
    """Whether somebody else asks for the same case."""
    query = select(Referral.id).where(
        Referral.case_id == referral.case_id,
        Referral.id != referral.id,
        Referral.withdrawn_at.is_(None),
    )
    return db.session.scalar(query.limit(1)) is not None


def _case_for(
    person: Person,
    request: Request,
    pcn: Organisation,
    practice: Organisation | None,
    *,
    by: User,
    at: datetime,
    asked_at: datetime,
) -> SupportCase:
    shared = practice is not None or request.share_with_gp
    case = _case_to_join(person, pcn, practice, at, shared=shared)
    if case is None:
        case = _new_case(person, pcn, request, asked_at)
    else:
        episodes.take_up(case, by=by, at=at)
        case.share_with_gp = case.share_with_gp and request.share_with_gp
        if case.worker is not None and case.worker.id != by.id:
            notifications.tell(case.worker, NoticeKind.REFERRAL_JOINED, case=case, at=at)
    if request.urgency is Priority.SOON:
        case.priority = Priority.SOON
    return case


def _case_to_join(
    person: Person,
    pcn: Organisation,
    practice: Organisation | None,
    at: datetime,
    *,
    shared: bool,
) -> SupportCase | None:
    """The case of a person that is open or closed lately, held until the transaction ends.

    One that is not shared with practices is joined by nothing they may know of, and what somebody
    asked without their practice joins no other: its stage would tell of it.
    """
    referred = exists().where(
        Referral.case_id == SupportCase.id,
        Referral.practice_id == (practice.id if practice else None),
    )
    query = select(SupportCase).where(
        SupportCase.person_id == person.id,
        SupportCase.organisation_id == pcn.id,
        or_(SupportCase.is_open, _ended_lately(at)),
        or_(SupportCase.share_with_gp, referred) if shared else ~SupportCase.share_with_gp,
    )
    newest = query.order_by(SupportCase.is_open.desc(), SupportCase.id.desc()).limit(1)
    return db.session.scalar(newest.with_for_update(of=SupportCase))


def _ended_lately(at: datetime) -> ColumnElement[bool]:
    final = SupportCase.close_reason.in_(episodes.FINAL)
    return and_(
        SupportCase.closed_at >= at - episodes.REOPEN_WITHIN, ~func.coalesce(final, false())
    )


def _new_case(person: Person, pcn: Organisation, request: Request, at: datetime) -> SupportCase:
    case = SupportCase(
        person_id=person.id,
        organisation_id=pcn.id,
        opened_at=at,
        priority=request.urgency,
        share_with_gp=request.share_with_gp,
    )
    db.session.add(case)
    db.session.flush()
    return case
