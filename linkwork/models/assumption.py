"""Assumptions behind the figures of capacity: set for a PCN, a board or everywhere, from a day."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from linkwork.database import Addressed
from linkwork.models.organisation import Organisation
from linkwork.models.user import User


class Assumption(Addressed):
    """One value that somebody set. None is changed later: a new one is set, or it is taken back."""

    __tablename__ = "assumption"
    __table_args__ = (Index(None, "organisation_id", "code", "from_on"),)

    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    """The PCN or board it holds for; None is every PCN of the installation."""
    code: Mapped[str] = mapped_column(String(32))
    """Which one: a name of ``capacity.assumptions.SETTINGS``."""
    value: Mapped[float]
    from_on: Mapped[date]
    """The first day it holds; it holds until another takes its place."""
    set_at: Mapped[datetime]
    set_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    taken_back_at: Mapped[datetime | None]
    taken_back_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    organisation: Mapped[Organisation | None] = relationship()
    set_by: Mapped[User | None] = relationship(foreign_keys=[set_by_id])
    taken_back_by: Mapped[User | None] = relationship(foreign_keys=[taken_back_by_id])
