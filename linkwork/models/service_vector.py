"""What each service means, as a vector: worked out in the background, never while one waits.

A row says of which text and by which model it was made. A service that may have changed is only
marked: its vector stays in use until somebody has read its text again (``casework.meanings``).
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection, ForeignKey, LargeBinary, String, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from linkwork.database import Base
from linkwork.models.service import Service, ServiceStatus


class ServiceVector(Base):
    """The vector of one service that is listed and running."""

    __tablename__ = "service_vector"

    service_id: Mapped[int] = mapped_column(
        ForeignKey("service.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    text_hash: Mapped[str] = mapped_column(String(32))
    model_hash: Mapped[str] = mapped_column(String(32))
    vector: Mapped[bytes] = mapped_column(LargeBinary)
    """384 numbers in half precision, little-endian."""
    built_at: Mapped[datetime] = mapped_column(index=True)
    is_checked: Mapped[bool] = mapped_column(index=True)
    """Whether nothing about the service has changed since its text was last read."""


CHANGED = "texts_changed"
"""Noted of a session in which texts of services changed: when it is kept, there is work to do."""
WANTED = (Service.listed, Service.status == ServiceStatus.ACTIVE)


def mark(connection: Connection, service_ids: Collection[int]) -> None:
    """Note that these services may have changed; of those no longer shown, forget the vectors."""
    theirs = ServiceVector.service_id.in_(service_ids)
    shown = select(Service.id).where(*WANTED, Service.id.in_(service_ids))
    connection.execute(delete(ServiceVector).where(theirs, ServiceVector.service_id.not_in(shown)))
    connection.execute(
        update(ServiceVector).where(theirs, ServiceVector.is_checked).values(is_checked=False)
    )
