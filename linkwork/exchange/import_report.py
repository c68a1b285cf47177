"""What an import did: counts, and every row or part that did not go in, with its reason."""

from collections.abc import Iterator
from dataclasses import dataclass, field

MOST_KEPT = 1000
MOST_NAMED = 20


@dataclass(frozen=True, slots=True)
class Quarantined:
    """A row, or one part of it, that was left out.

    ``position`` counts the rows of the file from 1, ``id`` is the row's own name for itself where
    it has one, ``field`` is where the fault is, and ``reason`` says in words what is wrong.
    """

    position: int
    id: str | None
    field: str
    reason: str

    def __str__(self) -> str:
        name = f" ({self.id})" if self.id else ""
        return f"Row {self.position}{name}, {self.field}: {self.reason}"


@dataclass(slots=True)
class ImportReport:
    """What came of one file.

    ``gone`` are names of records of the same source that this file no longer has: they are kept.
    ``rows`` counts those of the file.
    ``quarantined`` are rows that did not go in, ``warnings`` parts that did not while the rest of
    their row did. Both lists keep the first ``MOST_KEPT``; the totals count all.
    """

    source: str
    rows: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: list[str] = field(default_factory=list)
    quarantined: list[Quarantined] = field(default_factory=list)
    warnings: list[Quarantined] = field(default_factory=list)
    quarantined_total: int = 0
    warnings_total: int = 0

    def quarantine(self, row: Quarantined) -> None:
        """Note a row that did not go in."""
        self.quarantined_total += 1
        if len(self.quarantined) < MOST_KEPT:
            self.quarantined.append(row)

    def warn(self, part: Quarantined) -> None:
        """Note a part that did not go in while its row did."""
        self.warnings_total += 1
        if len(self.warnings) < MOST_KEPT:
            self.warnings.append(part)

    def counts(self) -> dict[str, int]:
        """The numbers alone, for the audit trail."""
        return {
            "added": self.added,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "gone": len(self.gone),
            "quarantined": self.quarantined_total,
            "warnings": self.warnings_total,
        }

    def lines(self) -> Iterator[str]:
        """The report as text, a line at a time."""
        counts = f"{self.added} added, {self.changed} changed, {self.unchanged} unchanged"
        yield f"{self.source}: {counts}."
        if self.gone:
            yield f"Not in this file any more, and kept: {len(self.gone)}"
            yield from _some(self.gone, len(self.gone))
        if self.quarantined:
            yield f"Left out, to be put right at the source: {self.quarantined_total}"
            yield from _some(self.quarantined, self.quarantined_total)
        if self.warnings:
            yield f"Taken in without one of their parts: {self.warnings_total}"
            yield from _some(self.warnings, self.warnings_total)


def _some(named: list[str] | list[Quarantined], total: int) -> Iterator[str]:
    yield from (f"  {one}" for one in named[:MOST_NAMED])
    if total > MOST_NAMED:
        yield f"  and {total - MOST_NAMED} more"
