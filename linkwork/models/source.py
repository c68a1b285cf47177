"""Sources: where the entries of the directory come from."""

from datetime import datetime

from sqlalchemy import JSON, CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from linkwork.database import Addressed

LONGEST_NAME = 100


class Source(Addressed):
    """A feed, or a list somebody sends. ``Service.source`` is its name."""

    __tablename__ = "source"
    __table_args__ = (
        CheckConstraint("every_hours > 0", name="every_hours"),
        CheckConstraint("failures >= 0", name="failures"),
    )

    name: Mapped[str] = mapped_column(String(LONGEST_NAME), unique=True)
    address: Mapped[str | None]
    """Where it is fetched from; None where files are brought by hand."""
    kind: Mapped[str | None] = mapped_column(String(100))
    """The shape its file had the last time, in words."""
    columns: Mapped[dict[str, str | list[str]]] = mapped_column(JSON, default=dict)
    """What a spreadsheet of it means: meaning to header, as somebody confirmed it."""
    every_hours: Mapped[int | None]
    """How often it is fetched by itself; None is never."""
    next_due_at: Mapped[datetime | None] = mapped_column(index=True)
    taken_until: Mapped[datetime | None]
    """A run is fetching it now, and is taken for dead after this."""
    last_fetched_at: Mapped[datetime | None]
    last_seen_at: Mapped[datetime | None]
    """When an import of it was last applied."""
    last_rows: Mapped[int | None]
    """How many rows that import had: what a feed that shrinks is measured against."""
    last_full_at: Mapped[datetime | None]
    """When all of it was last fetched, and not only what had changed."""
    etag: Mapped[str | None]
    modified: Mapped[str | None]
    """Both as the server gave them, to be given back to it."""
    error: Mapped[str | None]
    """Why the last attempt failed, in a sentence; None when it went well."""
    failures: Mapped[int] = mapped_column(default=0)
    """Attempts that failed since the last that went well."""
