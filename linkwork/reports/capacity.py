"""The lead's page of one PCN: people started against its share, and the staff there is for it.

Every figure is of one scope and one date, which the report carries so that they are printed. The
arithmetic is in ``linkwork.capacity``; the definitions are in docs/capacity.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from linkwork.capacity import counting, headline, projection
from linkwork.capacity.calendar import FinancialYear
from linkwork.capacity.figure import Figure, missing, ratio
from linkwork.capacity.pace import Pace, pace
from linkwork.capacity.targets import Scope, Target, default_scope
from linkwork.casework import posts as staff
from linkwork.casework import targets
from linkwork.casework.posts import Staffing
from linkwork.casework.targets import Held
from linkwork.models import Organisation
from linkwork.reports import disclosure, frames
from linkwork.reports.basis import Basis
from linkwork.reports.teams import Team, of_staffing

NOT_FROZEN = "Its share of the target has not been worked out yet."
NO_LIST = "It has no list size, so it has no share of the target."


@dataclass(frozen=True, slots=True)
class Month:
    """A month: people started in it, in the year to its end, and the share to its end.

    ``started`` and ``so_far`` are None for a month still to come.
    """

    first_on: date
    started: int | None
    so_far: int | None
    expected: Figure


@dataclass(frozen=True, slots=True)
class Practice:
    """A practice: referrals in the year to date and per 1,000 patients, as they are printed."""

    name: str
    patients: int | None
    referrals: str
    rate: str


@dataclass(frozen=True, slots=True)
class Standing:
    """People started against the share; what cannot be given says why."""

    share: Figure
    share_basis: str
    sentence: str
    pace: Pace | None
    projection: projection.Projection
    count: counting.PcnCount
    months: tuple[Month, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """All that the page of one PCN shows."""

    pcn: Organisation
    basis: Basis
    standing: Standing
    team: Team
    staffing: Staffing
    practices: tuple[Practice, ...]


def of_pcn(pcn: Organisation, *, scope: Scope | None, as_of: date) -> Report:
    """The report of one PCN for the financial year of ``as_of``, up to the end of that day.

    ``scope`` None is the default: additional where the PCN has such a post. Seven queries.
    """
    staffing = staff.of_pcns([pcn.id]).get(pcn.id, Staffing())
    scope = scope or default_scope(post.additional for post, _ in staffing.posts)
    basis = Basis(FinancialYear.containing(as_of), as_of, scope)
    cases = frames.open_cases([pcn.id])
    return Report(
        pcn=pcn,
        basis=basis,
        standing=_standing(pcn, staffing, basis),
        team=of_staffing(staffing, cases, basis.year, as_of, scope),
        staffing=staffing,
        practices=tuple(_practices(pcn, basis.year, as_of)),
    )


def share_of(stored: Held | None) -> Figure:
    """The frozen share in people, with what was taken over, or why there is none."""
    if stored is None:
        return missing(NOT_FROZEN)
    return missing(NO_LIST) if stored.people is None else Figure(stored.people)


def expected_by(share: Figure, year: FinancialYear, on: date) -> Figure:
    """The share to a date: T * W_e / W."""
    return share.scaled(year.elapsed(on) / year.working_days())


def month_end(month: date, year: FinancialYear) -> date:
    """The last day of a month of the year."""
    later = [first for first in (*year.months, year.next.start) if first > month]
    return later[0] - timedelta(days=1)


def _basis(stored: Held | None, target: Target) -> str:
    """What the share was worked out from, in a sentence."""
    if stored is None or stored.people is None:
        return ""
    national = max(row.inputs["national_list"] for row in stored.rows)
    merged = len(stored.inherited) + bool(stored.own)
    taken_over = f" These are the shares of {merged} PCNs that merged." if merged > 1 else ""
    return (
        f"{stored.people:,} of {target.people:,} people: {stored.list_size:,} of"
        f" {national:,} registered patients, rounded so that all shares add up.{taken_over}"
    )


def _standing(pcn: Organisation, staffing: Staffing, basis: Basis) -> Standing:
    year, as_of, scope = basis.year, basis.as_of, basis.scope
    stored = targets.held(year, [pcn.id], on=as_of).get((pcn.id, basis.target.code))
    counts = counting.count(frames.starts([pcn.id], year, as_of), year, as_of, scope)
    count, share = counts.of(pcn.ods_code or pcn.key), share_of(stored)
    ahead = projection.project(count.started_on, staffing.spans, staffing.away, year, as_of, scope)
    return Standing(
        share=share,
        share_basis=_basis(stored, basis.target),
        sentence=_sentence(share, count.people, basis, ahead),
        pace=_pace(share, count.people, basis),
        projection=ahead,
        count=count,
        months=_months(counts.month_table(count.pcn_code), share, basis),
    )


def _pace(share: Figure, started: int, basis: Basis) -> Pace | None:
    if share.value is None:
        return None
    return pace(round(share.value), started, basis.year, basis.as_of)


def _sentence(share: Figure, started: int, basis: Basis, ahead: projection.Projection) -> str:
    against = _pace(share, started, basis)
    if against is None:
        return headline.without_share(started, basis.year, share.reason)
    return headline.headline(against, ahead)


def _months(rows: Sequence[counting.MonthRow], share: Figure, basis: Basis) -> tuple[Month, ...]:
    year, as_of = basis.year, basis.as_of
    return tuple(
        Month(
            row.month,
            row.people if row.month <= as_of else None,
            row.so_far if row.month <= as_of else None,
            expected_by(share, year, month_end(row.month, year)),
        )
        for row in rows
    )


def _practices(pcn: Organisation, year: FinancialYear, as_of: date) -> list[Practice]:
    """Practices with their referrals; small counts are withheld, and with them the rate."""
    found = frames.referrals_by_practice(pcn.id, year, as_of)
    steads = disclosure.withheld([row.referrals for row in found], with_total=False)
    return [
        Practice(
            row.practice,
            row.patients,
            stead or f"{row.referrals:,}",
            stead or ratio(1000 * row.referrals, row.patients or 0, "No list size").text(1),
        )
        for row, stead in zip(found, steads, strict=True)
    ]
