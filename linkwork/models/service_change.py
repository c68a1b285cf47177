"""The history of the directory's entries: what was changed in one, by whom, from what to what."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from linkwork.database import Addressed
from linkwork.models.service import Service
from linkwork.models.user import User


class ServiceChange(Addressed):
    """One step of an entry's history: an edit, an import, an answer of its provider."""

    __tablename__ = "service_change"
    __table_args__ = (Index(None, "service_id", "at"),)

    service_id: Mapped[int] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    """The user who did it; None where a feed or a provider did."""
    source: Mapped[str | None]
    """The name of the feed, or PROVIDER; None for somebody of ours."""
    changes: Mapped[dict[str, list[Any]]] = mapped_column(JSON, default=dict)
    """By field what it held before and after, as ``casework.service_facts`` writes it down."""
    puts_back_id: Mapped[int | None] = mapped_column(ForeignKey("service_change.id"))
    """The change that this one took back."""

    service: Mapped[Service] = relationship()
    by: Mapped[User | None] = relationship()
