"""Contacts: conversations that were had, and attempts that failed."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from linkwork.database import Addressed, Versioned
from linkwork.models.case import SupportCase
from linkwork.models.user import User

if TYPE_CHECKING:
    from linkwork.models.correction import Correction


class ContactMode(StrEnum):
    """How a contact was made."""

    PHONE = "phone"
    VISIT = "visit"
    IN_PERSON = "in_person"
    VIDEO = "video"
    TEXT = "text"
    EMAIL = "email"
    LETTER = "letter"


MODE_LABELS = {
    ContactMode.PHONE: "Phone call",
    ContactMode.VISIT: "Home visit",
    ContactMode.IN_PERSON: "In person",
    ContactMode.VIDEO: "Video call",
    ContactMode.TEXT: "Text",
    ContactMode.EMAIL: "Email",
    ContactMode.LETTER: "Letter",
}
# One-way: writing to somebody is not yet talking with them, so it never starts a case.
TWO_WAY = frozenset(
    {ContactMode.PHONE, ContactMode.VISIT, ContactMode.IN_PERSON, ContactMode.VIDEO}
)

LATE = timedelta(hours=24)


class ContactKind(StrEnum):
    """What sort of contact it was. Only an attended conversation can start a case."""

    CONVERSATION = "conversation"
    ATTEMPT = "attempt"
    ADMIN = "admin"
    STRUCK = "struck"
    """Said to belong elsewhere. It keeps its place and its moment, and counts nowhere."""


class ContactOutcome(StrEnum):
    """How a contact turned out."""

    ATTENDED = "attended"
    NO_REPLY = "no_reply"
    DNA = "dna"
    CANCELLED_BY_PERSON = "cancelled_by_person"
    CANCELLED_BY_US = "cancelled_by_us"


OUTCOME_LABELS = {
    ContactOutcome.ATTENDED: "We talked",
    ContactOutcome.NO_REPLY: "No reply",
    ContactOutcome.DNA: "Did not come",
    ContactOutcome.CANCELLED_BY_PERSON: "Cancelled by the person",
    ContactOutcome.CANCELLED_BY_US: "Cancelled by us",
}


class Contact(Versioned, Addressed):
    """One contact with a person, or one attempt at it."""

    __tablename__ = "contact"
    __table_args__ = (
        Index(None, "case_id", "at"),
        CheckConstraint("minutes between 0 and 1440", name="minutes"),
        CheckConstraint("travel_minutes between 0 and 1440", name="travel_minutes"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("support_case.id"))
    worker_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    at: Mapped[datetime]
    mode: Mapped[ContactMode]
    kind: Mapped[ContactKind]
    outcome: Mapped[ContactOutcome]
    minutes: Mapped[int] = mapped_column(default=0)
    travel_minutes: Mapped[int] = mapped_column(default=0)
    what_matters: Mapped[str | None]
    notes: Mapped[str | None]
    strengths: Mapped[str | None]
    needs: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Need codes seen in this contact; the case holds what is known of each."""
    safety_concern: Mapped[bool] = mapped_column(default=False)
    safety_action: Mapped[str | None]
    next_action: Mapped[str | None]
    next_action_on: Mapped[date | None]
    share_with_gp: Mapped[bool] = mapped_column(default=False)
    recorded_at: Mapped[datetime | None]
    """When it was written down."""
    struck_at: Mapped[datetime | None]
    """When somebody said that it does not belong here. What it said is in its corrections."""
    struck_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    strike_reason: Mapped[str | None]

    case: Mapped[SupportCase] = relationship()
    worker: Mapped[User] = relationship(foreign_keys=[worker_id])
    struck_by: Mapped[User | None] = relationship(foreign_keys=[struck_by_id])
    corrections: Mapped[list["Correction"]] = relationship(
        back_populates="contact", order_by="Correction.version"
    )

    @property
    def is_late(self) -> bool:
        """Whether it was written down a day or more after it was."""
        return self.recorded_at is not None and self.recorded_at - self.at >= LATE
