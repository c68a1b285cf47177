"""Locations: where services happen."""

from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from linkwork.database import Published


class Location(Published):
    """A ``location`` of Open Referral UK, with its address and what is said of access."""

    __tablename__ = "location"
    __table_args__ = (
        CheckConstraint("latitude between -90 and 90", name="latitude"),
        CheckConstraint("longitude between -180 and 180", name="longitude"),
    )

    name: Mapped[str | None]
    location_type: Mapped[str | None]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    is_approximate: Mapped[bool] = mapped_column(default=False)
    """The coordinates are the centre of the postcode's outward code: the source gave none."""
    address: Mapped[str | None]
    city: Mapped[str | None]
    postcode: Mapped[str | None]
    accessibility: Mapped[list[str]] = mapped_column(JSON, default=list)
    raw: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


class ServiceAtLocation(Published):
    """That a service happens at a location."""

    __tablename__ = "service_at_location"
    __table_args__ = (UniqueConstraint("service_id", "location_id"),)

    service_id: Mapped[int] = mapped_column(ForeignKey("service.id", ondelete="CASCADE"))
    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"), index=True)

    location: Mapped[Location] = relationship(lazy="joined")
