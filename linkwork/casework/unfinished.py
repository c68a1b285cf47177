"""What comes before the lists of Today: begun, and not to be forgotten."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from linkwork import access
from linkwork.access import Permission
from linkwork.casework import alarms, drafts
from linkwork.database import db
from linkwork.models import Alarm, Draft, PublicReferral, SupportCase, User


@dataclass(frozen=True, slots=True)
class Unfinished:
    """Words about danger that nobody answered, notes that were not saved, requests unread."""

    alarms: Sequence[Alarm]
    drafts: Sequence[Draft]
    to_check: int
    """Requests of the public that nobody has looked at."""


def of(user: User) -> Unfinished:
    """What is unfinished: one’s own, and of danger the whole team’s for whoever gives out cases.

    One query where there is nothing.
    """
    cases = access.cases(user).with_only_columns(SupportCase.id)
    if not access.may(user, Permission.ALLOCATE_CASES):
        cases = cases.where(SupportCase.worker_id == user.id)
    unanswered = select(Alarm.id).where(Alarm.answered_at.is_(None), Alarm.case_id.in_(cases))
    unread = access.public_referrals(user).where(PublicReferral.checked_at.is_(None))
    in_danger, unsaved, to_check = db.session.execute(
        select(
            unanswered.exists(),
            access.drafts(user).with_only_columns(Draft.id).exists(),
            select(func.count()).select_from(unread.subquery()).scalar_subquery(),
        )
    ).one()
    mine = set(db.session.scalars(unanswered)) if in_danger else set()
    return Unfinished(
        [alarm for alarm in alarms.unanswered(user) if alarm.id in mine] if in_danger else [],
        drafts.of_user(user) if unsaved else [],
        to_check,
    )
