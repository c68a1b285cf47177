"""Cases: taken on, booked, paused and weighed. Given to a colleague: ``allocation``."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, joinedload, lazyload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from linkwork import access, audit, clock
from linkwork.audit import Event
from linkwork.casework import snoozes
from linkwork.database import db
from linkwork.errors import ChangedMeanwhile, RuleBroken
from linkwork.models import (
    CaseOpening,
    Complexity,
    CoverReason,
    Person,
    Plan,
    PlanReview,
    Priority,
    Referral,
    SupportCase,
    User,
)

FARTHEST_STEP = timedelta(days=366)
FOR_THEIR_NAME = (lazyload(User.grants), lazyload(User.organisation))


def with_name(worker: InstrumentedAttribute[Any]) -> ORMOption:
    """Load a user for their name, without their roles and organisation."""
    return joinedload(worker).options(*FOR_THEIR_NAME)


# What a case’s own page shows of every case, in three queries; the rest: ``case_contents``.
WHOLE = (
    joinedload(SupportCase.person).joinedload(Person.practice),
    with_name(SupportCase.worker),
    joinedload(SupportCase.plan)
    .selectinload(Plan.reviews)
    .joinedload(PlanReview.by)
    .options(lazyload(User.grants), lazyload(User.organisation)),
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
    must_be_there(by, case)
    case.worker_id = by.id
    take_on(case, by, at)
    audit.record(Event.CASE_ACCEPTED, case, by=by)


def pause(case: SupportCase, *, by: User, at: datetime) -> None:
    """Stop for a while: the person is in hospital, away, or not ready."""
    hold(case)
    must_be_open(case)
    if case.accepted_at is None:
        raise RuleBroken("Accept this referral first, or say why it is not taken on.")
    if case.paused_at is not None:
        raise RuleBroken("This case is already paused.")
    case.paused_at = at
    audit.record(Event.CASE_PAUSED, case, by=by)


def resume(case: SupportCase, *, by: User) -> None:
    """Go on with a paused case."""
    hold(case)
    must_be_open(case)
    if case.paused_at is None:
        raise RuleBroken("This case is not paused.")
    case.paused_at = None
    audit.record(Event.CASE_RESUMED, case, by=by)


def weigh(
    case: SupportCase, complexity: Complexity, *, priority: Priority | None = None, by: User
) -> None:
    """Say how much of a worker’s time a case takes, and, where given, how soon it should be."""
    hold(case)
    must_be_open(case)
    case.complexity = complexity
    case.priority = priority or case.priority
    said: dict[str, Any] = {"priority": priority} if priority else {}
    audit.record(Event.CASE_WEIGHED, case, by=by, complexity=complexity, **said)


def book(
    case: SupportCase,
    what: str | None,
    due_on: date,
    *,
    seen: int | None = None,
    by: User,
    at: datetime,
) -> None:
    """Say what comes next and when, without a conversation to record.

    Raises ``RuleBroken`` for a case that has ended or waits for a worker, and for a day that is
    past or more than a year ahead. ``seen`` is the version that was read before: raises
    ``ChangedMeanwhile`` where the case is another since.
    """
    hold(case)
    if seen is not None and case.version != seen:
        raise ChangedMeanwhile(
            "This case was changed while you were writing. What is booked now is below: "
            "check it beside yours, then save again."
        )
    must_be_open(case)
    if case.accepted_at is None:
        raise RuleBroken("Accept this referral first, or say why it is not taken on.")
    on = clock.london(at).date()
    if not on <= due_on <= on + FARTHEST_STEP:
        raise RuleBroken("The next step must be today or later, and within a year.")
    case.next_action, case.next_action_on = what, due_on
    snoozes.end_of(case, at=at)
    audit.record(Event.CASE_BOOKED, case, by=by)


def take_on(case: SupportCase, accepted_by: User, at: datetime) -> None:
    """Note that a case the caller holds and audits was accepted, with a first conversation due."""
    case.accepted_at, case.accepted_by_id = at, accepted_by.id
    case.next_action = case.next_action or "First conversation"
    case.next_action_on = case.next_action_on or clock.london(at).date()


def _must_be_new(case: SupportCase) -> None:
    must_be_open(case)
    if case.accepted_at is not None:
        whose = case.worker.name if case.worker else "somebody"
        raise RuleBroken(f"{whose} has already accepted this referral.")


def must_be_open(case: SupportCase) -> None:
    """Raise ``RuleBroken`` where the case was declined or has closed."""
    if case.declined_at is not None:
        raise RuleBroken("This referral was declined.")
    if case.closed_at is not None:
        raise RuleBroken("This case is closed. Open it again first.")


def must_live(case: SupportCase) -> None:
    """Raise ``RuleBroken`` where the person of a case is recorded as having died."""
    if case.person.died_on is not None:
        raise RuleBroken(
            "This person is recorded as having died. If that is a mistake, ask a supervisor to "
            "take it back on the page of a case of theirs first."
        )


def works_there(worker: User, case: SupportCase) -> bool:
    """Whether a case belongs to a PCN where ``worker`` works cases."""
    query = access.cases(worker).where(SupportCase.id == case.id)
    return db.session.scalar(query.with_only_columns(SupportCase.id)) is not None


def is_there(worker: User, case: SupportCase) -> bool:
    """Whether a worker is active in the PCN of a case, and so until the transaction ends.

    The account is held, for an administrator who would disable it this moment to wait and find
    that the worker has a case.
    """
    db.session.flush()
    held = select(User.disabled_at).where(User.id == worker.id)
    gone_at = db.session.scalar(held.with_for_update(read=True, of=User))
    return gone_at is None and worker.password_hash is not None and works_there(worker, case)


def must_be_there(worker: User, case: SupportCase) -> None:
    """Raise ``RuleBroken`` where whoever takes a case on may no longer work it."""
    if not is_there(worker, case):
        raise RuleBroken("Your account no longer works in this PCN. Ask your administrator.")


def nothing_more_to_do(case: SupportCase) -> None:
    """Take the next step off a case that has ended."""
    case.next_action = case.next_action_on = None
