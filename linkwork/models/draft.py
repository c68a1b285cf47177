"""Drafts: what somebody is writing and has not saved yet."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from linkwork.database import Addressed
from linkwork.models.case import SupportCase
from linkwork.models.contact import Contact
from linkwork.models.user import User


class DraftForm(StrEnum):
    """The forms that keep a draft."""

    CONVERSATION = "conversation"
    ATTEMPT = "attempt"


class Draft(Addressed):
    """What one user typed into one form of one case. Only they see it.

    Two windows that write at once have two drafts, so that neither takes the place of the other.
    """

    __tablename__ = "draft"
    __table_args__ = (Index(None, "user_id", "case_id"),)

    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("support_case.id"), index=True)
    form: Mapped[DraftForm]
    fields: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """Every field of the form by name, each with a list of what is in it. Empty once saved."""
    saved_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"), index=True)
    """What it became. The row stays without its text, so that a late copy is known for one."""

    user: Mapped[User] = relationship()
    case: Mapped[SupportCase] = relationship()
    contact: Mapped[Contact | None] = relationship()
