"""The audit trail's rows."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from linkwork.database import Base


class AuditEntry(Base):
    """Who did what to which record, chained to the entry before it.

    No foreign keys and no words about anybody, so that it outlives what it describes.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (Index(None, "person_id", "at"), Index(None, "user_id", "at"))

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    event: Mapped[str] = mapped_column(String(60))
    user_id: Mapped[int | None]
    record_type: Mapped[str] = mapped_column(String(40))
    record_id: Mapped[int | None]
    person_id: Mapped[int | None]
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
    previous: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64), unique=True)


class AuditHead(Base):
    """The one row that says where the chain ends; writers take turns by locking it."""

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
