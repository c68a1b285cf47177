"""Two records of one person made one, and all that is needed to part them again."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from linkwork.database import Addressed
from linkwork.models.person import Person
from linkwork.models.user import User


class PersonMerge(Addressed):
    """What a merge moved and changed. The merged record stays, and leads to the kept one."""

    __tablename__ = "person_merge"

    kept_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    merged_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    merged_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    merged_at: Mapped[datetime]
    moved: Mapped[dict[str, list[int]]] = mapped_column(JSON, default=dict)
    """The numbers of the rows that were of the merged record, by table."""
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """What the kept record held, of each field that the merge changed. Dates in ISO format."""
    after: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """What the merge left there instead."""
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    kept: Mapped[Person] = relationship(foreign_keys=[kept_id])
    merged: Mapped[Person] = relationship(foreign_keys=[merged_id])
    merged_by: Mapped[User] = relationship(foreign_keys=[merged_by_id])
