"""How heavy a case lies on its worker: between the two of them and supervision."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from linkwork.database import Addressed


class Feeling(StrEnum):
    """A few words to choose from, so that nothing about a person is written down."""

    SAD = "sad"
    WORRIED = "worried"
    ANGRY = "angry"
    STUCK = "stuck"
    DRAINED = "drained"
    CLOSE_TO_HOME = "close_to_home"


FEELING_LABELS = {
    Feeling.SAD: "Sad",
    Feeling.WORRIED: "Worried",
    Feeling.ANGRY: "Angry",
    Feeling.STUCK: "Stuck",
    Feeling.DRAINED: "Drained",
    Feeling.CLOSE_TO_HOME: "Close to home",
}


class EmotionalLoad(Addressed):
    """A worker’s mark on a case, or on one contact of it: 1 a little, 2 heavy, 3 very heavy."""

    __tablename__ = "emotional_load"
    __table_args__ = (
        Index(None, "worker_id", "case_id"),
        CheckConstraint("weight between 1 and 3", name="weight"),
    )

    worker_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("support_case.id"), index=True)
    contact_id: Mapped[int | None] = mapped_column(ForeignKey("contact.id"))
    weight: Mapped[int]
    feeling: Mapped[Feeling | None]
    marked_at: Mapped[datetime]
