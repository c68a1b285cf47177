"""A case: one episode of support for one person at one PCN."""

from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, ColumnElement, ForeignKey, Index, case, text
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from linkwork.database import Addressed, Record, Versioned
from linkwork.models.need import CaseInterest, CaseNeed
from linkwork.models.organisation import Organisation
from linkwork.models.person import Person
from linkwork.models.user import User

if TYPE_CHECKING:
    from linkwork.models.concern import Concern
    from linkwork.models.goal import Goal
    from linkwork.models.handover import Handover
    from linkwork.models.plan import Plan
    from linkwork.models.referral import Referral
    from linkwork.models.visit import Visit


class CaseState(StrEnum):
    """Where a case stands: computed from what happened, never stored."""

    NEW = "new"
    WAITING = "waiting"
    STARTED = "started"
    PLANNED = "planned"
    CONNECTED = "connected"
    PAUSED = "paused"
    DECLINED = "declined"
    CLOSED = "closed"


class CloseReason(StrEnum):
    """Why support ended."""

    PLAN_COMPLETED = "plan_completed"
    PERSON_ENDED = "person_ended"
    NO_CONTACT = "no_contact"
    STEPPED_UP = "stepped_up"
    MOVED = "moved"
    DIED = "died"
    REDIRECTED = "redirected"
    OPENED_IN_ERROR = "opened_in_error"


CLOSE_LABELS = {
    CloseReason.PLAN_COMPLETED: "Plan completed",
    CloseReason.PERSON_ENDED: "The person chose to stop",
    CloseReason.NO_CONTACT: "Could not be reached (three attempts)",
    CloseReason.STEPPED_UP: "Needs more than we can give",
    CloseReason.MOVED: "Moved away",
    CloseReason.DIED: "Died",
    CloseReason.REDIRECTED: "Another service is supporting them",
    CloseReason.OPENED_IN_ERROR: "Opened in error (counts nowhere)",
}


class DeclineReason(StrEnum):
    """Why a referral was not taken on."""

    PERSON_DECLINED = "person_declined"
    NOT_ELIGIBLE = "not_eligible"
    OTHER_SERVICE_FITS = "other_service_fits"
    UNSAFE = "unsafe"
    DUPLICATE = "duplicate"
    WITHDRAWN = "withdrawn"
    """The practice took its referral back before anybody accepted it."""


DECLINE_LABELS = {
    DeclineReason.PERSON_DECLINED: "The person does not want support",
    DeclineReason.NOT_ELIGIBLE: "Outside our criteria",
    DeclineReason.OTHER_SERVICE_FITS: "Another service fits better",
    DeclineReason.UNSAFE: "Needs clinical or crisis help first",
    DeclineReason.DUPLICATE: "Referred twice",
    DeclineReason.WITHDRAWN: "Withdrawn",
}


class Complexity(StrEnum):
    """How much of a worker's time a case takes: weights 0.5, 1 and 1.75."""

    LIGHT = "light"
    STANDARD = "standard"
    COMPLEX = "complex"


class Priority(StrEnum):
    """How soon somebody should be seen."""

    ROUTINE = "routine"
    SOON = "soon"


# The first moment in this order that is set gives the state. Python and SQL both read this.
STATES = (
    ("closed_at", CaseState.CLOSED),
    ("declined_at", CaseState.DECLINED),
    ("paused_at", CaseState.PAUSED),
    ("connected_at", CaseState.CONNECTED),
    ("plan_agreed_at", CaseState.PLANNED),
    ("first_conversation_at", CaseState.STARTED),
    ("accepted_at", CaseState.WAITING),
)
OPEN = text("closed_at is null and declined_at is null")
CLOSED = text("closed_at is not null")
DECLINED = text("declined_at is not null")


