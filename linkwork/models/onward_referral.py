"""Onward referrals: from a case to a service of the directory."""

import hashlib
from datetime import date, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, ColumnElement, ForeignKey, Index, case
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from linkwork.database import Addressed, Versioned
from linkwork.models.case import SupportCase
from linkwork.models.service import Service
from linkwork.models.user import User

if TYPE_CHECKING:
    from linkwork.models.answer import Answer
    from linkwork.models.attendance import Attendance


class OnwardState(StrEnum):
    """Where an onward referral stands: computed from what happened."""

    SUGGESTED = "suggested"
    AGREED = "agreed"
    SENT = "sent"
    WAITLISTED = "waitlisted"
    ACCEPTED = "accepted"
    ATTENDING = "attending"
    DECLINED = "declined"
    CANCELLED = "cancelled"
    ENDED = "ended"


class OnwardOutcome(StrEnum):
    """What became of an onward referral when it ended."""

    HELPED = "helped"
    DID_NOT_HELP = "did_not_help"
    NEVER_WENT = "never_went"
    STOPPED_GOING = "stopped_going"
    NOT_KNOWN = "not_known"


class OnwardDecline(StrEnum):
    """Why a service did not take somebody, or a person did not go."""

    FULL = "full"
    NOT_ELIGIBLE = "not_eligible"
    PERSON_CHANGED_MIND = "person_changed_mind"
    COST = "cost"
    TRAVEL = "travel"
    ACCESS = "access"
    CLOSED = "closed"
    NOT_REACHED = "not_reached"


STATES = (
    ("ended_at", OnwardState.ENDED),
    ("cancelled_at", OnwardState.CANCELLED),
    ("declined_at", OnwardState.DECLINED),
    ("first_attended_at", OnwardState.ATTENDING),
    ("accepted_at", OnwardState.ACCEPTED),
    ("waitlisted_at", OnwardState.WAITLISTED),
    ("sent_at", OnwardState.SENT),
    ("agreed_at", OnwardState.AGREED),
)


class OnwardReferral(Versioned, Addressed):
    """One connection of a person to a service, from agreement to outcome."""

    __tablename__ = "onward_referral"
    __table_args__ = (
        Index(None, "service_id", "ended_at"),
        Index(None, "first_session_on"),
        Index(None, "accompanied_on"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("support_case.id"), index=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    message: Mapped[str | None]
    """What the provider is told, beyond name, contact and access needs."""
    needs_accompanying: Mapped[bool] = mapped_column(default=False)
    onward_from_id: Mapped[int | None] = mapped_column(ForeignKey("onward_referral.id"), index=True)
    """The one that was tried before, and did not come to anything."""
    sent_first_name: Mapped[str | None]
    sent_lines: Mapped[list[list[str]] | None] = mapped_column(JSON(none_as_null=True))
    """What the provider was told when it was sent, as pairs of label and text."""
    chased_at: Mapped[datetime | None]
    """When somebody last asked the provider again."""
    first_session_on: Mapped[date | None]
    wait_weeks: Mapped[int | None]
    companion_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"), index=True)
    companion_name: Mapped[str | None]
    """Who goes along, where it is nobody with an account: a volunteer or a peer."""
    accompanied_on: Mapped[date | None]
    accompanied_at: Mapped[datetime | None]
    """When it was noted that somebody did go along."""
    agreed_at: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    waitlisted_at: Mapped[datetime | None]
    accepted_at: Mapped[datetime | None]
    first_attended_at: Mapped[datetime | None]
    declined_at: Mapped[datetime | None]
    decline_reason: Mapped[OnwardDecline | None]
    cancelled_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    outcome: Mapped[OnwardOutcome | None]

    case: Mapped[SupportCase] = relationship()
    service: Mapped[Service] = relationship()
    made_by: Mapped[User] = relationship(foreign_keys=[made_by_id])
    companion: Mapped[User | None] = relationship(foreign_keys=[companion_id])
    onward_from: Mapped["OnwardReferral | None"] = relationship(remote_side="OnwardReferral.id")
    answers: Mapped[list["Answer"]] = relationship(
        back_populates="onward_referral", order_by="Answer.id"
    )
    attendances: Mapped[list["Attendance"]] = relationship(
        back_populates="onward_referral", order_by="Attendance.held_on"
    )

    @property
    def reference(self) -> str:
        """What a provider and a worker call it on the phone, and nobody can look up."""
        return hashlib.sha256(self.key.encode()).hexdigest()[:6].upper()

    @property
    def companion_shown(self) -> str | None:
        """The name of whoever goes along."""
        return self.companion.name if self.companion else self.companion_name

    @hybrid_property
    def state(self) -> OnwardState:
        """Where the onward referral stands."""
        moments: Any = self
        reached = (state for name, state in STATES if getattr(moments, name) is not None)
        return next(reached, OnwardState.SUGGESTED)

    @state.inplace.expression
    @classmethod
    def _state_in_sql(cls) -> ColumnElement[str]:
        steps = [(getattr(cls, name).is_not(None), state.value) for name, state in STATES]
        return case(*steps, else_=OnwardState.SUGGESTED.value)

    @hybrid_property
    def is_open(self) -> bool:
        """Whether an answer is still to come."""
        return self.ended_at is None and self.cancelled_at is None and self.declined_at is None

    @is_open.inplace.expression
    @classmethod
    def _is_open_in_sql(cls) -> ColumnElement[bool]:
        return cls.ended_at.is_(None) & cls.cancelled_at.is_(None) & cls.declined_at.is_(None)
