"""Shares of a national target, frozen for a financial year."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from linkwork.database import Record
from linkwork.models.organisation import Organisation


class TargetShare(Record):
    """What one PCN's share of a target is this year, and what it was worked out from."""

    __tablename__ = "target_share"
    __table_args__ = (UniqueConstraint("organisation_id", "year", "target"),)

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    year: Mapped[int]
    """The calendar year the financial year starts in."""
    target: Mapped[str] = mapped_column(String(8))
    method: Mapped[str] = mapped_column(String(12))
    people: Mapped[int | None]
    """None where no list size is known: the PCN is then named as left out."""
    inputs: Mapped[dict[str, Any]] = mapped_column(JSON)
    frozen_at: Mapped[datetime]

    organisation: Mapped[Organisation] = relationship()
