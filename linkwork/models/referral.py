"""Referrals: requests that somebody be supported."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from linkwork.database import Addressed
from linkwork.models.case import Priority, SupportCase
from linkwork.models.organisation import Organisation
from linkwork.models.person import Person
from linkwork.models.user import User


class ReferralSource(StrEnum):
    """Where a referral comes from."""

    GP = "gp"
    OTHER_PRIMARY_CARE = "other_primary_care"
    SELF = "self"
    FAMILY = "family"
    OUTREACH = "outreach"
    OTHER_AGENCY = "other_agency"


class WithdrawReason(StrEnum):
    """Why a practice takes its referral back."""

    PATIENT_CHANGED_MIND = "patient_changed_mind"
    SENT_IN_ERROR = "sent_in_error"
    NO_LONGER_NEEDED = "no_longer_needed"
    OTHER_HELP = "other_help"


class Referral(Addressed):
    """One request, as it was received. What becomes of it is told by its case."""

    __tablename__ = "referral"
    __table_args__ = (
        Index(None, "practice_id", "referred_at"),
        Index(None, "organisation_id", "referred_at"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("support_case.id"), index=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    """The PCN that received it."""
    practice_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    source: Mapped[ReferralSource]
    referrer_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    referrer_name: Mapped[str]
    referrer_relation: Mapped[str | None]
    """Who the referrer is to the person, or the agency they work for."""
    referrer_contact: Mapped[str | None]
    reasons: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Need codes the referrer ticked."""
    note: Mapped[str]
    """What the referrer wrote, and only that: never changed afterwards."""
    urgency: Mapped[Priority] = mapped_column(default=Priority.ROUTINE)
    consented_at: Mapped[datetime]
    """When the person agreed to be referred; a referral without consent is refused."""
    share_with_gp: Mapped[bool] = mapped_column(default=True)
    received: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """Who the person is, as the referrer wrote it: what the referrer is shown again, whatever
    else is known of the person. Dates are in ISO format."""
    referred_at: Mapped[datetime]
    received_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdraw_reason: Mapped[WithdrawReason | None]

    person: Mapped[Person] = relationship()
    case: Mapped[SupportCase] = relationship(back_populates="referrals")
    organisation: Mapped[Organisation] = relationship(foreign_keys=[organisation_id])
    practice: Mapped[Organisation | None] = relationship(foreign_keys=[practice_id])
    referrer: Mapped[User | None] = relationship()

    @property
    def differs(self) -> dict[str, str]:
        """What the referrer wrote that the person’s record has otherwise, for a worker to check."""
        return {
            name: value
            for name, value in self.received.items()
            if value and _plain(value) != _plain(getattr(self.person, name))
        }


def _plain(value: object) -> str:
    return "".join(c for c in str(value or "").casefold() if c.isalnum())
