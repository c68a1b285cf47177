"""Referrals: sent by a practice, received by its PCN, joined to the case that is open."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from statistics import median

from sqlalchemy import ColumnElement, and_, exists, false, func, or_, select

from linkwork import audit, clock
from linkwork.audit import Event
from linkwork.casework import episodes, people
from linkwork.casework.people import Identity
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import (
    CloseReason,
    Organisation,
    OrganisationKind,
    Person,
    Priority,
    Referral,
    ReferralSource,
    SupportCase,
    User,
)

WAIT_WEEKS = 13
FEWEST = 5
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
class Wait:
    """How long people waited who started lately: days from referral to first conversation.

    ``median_days`` is None where fewer than five people started: that cannot be said honestly.
    """

    people: int
    median_days: int | None


def recipient(user: User) -> Organisation:
    """The PCN a practice refers to. Raises ``RuleBroken`` where there is none."""
    practice = user.organisation
    if practice.kind is not OrganisationKind.PRACTICE or practice.parent is None:
        raise RuleBroken(NO_PCN)
    return practice.parent


def present_wait(pcn: Organisation, on: date) -> Wait:
    """The median wait of everybody who started at ``pcn`` in the 13 weeks up to ``on``.

    Whole days on an English calendar; half a day counts as one, so that no wait is understated.
    """
    case = SupportCase
    query = select(case.opened_at, case.first_conversation_at).where(
        case.organisation_id == pcn.id,
        case.first_conversation_at >= _start_of(on - timedelta(weeks=WAIT_WEEKS)),
        case.first_conversation_at < _start_of(on + timedelta(days=1)),
        or_(case.close_reason.is_(None), case.close_reason != CloseReason.OPENED_IN_ERROR),
    )
    waits = [_days(opened, started) for opened, started in db.session.execute(query) if started]
    if len(waits) < FEWEST:
        return Wait(len(waits), None)
    return Wait(len(waits), math.ceil(median(waits)))


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
) -> Referral:
    """Record a referral and open a case for it, or join it to the case that is there already.

    That is one that is open, or that closed in the last 28 days: the same episode goes on.
    """
    if not request.consented:
        raise RuleBroken(NO_CONSENT)
    person = people.recognise(identity, practice=practice, on=on)
    referral = Referral(
        person=person,
        case=_case_for(person, request, pcn, practice, by=by, at=at),
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
        received={**asdict(identity), "date_of_birth": identity.date_of_birth.isoformat()},
        referred_at=at,
        received_at=at,
    )
    db.session.add(referral)
    audit.record(Event.REFERRAL_RECEIVED, referral, by=by)
    return referral


def open(referral: Referral, *, by: User) -> None:  # noqa: A001 - the verb of the trade
    """Note that somebody opened a referral to read it."""
    audit.record(Event.REFERRAL_OPENED, referral, by=by)


def _case_for(
    person: Person,
    request: Request,
    pcn: Organisation,
    practice: Organisation | None,
    *,
    by: User,
    at: datetime,
) -> SupportCase:
    case = _case_to_join(person, pcn, practice, at)
    if case is None:
        case = _new_case(person, pcn, request, at)
    else:
        episodes.take_up(case, by=by, at=at)
        case.share_with_gp = case.share_with_gp and request.share_with_gp
    if request.urgency is Priority.SOON:
        case.priority = Priority.SOON
    return case


def _case_to_join(
    person: Person, pcn: Organisation, practice: Organisation | None, at: datetime
) -> SupportCase | None:
    """The case of a person that is open or closed lately, held until the transaction ends.

    One that is not shared with practices is not joined: its stage would tell of it.
    """
    referred = exists().where(
        Referral.case_id == SupportCase.id,
        Referral.practice_id == (practice.id if practice else None),
    )
    query = select(SupportCase).where(
        SupportCase.person_id == person.id,
        SupportCase.organisation_id == pcn.id,
        or_(SupportCase.is_open, _ended_lately(at)),
        or_(SupportCase.share_with_gp, referred),
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


def _start_of(day: date) -> datetime:
    return clock.utc(datetime.combine(day, time.min))


def _days(opened_at: datetime, started_at: datetime) -> int:
    return max(0, (clock.london(started_at).date() - clock.london(opened_at).date()).days)
