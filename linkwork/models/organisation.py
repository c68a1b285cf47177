"""Organisations of the NHS and around it: boards, networks, practices."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    UniqueConstraint,
    or_,
)
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
    NATIONAL = "national"
    """Sees figures of all of England, and no case by it."""


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
    """The first day it is closed; it may be still to come."""

    parent: Mapped["Organisation | None"] = relationship(
        remote_side="Organisation.id", foreign_keys=[parent_id]
    )
    """Where it belongs today: what is dated is kept in OrganisationParent, and settled each day."""

    def is_closed(self, on: date) -> bool:
        """Whether it is closed on a day."""
        return self.closed_on is not None and self.closed_on <= on

    @classmethod
    def is_open(cls, on: date) -> ColumnElement[bool]:
        """The same the other way round, for a query."""
        return or_(cls.closed_on.is_(None), cls.closed_on > on)


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
    """The last day; None while no end is known."""


class Succession(Record):
    """Who carries on for one that closes: many to one is a merger, one to many a split."""

    __tablename__ = "succession"
    __table_args__ = (UniqueConstraint("organisation_id", "successor_id"),)

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    successor_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    succeeded_on: Mapped[date]
    is_sole: Mapped[bool]
    """Whether everything goes to this one: what it had is then for its successor to see."""
    carried_at: Mapped[datetime | None]
    """When people, users and cases were moved on to it."""

    successor: Mapped[Organisation] = relationship(foreign_keys=[successor_id])


class OrganisationChangeKind(StrEnum):
    """What somebody wrote down of an organisation."""

    CLOSED = "closed"
    MOVED = "moved"


class OrganisationChange(Addressed):
    """A closure or a move that an administrator wrote down, so that a mistake can be taken back."""

    __tablename__ = "organisation_change"
    __table_args__ = (Index(None, "organisation_id", "takes_effect_on"),)

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    kind: Mapped[OrganisationChangeKind]
    takes_effect_on: Mapped[date]
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    before: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    """The stays it changed, by organisation, as they were: what taking it back restores."""
    undone_at: Mapped[datetime | None]
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))

    organisation: Mapped[Organisation] = relationship()


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
