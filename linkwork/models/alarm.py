"""Alarms: a note has words about danger, and somebody must say what was done."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from linkwork.database import Addressed
from linkwork.models.case import SupportCase
from linkwork.models.contact import Contact
from linkwork.models.user import User

UNANSWERED = text("answered_at is null")


class AlarmAnswer(StrEnum):
    """What somebody who read the note again found."""

    CONCERN = "concern"
    NO_DANGER = "no_danger"


class Alarm(Addressed):
    """A note with words about danger. It stands on the case until somebody answers it."""

    __tablename__ = "alarm"
    __table_args__ = (
        Index(
            "ix_alarm_unanswered",
            "case_id",
            sqlite_where=UNANSWERED,
            postgresql_where=UNANSWERED,
        ),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("support_case.id"), index=True)
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"), index=True)
    """A contact may have several: one more for each time other such words are written into it."""
    raised_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    answer: Mapped[AlarmAnswer | None]
    account: Mapped[str | None]
    """What was done, or why nobody is in danger, in words."""

    case: Mapped[SupportCase] = relationship()
    contact: Mapped[Contact] = relationship()
    answered_by: Mapped[User | None] = relationship()
