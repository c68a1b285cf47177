"""Remarks about entries of the directory: "this is wrong", for an editor to look at."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from linkwork.database import Addressed
from linkwork.models.service import Service
from linkwork.models.user import User


class ServiceRemark(Addressed):
    """What somebody who uses the directory found wrong in an entry. It names no patient."""

    __tablename__ = "service_remark"

    service_id: Mapped[int] = mapped_column(
        ForeignKey("service.id", ondelete="CASCADE"), index=True
    )
    words: Mapped[str]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]
    settled_at: Mapped[datetime | None] = mapped_column(index=True)
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    service: Mapped[Service] = relationship()
    by: Mapped[User] = relationship(foreign_keys=[by_id])
    settled_by: Mapped[User | None] = relationship(foreign_keys=[settled_by_id])
