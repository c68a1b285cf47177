"""Safeguarding concerns: what somebody feared for a person, and whom they told."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from linkwork.database import Addressed, Versioned
from linkwork.models.case import SupportCase
from linkwork.models.contact import Contact
from linkwork.models.user import User

UNDER_WAY = text("closed_at is null")


class Concern(Versioned, Addressed):
    """One safeguarding concern, open until somebody says how it ended."""

    __tablename__ = "concern"
    __table_args__ = (
        Index(
            "ix_concern_open",
            "case_id",
            sqlite_where=UNDER_WAY,
            postgresql_where=UNDER_WAY,
        ),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("support_case.id"), index=True)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"), index=True)
    """The conversation in which it came up, where there was one."""
    high: Mapped[bool] = mapped_column(default=True)
    """Somebody may be harmed soon. Unless somebody says otherwise, it is so."""
    what: Mapped[str]
    told: Mapped[str]
    """Who was told, in words: a name, a team, a number that was rung."""
    told_at: Mapped[datetime]
    raised_at: Mapped[datetime]
    raised_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    outcome: Mapped[str | None]

    case: Mapped[SupportCase] = relationship(back_populates="concerns")
    contact: Mapped[Contact | None] = relationship()
    raised_by: Mapped[User] = relationship(foreign_keys=[raised_by_id])
    closed_by: Mapped[User | None] = relationship(foreign_keys=[closed_by_id])

    @property
    def is_open(self) -> bool:
        """Whether nobody has said yet how it ended."""
        return self.closed_at is None
