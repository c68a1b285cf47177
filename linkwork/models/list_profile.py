"""How the registered list of a PCN is spread over the national fifths of deprivation."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from linkwork.database import Record


class ListProfile(Record):
    """The parts of a list (0 to 1) in each fifth, the most deprived first, as of a day."""

    __tablename__ = "list_profile"
    __table_args__ = (
        UniqueConstraint("organisation_id", "as_of"),
        CheckConstraint(
            "q1 >= 0 and q2 >= 0 and q3 >= 0 and q4 >= 0 and q5 >= 0", name="not_negative"
        ),
    )

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    as_of: Mapped[date]
    q1: Mapped[float]
    q2: Mapped[float]
    q3: Mapped[float]
    q4: Mapped[float]
    q5: Mapped[float]

    @property
    def quintiles(self) -> tuple[float, float, float, float, float]:
        """All five, the most deprived first."""
        return (self.q1, self.q2, self.q3, self.q4, self.q5)
