"""Posts that are paid for, and the long absences of those who hold them."""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Numeric, String, and_, or_
from sqlalchemy.orm import Mapped, mapped_column, relationship

from linkwork.database import Addressed, new_key
from linkwork.models.organisation import Organisation
from linkwork.models.user import User


class PostState(StrEnum):
    """How far a post has come."""

    APPROVED = "approved"
    ADVERTISED = "advertised"
    APPOINTED = "appointed"
    STARTED = "started"
    ENDED = "ended"


class AbsenceKind(StrEnum):
    """The long absences that lower capacity; ordinary leave is inside the 250."""

    LONG_SICKNESS = "long_sickness"
    PARENTAL = "parental"
    SECONDMENT = "secondment"
    CAREER_BREAK = "career_break"


class Post(Addressed):
    """A post at a PCN: ``worker`` is None while it is vacant."""

    __tablename__ = "post"
    __table_args__ = (
        CheckConstraint("end_on is null or start_on is null or end_on >= start_on", name="ends"),
        CheckConstraint("wte > 0", name="some_wte"),
    )

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    worker_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    wte: Mapped[Decimal] = mapped_column(Numeric(4, 2))
    start_on: Mapped[date | None]
    end_on: Mapped[date | None]
    additional: Mapped[bool]
    """Whether the post is one of the 500 that came with the target of 125,000."""
    state: Mapped[PostState]

    organisation: Mapped[Organisation] = relationship()
    worker: Mapped[User | None] = relationship()

    @classmethod
    def is_held_during(cls, first_on: Any, last_on: Any) -> ColumnElement[bool]:
        """Whether it is held on a day of a stretch, of days or of columns that are not empty."""
        goes_on = and_(cls.end_on.is_(None), cls.state != PostState.ENDED)
        return and_(cls.start_on <= last_on, or_(goes_on, cls.end_on >= first_on))


class Absence(Addressed):
    """A long absence: it lowers capacity from its first day."""

    __tablename__ = "absence"
    __table_args__ = (CheckConstraint("end_on is null or end_on >= start_on", name="ends"),)

    # Those recorded before absences had addresses get theirs in the migration.
    key: Mapped[str] = mapped_column(
        String(36), unique=True, default=new_key, nullable=True, sort_order=-1
    )
    worker_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    kind: Mapped[AbsenceKind]
    start_on: Mapped[date]
    end_on: Mapped[date | None]

    worker: Mapped[User] = relationship()
