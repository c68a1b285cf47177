"""Withdrawals: a practice takes its own referral back before it knows that anybody accepted it."""

from datetime import datetime

from sqlalchemy import func, select

from linkwork import audit
from linkwork.audit import Event
from linkwork.casework import cases, episodes, notifications
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import DeclineReason, NoticeKind, Referral, User, WithdrawReason


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
    if case.worker is not None:
        notifications.tell(case.worker, NoticeKind.MESSAGE_FROM_PRACTICE, case=case, at=at)
    if case.accepted_at is None and not _others(referral):
        episodes.decline(case, DeclineReason.WITHDRAWN, by=by, at=at)


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
