"""What becomes of each row of an import, and of what a source no longer has."""

from dataclasses import dataclass, field
from typing import Any

from linkwork.exchange.directory_entries import Gone
from linkwork.exchange.import_report import Quarantined
from linkwork.models import ChangeKind


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of one row, or of one service the source no longer has."""

    kind: ChangeKind
    name: str
    position: int | None = None
    key: str | None = None
    details: list[dict[str, Any]] = field(default_factory=list)

    def row(self, import_id: int) -> dict[str, Any]:
        """What is kept of it with an import."""
        return {
            "import_id": import_id,
            "kind": self.kind,
            "position": self.position,
            "service_key": self.key and self.key[:60],
            "name": self.name,
            "details": self.details,
        }


def gone_of(row: Gone) -> Outcome:
    """What becomes of an entry that its source no longer has: it stays."""
    seen = row.last_seen_at.isoformat() if row.last_seen_at else None
    return Outcome(ChangeKind.GONE, row.name, key=row.key, details=[{"last_seen_at": seen}])


def left_out_of(kind: ChangeKind, row: Quarantined) -> Outcome:
    """What becomes of a row, or a part of one, that cannot be used."""
    return Outcome(kind, row.field, row.position, row.id, [{"reason": row.reason}])
