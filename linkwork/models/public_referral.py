"""What people ask for on the public page, until a link worker has looked at it."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from linkwork.database import Addressed, Record
from linkwork.models.organisation import Organisation
from linkwork.models.referral import Referral, ReferralSource
from linkwork.models.user import User


class DiscardReason(StrEnum):
    """Why what was asked for did not become a referral."""

    NOT_REAL = "not_real"
    TWICE = "twice"
    NOT_AGREED = "not_agreed"
    NOT_REACHED = "not_reached"
    NOT_OURS = "not_ours"


class PublicReferral(Addressed):
    """One request from somebody without an account. It is nobody’s record until it is accepted."""

    __tablename__ = "public_referral"
    __table_args__ = (
        Index(None, "organisation_id", "checked_at"),
        Index(None, "content", "received_at"),
    )

    reference: Mapped[str] = mapped_column(String(16), unique=True)
    """What the sender can say on the phone. It opens nothing."""
    token: Mapped[str] = mapped_column(String(64), unique=True)
    """A name for one filling-in of the form, so that pressing twice asks once."""
    content: Mapped[str] = mapped_column(String(64))
    """A keyed hash of what was typed, by which the same text is known again."""
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    """The PCN that was asked."""
    practice_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    source: Mapped[ReferralSource]
    given_name: Mapped[str]
    family_name: Mapped[str]
    date_of_birth: Mapped[date]
    phone: Mapped[str | None]
    email: Mapped[str | None]
    address: Mapped[str | None]
    postcode: Mapped[str | None]
    safe_to_contact: Mapped[str | None]
    reasons: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Need codes that were ticked."""
    note: Mapped[str]
    referrer_name: Mapped[str | None]
    """Who asked for somebody else; None where they asked for themselves."""
    referrer_relation: Mapped[str | None]
    """Who they are to the person, or the agency they work for."""
    referrer_contact: Mapped[str | None]
    share_with_gp: Mapped[bool]
    crisis: Mapped[bool] = mapped_column(default=False)
    """Whether words of danger were in it: it is read first."""
    suspect: Mapped[bool] = mapped_column(default=False)
    """Whether a program may have filled it in: it is read last, and kept all the same."""
    received_at: Mapped[datetime]
    checked_at: Mapped[datetime | None]
    checked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    discard_reason: Mapped[DiscardReason | None]
    referral_id: Mapped[int | None] = mapped_column(ForeignKey("referral.id"))
    """What became of it, where it was accepted."""

    organisation: Mapped[Organisation] = relationship(foreign_keys=[organisation_id])
    practice: Mapped[Organisation | None] = relationship(foreign_keys=[practice_id])
    checked_by: Mapped[User | None] = relationship()
    referral: Mapped[Referral | None] = relationship()

    @property
    def name(self) -> str:
        """The name as it was typed."""
        return f"{self.given_name} {self.family_name}"


class PublicAttempt(Record):
    """One sending of the public form, kept for a day, so that a flood is slowed everywhere."""

    __tablename__ = "public_attempt"
    __table_args__ = (Index(None, "subject", "at"),)

    subject: Mapped[str] = mapped_column(String(64))
    """A keyed hash of the network address and the day: it says nothing the day after."""
    at: Mapped[datetime]
