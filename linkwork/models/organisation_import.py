"""Imports of the published files about organisations: shown first, then carried out or dropped."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from linkwork.database import Addressed


class OrganisationImport(Addressed):
    """Some files, and what they would change or did change."""

    __tablename__ = "organisation_import"

    made_at: Mapped[datetime]
    made_by_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    files: Mapped[bytes | None] = mapped_column(LargeBinary)
    """The files in a zip; gone once the import is decided, or a day old."""
    names: Mapped[list[str]] = mapped_column(JSON, default=list)
    """What whoever sent them calls the files, in the order of the zip."""
    lines: Mapped[list[str]] = mapped_column(JSON, default=list)
    """What it would change, or did, a line each."""
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    applied_at: Mapped[datetime | None]
    abandoned_at: Mapped[datetime | None]

    @property
    def is_decided(self) -> bool:
        """Whether it was carried out or dropped."""
        return self.applied_at is not None or self.abandoned_at is not None
