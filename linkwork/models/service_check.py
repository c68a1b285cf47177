"""Checks: a provider asked, by a link, whether its entry in the directory is still right."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from linkwork.database import Addressed
from linkwork.models.service import Service
from linkwork.models.user import User


class ServiceCheck(Addressed):
    """One link to one entry. The address carries the key and a signature of it."""

    __tablename__ = "service_check"

    service_id: Mapped[int] = mapped_column(
        ForeignKey("service.id", ondelete="CASCADE"), index=True
    )
    asked_at: Mapped[datetime] = mapped_column(index=True)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    """None where the calendar asked."""
    expires_at: Mapped[datetime]
    emailed_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    """When the provider last said that all of it is right."""
    times_answered: Mapped[int] = mapped_column(default=0)
    """How often anything was said through the link."""
    words: Mapped[str | None]
    """What the provider says has changed."""
    words_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None] = mapped_column(index=True)
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    service: Mapped[Service] = relationship()
    asked_by: Mapped[User | None] = relationship(foreign_keys=[asked_by_id])