class SupportCase(Versioned, Addressed):
    """One episode of support, from the first referral to its close."""

    __tablename__ = "support_case"
    __table_args__ = (
        Index("ix_support_case_desk",
              "organisation_id", "worker_id", "closed_at", "next_action_on"),
        Index("ix_support_case_open", "organisation_id", "opened_at",
              sqlite_where=OPEN, postgresql_where=OPEN),
        Index(None, "organisation_id", "first_conversation_at"),
        # Partial, or SQLite may take it for a desk, which it would read with all its colleagues’.
        Index(None, "organisation_id", "closed_at",
              sqlite_where=CLOSED, postgresql_where=CLOSED),
        Index(None, "organisation_id", "declined_at",
              sqlite_where=DECLINED, postgresql_where=DECLINED),
        Index(None, "person_id", "first_conversation_at"),
    )  # fmt: skip

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    worker_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    priority: Mapped[Priority] = mapped_column(default=Priority.ROUTINE)
    complexity: Mapped[Complexity] = mapped_column(default=Complexity.STANDARD)
    opened_at: Mapped[datetime]
    accepted_at: Mapped[datetime | None]
    accepted_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    declined_at: Mapped[datetime | None]
    declined_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    decline_reason: Mapped[DeclineReason | None]
    first_conversation_at: Mapped[datetime | None]
    """The first attended two-way conversation of the episode: what the target counts."""
    plan_agreed_at: Mapped[datetime | None]
    connected_at: Mapped[datetime | None]
    """When an onward referral was first attended."""
    paused_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    close_reason: Mapped[CloseReason | None]
    close_summary: Mapped[str | None]
    close_details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """Where a person went from here and who was told, in words, where the reason asks for it."""
    share_with_gp: Mapped[bool] = mapped_column(default=True)
    coded_in_gp_record_at: Mapped[datetime | None]
    """When a message told the practice to code this episode, which is done once."""
    last_contact_at: Mapped[datetime | None]
    next_action: Mapped[str | None]
    next_action_on: Mapped[date | None]
    limits: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """What an activity must keep to for this person: asked once, and kept."""

    person: Mapped[Person] = relationship()
    organisation: Mapped[Organisation] = relationship()
    worker: Mapped[User | None] = relationship(foreign_keys=[worker_id])
    needs: Mapped[list[CaseNeed]] = relationship(order_by=CaseNeed.importance.desc())
    interests: Mapped[list[CaseInterest]] = relationship(order_by=CaseInterest.id)

    concerns: Mapped[list["Concern"]] = relationship(
        back_populates="case", order_by="Concern.raised_at.desc()"
    )
    visits: Mapped[list["Visit"]] = relationship(
        back_populates="case", order_by="Visit.planned_at.desc()"
    )
    handovers: Mapped[list["Handover"]] = relationship(
        back_populates="case", order_by="Handover.id"
    )
    goals: Mapped[list["Goal"]] = relationship(
        back_populates="case", order_by="(Goal.position, Goal.id)"
    )
    plan: Mapped["Plan | None"] = relationship(back_populates="case")
    referrals: Mapped[list["Referral"]] = relationship(
        back_populates="case", order_by="Referral.id"
    )

    @hybrid_property
    def state(self) -> CaseState:
        """Where the case stands."""
        moments: Any = self
        reached = (state for name, state in STATES if getattr(moments, name) is not None)
        return next(reached, CaseState.NEW)

    @state.inplace.expression
    @classmethod
    def _state_in_sql(cls) -> ColumnElement[str]:
        steps = [(getattr(cls, name).is_not(None), state.value) for name, state in STATES]
        return case(*steps, else_=CaseState.NEW.value)

    @property
    def in_danger(self) -> bool:
        """Whether a safeguarding concern is open that says somebody may be harmed soon."""
        return any(concern.high and concern.is_open for concern in self.concerns)

    @hybrid_property
    def is_open(self) -> bool:
        """Whether anything can still happen in the case."""
        return self.closed_at is None and self.declined_at is None

    @is_open.inplace.expression
    @classmethod
    def _is_open_in_sql(cls) -> ColumnElement[bool]:
        return cls.closed_at.is_(None) & cls.declined_at.is_(None)


class CoverReason(StrEnum):
    """Why somebody opens a colleague's case."""

    COVER = "cover"
    DUTY_CALL = "duty_call"
    JOINT_WORK = "joint_work"
    SUPERVISION = "supervision"
    HANDOVER = "handover"


class CaseOpening(Record):
    """A reason given for opening a colleague's case. It holds for one day."""

    __tablename__ = "case_opening"
    __table_args__ = (Index(None, "case_id", "user_id", "opened_on"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("support_case.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    opened_on: Mapped[date]
    reason: Mapped[CoverReason]
