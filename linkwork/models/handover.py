"""Handovers: a case that went from one worker to another, with a note for who has it now."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from linkwork.database import Record
from linkwork.models.case import SupportCase
from linkwork.models.user import User


class Handover(Record):
    """One case given to a worker, and what they were told. Kept on the case’s timeline."""

    __tablename__ = "handover"

    case_id: Mapped[int] = mapped_column(ForeignKey("support_case.id"), index=True)
    from_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    """Who had the case; None where it waited for somebody."""
    to_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime]
    note: Mapped[str | None]

    case: Mapped[SupportCase] = relationship(back_populates="handovers")
    giver: Mapped[User | None] = relationship(foreign_keys=[from_id])
    taker: Mapped[User] = relationship(foreign_keys=[to_id])
