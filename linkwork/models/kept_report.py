"""Reports on capacity as they were, kept so that they can be read again unchanged."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from linkwork.capacity.targets import Scope
from linkwork.database import Addressed
from linkwork.models.organisation import Organisation
from linkwork.models.user import User


class KeptReport(Addressed):
    """All that the page of a PCN said on a day. It is made once and never changed."""

    __tablename__ = "kept_report"
    __table_args__ = (UniqueConstraint("organisation_id", "scope", "month_on"),)

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    scope: Mapped[Scope]
    as_of: Mapped[date]
    month_on: Mapped[date | None]
    """The first day of the month it was kept for by the calendar; none where somebody chose to."""
    kept_at: Mapped[datetime]
    kept_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    people: Mapped[int]
    """People started, as it says: what a page compares with what is known now."""
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    """The report as JSON, compressed (docs/capacity-json.md)."""
    seal: Mapped[str] = mapped_column(String(64))

    organisation: Mapped[Organisation] = relationship()
    kept_by: Mapped[User | None] = relationship()
