"""Supervision: time with somebody to think about the work."""

from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from linkwork.database import Addressed, Versioned
from linkwork.models.user import User


class SupervisionKind(StrEnum):
    """What sort of supervision it was."""

    ONE_TO_ONE = "one_to_one"
    GROUP = "group"
    CLINICAL = "clinical"
    PEER = "peer"


SUPERVISION_KIND_LABELS = {
    SupervisionKind.ONE_TO_ONE: "One to one",
    SupervisionKind.GROUP: "Group",
    SupervisionKind.CLINICAL: "Clinical",
    SupervisionKind.PEER: "Peer",
}


class Supervision(Versioned, Addressed):
    """One supervision that was held, and when the next is due."""

    __tablename__ = "supervision"
    __table_args__ = (
        Index(None, "worker_id", "held_on"),
        CheckConstraint("next_due_on > held_on", name="next_is_later"),
    )

    worker_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    supervisor_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    """Who supervised, where they sign in here: beside the worker the only reader of the notes."""
    with_whom: Mapped[str | None]
    """Who supervised, where they do not."""
    recorded_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    kind: Mapped[SupervisionKind]
    held_on: Mapped[date]
    next_due_on: Mapped[date]
    notes: Mapped[str | None]
    agenda: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """The cases that were on the agenda, as numbers, and the codes of why."""

    worker: Mapped[User] = relationship(foreign_keys=[worker_id])
    supervisor: Mapped[User | None] = relationship(foreign_keys=[supervisor_id])
