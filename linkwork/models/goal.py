"""Goals in a person’s own words, and what is done towards them."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from linkwork.database import Addressed, Record, Versioned
from linkwork.models.case import SupportCase
from linkwork.models.user import User


class ActionOwner(StrEnum):
    """Who does what was agreed."""

    PERSON = "person"
    WORKER = "worker"
    OTHER = "other"


class Goal(Versioned, Addressed):
    """One thing a person wants, as they say it. It is met, set aside with a reason, or open."""

    __tablename__ = "goal"

    case_id: Mapped[int] = mapped_column(ForeignKey("support_case.id"), index=True)
    position: Mapped[int]
    words: Mapped[str]
    wording: Mapped[int] = mapped_column(default=1)
    """Which wording this is, counted from 1; the older ones are in ``wordings``."""
    written_at: Mapped[datetime]
    written_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    met_at: Mapped[datetime | None]
    set_aside_at: Mapped[datetime | None]
    set_aside_why: Mapped[str | None]

    case: Mapped[SupportCase] = relationship(back_populates="goals")
    written_by: Mapped[User] = relationship()
    actions: Mapped[list["GoalAction"]] = relationship(
        back_populates="goal",
        order_by="GoalAction.id",
        primaryjoin="and_(GoalAction.goal_id == Goal.id, GoalAction.removed_at.is_(None))",
    )
    wordings: Mapped[list["GoalWording"]] = relationship(order_by="GoalWording.id.desc()")

    @property
    def is_open(self) -> bool:
        """Whether it is still worked towards."""
        return self.met_at is None and self.set_aside_at is None


class GoalWording(Record):
    """Words a goal had before, and who wrote them."""

    __tablename__ = "goal_wording"

    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id"), index=True)
    words: Mapped[str]
    written_at: Mapped[datetime]
    written_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))

    written_by: Mapped[User] = relationship()


class GoalAction(Versioned, Addressed):
    """One thing somebody does towards a goal."""

    __tablename__ = "goal_action"

    goal_id: Mapped[int] = mapped_column(ForeignKey("goal.id"), index=True)
    what: Mapped[str]
    owner: Mapped[ActionOwner]
    owner_name: Mapped[str | None]
    """Who it is, where it is neither the person nor the worker of the case."""
    due_on: Mapped[date | None]
    done_at: Mapped[datetime | None]
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    """Who said so; None is the person themself."""
    removed_at: Mapped[datetime | None]
    """Taken off the plan. The row stays, so that nothing that was agreed is lost."""

    goal: Mapped[Goal] = relationship(back_populates="actions")

    @property
    def case(self) -> SupportCase:
        """The case whose plan it is in."""
        return self.goal.case
