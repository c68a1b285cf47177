"""Referrals: sent by a practice, received by its PCN, joined to the case that is open."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select

from linkwork import access, audit
from linkwork.audit import Event
from linkwork.casework import episodes, notifications, people, successions
from linkwork.casework.people import Identity
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import (
    NoticeKind,
    Organisation,
    OrganisationKind,
    Person,
    Priority,
    Referral,
    ReferralSource,
    SupportCase,
    User,
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


def recipient(user: User, *, on: date) -> Organisation:
    """The PCN a practice refers to. Raises ``RuleBroken`` where there is none, or one is closed."""
    practice = user.organisation
    if practice.kind is not OrganisationKind.PRACTICE:
        raise RuleBroken(NO_PCN)
    return _pcn_of(practice, on)


def receive_from_practice(
    identity: Identity, request: Request, *, by: User, at: datetime, on: date
) -> Referral:
    """Take a referral from a practice to its PCN, where it waits for a link worker.

    Raises ``RuleBroken`` without the patient’s agreement, or where the practice has no PCN.
    """
    return receive(
        identity,
        request,
        pcn=recipient(by, on=on),
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
    person = person or people.recognise(identity, practice=practice, on=on, pcn=pcn)
    # Only a practice’s own referral is a practice’s to see and to join.
    sent_by = practice if source in FROM_PRACTICE else None
    asked_at = asked_at or at
    referral = Referral(
        person=person,
        case=_case_for(person, request, pcn, sent_by, by=by, at=at, asked_at=asked_at),
        organisation_id=pcn.id,
        practice_id=sent_by.id if sent_by else None,
        source=source,
        received={**asdict(identity), "date_of_birth": identity.date_of_birth.isoformat()},
        received_at=at,
        **_asked(request, asked_at),
        **_asked_by(referrer, by),
    )
    db.session.add(referral)
    audit.record(Event.REFERRAL_RECEIVED, referral, by=by, source=source)
    return referral


def places(user: User, *, on: date) -> Sequence[Organisation]:
    """Where somebody the user records may be a patient: a practice, or no practice, of their PCNs.

    The PCNs come first, then the practices by name.
    """
    own = access.pcns(user).where(Organisation.is_open(on))
    practices = select(Organisation).where(
        Organisation.kind == OrganisationKind.PRACTICE,
        Organisation.is_open(on),
        Organisation.parent_id.in_(own.with_only_columns(Organisation.id)),
    )
    found = [db.session.scalars(query.order_by(Organisation.name)) for query in (own, practices)]
    return [place for rows in found for place in rows.unique()]


def record(
    identity: Identity,
    request: Request,
    *,
    place: Organisation,
    source: ReferralSource,
    referrer: Referrer | None,
    by: User,
    at: datetime,
    on: date,
    person: Person | None = None,
) -> Referral:
    """Write down what somebody asks by phone, letter or in person, whoever they are.

    ``place`` is the person’s practice, or the PCN where they have none; ``person`` whose referral
    it is, where somebody decided that. Raises ``RuleBroken`` where nobody says who asked for
    somebody else, or which practice it comes from.
    """
    is_practice = place.kind is OrganisationKind.PRACTICE
    if source in FROM_PRACTICE and not is_practice:
        raise RuleBroken("Choose the practice that this referral comes from.")
    if source is not ReferralSource.SELF and referrer is None:
        raise RuleBroken("Write who asks: their name, and who they are to the person.")
    successions.refuse_closed(place, on=on)
    return receive(
        identity,
        request,
        pcn=_pcn_of(place, on) if is_practice else place,
        practice=place if is_practice else None,
        source=source,
        referrer=referrer or Referrer(f"{identity.given_name} {identity.family_name}"),
        by=by,
        at=at,
        on=on,
        person=person,
    )


def open(referral: Referral, *, by: User) -> None:  # noqa: A001 - the verb of the trade
    """Note that somebody opened a referral to read it."""
    audit.record(Event.REFERRAL_OPENED, referral, by=by)


def _pcn_of(practice: Organisation, on: date) -> Organisation:
    successions.refuse_closed(practice, on=on)
    if practice.parent is None:
        raise RuleBroken(NO_PCN)
    successions.refuse_closed(practice.parent, on=on)
    return practice.parent


def _asked(request: Request, asked_at: datetime) -> dict[str, Any]:
    return {
        "consented_at": asked_at,
        "referred_at": asked_at,
        "reasons": list(request.reasons),
        "note": request.note,
        "urgency": request.urgency,
        "share_with_gp": request.share_with_gp,
    }


def _asked_by(referrer: Referrer | None, by: User) -> dict[str, Any]:
    if referrer is None:
        return {"referrer_id": by.id, "referrer_name": by.name}
    return {
        "referrer_name": referrer.name,
        "referrer_relation": referrer.relation,
        "referrer_contact": referrer.contact,
    }


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
    asked without their practice joins no other, and none that a practice follows: its stage would
    tell of it.
    """
    followed = exists().where(Referral.case_id == SupportCase.id, Referral.practice_id.is_not(None))
    referred = exists().where(
        Referral.case_id == SupportCase.id,
        Referral.practice_id == (practice.id if practice else None),
    )
    query = select(SupportCase).where(
        SupportCase.person_id == person.id,
        SupportCase.organisation_id == pcn.id,
        or_(SupportCase.is_open, _ended_lately(at)),
        or_(SupportCase.share_with_gp, referred)
        if shared
        else and_(~SupportCase.share_with_gp, ~followed),
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
