"""Reports on capacity as they were: kept each month or when asked, and set beside what is known.

What is kept is what ``documents.of_report`` gives, so that a kept report is read again as it was,
whatever became of its cases, posts, settings or the PCN itself.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from linkwork.capacity.calendar import london_date, long_date
from linkwork.capacity.targets import Scope
from linkwork.casework import kept_reports
from linkwork.models import KeptReport, Organisation, User
from linkwork.reports import capacity, documents, frames, statements
from linkwork.reports.basis import Basis
from linkwork.reports.stated import Stated

SAME = "Same"
NOW_KNOWN, NOT_NOW = "Can be given now", "Cannot be given now"


@dataclass(frozen=True, slots=True)
class Change:
    """People started by ``as_of``: how many more (or fewer) are known now than when it was kept."""

    key: str
    since: date
    as_of: date
    people: int

    @property
    def sentence(self) -> str:
        """What changed since when, in a sentence."""
        counted = "person" if abs(self.people) == 1 else "people"
        return (
            f"Figures changed since {_day(self.since)}: {self.people:+,} {counted} started by"
            f" {_day(self.as_of)}."
        )


@dataclass(frozen=True, slots=True)
class Beside:
    """One figure of a kept report, what it would be if it were made now, and the difference."""

    kept: dict[str, Any]
    now: str
    difference: str

    @property
    def is_changed(self) -> bool:
        """Whether it would be another figure now."""
        return self.difference != SAME


def keep(
    pcn: Organisation,
    *,
    scope: Scope,
    as_of: date,
    by: User | None,
    at: datetime,
    month_on: date | None = None,
) -> KeptReport:
    """Keep the report of a PCN and day. Raises RuleBroken, BankHolidaysUnknown."""
    report = capacity.of_pcn(pcn, scope=scope, as_of=min(as_of, london_date(at)))
    return kept_reports.keep(
        pcn,
        documents.of_report(report),
        scope=scope,
        as_of=as_of,
        people=report.standing.count.people,
        by=by,
        at=at,
        month_on=month_on,
    )


def keep_month(pcn: Organisation, scope: Scope, *, at: datetime) -> KeptReport:
    """Keep the regular report of the month before: to its last day. Raises BankHolidaysUnknown."""
    month, last = month_before(at)
    return keep(pcn, scope=scope, as_of=last, by=None, at=at, month_on=month)


def due(at: datetime, *, most: int) -> Iterator[tuple[Organisation, Scope]]:
    """The PCNs and scopes whose report of the month before is still to be kept."""
    month, _ = month_before(at)
    for scope in Scope:
        for pcn in kept_reports.without_month(month, scope, most=most):
            yield pcn, scope


def month_before(at: datetime) -> tuple[date, date]:
    """The first and the last day of the month before a moment, in London."""
    last = london_date(at).replace(day=1) - timedelta(days=1)
    return last.replace(day=1), last


def changed_since(pcn: Organisation, basis: Basis) -> Change | None:
    """What is known now of the day of the newest kept report, where it is not what it says.

    None where nothing was kept in the year and scope, nothing changed, or what was kept is not as
    it was sealed. Two queries, and one where something changed.
    """
    kept = kept_reports.newest(pcn, basis.year, basis.scope, basis.as_of)
    if kept is None:
        return None
    now = frames.totals([pcn.id], basis.year, kept.as_of, basis.scope).get(pcn.id, 0)
    if now == kept.people or not kept_reports.is_whole(kept):
        return None
    return Change(kept.key, london_date(kept.kept_at), kept.as_of, now - kept.people)


def beside_now(kept: KeptReport) -> list[Beside]:
    """Each figure of a kept report beside what is known now of the same day and scope.

    Raises RuleBroken where the report is not as it was kept.
    """
    says = kept_reports.said(kept)
    report = capacity.of_pcn(kept.organisation, scope=kept.scope, as_of=kept.as_of)
    now = statements.by_code(report)
    return [_beside(figure, now.get(figure["code"])) for figure in says["figures"]]


def _beside(kept: dict[str, Any], now: Stated | None) -> Beside:
    if now is None:
        return Beside(kept, "", NOT_NOW)
    return Beside(kept, now.text, _difference(kept, now))


def _difference(kept: dict[str, Any], now: Stated) -> str:
    before, after = kept["value"], now.value
    if before is None or after is None:
        return SAME if before is after else NOW_KNOWN if before is None else NOT_NOW
    if kept["text"] == now.text:
        return SAME
    places = len(now.text.partition(".")[2])
    return f"{after - before:+,.{max(places, 0)}f}"


def _day(day: date) -> str:
    return long_date(day).rsplit(" ", 1)[0]
