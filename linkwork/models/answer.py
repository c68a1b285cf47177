"""What was answered to an onward referral, by the provider or by whoever spoke to them."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from linkwork.database import Record
from linkwork.models.onward_referral import OnwardDecline, OnwardReferral
from linkwork.models.user import User


class AnswerKind(StrEnum):
    """What was said."""

    ACCEPTED = "accepted"
    WAITLISTED = "waitlisted"
    DECLINED = "declined"
    FINISHED = "finished"
    """The provider says that the course, or whatever it was, is over."""
    STOPPED = "stopped"
    """The provider says that the person no longer comes."""


class Answer(Record):
    """One thing that was said, kept as it was said; the onward referral holds what holds now."""

    __tablename__ = "answer"

    onward_referral_id: Mapped[int] = mapped_column(ForeignKey("onward_referral.id"), index=True)
    kind: Mapped[AnswerKind]
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    """Who of us noted it; None where the provider said so through the link."""
    given_by: Mapped[str | None]
    """Who at the provider said so, as they typed it."""
    words: Mapped[str | None]
    decline_reason: Mapped[OnwardDecline | None]
    first_session_on: Mapped[date | None]
    wait_weeks: Mapped[int | None]

    onward_referral: Mapped[OnwardReferral] = relationship(back_populates="answers")
    by: Mapped[User | None] = relationship()
