"""Imports of the directory: one file or one fetch of a source, and what it would change."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from linkwork.database import Addressed, Record, Versioned
from linkwork.models.source import Source
from linkwork.models.user import User


class ImportState(StrEnum):
    """How far an import is."""

    RECEIVED = "received"
    """Its file is kept; what it would change was not worked out yet."""
    PREVIEWED = "previewed"
    HELD = "held"
    """It looks wrong: a person decides."""
    APPLIED = "applied"
    ABANDONED = "abandoned"


class HoldReason(StrEnum):
    """Why an import waits for a person."""

    EMPTY = "empty"
    SHRUNK = "shrunk"
    STRANGE = "strange"
    """Most of what the source had is not in it, though there are rows enough."""
    CONTACTS = "contacts"
    """Nobody has looked, and it changes how to reach activities that people are referred to now."""


class ChangeKind(StrEnum):
    """What an import does with one row."""

    ADDED = "added"
    CHANGED = "changed"
    GONE = "gone"
    QUARANTINED = "quarantined"
    WARNING = "warning"


class DirectoryImport(Versioned, Addressed):
    """One file of a source, from its arrival to its end."""

    __tablename__ = "directory_import"
    __table_args__ = (
        Index(None, "source_id", "state"),
        Index(None, "state", "at"),
    )

    source_id: Mapped[int] = mapped_column(ForeignKey("source.id"))
    state: Mapped[ImportState] = mapped_column(default=ImportState.RECEIVED)
    file_name: Mapped[str]
    file_digest: Mapped[str | None] = mapped_column(String(64))
    is_scheduled: Mapped[bool] = mapped_column(default=False)
    is_partial: Mapped[bool] = mapped_column(default=False)
    """It holds only what changed at the source: what it lacks is not gone."""
    missing: Mapped[list[str]] = mapped_column(JSON, default=list)
    """Keys that the source has, though their records could not be had."""
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    held_for: Mapped[HoldReason | None]
    rows: Mapped[int] = mapped_column(default=0)
    rows_before: Mapped[int | None]
    """Rows the source had when it was last applied."""
    added: Mapped[int] = mapped_column(default=0)
    changed: Mapped[int] = mapped_column(default=0)
    unchanged: Mapped[int] = mapped_column(default=0)
    gone: Mapped[int] = mapped_column(default=0)
    quarantined: Mapped[int] = mapped_column(default=0)
    warnings: Mapped[int] = mapped_column(default=0)
    outcome: Mapped[str | None] = mapped_column(String(64))
    """A fingerprint of the file and of the entries it meets: what was shown is what is applied."""
    shown: Mapped[str | None] = mapped_column(String(64))
    """A fingerprint of the changes shown: others than these need a new look."""
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    reason: Mapped[str | None]
    """Why it was applied though it was held."""

    source: Mapped[Source] = relationship(lazy="joined")
    by: Mapped[User | None] = relationship(foreign_keys=[by_id])
    decided_by: Mapped[User | None] = relationship(foreign_keys=[decided_by_id])


class ImportPart(Record):
    """A piece of the file of an import, compressed; gone when the import is decided or old."""

    __tablename__ = "import_part"
    __table_args__ = (Index(None, "import_id", "number", unique=True),)

    import_id: Mapped[int] = mapped_column(ForeignKey("directory_import.id", ondelete="CASCADE"))
    number: Mapped[int]
    content: Mapped[bytes] = mapped_column(LargeBinary)


class ImportChange(Record):
    """What an import does, or did, with one row of its file or one service of its source."""

    __tablename__ = "import_change"
    __table_args__ = (Index(None, "import_id", "kind", "id"),)

    import_id: Mapped[int] = mapped_column(ForeignKey("directory_import.id", ondelete="CASCADE"))
    kind: Mapped[ChangeKind]
    position: Mapped[int | None]
    """The row of the file, from 1; none for what is gone."""
    service_key: Mapped[str | None] = mapped_column(String(60))
    name: Mapped[str]
    """Of the service; of the field, for what was left out."""
    details: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    """For a change, its fields with ``old`` and ``new`` in words; else one with the ``reason``."""
