"""What became of a suggestion: an activity that was offered was taken up, or why it was not."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from linkwork.database import Addressed
from linkwork.models.case import SupportCase
from linkwork.models.onward_referral import OnwardReferral
from linkwork.models.service import Service

LONGEST_WORDS = 200


class MatchAnswerKind(StrEnum):
    """What a worker and the person made of a suggestion."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"
    TO_DISCUSS = "to_discuss"
    """To be talked about with the person: nothing is decided, and nothing is counted."""


class RejectReason(StrEnum):
    """Why a suggestion was no good."""

    TOO_FAR = "too_far"
    COST = "cost"
    TIME = "time"
    NOT_FOR_THEM = "not_for_them"
    TRIED_BEFORE = "tried_before"
    FULL = "full"
    DOES_NOT_WANT = "does_not_want"
    OTHER = "other"


REJECT_LABELS = {
    RejectReason.TOO_FAR: "Too far",
    RejectReason.COST: "Costs too much",
    RejectReason.TIME: "Not at a time they can",
    RejectReason.NOT_FOR_THEM: "Not for people like them",
    RejectReason.TRIED_BEFORE: "They tried it before",
    RejectReason.FULL: "It is full",
    RejectReason.DOES_NOT_WANT: "They do not want it",
    RejectReason.OTHER: "Something else",
}


class MatchAnswer(Addressed):
    """One suggestion that was answered, as it stood when it was shown.

    Whether somebody arrived and stayed is not kept here: it follows from the onward referral.
    """

    __tablename__ = "match_answer"
    __table_args__ = (
        CheckConstraint("(kind = 'rejected') = (reason is not null)", name="reason_given"),
        Index(None, "case_id", "service_id"),
        Index(None, "at"),
    )

    case_id: Mapped[int] = mapped_column(ForeignKey("support_case.id"))
    service_id: Mapped[int] = mapped_column(ForeignKey("service.id"), index=True)
    by_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    """Who noted it, to take it back by; nothing is ever counted by it."""
    at: Mapped[datetime]
    kind: Mapped[MatchAnswerKind]
    reason: Mapped[RejectReason | None]
    words: Mapped[str | None] = mapped_column(String(LONGEST_WORDS))
    """What the reason was where it was none of the others: for the case, and in no report."""
    onward_referral_id: Mapped[int | None] = mapped_column(
        ForeignKey("onward_referral.id"), unique=True
    )
    """Where it was accepted, what came of it."""
    band: Mapped[str | None] = mapped_column(String(16))
    """The band it was shown in; None where nobody was shown it as a match."""
    rank: Mapped[int | None]
    """Its place in the list that was shown, 1 being the first."""
    concepts: Mapped[list[str]] = mapped_column(JSON)
    """What was confirmed for the person then and the activity is about: codes of concepts."""
    taken_back_at: Mapped[datetime | None]

    case: Mapped[SupportCase] = relationship()
    service: Mapped[Service] = relationship()
    onward_referral: Mapped[OnwardReferral | None] = relationship()
