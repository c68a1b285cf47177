"""Organisations of the NHS and around it: boards, networks, practices."""

from datetime import date
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from linkwork.database import Addressed, Record


class OrganisationKind(StrEnum):
    """What an organisation is; a practice belongs to a PCN, a PCN to an ICB."""

    ICB = "icb"
    PCN = "pcn"
    PRACTICE = "practice"
    PROVIDER = "provider"
    TRUST = "trust"
    HUB_HOST = "hub_host"
    CHARITY = "charity"


class Organisation(Addressed):
    """One organisation, known by its code from the Organisation Data Service where it has one."""

    __tablename__ = "organisation"
    __table_args__ = (Index(None, "kind", "parent_id"),)

    kind: Mapped[OrganisationKind]
    name: Mapped[str]
    ods_code: Mapped[str | None] = mapped_column(unique=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    postcode: Mapped[str | None]
    region: Mapped[str | None]
    closed_on: Mapped[date | None]
    successor_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))

    parent: Mapped["Organisation | None"] = relationship(
        remote_side="Organisation.id", foreign_keys=[parent_id]
    )


class OrganisationParent(Record):
    """When an organisation belonged to which other: a practice that moves keeps its past."""

    __tablename__ = "organisation_parent"
    __table_args__ = (
        CheckConstraint("end_on is null or end_on >= start_on", name="ends_after_start"),
    )

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    parent_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    start_on: Mapped[date]
    end_on: Mapped[date | None]


class ListSize(Record):
    """Patients registered with a practice or PCN, as the published list of ``as_of`` has it."""

    __tablename__ = "list_size"
    __table_args__ = (
        UniqueConstraint("organisation_id", "as_of"),
        CheckConstraint("patients >= 0", name="not_negative"),
    )

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    as_of: Mapped[date]
    patients: Mapped[int]
