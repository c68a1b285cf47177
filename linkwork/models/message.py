"""Messages to a practice: what it was told, word for word, and whether it read it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from linkwork.database import Addressed
from linkwork.models.case import SupportCase
from linkwork.models.organisation import Organisation
from linkwork.models.user import User


class MessageKind(StrEnum):
    """What a message tells a practice."""

    STARTED = "started"
    UPDATE = "update"
    DECLINED = "declined"
    CLOSING = "closing"


class SnomedCode(StrEnum):
    """The SNOMED CT codes (UK edition) that go into a patient’s GP record."""

    REFERRED = "871731000000106"
    """Referral to social prescribing service: at the first interaction of an episode only."""
    DECLINED = "871711000000103"
    """Social prescribing declined."""


class Message(Addressed):
    """One message, as it was sent. Only its reading and filing are written later."""

    __tablename__ = "message"
    __table_args__ = (
        Index(None, "practice_id", "sent_at"),
        # An episode is coded once, whoever sends at the same moment.
        Index(
            "uq_message_case_id_code",
            "case_id",
            "code",
            unique=True,
            sqlite_where=text("code is not null"),
            postgresql_where=text("code is not null"),
        ),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("support_case.id"), index=True)
    practice_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[MessageKind]
    code: Mapped[SnomedCode | None]
    """What the practice puts into the GP record because of this message."""
    body: Mapped[str]
    """The message in plain text, as it was sent."""
    contents: Mapped[dict[str, Any]] = mapped_column(JSON)
    """What the text was made of (casework.letters.Letter), so that FHIR says the same."""
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    sent_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    read_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    filed_at: Mapped[datetime | None]
    """When the practice put it into its own record of the patient."""
    filed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    case: Mapped[SupportCase] = relationship()
    practice: Mapped[Organisation] = relationship()
    made_by: Mapped[User] = relationship(foreign_keys=[made_by_id])
    read_by: Mapped[User | None] = relationship(foreign_keys=[read_by_id])
    filed_by: Mapped[User | None] = relationship(foreign_keys=[filed_by_id])
