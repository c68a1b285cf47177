"""Services: the entries of the directory, shown as activities."""

from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Numeric, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from linkwork import clock
from linkwork.database import Published, Record, Versioned
from linkwork.models.location import ServiceAtLocation
from linkwork.models.provider import Provider
from linkwork.models.taxonomy import ServiceTerm


class ServiceStatus(StrEnum):
    """Whether a service runs, in the words of Open Referral UK."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    DEFUNCT = "defunct"
    TEMPORARILY_CLOSED = "temporarily closed"


class ServiceKind(StrEnum):
    """What sort of thing a service is."""

    ACTIVITY = "activity"
    LIFE_SKILLS = "life_skills"
    PEER_SUPPORT = "peer_support"
    COURSE = "course"
    STAFF_HUB = "staff_hub"
    HELPLINE = "helpline"
    DIGITAL = "digital"
    COUNSELLING = "counselling"
    ADVICE = "advice"


class CapacityStatus(StrEnum):
    """Whether there is room, in the words of HL7's social determinants guide."""

    CAPACITY = "capacity"
    WAITLIST = "waitlist"
    NO_CAPACITY = "no-capacity"
    ASSESSMENT = "additional-assessment-required"


class Service(Versioned, Published):
    """One service. ``key`` is its identifier in Open Referral UK."""

    __tablename__ = "service"
    __table_args__ = (
        Index(None, "source", "source_id"),
        Index(None, "listed", "status", "name"),
        # Says without reading a service whether any has changed: casework.offers asks each time.
        Index(None, "version", "last_seen_at", "verified_at", "described_by", "id"),
        CheckConstraint("minimum_age between 0 and 130", name="minimum_age"),
        CheckConstraint("maximum_age between 0 and 130", name="maximum_age"),
        CheckConstraint("places >= 0", name="places"),
    )

    provider_id: Mapped[int | None] = mapped_column(ForeignKey("provider.id"), index=True)
    name: Mapped[str]
    description: Mapped[str | None]
    url: Mapped[str | None]
    email: Mapped[str | None]
    phone: Mapped[str | None]
    status: Mapped[ServiceStatus] = mapped_column(default=ServiceStatus.ACTIVE)
    fees: Mapped[str | None]
    minimum_age: Mapped[int | None]
    maximum_age: Mapped[int | None]
    eligibility: Mapped[str | None]
    assured_on: Mapped[date | None]
    alert: Mapped[str | None]
    last_modified: Mapped[datetime | None]
    changed_at: Mapped[datetime | None] = mapped_column(default=clock.now, onupdate=clock.now)
    """When anything here last changed: who follows our feed asks for what is new since then.

    None in rows from before this was kept."""
    # Our own facts, beside the standard's.
    kind: Mapped[ServiceKind] = mapped_column(default=ServiceKind.ACTIVITY)
    needs: Mapped[list[str]] = mapped_column(JSON, default=list)
    audience: Mapped[list[str]] = mapped_column(JSON, default=list)
    gender: Mapped[str | None]
    """``women`` or ``men`` where the service is for one only; None is everybody."""
    referral_route: Mapped[str | None]
    channels: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Any of in_person, home, phone, online, text; empty is not stated."""
    languages: Mapped[list[str]] = mapped_column(JSON, default=list)
    places: Mapped[int | None]
    capacity_status: Mapped[CapacityStatus | None]
    capacity_confirmed_at: Mapped[datetime | None]
    verified_at: Mapped[datetime | None]
    verified_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    provider_said_at: Mapped[datetime | None]
    """When the provider last told us of its places, or that the entry is right: not checked."""
    times_confirmed: Mapped[str | None] = mapped_column(String(64))
    """The ``reading`` of its times that an editor found right; another reading asks again."""
    times_confirmed_at: Mapped[datetime | None]
    times_confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    opens_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    closed_until: Mapped[date | None]
    """The day it opens again, where it is temporarily closed and that is known."""
    listed: Mapped[bool] = mapped_column(default=True)
    co_produced_by: Mapped[str | None]
    delivered_by: Mapped[str | None]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("service.id"), index=True)
    """The entry that stands for this one since an editor made the two one."""
    # Where it came from, and what is worked out from it.
    source: Mapped[str | None]
    source_id: Mapped[str | None]
    source_digest: Mapped[str | None] = mapped_column(String(64))
    last_seen_at: Mapped[datetime | None]
    edited_fields: Mapped[list[str]] = mapped_column(JSON, default=list)
    """What an editor changed by hand: a later import leaves these alone."""
    raw: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, deferred=True)
    concepts: Mapped[dict[str, float]] = mapped_column(JSON, default=dict)
    """Concept to weight, worked out by matching when the text last changed."""
    described_by: Mapped[str | None] = mapped_column(String(16))
    """The ``mark`` of the lexicon its concepts were found by; None is one of before."""

    provider: Mapped[Provider | None] = relationship()
    merged_into: Mapped["Service | None"] = relationship(remote_side="Service.id")
    places_at: Mapped[list[ServiceAtLocation]] = relationship(cascade="all, delete-orphan")
    schedules: Mapped[list["Schedule"]] = relationship(cascade="all, delete-orphan")
    costs: Mapped[list["CostOption"]] = relationship(cascade="all, delete-orphan")
    areas: Mapped[list["ServiceArea"]] = relationship(cascade="all, delete-orphan")
    terms: Mapped[list[ServiceTerm]] = relationship(cascade="all, delete-orphan")


class Schedule(Record):
    """When a service meets: what could be read, and always the words it was read from.

    ``closed_byday`` are days of the month without it (``-1TH``), ``closed_on`` ISO dates, or two
    with a slash between them for a first and a last.
    """

    __tablename__ = "schedule"

    service_id: Mapped[int] = mapped_column(
        ForeignKey("service.id", ondelete="CASCADE"), index=True
    )
    source_id: Mapped[str | None]
    freq: Mapped[str | None] = mapped_column(String(10))
    interval: Mapped[int | None]
    byday: Mapped[str | None]
    bymonthday: Mapped[str | None]
    dtstart: Mapped[date | None]
    opens_at: Mapped[time | None]
    closes_at: Mapped[time | None]
    valid_from: Mapped[date | None]
    valid_to: Mapped[date | None]
    attending_type: Mapped[str | None]
    description: Mapped[str | None]
    closed_byday: Mapped[str | None]
    closed_on: Mapped[list[str]] = mapped_column(JSON, default=list, server_default=text("'[]'"))
    closed_bank_holidays: Mapped[bool] = mapped_column(default=False)
    term_time_only: Mapped[bool] = mapped_column(default=False)
    by_appointment: Mapped[bool] = mapped_column(default=False)
    from_words: Mapped[bool] = mapped_column(default=False)
    """Whether its words say just these days and hours; a feed or an editor may give others."""
    doubt: Mapped[str | None] = mapped_column(String(10))
    """Why an editor is asked: ``partly`` or ``refused`` the words, ``differs`` the feed's days."""
    unread: Mapped[str | None]
    """The words that could not be read, or why none could."""
    reading: Mapped[str | None] = mapped_column(String(64))
    """What the times of the whole service were read from and as: ``times_confirmed`` of it."""


class CostOption(Record):
    """What a service costs: an amount in pounds, or words, or both."""

    __tablename__ = "cost_option"

    service_id: Mapped[int] = mapped_column(
        ForeignKey("service.id", ondelete="CASCADE"), index=True
    )
    source_id: Mapped[str | None]
    option: Mapped[str | None]
    amount: Mapped[Decimal | None] = mapped_column(Numeric(10, 2))
    currency: Mapped[str | None] = mapped_column(String(3))


class ServiceArea(Record):
    """Where the people a service is for live."""

    __tablename__ = "service_area"

    service_id: Mapped[int] = mapped_column(
        ForeignKey("service.id", ondelete="CASCADE"), index=True
    )
    source_id: Mapped[str | None]
    name: Mapped[str]
