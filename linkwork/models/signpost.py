"""Signposts: somebody was told about an activity, and nobody is named."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from linkwork.database import Addressed
from linkwork.models.need import Need
from linkwork.models.service import Service


class Signpost(Addressed):
    """One time that reception or a clinician told somebody where to turn."""

    __tablename__ = "signpost"
    __table_args__ = (
        Index(None, "organisation_id", "at"),
        CheckConstraint("(service_id is null) <> (need is null)", name="one_thing"),
    )

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    service_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"), index=True)
    need: Mapped[Need | None]
    """What it was about, where no activity of the directory was named."""
    at: Mapped[datetime]
    undone_at: Mapped[datetime | None]

    service: Mapped[Service | None] = relationship()
