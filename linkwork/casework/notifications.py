"""Notifications: a user is told that something happened which may want them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import Select, bindparam, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from linkwork import access, audit, clock
from linkwork.audit import Event
from linkwork.casework import mail
from linkwork.database import db
from linkwork.models import (
    MailKind,
    NoticeChoice,
    NoticeKind,
    Notification,
    Referral,
    Reminder,
    SupportCase,
    User,
)

PAGE = 25
MOST_COUNTED = 99
URGENT = frozenset({NoticeKind.VISIT_OVERDUE, NoticeKind.CONCERN_RAISED, NoticeKind.PUBLIC_DANGER})
REMINDED = frozenset({NoticeKind.TASK_DUE, NoticeKind.SUPERVISION_DUE, NoticeKind.PROVIDER_SILENT})
"""What nobody did and the calendar brings: told once a day, by one email for all of it."""
USUAL = URGENT | REMINDED | {NoticeKind.CASE_GIVEN}
"""What is told by email as well until a user chooses otherwise."""


def tell(user: User, kind: NoticeKind, *, case: SupportCase | None = None, at: datetime) -> None:
    """Tell a user of something. What they have not read yet is not told twice, unless it is urgent:
    the next person in danger is another one.

    An email says so too where they want that, and is written in the same transaction.
    """
    if not user.is_active or (kind not in URGENT and _waits(user, kind, case)):
        return
    db.session.add(Notification(user_id=user.id, kind=kind, case=case, at=at))
    if kind not in REMINDED and mail.is_on() and kind in by_email(user):
        mail.queue(user, MailKind.URGENT if kind in URGENT else MailKind.NOTICE, at=at)


def stop(case: SupportCase, *, at: datetime) -> None:
    """Say no more of a case, in the app or by email: its person died."""
    unread = update(Notification).where(
        Notification.case_id == case.id, Notification.read_at.is_(None)
    )
    db.session.execute(unread.values(read_at=at))
    mail.stop(case, at=at)


def unread(user: User) -> int:
    """How many notifications a user has not read: at most ``MOST_COUNTED`` are counted."""
    return db.session.scalar(_unread(), {"user_id": user.id}) or 0


@cache
def _unread() -> Select[int]:
    """The count of the unread, put together once: the frame of every page asks."""
    some = select(Notification.id).where(
        Notification.user_id == bindparam("user_id"), Notification.read_at.is_(None)
    )
    return select(func.count()).select_from(some.limit(MOST_COUNTED).subquery())


def listed(user: User, *, page: int = 1) -> tuple[Sequence[Notification], int]:
    """One page of what a user was told, newest first, and how much there is in all.

    A page has ``PAGE`` of them; the first page is 1.
    """
    mine = access.notifications(user)
    total = db.session.scalar(select(func.count()).select_from(mine.subquery())) or 0
    query = (
        mine.options(joinedload(Notification.case).joinedload(SupportCase.person))
        .order_by(Notification.at.desc(), Notification.id.desc())
        .offset((page - 1) * PAGE)
        .limit(PAGE)
    )
    return db.session.scalars(query).unique().all(), total


def referral_of(notification: Notification, *, user: User) -> str | None:
    """The key of the newest referral that the user’s practice sent of the case told about."""
    query = access.referrals(user).where(Referral.case_id == notification.case_id)
    newest = query.with_only_columns(Referral.key).order_by(Referral.id.desc()).limit(1)
    return db.session.scalar(newest)


def read(notification: Notification, *, at: datetime) -> None:
    """Mark one as read. Doing it twice is doing it once."""
    notification.read_at = notification.read_at or at


def read_all(user: User, *, at: datetime) -> None:
    """Mark everything a user was told until then as read; what comes meanwhile stays unread."""
    until = access.notifications(user).where(Notification.read_at.is_(None), Notification.at <= at)
    chosen = until.with_only_columns(Notification.id).scalar_subquery()
    db.session.execute(
        update(Notification).where(Notification.id.in_(chosen)).values(read_at=at),
        execution_options={"synchronize_session": False},
    )


def by_email(user: User) -> frozenset[NoticeKind]:
    """The kinds a user wants by email as well."""
    chosen = db.session.scalar(select(NoticeChoice.by_email).where(NoticeChoice.user_id == user.id))
    return USUAL if chosen is None else _kinds(chosen)


def choose(user: User, kinds: Collection[NoticeKind], *, by: User) -> None:
    """Let a user have these kinds by email, and no others; none is none."""
    known = db.session.scalar(select(NoticeChoice).where(NoticeChoice.user_id == user.id))
    choice = known or NoticeChoice(user_id=user.id)
    choice.by_email = sorted(kinds)
    db.session.add(choice)
    audit.record(Event.NOTICES_CHOSEN, user, by=by, by_email=sorted(kinds))


def remind(user: User, kind: NoticeKind, *, at: datetime) -> bool:
    """Remind a user of what is due, once a day; say whether this was the time.

    The first of several processes does it: the day is noted under a unique key.
    """
    on = clock.london(at).date()
    try:
        with db.session.begin_nested():
            db.session.add(Reminder(user_id=user.id, kind=kind, reminded_on=on))
    except IntegrityError:
        return False
    tell(user, kind, at=at)
    return True


def _waits(user: User, kind: NoticeKind, case: SupportCase | None) -> bool:
    """Whether a user has still to read the same."""
    query = select(Notification.id).where(
        Notification.user_id == user.id,
        Notification.kind == kind,
        Notification.case_id == (case.id if case else None),
        Notification.read_at.is_(None),
    )
    return db.session.scalar(query.limit(1)) is not None


def _kinds(codes: Collection[str]) -> frozenset[NoticeKind]:
    return frozenset(NoticeKind(code) for code in codes if code in set(NoticeKind))
