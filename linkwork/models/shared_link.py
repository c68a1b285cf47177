"""Links that open one page to somebody without an account: a provider, or the person."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from linkwork.database import Addressed
from linkwork.models.case import SupportCase
from linkwork.models.onward_referral import OnwardReferral


class LinkPurpose(StrEnum):
    """What a link opens."""

    PLAN = "plan"
    """The person’s own plan."""
    ANSWER = "answer"
    """A provider’s answer to one onward referral."""


class SharedLink(Addressed):
    """Leave to see one thing for some time. The address carries the key and a signature of it."""

    __tablename__ = "shared_link"

    purpose: Mapped[LinkPurpose]
    case_id: Mapped[int] = mapped_column(ForeignKey("support_case.id"), index=True)
    onward_referral_id: Mapped[int | None] = mapped_column(
        ForeignKey("onward_referral.id"), index=True
    )
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    last_opened_at: Mapped[datetime | None]
    failed_tries: Mapped[int] = mapped_column(default=0)
    """Wrong answers, since it was made, to what only the person knows."""

    case: Mapped[SupportCase] = relationship()
    onward_referral: Mapped[OnwardReferral | None] = relationship()
