"""Tasks: what a worker promised to do in a case, and by when."""

from datetime import date, datetime

from sqlalchemy import ColumnElement, ForeignKey, Index
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from linkwork.database import Addressed, Versioned
from linkwork.models.case import SupportCase
from linkwork.models.user import User


class Task(Versioned, Addressed):
    """One thing that somebody promised to do, until it is done or called off."""

    __tablename__ = "task"
    __table_args__ = (
        Index(None, "owner_id", "done_at", "due_on"),
        Index(None, "case_id", "due_on"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("support_case.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    what: Mapped[str]
    due_on: Mapped[date]
    promised_at: Mapped[datetime]
    promised_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    cancelled_at: Mapped[datetime | None]
    cancelled_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    case: Mapped[SupportCase] = relationship()
    owner: Mapped[User] = relationship(foreign_keys=[owner_id])

    @hybrid_property
    def is_open(self) -> bool:
        """Whether it is still to be done."""
        return self.done_at is None and self.cancelled_at is None

    @is_open.inplace.expression
    @classmethod
    def _is_open_in_sql(cls) -> ColumnElement[bool]:
        return cls.done_at.is_(None) & cls.cancelled_at.is_(None)
