"""Reminders: what the calendar brings is told once a day, however often one is asked to remind."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Select, select

from linkwork import clock
from linkwork.casework import mail, notifications, onward_referrals, supervisions, visits
from linkwork.database import db
from linkwork.models import (
    MailKind,
    NoticeKind,
    Reminder,
    SupportCase,
    Task,
    User,
)

FROM_HOUR = 7
"""Nobody is reminded in the night."""
KEPT = timedelta(days=30)


def make(*, at: datetime) -> int:
    """Remind everybody of what is due today, and say of how many things.

    A visit that is overdue is told at any hour, the rest from seven in the morning. Asked again,
    on the same day or by two at once, it reminds nobody twice.
    """
    reminded = visits.notify_overdue(at=at)
    mail.tidy(at=at)
    local = clock.london(at)
    if local.hour < FROM_HOUR:
        return reminded
    told: dict[int, User] = {}
    for user, kind in _due(local.date()):
        if notifications.remind(user, kind, at=at):
            reminded += 1
            if kind in notifications.by_email(user):
                told[user.id] = user
    for user in told.values():
        waiting = notifications.unread(user)
        mail.queue(user, MailKind.REMINDER, waiting=waiting, at=at)
    db.session.query(Reminder).where(Reminder.reminded_on < local.date() - KEPT).delete()
    return reminded


def _due(on: date) -> Iterator[tuple[User, NoticeKind]]:
    """Who is to be reminded of what, and was not yet today."""
    yield from ((user, NoticeKind.TASK_DUE) for user in _not_yet(_with_tasks(on), on, "task_due"))
    silent = select(User).where(User.id.in_(onward_referrals.who_wait(on=on)))
    yield from (
        (user, NoticeKind.PROVIDER_SILENT) for user in _not_yet(silent, on, "provider_silent")
    )
    waiting = _not_yet(supervisions.workers(), on, "supervision_due")
    for user in supervisions.due_of(waiting, on=on):
        yield user, NoticeKind.SUPERVISION_DUE


def _not_yet(query: Select[User], on: date, kind: str) -> Sequence[User]:
    reminded = select(Reminder.user_id).where(Reminder.kind == kind, Reminder.reminded_on == on)
    active = query.where(
        User.disabled_at.is_(None), User.password_hash.is_not(None), User.id.not_in(reminded)
    )
    return db.session.scalars(active.order_by(User.id)).unique().all()


def _with_tasks(on: date) -> Select[User]:
    mine = select(Task.owner_id).join(SupportCase, SupportCase.id == Task.case_id)
    return select(User).where(
        User.id.in_(mine.where(Task.is_open, Task.due_on <= on, SupportCase.is_open))
    )
