"""Corrections: what a contact said before somebody changed it, and why they did."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from linkwork.database import Record
from linkwork.models.contact import Contact
from linkwork.models.user import User


class Correction(Record):
    """One change to a contact. It is never changed itself."""

    __tablename__ = "correction"
    __table_args__ = (UniqueConstraint("contact_id", "version"),)

    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"))
    version: Mapped[int]
    """The version of the contact that said this."""
    said: Mapped[dict[str, Any]] = mapped_column(JSON)
    """Every field as it was before."""
    reason: Mapped[str]
    corrected_at: Mapped[datetime]
    corrected_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))

    contact: Mapped[Contact] = relationship(back_populates="corrections")
    corrected_by: Mapped[User] = relationship()
