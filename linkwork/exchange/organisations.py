"""Import of practices, PCNs, boards and list sizes from the published files.

A board is the integrated care board, or the partnership (STP) before it. A practice that moves
keeps its past in dated rows. What is stored and not in the file is left as it is and named.
Importing the same files again changes nothing.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from linkwork import audit
from linkwork.database import db
from linkwork.errors import FileRefused
from linkwork.exchange.organisation_files import LeftOut, Lists, Map, lists_of, map_of
from linkwork.exchange.organisation_history import Dated
from linkwork.exchange.organisation_reports import (
    FileKind,
    Partners,
    PracticeFacts,
    kind_of,
    partners_of,
    practices_of,
)
from linkwork.exchange.organisation_store import Known, Store
from linkwork.models import ListSize, Organisation, OrganisationKind, User

LEAST_SHARE = 0.8
MOST_NAMED = 8
Progress = Callable[[str], None]


@dataclass
class Report:
    """What an import did: counts by what they count, and what was left out and why."""

    added: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    moved: Counter[str] = field(default_factory=Counter)
    closed: Counter[str] = field(default_factory=Counter)
    unchanged: Counter[str] = field(default_factory=Counter)
    left_out: LeftOut = field(default_factory=LeftOut)

    @property
    def changes_nothing(self) -> bool:
        """Whether everything in the files was known already."""
        return not any(self.counts().values())

    def counts(self) -> dict[str, dict[str, int]]:
        """How many were added, changed, moved and closed, by what they are."""
        tallies = {"added": self.added, "changed": self.changed, "moved": self.moved,
                   "closed": self.closed}  # fmt: skip
        return {verb: {noun: n for noun, n in t.items() if n} for verb, t in tallies.items()}

    def lines(self) -> list[str]:
        """The report as it is read: a line each, counts first, then what was left out and why."""
        done = [
            ("Added", self.added),
            ("Changed", self.changed),
            ("Moved to another", self.moved),
            ("Closed", self.closed),
            ("Unchanged", self.unchanged),
        ]
        counts = [
            f"{verb}: {', '.join(f'{count:,} {noun}' for noun, count in tally.items() if count)}."
            for verb, tally in done
            if tally.total()
        ]
        return counts + [_reason_line(*pair) for pair in self.left_out.because.items()]


@dataclass(frozen=True, slots=True)
class Named:
    """A file, and what whoever sent it calls it."""

    file: Path
    name: str = ""


def import_organisations(
    map_file: Path,
    lists_file: Path | None,
    *,
    by: User | None,
    at: datetime,
    on: date,
    progress: Progress | None = None,
) -> Report:
    """Bring in a map of practices and list sizes: ``import_files`` for these two."""
    files = [Named(map_file), *([Named(lists_file)] if lists_file else [])]
    expected = [FileKind.MAP, FileKind.LISTS]
    return import_files(files, expected=expected, by=by, at=at, on=on, progress=progress)


def import_files(
    files: Sequence[Named],
    *,
    by: User | None,
    at: datetime,
    on: date,
    progress: Progress | None = None,
    expected: Sequence[FileKind] = (),
    on_trial: bool = False,
) -> Report:
    """Bring the stored organisations to what the files say, and flush.

    Each file is known by what is in it, in any order: see ``FileKind``. ``on`` is today: the date
    of a file without one, and no file may be dated after it. ``expected`` are their kinds where
    somebody said so; ``on_trial`` is for who takes it all back. Raises FileRefused, having changed
    nothing, for a file that is none of them, two of one kind, and one with fewer than 80% of what
    is stored.
    """
    say, report = progress or (lambda _: None), Report()
    by_kind = _sorted(files, expected)
    read = _Read(by_kind, report.left_out, on, say)
    store = Store(report.added, report.changed, report.unchanged, report.left_out, at)
    dated = Dated(store, on, report.moved, report.closed)
    _refuse_too_few(read, store.known)
    _store(read, store, dated, say)
    report.moved += store.moved
    db.session.expire_all()  # what was loaded before may have been changed beneath it
    if not on_trial:
        about: dict[str, Any] = report.counts()
        audit.record(audit.Event.ORGANISATIONS_IMPORTED, None, by=by, **about)
    return report


def _store(read: "_Read", store: Store, dated: Dated, say: Progress) -> None:
    if read.map:
        say(f"Storing {len(read.map.practices):,} practices")
        store.organisations(read.map)
    if read.practices:
        say(f"Storing {len(read.practices):,} practices, open and closed")
        dated.practices(read.practices)
    if read.partners:
        say(f"Storing the PCNs of {len(read.partners.spells):,} practices")
        dated.partners(read.partners)
    if read.lists:
        say(f"Storing {len(read.lists.patients):,} list sizes")
        store.list_sizes(read.lists, read.map or store.as_map(dated.on))


class _Read:
    """What the files say, each read to its end before anything is stored."""

    def __init__(
        self, files: dict[FileKind, Named], left_out: LeftOut, on: date, say: Progress
    ) -> None:
        self.map: Map | None = None
        self.lists: Lists | None = None
        self.partners: Partners | None = None
        self.practices: dict[str, PracticeFacts] = {}
        for kind, named in files.items():
            say(f"Reading the {kind}")
            file, name = named.file, named.name
            if kind is FileKind.MAP:
                self.map = map_of(file, left_out, on=on, name=name)
            elif kind is FileKind.LISTS:
                self.lists = lists_of(file, left_out, on=on, name=name)
            elif kind is FileKind.PARTNERS:
                self.partners = partners_of(file, left_out, name=name)
            else:
                self.practices = practices_of(file, left_out, name=name)


def _sorted(files: Sequence[Named], expected: Sequence[FileKind]) -> dict[FileKind, Named]:
    kinds: dict[FileKind, Named] = {}
    for place, named in enumerate(files):
        kind = expected[place] if place < len(expected) else kind_of(named.file, name=named.name)
        if kind in kinds:
            both = (
                f"{kinds[kind].name or kinds[kind].file.name} and {named.name or named.file.name}"
            )
            raise FileRefused(f"{both} are both a {kind}. Bring in one of them at a time.")
        kinds[kind] = named
    return {kind: kinds[kind] for kind in FileKind if kind in kinds}


def _refuse_too_few(read: _Read, known: dict[str, Known]) -> None:
    """A file that was cut short looks like a whole one: it must hold most of what is stored."""
    stored = sum(one.kind is OrganisationKind.PRACTICE for one in known.values())
    placed = sum(
        one.kind is OrganisationKind.PRACTICE and one.parent_id is not None
        for one in known.values()
    )
    if read.map:
        _refuse_fewer(len(read.map.practices), stored, "practices")
    if read.practices:
        _refuse_fewer(len(read.practices), stored, "practices")
    if read.partners:
        _refuse_fewer(len(read.partners.spells), placed, "practices with a PCN")
    if read.lists:
        kinds = {known[code].kind for code in read.lists.patients if code in known}
        sized = select(func.count(ListSize.organisation_id.distinct())).join(Organisation)
        before = db.session.scalar(sized.where(Organisation.kind.in_(kinds)))
        _refuse_fewer(len(read.lists.patients), before or 0, "list sizes")


def _refuse_fewer(now: int, before: int, noun: str) -> None:
    if now < LEAST_SHARE * before:
        raise FileRefused(
            f"The file has {now:,} {noun}, and {before:,} are stored already."
            " It looks cut short, so nothing was changed. Get the whole file and import that."
        )


def _reason_line(reason: str, which: list[str]) -> str:
    named = ", ".join(which[:MOST_NAMED])
    more = f" and {len(which) - MOST_NAMED:,} more" if len(which) > MOST_NAMED else ""
    return f"{reason} ({len(which):,}): {named}{more}."
