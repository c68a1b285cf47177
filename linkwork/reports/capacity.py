"""The lead's page of one PCN: people started against its share, and the staff there is for it.

Every figure is of one scope and one date, which the report carries so that they are printed. The
arithmetic is in ``linkwork.capacity``; the definitions are in docs/capacity.md.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from linkwork.capacity import control, counting, headline, projection
from linkwork.capacity.assumptions import Assumptions
from linkwork.capacity.calendar import FinancialYear
from linkwork.capacity.figure import Figure, missing
from linkwork.capacity.pace import Pace, pace
from linkwork.capacity.targets import Scope, default_scope
from linkwork.casework import assumptions as settings
from linkwork.casework import posts as staff
from linkwork.casework import successions, targets
from linkwork.casework.posts import Staffing
from linkwork.casework.targets import Held
from linkwork.models import Organisation
from linkwork.reports import (
    duplicates,
    flows,
    frames,
    funnels,
    limits,
    money,
    nowhere,
    practices,
    reach,
    teams,
    waiting,
    what_ifs,
)
from linkwork.reports.basis import Basis
from linkwork.reports.duplicates import Duplicates
from linkwork.reports.flows import Flow
from linkwork.reports.funnels import Funnel
from linkwork.reports.limits import Limits
from linkwork.reports.money import Money
from linkwork.reports.nowhere import Nowhere
from linkwork.reports.practices import Practices
from linkwork.reports.reach import Reach
from linkwork.reports.teams import Team, of_staffing
from linkwork.reports.waiting import Waiting
from linkwork.reports.what_ifs import Asked, WhatIfs

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
class Standing:
    """People started against the share; what cannot be given says why."""

    share: Figure
    share_basis: str
    sentence: str
    pace: Pace | None
    projection: projection.Projection
    count: counting.PcnCount
    months: tuple[Month, ...]
    weeks: control.Chart


@dataclass(frozen=True, slots=True)
class Report:
    """All that the page of one PCN shows."""

    pcn: Organisation
    basis: Basis
    standing: Standing
    staffing: Staffing
    assumptions: Assumptions
    limits: Limits
    funnel: Funnel
    duplicates: Duplicates
    reach: Reach
    nowhere: Nowhere
    team: Team
    practices: Practices
    waiting: Waiting
    money: Money
    what_ifs: WhatIfs

    def levers(self, asked: Asked) -> WhatIfs:
        """What each lever would bring with the numbers asked. Raises BankHolidaysUnknown."""
        return what_ifs.of_pcn(
            self.basis,
            assumptions=self.assumptions,
            staffing=self.staffing,
            share=self.standing.share,
            projection=self.standing.projection,
            limits=self.limits,
            waiting=self.waiting,
            asked=asked,
        )


def of_pcn(pcn: Organisation, *, scope: Scope | None, as_of: date) -> Report:
    """The report of one PCN for the financial year of ``as_of``, up to the end of that day.

    ``scope`` None is the default: additional where the PCN has such a post.
    """
    staffing = staff.of_pcns([pcn.id]).get(pcn.id, Staffing())
    scope = scope or default_scope(post.additional for post, _ in staffing.posts)
    basis = Basis(FinancialYear.containing(as_of), as_of, scope)
    assumptions, flow = settings.in_force(pcn, as_of), flows.of_pcn(pcn.id, basis)
    funnel = funnels.of_pcn(pcn, basis, flow)
    standing, team = _standing(pcn, staffing, basis), _team(pcn, staffing, basis, assumptions)
    limited = limits.of_pcn(pcn, basis, assumptions)
    listed = _waiting(pcn, basis, assumptions, staffing, team, limited, flow)
    return Report(
        pcn=pcn,
        basis=basis,
        standing=standing,
        assumptions=assumptions,
        limits=limited,
        funnel=funnel,
        duplicates=duplicates.of_pcn(pcn, basis),
        reach=reach.of_pcn(pcn, basis, funnel=funnel),
        nowhere=nowhere.of_pcn(pcn, basis),
        team=team,
        staffing=staffing,
        practices=practices.of_pcn(pcn, basis),
        waiting=listed,
        money=money.of_pcn(
            basis, assumptions=assumptions, staffing=staffing, started=standing.count.people
        ),
        what_ifs=what_ifs.of_pcn(
            basis,
            assumptions=assumptions,
            staffing=staffing,
            share=standing.share,
            projection=standing.projection,
            limits=limited,
            waiting=listed,
        ),
    )


def share_of(stored: Held | None, pcn: Organisation) -> Figure:
    """The frozen share in people, with what was taken over, or why there is none."""
    if stored is None:
        heir = successions.today_of(pcn)
        return missing(NOT_FROZEN if heir is pcn else f"{heir.name} has its share now.")
    return missing(NO_LIST) if stored.people is None else Figure(stored.people)


def expected_by(share: Figure, year: FinancialYear, on: date) -> Figure:
    """The share to a date: T * W_e / W."""
    return share.scaled(year.elapsed(on) / year.working_days())


def month_end(month: date, year: FinancialYear) -> date:
    """The last day of a month of the year."""
    later = [first for first in (*year.months, year.next.start) if first > month]
    return later[0] - timedelta(days=1)


def _team(pcn: Organisation, staffing: Staffing, basis: Basis, assumptions: Assumptions) -> Team:
    cases = frames.open_cases([pcn.id], on=basis.as_of)
    return of_staffing(
        staffing,
        cases,
        basis.year,
        basis.as_of,
        basis.scope,
        assumptions=assumptions,
        supervision=teams.supervised(staffing, cases, basis),
    )


def _waiting(
    pcn: Organisation,
    basis: Basis,
    assumptions: Assumptions,
    staffing: Staffing,
    team: Team,
    limited: Limits,
    flow: Flow,
) -> Waiting:
    return waiting.of_pcn(
        pcn,
        basis,
        assumptions=assumptions,
        staffing=staffing,
        queue=team.waiting,
        load=team.load,
        ceilings=limited.ceilings,
        flow=flow,
    )


def _standing(pcn: Organisation, staffing: Staffing, basis: Basis) -> Standing:
    year, as_of, scope = basis.year, basis.as_of, basis.scope
    stored = targets.held(year, [pcn.id]).get((pcn.id, basis.target.code))
    count, share = frames.counted(pcn, year, as_of, scope), share_of(stored, pcn)
    ahead = projection.project(count.started_on, staffing.spans, staffing.away, year, as_of, scope)
    return Standing(
        share=share,
        share_basis=stored.basis if stored else "",
        sentence=_sentence(share, count.people, basis, ahead),
        pace=_pace(share, count.people, basis),
        projection=ahead,
        count=count,
        months=tuple(_months(count.months(year), share, basis)),
        weeks=control.chart(control.weekly(count.started_on, year.start, min(as_of, year.end))),
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


def _months(counts: Sequence[int], share: Figure, basis: Basis) -> Iterator[Month]:
    so_far = 0
    for first, people in zip(basis.year.months, counts, strict=True):
        so_far += people
        been = first <= basis.as_of
        expected = expected_by(share, basis.year, month_end(first, basis.year))
        yield Month(first, people if been else None, so_far if been else None, expected)
