"""Import of practices, PCNs, boards and list sizes from the published files.

A board is the integrated care board, or the partnership (STP) before it. A practice that moves
keeps its past in dated rows. What is stored and not in the file is left as it is and named.
Importing the same files again changes nothing.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from sqlalchemy import func, select

from linkwork import audit
from linkwork.database import db
from linkwork.errors import FileRefused
from linkwork.exchange.organisation_files import LeftOut, Lists, Map, lists_of, map_of
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
    unchanged: Counter[str] = field(default_factory=Counter)
    left_out: LeftOut = field(default_factory=LeftOut)

    @property
    def changes_nothing(self) -> bool:
        """Whether everything in the files was known already."""
        return not self.added.total() and not self.changed.total()

    def lines(self) -> list[str]:
        """The report as it is read: a line each, counts first, then what was left out and why."""
        done = [("Added", self.added), ("Changed", self.changed), ("Unchanged", self.unchanged)]
        counts = [
            f"{verb}: {', '.join(f'{count:,} {noun}' for noun, count in tally.items() if count)}."
            for verb, tally in done
            if tally.total()
        ]
        return counts + [_reason_line(*pair) for pair in self.left_out.because.items()]


def import_organisations(
    map_file: Path,
    lists_file: Path | None,
    *,
    by: User | None,
    at: datetime,
    on: date,
    progress: Progress | None = None,
    names: tuple[str, str] = ("", ""),
) -> Report:
    """Bring the stored organisations to what the files say, and flush.

    ``on`` is today: the date of a file without one, and no file may be dated after it. ``names``
    are what the user calls the two files. Raises FileRefused, having changed nothing, for the
    wrong file and for one with fewer than 80% of the rows already stored.
    """
    say = progress or (lambda _: None)
    report = Report()
    say("Reading the map of practices")
    found = map_of(map_file, report.left_out, on=on, name=names[0])
    say("Reading the list sizes")
    lists = lists_of(lists_file, report.left_out, on=on, name=names[1]) if lists_file else None
    store = Store(report.added, report.changed, report.unchanged, report.left_out, at)
    _refuse_too_few(found, lists, store.known)
    say(f"Storing {len(found.practices):,} practices")
    store.organisations(found)
    if lists:
        say(f"Storing {len(lists.patients):,} list sizes")
        store.list_sizes(lists, found)
    db.session.expire_all()  # what was loaded before may have been changed beneath it
    event, added, changed = audit.Event.ORGANISATIONS_IMPORTED, report.added, report.changed
    audit.record(event, None, by=by, added=dict(added), changed=dict(changed))
    return report


def _refuse_too_few(found: Map, lists: Lists | None, known: dict[str, Known]) -> None:
    """A file that was cut short looks like a whole one: it must hold most of what is stored."""
    stored = sum(one.kind is OrganisationKind.PRACTICE for one in known.values())
    _refuse_fewer(len(found.practices), stored, "practices")
    if lists:
        kinds = {known[code].kind for code in lists.patients if code in known}
        sized = select(func.count(ListSize.organisation_id.distinct())).join(Organisation)
        before = db.session.scalar(sized.where(Organisation.kind.in_(kinds)))
        _refuse_fewer(len(lists.patients), before or 0, "list sizes")


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
