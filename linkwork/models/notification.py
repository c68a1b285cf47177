"""What a user is told of: something happened that may want them."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from linkwork.database import Addressed, Record
from linkwork.models.case import SupportCase
from linkwork.models.user import User


class NoticeKind(StrEnum):
    """What happened. The words are made from this when it is shown, and never hold a name."""

    CASE_GIVEN = "case_given"
    REFERRAL_JOINED = "referral_joined"
    PROVIDER_ANSWERED = "provider_answered"
    PROVIDER_SILENT = "provider_silent"
    VISIT_OVERDUE = "visit_overdue"
    CONCERN_RAISED = "concern_raised"
    MESSAGE_FROM_LINK_WORKER = "message_from_link_worker"
    MESSAGE_FROM_PRACTICE = "message_from_practice"
    PUBLIC_REQUEST = "public_request"
    PUBLIC_DANGER = "public_danger"
    """Somebody asked for help on the public page, with words of danger."""
    TASK_DUE = "task_due"
    SUPERVISION_DUE = "supervision_due"
    DEATH_RECORDED = "death_recorded"
    """Somebody recorded that a person died; their case has closed, here or at another PCN."""
    DEATH_WITHDRAWN = "death_withdrawn"
    """A death was recorded by mistake; the case is open again."""
    IMPORT_HELD = "import_held"
    """An import of the directory looks wrong, and waits for somebody to decide."""
    FEED_FAILING = "feed_failing"
    """A feed of the directory could not be fetched several times."""


class Notification(Addressed):
    """One thing one user is told of, until they have read it."""

    __tablename__ = "notification"
    __table_args__ = (Index(None, "user_id", "read_at"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    kind: Mapped[NoticeKind]
    case_id: Mapped[int | None] = mapped_column(ForeignKey("support_case.id"), index=True)
    at: Mapped[datetime]
    read_at: Mapped[datetime | None]

    user: Mapped[User] = relationship()
    case: Mapped[SupportCase | None] = relationship()


class NoticeChoice(Record):
    """Which kinds a user wants by email as well; without one, what is usual."""

    __tablename__ = "notice_choice"

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), unique=True)
    by_email: Mapped[list[str]] = mapped_column(JSON, default=list)


class Reminder(Record):
    """A user was reminded of something on a day: once, however many processes remind."""

    __tablename__ = "reminder"
    __table_args__ = (UniqueConstraint("user_id", "kind", "reminded_on"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    kind: Mapped[NoticeKind]
    reminded_on: Mapped[date] = mapped_column(index=True)
