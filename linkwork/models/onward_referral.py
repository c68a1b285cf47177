"""Onward referrals: from a case to a service of the directory."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, Index, case
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from linkwork.database import Addressed, Versioned
from linkwork.models.case import SupportCase
from linkwork.models.service import Service
from linkwork.models.user import User


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
    __table_args__ = (Index(None, "service_id", "ended_at"),)

    case_id: Mapped[int] = mapped_column(ForeignKey("support_case.id"), index=True)
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"))
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    message: Mapped[str | None]
    """What the provider is told, beyond name, contact and access needs."""
    needs_accompanying: Mapped[bool] = mapped_column(default=False)
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
    made_by: Mapped[User] = relationship()

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
