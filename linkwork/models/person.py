"""People who are supported."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from linkwork.database import Addressed, Versioned
from linkwork.models.organisation import Organisation
from linkwork.models.user import User


class Person(Versioned, Addressed):
    """Somebody referred for social prescribing, wherever and however often."""

    __tablename__ = "person"
    __table_args__ = (
        Index(
            "uq_person_nhs_number",
            "nhs_number",
            "date_of_birth",
            "twin",
            unique=True,
            sqlite_where=text("nhs_number is not null"),
            postgresql_where=text("nhs_number is not null"),
        ),
        Index(None, "date_of_birth", "family_name_folded"),
        Index(None, "family_name_folded"),
    )

    nhs_number: Mapped[str | None] = mapped_column(String(10))
    """Ten digits, checked (modulus 11), without spaces."""
    twin: Mapped[int] = mapped_column(default=0)
    """Nought where a referral brought the number, else the record’s own id: so a number that is
    typed in is never refused, and nobody learns from a refusal who is known elsewhere."""
    family_name: Mapped[str]
    given_name: Mapped[str]
    family_name_folded: Mapped[str]
    """Lower case without accents, for finding and for duplicates."""
    given_name_folded: Mapped[str]
    preferred_name: Mapped[str | None]
    date_of_birth: Mapped[date]
    gender: Mapped[str | None]
    ethnic_group: Mapped[str | None]
    address: Mapped[str | None]
    postcode: Mapped[str | None]
    deprivation_decile: Mapped[int | None]
    """1 (most deprived) to 10, of where their postcode lies; None where that is not known."""
    deprivation_source: Mapped[str | None] = mapped_column(String(40))
    """The index it is a decile of: IMD 2019."""
    deprivation_on: Mapped[date | None]
    """When it was worked out."""
    phone: Mapped[str | None]
    email: Mapped[str | None]
    safe_to_contact: Mapped[str | None]
    """How it is safe to reach them, in words: no voicemail, not before ten."""
    language: Mapped[str | None]
    interpreter: Mapped[bool] = mapped_column(default=False)
    access_needs: Mapped[str | None]
    alert: Mapped[str | None]
    """What somebody must know before they visit, shown on the identity bar."""
    lone_worker_reason: Mapped[str | None]
    """Why nobody should visit alone; None where they may."""
    lone_worker_review_on: Mapped[date | None]
    alerts_set_at: Mapped[datetime | None]
    """When what to know before a visit, or not visiting alone, was last changed, and by whom."""
    alerts_set_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    practice_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    carer: Mapped[bool] = mapped_column(default=False)
    next_of_kin: Mapped[str | None]
    died_on: Mapped[date | None]

    practice: Mapped[Organisation | None] = relationship()
    alerts_set_by: Mapped[User | None] = relationship()

    @property
    def lone_worker(self) -> bool:
        """Whether nobody should visit this person alone."""
        return self.lone_worker_reason is not None

    @property
    def name(self) -> str:
        """The name they go by, in the order they say it."""
        return f"{self.preferred_name or self.given_name} {self.family_name}"
