"""The words a feed files its services under."""

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from linkwork.database import Addressed, Record


class TaxonomyTerm(Addressed):
    """A term of a taxonomy, as Open Referral UK has it."""

    __tablename__ = "taxonomy_term"

    name: Mapped[str] = mapped_column(index=True)
    description: Mapped[str | None]
    taxonomy: Mapped[str | None]
    taxonomy_key: Mapped[str | None]


class ServiceTerm(Record):
    """An ``attribute`` of Open Referral UK: a service is filed under a term."""

    __tablename__ = "service_term"
    __table_args__ = (UniqueConstraint("service_id", "term_id"),)

    service_id: Mapped[int] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"))
    term_id: Mapped[int] = mapped_column(ForeignKey("taxonomy_term.id"), index=True)
    attribute_key: Mapped[str | None]

    term: Mapped[TaxonomyTerm] = relationship(lazy="joined")
