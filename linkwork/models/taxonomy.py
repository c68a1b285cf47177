"""The words a feed files its services under."""

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from linkwork.database import Published, Record


class TaxonomyTerm(Published):
    """A term of a taxonomy, as Open Referral UK has it."""

    __tablename__ = "taxonomy_term"

    name: Mapped[str] = mapped_column(index=True)
    description: Mapped[str | None]
    taxonomy: Mapped[str | None]
    taxonomy_key: Mapped[str | None]
    parent_key: Mapped[str | None] = mapped_column(String(36))


class ServiceTerm(Record):
    """An ``attribute`` of Open Referral UK: a service is filed under a term."""

    __tablename__ = "service_term"
    __table_args__ = (UniqueConstraint("service_id", "term_id"),)

    service_id: Mapped[int] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"))
    term_id: Mapped[int] = mapped_column(ForeignKey("taxonomy_term.id"), index=True)
    attribute_key: Mapped[str | None]

    term: Mapped[TaxonomyTerm] = relationship(lazy="joined")
