"""Mail: what waits to be sent, and what is known of it once it was."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from linkwork.database import Addressed
from linkwork.models.user import User

WAITING = text("sent_at is null and given_up_at is null")


class MailKind(StrEnum):
    """Why somebody is written to. The words are made from this alone."""

    NOTICE = "notice"
    URGENT = "urgent"
    REMINDER = "reminder"
    INVITATION = "invitation"
    PLAN = "plan"
    ANSWER = "answer"
    CHECK = "check"


class Mail(Addressed):
    """One message. Its body, and the address of somebody without an account, go once it is sent."""

    __tablename__ = "mail"
    __table_args__ = (
        Index("ix_mail_waiting", "next_try_at", sqlite_where=WAITING, postgresql_where=WAITING),
    )

    kind: Mapped[MailKind]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("support_case.id"), index=True)
    """The case a link belongs to, so that a death can stop what was not sent yet."""
    to: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str | None]
    made_at: Mapped[datetime]
    next_try_at: Mapped[datetime]
    """Not before then: later after each failure, and while somebody is sending it."""
    tries: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None]
    """The kind of failure and its code; never what the other server said."""
    sent_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]

    user: Mapped[User | None] = relationship()
