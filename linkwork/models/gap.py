"""Gaps: a need for which nothing was found, and why."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from linkwork.database import Addressed
from linkwork.models.need import Need
from linkwork.models.organisation import Organisation


class GapReason(StrEnum):
    """Why nothing was found."""

    NONE = "none"
    FULL = "full"
    COST = "cost"
    TRAVEL = "travel"
    LANGUAGE = "language"
    HOURS = "hours"
    ACCESS = "access"
    ELIGIBILITY = "eligibility"


GAP_LABELS = {
    GapReason.NONE: "There is none",
    GapReason.FULL: "What there is has no place",
    GapReason.COST: "It costs too much",
    GapReason.TRAVEL: "It is too far",
    GapReason.LANGUAGE: "Not in their language",
    GapReason.HOURS: "Not at a time they can",
    GapReason.ACCESS: "They cannot get in or take part",
    GapReason.ELIGIBILITY: "It is not for people like them",
}


class Gap(Addressed):
    """One time that nothing was found. A case is known by its number only, to count it once."""

    __tablename__ = "gap"
    __table_args__ = (Index(None, "organisation_id", "at"),)

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    """The PCN where it was missed, or the board for those who work for all of it."""
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("support_case.id"), index=True)
    need: Mapped[Need]
    place: Mapped[str | None] = mapped_column(String(4))
    """An outward code: near enough to plan by, and nobody’s address."""
    reason: Mapped[GapReason]
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]

    organisation: Mapped[Organisation] = relationship()
