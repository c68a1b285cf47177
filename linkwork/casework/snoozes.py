"""Rows of Today put off: each user their own, with a reason, until a day on which they return."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import contains_eager

from linkwork import access, audit, clock
from linkwork.audit import Event
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import Snooze, SnoozeReason, SupportCase, TodayList, User

LONGEST = timedelta(days=92)


def put_off(
    on_list: TodayList,
    subject: str,
    *,
    case: SupportCase | None,
    reason: SnoozeReason,
    until_on: date,
    by: User,
    at: datetime,
) -> Snooze:
    """Do not show ``by`` a row before a day. ``subject`` is the key of what the row is about.

    Raises ``RuleBroken`` for a day that is not ahead, and for one more than 92 days away.
    """
    today = clock.london(at).date()
    if until_on <= today:
        raise RuleBroken("Choose a day after today.")
    if until_on > today + LONGEST:
        raise RuleBroken("Choose a day within three months.")
    _end(on_list, subject, by, at)
    made = Snooze(user_id=by.id, case=case, on_list=on_list, subject=subject)
    made.reason, made.put_off_at, made.until_on = reason, at, until_on
    db.session.add(made)
    who = case.person_id if case else None
    audit.record(Event.TODAY_PUT_OFF, made, by=by, person_id=who, reason=reason, list=on_list)
    return made


def bring_back(
    on_list: TodayList, subject: str, *, case: SupportCase | None, by: User, at: datetime
) -> None:
    """Show ``by`` a row again that they had put off. Nothing happens where it is shown already."""
    who = case.person_id if case else None
    for ended in _end(on_list, subject, by, at):
        audit.record(Event.TODAY_BROUGHT_BACK, ended, by=by, person_id=who, list=on_list)


def end_of(case: SupportCase, *, at: datetime) -> None:
    """Show everybody a case again that they had put off: something else is to be done in it now.

    What is in the case, a plan’s action or an onward referral, stays put off.
    """
    put_off = update(Snooze).where(
        Snooze.case_id == case.id, Snooze.subject == case.key, Snooze.ended_at.is_(None)
    )
    db.session.execute(put_off.values(ended_at=at))


def of(user: User, *, on: date) -> Sequence[Snooze]:
    """What a user has put off beyond a day, in cases that are open; what returns first, first."""
    seen = access.cases(user).with_only_columns(SupportCase.id)
    query = (
        select(Snooze)
        .outerjoin(Snooze.case)
        .outerjoin(SupportCase.person)
        .options(contains_eager(Snooze.case).contains_eager(SupportCase.person))
        .where(Snooze.user_id == user.id, Snooze.ended_at.is_(None), Snooze.until_on > on)
        .where(Snooze.case_id.is_(None) | (SupportCase.is_open & SupportCase.id.in_(seen)))
        .order_by(Snooze.until_on, Snooze.id)
    )
    return db.session.scalars(query).unique().all()


def _end(on_list: TodayList, subject: str, by: User, at: datetime) -> Sequence[Snooze]:
    query = select(Snooze).where(
        Snooze.user_id == by.id,
        Snooze.on_list == on_list,
        Snooze.subject == subject,
        Snooze.ended_at.is_(None),
    )
    found = db.session.scalars(query).all()
    for one in found:
        one.ended_at = at
    return found
