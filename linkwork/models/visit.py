"""Home visits: planned, started with an expected end, and over when the worker says “safe”."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, text
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from linkwork.database import Addressed, Versioned
from linkwork.models.case import SupportCase
from linkwork.models.user import User

UNDER_WAY = text("started_at is not null and safe_at is null")


class VisitState(StrEnum):
    """Where a visit stands: computed from what happened, never stored."""

    PLANNED = "planned"
    UNDER_WAY = "under_way"
    SAFE = "safe"
    CANCELLED = "cancelled"


# The first moment in this order that is set gives the state.
STATES = (
    ("cancelled_at", VisitState.CANCELLED),
    ("safe_at", VisitState.SAFE),
    ("started_at", VisitState.UNDER_WAY),
)


class Visit(Versioned, Addressed):
    """One visit to somebody’s home, or to another place that was agreed."""

    __tablename__ = "visit"
    __table_args__ = (
        Index(None, "worker_id", "planned_at"),
        Index(
            "ix_visit_under_way",
            "expected_end_at",
            sqlite_where=UNDER_WAY,
            postgresql_where=UNDER_WAY,
        ),
        CheckConstraint("minutes between 5 and 480", name="minutes"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("support_case.id"), index=True)
    worker_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    """Who goes; whoever starts a visit is the one who goes."""
    planned_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    planned_at: Mapped[datetime]
    minutes: Mapped[int] = mapped_column(default=60)
    """How long it is meant to take."""
    place: Mapped[str | None]
    """Where, if it is not the person’s address."""
    companion: Mapped[str | None]
    """Who goes with the worker, by name."""
    started_at: Mapped[datetime | None]
    expected_end_at: Mapped[datetime | None]
    safe_at: Mapped[datetime | None]
    safe_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    """Who said that the worker is safe: the worker, or a colleague who spoke with them."""
    cancelled_at: Mapped[datetime | None]
    cancelled_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    overdue_told_at: Mapped[datetime | None]
    """When the supervisors were told that it is overdue."""

    case: Mapped[SupportCase] = relationship(back_populates="visits")
    worker: Mapped[User] = relationship(foreign_keys=[worker_id])
    safe_by: Mapped[User | None] = relationship(foreign_keys=[safe_by_id])

    @property
    def state(self) -> VisitState:
        """Where the visit stands."""
        moments: Any = self
        reached = (state for name, state in STATES if getattr(moments, name) is not None)
        return next(reached, VisitState.PLANNED)

    @hybrid_property
    def is_under_way(self) -> bool:
        """Whether somebody is on this visit and has not said that they are safe."""
        return self.started_at is not None and self.safe_at is None

    @is_under_way.inplace.expression
    @classmethod
    def _is_under_way_in_sql(cls) -> ColumnElement[bool]:
        return cls.started_at.is_not(None) & cls.safe_at.is_(None)

    def is_overdue(self, at: datetime) -> bool:
        """Whether the worker should have said by now that they are safe."""
        end = self.expected_end_at
        return self.is_under_way and end is not None and end < at
