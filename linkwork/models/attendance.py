"""Whether somebody came, date by date, and who said so."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from linkwork.database import Record, Versioned
from linkwork.models.onward_referral import OnwardReferral
from linkwork.models.user import User


class Absent(StrEnum):
    """Why somebody did not come."""

    UNWELL = "unwell"
    FORGOT = "forgot"
    NERVOUS = "nervous"
    TRAVEL = "travel"
    CHANGED_MIND = "changed_mind"
    NOT_HELD = "not_held"
    NOT_KNOWN = "not_known"


class Attendance(Versioned, Record):
    """One date on which somebody came or did not. Said again, it is put right."""

    __tablename__ = "attendance"
    __table_args__ = (UniqueConstraint("onward_referral_id", "held_on"),)

    onward_referral_id: Mapped[int] = mapped_column(ForeignKey("onward_referral.id"))
    held_on: Mapped[date]
    came: Mapped[bool]
    reason: Mapped[Absent | None]
    said_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    """Who of us noted it; None where the provider said so through the link."""
    said_at: Mapped[datetime]

    onward_referral: Mapped[OnwardReferral] = relationship(back_populates="attendances")
    said_by: Mapped[User | None] = relationship()
