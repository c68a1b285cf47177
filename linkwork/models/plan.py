"""The personalised care and support plan of a case: agreed, given, looked at again."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from linkwork.database import Addressed, Record, Versioned
from linkwork.models.case import SupportCase
from linkwork.models.user import User


class CopyHow(StrEnum):
    """How the person was given their plan."""

    PRINTED = "printed"
    LARGE_PRINT = "large_print"
    EASY_READ = "easy_read"
    POST = "post"
    EMAIL = "email"
    LINK = "link"
    READ_ALOUD = "read_aloud"


COPY_LABELS = {
    CopyHow.PRINTED: "Printed",
    CopyHow.LARGE_PRINT: "In large print",
    CopyHow.EASY_READ: "In easy read",
    CopyHow.POST: "By post",
    CopyHow.EMAIL: "By email",
    CopyHow.LINK: "By a link",
    CopyHow.READ_ALOUD: "Read to them; they want no copy",
}


class Plan(Versioned, Addressed):
    """What a person and their worker agreed. The goals of the case are its content."""

    __tablename__ = "plan"
    __table_args__ = (Index(None, "review_on"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("support_case.id"), unique=True)
    agreed_at: Mapped[datetime]
    agreed_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    copy_given_at: Mapped[datetime | None]
    copy_how: Mapped[CopyHow | None]
    review_on: Mapped[date | None]
    """When it is looked at next; None after a last review."""
    reviewed_at: Mapped[datetime | None]

    case: Mapped[SupportCase] = relationship(back_populates="plan")
    reviews: Mapped[list["PlanReview"]] = relationship(order_by="PlanReview.id.desc()")


class PlanReview(Record):
    """The plan was looked at again: when, by whom, and what changed."""

    __tablename__ = "plan_review"

    plan_id: Mapped[int] = mapped_column(ForeignKey("plan.id"), index=True)
    at: Mapped[datetime]
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    what_changed: Mapped[str]
    review_on: Mapped[date | None]
    """The day that was chosen for the next."""

    by: Mapped[User] = relationship()
