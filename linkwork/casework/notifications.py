"""Notifications: a user is told that something happened which may want them."""

from datetime import datetime

from sqlalchemy import select, update

from linkwork.database import db
from linkwork.models import NoticeKind, Notification, SupportCase, User


def tell(user: User, kind: NoticeKind, *, case: SupportCase | None = None, at: datetime) -> None:
    """Tell a user of something. What they have not read yet is not told twice."""
    if not user.is_active:
        return
    query = select(Notification.id).where(
        Notification.user_id == user.id,
        Notification.kind == kind,
        Notification.case_id == (case.id if case else None),
        Notification.read_at.is_(None),
    )
    if db.session.scalar(query.limit(1)) is None:
        db.session.add(Notification(user_id=user.id, kind=kind, case=case, at=at))


def stop(case: SupportCase, *, at: datetime) -> None:
    """Say no more of a case: its person died."""
    unread = update(Notification).where(
        Notification.case_id == case.id, Notification.read_at.is_(None)
    )
    db.session.execute(unread.values(read_at=at))
