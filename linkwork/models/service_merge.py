"""Two entries of the directory made one, what parts them again, and pairs that are two indeed."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from linkwork.database import Addressed, Record
from linkwork.models.service import Service
from linkwork.models.user import User


class ServiceMerge(Addressed):
    """What a merge changed. The merged entry stays, off the list, and leads to the kept one."""

    __tablename__ = "service_merge"

    kept_id: Mapped[int] = mapped_column(ForeignKey("service.id"), index=True)
    merged_id: Mapped[int] = mapped_column(ForeignKey("service.id"), index=True)
    merged_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    merged_at: Mapped[datetime]
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """What the kept entry held, of each field that the merge changed."""
    after: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """What the merge left there instead."""
    was_edited: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Which of those fields had been changed by hand before."""
    was_listed: Mapped[bool]
    """Whether the merged entry was on the list."""
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    kept: Mapped[Service] = relationship(foreign_keys=[kept_id])
    merged: Mapped[Service] = relationship(foreign_keys=[merged_id])
    merged_by: Mapped[User] = relationship(foreign_keys=[merged_by_id])


class ServiceDistinction(Record):
    """That somebody looked at two entries that seem alike, and they are not the same."""

    __tablename__ = "service_distinction"
    __table_args__ = (UniqueConstraint("one_id", "other_id"),)

    one_id: Mapped[int] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"))
    """The one with the lower number."""
    other_id: Mapped[int] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]
