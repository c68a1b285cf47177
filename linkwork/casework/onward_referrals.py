"""Onward referrals: agreed with the person, sent to the service, followed until answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from linkwork import audit, clock
from linkwork.audit import Event
from linkwork.casework.cases import hold
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import (
    CapacityStatus,
    OnwardDecline,
    OnwardOutcome,
    OnwardReferral,
    OnwardState,
    Person,
    Service,
    ServiceStatus,
    SupportCase,
    User,
)

NOON = time(12)


@dataclass(frozen=True, slots=True)
class Line:
    """One thing a provider is told about a person."""

    label: str
    text: str


def what_is_sent(
    person: Person, *, message: str | None, needs_accompanying: bool
) -> Sequence[Line]:
    """Everything a provider is told: name, how to reach the person, access needs, the message.

    Nothing else of a record ever goes with an onward referral.
    """
    lines = (
        ("Name", person.name),
        ("Phone", person.phone),
        ("Email", person.email),
        ("When you get in touch", person.safe_to_contact),
        ("Language", _language(person)),
        ("Access needs", person.access_needs),
        ("First visit", "Somebody will come with them." if needs_accompanying else None),
        ("Message", message),
    )
    return [Line(label, text) for label, text in lines if text]


def _language(person: Person) -> str | None:
    if person.interpreter:
        return f"{person.language or 'Not English'}, interpreter needed"
    return None if (person.language or "").lower() == "english" else person.language


def check(case: SupportCase, service: Service, *, at: datetime) -> None:
    """Raise ``RuleBroken`` where nothing can be agreed with this person about this service.

    The case or the service has ended, nobody has talked to the person yet, or they are already on
    their way to it.
    """
    if not case.is_open:
        raise RuleBroken("This case has ended. Open it again first.")
    if case.first_conversation_at is None:
        raise RuleBroken("Record a conversation first: what somebody wants comes before where.")
    _must_run(service, at)
    if _already_going(case, service):
        raise RuleBroken(f"{service.name} is already among this person’s activities.")


def agree(
    case: SupportCase,
    service: Service,
    *,
    message: str | None = None,
    needs_accompanying: bool = False,
    by: User,
    at: datetime,
) -> OnwardReferral:
    """Note that the person agreed to go to a service.

    Raises ``RuleBroken`` where ``check`` does.
    """
    hold(case)
    check(case, service, at=at)
    onward = OnwardReferral(
        case=case,
        service=service,
        made_by_id=by.id,
        message=message,
        needs_accompanying=needs_accompanying,
        agreed_at=at,
    )
    db.session.add(onward)
    audit.record(Event.ONWARD_AGREED, onward, by=by, person_id=case.person_id)
    return onward


def send(onward: OnwardReferral, *, by: User, at: datetime) -> None:
    """Send name, contact and access needs to the service. Only after the person agreed."""
    if onward.agreed_at is None:
        raise RuleBroken("Ask the person first: an onward referral is sent only once they agree.")
    _hold_open(onward)
    _must_run(onward.service, at)
    if onward.sent_at is not None:
        raise RuleBroken("This onward referral has already been sent.")
    if onward.service.capacity_status is CapacityStatus.NO_CAPACITY:
        raise RuleBroken(f"{onward.service.name} is full. Choose another, or wait for a place.")
    onward.sent_at = at
    audit.record(Event.ONWARD_SENT, onward, by=by, person_id=onward.case.person_id)


def accepted(onward: OnwardReferral, *, by: User, at: datetime) -> None:
    """The service has a place for the person."""
    _hold_sent(onward)
    if onward.accepted_at is not None:
        raise RuleBroken("The activity has already accepted this person.")
    onward.accepted_at = at
    _answered(onward, "accepted", by)


def waitlisted(onward: OnwardReferral, *, by: User, at: datetime) -> None:
    """The service put the person on its waiting list."""
    _hold_sent(onward)
    if onward.accepted_at is not None or onward.first_attended_at is not None:
        raise RuleBroken("The activity has already accepted this person.")
    onward.waitlisted_at = at
    _answered(onward, "waitlisted", by)


def declined(onward: OnwardReferral, reason: OnwardDecline, *, by: User, at: datetime) -> None:
    """The service said no, or the person did."""
    _hold_open(onward)
    if onward.first_attended_at is not None:
        raise RuleBroken("They went at least once. Say how it ended instead.")
    onward.declined_at, onward.decline_reason = at, reason
    _answered(onward, "declined", by)


def attended(onward: OnwardReferral, *, by: User, on: date, now: datetime) -> None:
    """The person went for the first time, on a day; an earlier one corrects a later.

    Raises ``RuleBroken`` for a day to come, one before they agreed, or one after the first visit
    that is known.
    """
    _hold_sent(onward)
    if on > clock.london(now).date():
        raise RuleBroken("The first visit cannot be in the future. Check its date.")
    if onward.agreed_at is not None and on < clock.london(onward.agreed_at).date():
        raise RuleBroken("The first visit cannot be before the person agreed to go.")
    at = min(clock.utc(datetime.combine(on, NOON)), now)
    if onward.agreed_at is not None:
        at = max(at, onward.agreed_at)
    if onward.first_attended_at is not None and at >= onward.first_attended_at:
        raise RuleBroken("Their first visit is already recorded.")
    onward.first_attended_at = at
    case = onward.case
    if case.connected_at is None or at < case.connected_at:
        case.connected_at = at
    audit.record(Event.ONWARD_ATTENDED, onward, by=by, person_id=case.person_id)


def end(onward: OnwardReferral, outcome: OnwardOutcome, *, by: User, at: datetime) -> None:
    """Say what became of it.

    Raises ``RuleBroken`` where the outcome does not go with whether they ever went.
    """
    _hold_open(onward)
    if outcome not in endings(onward):
        went = onward.first_attended_at is not None
        raise RuleBroken(
            "They went at least once. Choose another answer."
            if went
            else "Record their first visit before you say how it went."
        )
    onward.ended_at, onward.outcome = at, outcome
    audit.record(
        Event.ONWARD_ENDED, onward, by=by, person_id=onward.case.person_id, outcome=outcome
    )


def endings(onward: OnwardReferral) -> frozenset[OnwardOutcome]:
    """The outcomes that go with whether they ever went."""
    if onward.first_attended_at is not None:
        return frozenset(OnwardOutcome) - {OnwardOutcome.NEVER_WENT}
    return frozenset({OnwardOutcome.NEVER_WENT, OnwardOutcome.NOT_KNOWN})


def cancel(onward: OnwardReferral, *, by: User, at: datetime) -> None:
    """Take it back: it was a mistake, or plans changed before they went."""
    _hold_open(onward)
    if onward.first_attended_at is not None:
        raise RuleBroken("They went at least once. Say how it ended instead.")
    onward.cancelled_at = at
    _answered(onward, "cancelled", by)


def of_case(case: SupportCase) -> Sequence[OnwardReferral]:
    """The onward referrals of a case, newest first, with their services."""
    query = (
        select(OnwardReferral)
        .where(OnwardReferral.case_id == case.id)
        .options(joinedload(OnwardReferral.service))
        .order_by(OnwardReferral.id.desc())
        .limit(100)
    )
    return db.session.scalars(query).unique().all()


def _already_going(case: SupportCase, service: Service) -> bool:
    query = select(OnwardReferral.id).where(
        OnwardReferral.case_id == case.id,
        OnwardReferral.service_id == service.id,
        OnwardReferral.is_open,
    )
    return db.session.scalar(query.limit(1)) is not None


def _must_run(service: Service, at: datetime) -> None:
    ended = service.ends_on is not None and service.ends_on < clock.london(at).date()
    if ended or service.status is not ServiceStatus.ACTIVE:
        raise RuleBroken(f"{service.name} is not running. Choose another activity.")


def _hold_open(onward: OnwardReferral) -> None:
    """Hold the case first, always, so that no two changes wait for each other."""
    hold(onward.case)
    db.session.refresh(onward)
    if not onward.is_open:
        raise RuleBroken("This onward referral has already been answered.")


def _hold_sent(onward: OnwardReferral) -> None:
    _hold_open(onward)
    if onward.state is OnwardState.AGREED or onward.sent_at is None:
        raise RuleBroken("Send the onward referral first.")


def _answered(onward: OnwardReferral, answer: str, by: User) -> None:
    audit.record(
        Event.ONWARD_ANSWERED, onward, by=by, person_id=onward.case.person_id, answer=answer
    )
