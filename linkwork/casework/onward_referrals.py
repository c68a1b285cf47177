"""Onward referrals: agreed with the person, sent to the service, followed until answered.

What is answered is in ``answers``, whether they came in ``attendances``, who goes along in
``companions``.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from linkwork import access, audit, clock
from linkwork.audit import Event
from linkwork.casework import match_answers, sent_details, service_merges, shared_links
from linkwork.casework.cases import hold, must_live
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import (
    Attendance,
    CapacityStatus,
    LinkPurpose,
    OnwardOutcome,
    OnwardReferral,
    OnwardState,
    Service,
    ServiceStatus,
    SupportCase,
    User,
)

SILENT_DAYS = 10
ASKED_AT = func.coalesce(OnwardReferral.chased_at, OnwardReferral.sent_at)
UNDER_WAY = (
    SupportCase.is_open,
    SupportCase.paused_at.is_(None),
    OnwardReferral.is_open,
    OnwardReferral.sent_at.is_not(None),
)
MOST_LISTED = 50
FINISHED = "This onward referral has already been answered."


def check(case: SupportCase, service: Service, *, at: datetime) -> None:
    """Raise ``RuleBroken`` where nothing can be agreed with this person about this service.

    The case or the service has ended, nobody has talked to the person yet, or they are already on
    their way to it.
    """
    if not case.is_open:
        raise RuleBroken("This case has ended. Open it again first.")
    must_live(case)
    if case.first_conversation_at is None:
        raise RuleBroken("Record a conversation first: what somebody wants comes before where.")
    _must_run(service, at)
    if is_going(case, service):
        raise RuleBroken(f"{service.name} is already among this person’s activities.")


def agree(
    case: SupportCase,
    service: Service,
    *,
    message: str | None = None,
    needs_accompanying: bool = False,
    after: OnwardReferral | None = None,
    by: User,
    at: datetime,
) -> OnwardReferral:
    """Note that the person agreed to go to a service; ``after`` one that was tried before.

    Raises ``RuleBroken`` where ``check`` does, or where ``after`` is of another case.
    """
    hold(case)
    check(case, service, at=at)
    if after is not None and after.case_id != case.id:
        raise RuleBroken("What was tried before belongs to another case. Start from that case.")
    onward = OnwardReferral(
        case=case,
        service=service,
        made_by_id=by.id,
        message=message,
        needs_accompanying=needs_accompanying,
        onward_from_id=after.id if after else None,
        agreed_at=at,
    )
    db.session.add(onward)
    audit.record(Event.ONWARD_AGREED, onward, by=by, person_id=case.person_id)
    return onward


def send(onward: OnwardReferral, *, by: User, at: datetime) -> None:
    """Send name, contact and access needs to the service, with a link to answer by.

    Raises ``RuleBroken`` where the person has not agreed, it was sent, or the service is full.
    """
    if onward.agreed_at is None:
        raise RuleBroken("Ask the person first: an onward referral is sent only once they agree.")
    hold_open(onward)
    must_live(onward.case)
    if onward.sent_at is not None:
        raise RuleBroken("This onward referral has already been sent.")
    onward.service = service_merges.kept_instead_of(onward.service)
    _must_run(onward.service, at)
    if onward.service.capacity_status is CapacityStatus.NO_CAPACITY:
        raise RuleBroken(f"{onward.service.name} is full. Choose another, or wait for a place.")
    onward.sent_at = at
    sent_details.freeze(onward)
    audit.record(Event.ONWARD_SENT, onward, by=by, person_id=onward.case.person_id)
    shared_links.make(onward.case, LinkPurpose.ANSWER, onward=onward, by=by, at=at)


def send_again(onward: OnwardReferral, *, by: User, at: datetime) -> None:
    """Let the link show the details as they are now. Raises ``RuleBroken`` where none changed."""
    hold_sent(onward)
    if onward.sent_lines is not None and not sent_details.changed(onward):
        raise RuleBroken("They have these details already: nothing has changed since.")
    sent_details.freeze(onward)
    onward.chased_at = at
    audit.record(Event.ONWARD_SENT, onward, by=by, person_id=onward.case.person_id, again=True)


def chase(onward: OnwardReferral, *, by: User, at: datetime) -> None:
    """Note that the provider was asked again: the days of silence begin anew."""
    hold_sent(onward)
    if onward.state is not OnwardState.SENT:
        raise RuleBroken("They have answered, so there is nothing to ask again.")
    onward.chased_at = at
    audit.record(Event.ONWARD_CHASED, onward, by=by, person_id=onward.case.person_id)


def end(onward: OnwardReferral, outcome: OnwardOutcome, *, by: User, at: datetime) -> None:
    """Say what became of it.

    Raises ``RuleBroken`` where the outcome does not go with whether they ever went.
    """
    hold_open(onward)
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
    """Take it back: a mistake where it was never sent, else plans that changed before they went."""
    hold_open(onward)
    if onward.first_attended_at is not None:
        raise RuleBroken("They went at least once. Say how it ended instead.")
    _cancelled(onward, by, at)
    if onward.sent_at is None:
        match_answers.withdraw(onward, at=at)


def stop(case: SupportCase, *, by: User, at: datetime) -> None:
    """Take back whatever of a case is still under way: its person died. The case is held."""
    query = select(OnwardReferral).where(OnwardReferral.case_id == case.id, OnwardReferral.is_open)
    for onward in db.session.scalars(query.order_by(OnwardReferral.id)).unique().all():
        _cancelled(onward, by, at)


def of_case(case: SupportCase) -> Sequence[OnwardReferral]:
    """The onward referrals of a case, newest first, with what was said of each."""
    query = (
        select(OnwardReferral)
        .where(OnwardReferral.case_id == case.id)
        .options(
            joinedload(OnwardReferral.service),
            selectinload(OnwardReferral.answers),
            selectinload(OnwardReferral.attendances),
        )
        .order_by(OnwardReferral.id.desc())
        .limit(100)
    )
    return db.session.scalars(query).unique().all()


def silent(user: User, *, on: date) -> Sequence[OnwardReferral]:
    """Those of a worker’s own people sent ten days ago or more without an answer of any kind.

    Asking again begins the ten days anew. The longest silence first, at most 50.
    """
    query = _under_way(user).where(*_is_silent(on))
    return db.session.scalars(query.order_by(ASKED_AT, OnwardReferral.id)).unique().all()


def who_wait(*, on: date) -> Select[Any]:
    """The numbers of the workers for whom something is ``silent`` on a day."""
    query = select(SupportCase.worker_id).join(OnwardReferral.case)
    return query.where(SupportCase.worker_id.is_not(None), *UNDER_WAY, *_is_silent(on))


def perhaps_gone(user: User, *, on: date) -> Sequence[OnwardReferral]:
    """Those of a worker’s own people whose first session was before today and nobody said more.

    The longest ago first, at most 50.
    """
    said = select(Attendance.id).where(
        Attendance.onward_referral_id == OnwardReferral.id,
        Attendance.held_on >= OnwardReferral.first_session_on,
    )
    query = _under_way(user).where(
        OnwardReferral.first_session_on < on,
        OnwardReferral.first_attended_at.is_(None),
        ~said.exists(),
    )
    ordered = query.order_by(OnwardReferral.first_session_on, OnwardReferral.id)
    return db.session.scalars(ordered).unique().all()


def superseded(onward: OnwardReferral) -> bool:
    """Whether something else was agreed after this one came to nothing."""
    query = select(OnwardReferral.id).where(OnwardReferral.onward_from_id == onward.id)
    return db.session.scalar(query.limit(1)) is not None


def is_going(case: SupportCase, service: Service) -> bool:
    """Whether the person is on their way to a service, or goes there."""
    query = select(OnwardReferral.id).where(
        OnwardReferral.case_id == case.id,
        OnwardReferral.service_id == service.id,
        OnwardReferral.is_open,
    )
    return db.session.scalar(query.limit(1)) is not None


def hold_open(onward: OnwardReferral) -> None:
    """Keep an onward referral and its case for oneself, the case first, always.

    So no two changes wait for each other. Raises ``RuleBroken`` where it is finished.
    """
    hold_whole(onward)
    if not onward.is_open:
        raise RuleBroken(FINISHED)


def hold_whole(onward: OnwardReferral) -> None:
    """Keep one for oneself, finished or not, and read it with all that was said of it."""
    hold(onward.case)
    db.session.refresh(onward)


def hold_sent(onward: OnwardReferral) -> None:
    """Keep one that was sent for oneself; raises ``RuleBroken`` where it was not."""
    hold_open(onward)
    if onward.sent_at is None:
        raise RuleBroken("Send the onward referral first.")


def _under_way(user: User) -> Select[OnwardReferral]:
    """What was sent for the people on a worker’s own caseload, but for those who are paused."""
    return (
        access.onward_referrals(user)
        .join(OnwardReferral.case)
        .where(SupportCase.worker_id == user.id, *UNDER_WAY)
        .options(
            contains_eager(OnwardReferral.case).joinedload(SupportCase.person),
            joinedload(OnwardReferral.service),
        )
        .limit(MOST_LISTED)
    )


def _is_silent(on: date) -> Sequence[ColumnElement[bool]]:
    return (
        _midnight(on - timedelta(days=SILENT_DAYS - 1)) > ASKED_AT,
        OnwardReferral.accepted_at.is_(None),
        OnwardReferral.waitlisted_at.is_(None),
        OnwardReferral.first_attended_at.is_(None),
        ~select(Attendance.id).where(Attendance.onward_referral_id == OnwardReferral.id).exists(),
    )


def _midnight(day: date) -> datetime:
    return clock.utc(datetime.combine(day, time()))


def _must_run(service: Service, at: datetime) -> None:
    ended = service.ends_on is not None and service.ends_on < clock.london(at).date()
    if ended or service.status is not ServiceStatus.ACTIVE:
        raise RuleBroken(f"{service.name} is not running. Choose another activity.")


def _cancelled(onward: OnwardReferral, by: User, at: datetime) -> None:
    onward.cancelled_at, of = at, onward.case.person_id
    audit.record(Event.ONWARD_ANSWERED, onward, by=by, person_id=of, answer="cancelled")
