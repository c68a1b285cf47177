"""What would change the figures of one PCN: the levers side by side.

Section 9 of the capacity rules (docs/capacity.md, "What if"). The arithmetic is in
``linkwork.capacity.what_ifs``; here it gets what is known of the PCN.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from linkwork.capacity import posts, what_ifs
from linkwork.capacity.assumptions import Assumptions
from linkwork.capacity.calendar import FinancialYear, long_date
from linkwork.capacity.ceilings import Ceilings
from linkwork.capacity.figure import Figure, counted, missing, people
from linkwork.capacity.money import NO_COST
from linkwork.capacity.projection import Projection
from linkwork.capacity.targets import Scope
from linkwork.capacity.waiting import starts_a_week
from linkwork.capacity.what_ifs import Effect, Lever, Outset, Week
from linkwork.casework.posts import Staffing
from linkwork.reports.basis import Basis
from linkwork.reports.limits import Limits
from linkwork.reports.waiting import Waiting

RECRUITED_WTE, MOVED_WTE = 1.0, 0.2
ANOTHER = "another PCN"
ELSE = "Something else limits this PCN, so it would change nothing."


@dataclass(frozen=True, slots=True)
class Asked:
    """What is tried: how much is recruited and from when, and so on.

    ``moved_from`` names the PCN that ``moved_wte`` come from, where one WTE starts
    ``people_there`` people a year.
    """

    wte: float
    from_on: date
    weeks: float
    contacts: float
    moved_wte: float
    moved_from: str
    people_there: float


@dataclass(frozen=True, slots=True)
class WhatIfs:
    """Each lever with what it brings, doing nothing first.

    ``gap`` is people short of the share by 31 March, ``closing`` the WTE that would close it.
    """

    asked: Asked
    effects: tuple[Effect, ...]
    gap: Figure
    closing: Figure
    people_per_wte: float
    ramp: bool

    @property
    def sentence(self) -> str:
        """What it takes to close the gap, or why that cannot be said."""
        if self.gap.value is None:
            return self.gap.reason
        if round(self.gap.value) <= 0:
            return "There is no gap to close: the share is expected to be met."
        gap = f"The gap by 31 March is {people(self.gap.value)}."
        if self.closing.value is None:
            return f"{gap} {self.closing.reason}"
        day = long_date(self.asked.from_on)
        return f"{gap} Closing it takes {self.closing.text(1)} WTE from {day}."

    @property
    def assumed(self) -> str:
        """What is taken for granted of a PCN that was not named."""
        if self.asked.moved_from != ANOTHER:
            return ""
        return f"Another PCN is taken to start {self.asked.people_there:,.0f} a year for each WTE."

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why a figure is missing: each reason once, but not that a lever brings nobody."""
        figures = (f for e in self.effects for f in (e.total, e.wait_weeks, e.cost))
        return tuple(dict.fromkeys(figure.reason for figure in figures if figure.reason))


def usual(basis: Basis, assumptions: Assumptions) -> Asked:
    """What is tried first: 1 WTE from the first day of the next month, and what is assumed."""
    return Asked(
        wte=RECRUITED_WTE,
        from_on=_next_month(basis.as_of, basis.year),
        weeks=assumptions.shorter_weeks,
        contacts=assumptions.fewer_contacts,
        moved_wte=MOVED_WTE,
        moved_from=ANOTHER,
        people_there=assumptions.people_per_wte,
    )


def of_pcn(
    basis: Basis,
    *,
    assumptions: Assumptions,
    staffing: Staffing,
    share: Figure,
    projection: Projection,
    limits: Limits,
    waiting: Waiting,
    asked: Asked | None = None,
) -> WhatIfs:
    """The levers for a PCN, seen from ``basis.as_of``. No query. Raises BankHolidaysUnknown."""
    asked = asked or usual(basis, assumptions)
    start = _outset(basis, assumptions, staffing, projection, waiting)
    gap = _gap(share, projection)
    effects = (
        what_ifs.nothing(start),
        what_ifs.recruit(start, asked.wte, asked.from_on),
        _shorter(start, limits.ceilings, asked.weeks),
        _fewer(start, limits.ceilings, asked.contacts),
        what_ifs.move(start, asked.moved_wte, asked.from_on, asked.people_there, asked.moved_from),
    )
    closing = start.to_close(gap, asked.from_on)
    return WhatIfs(asked, effects, gap, closing, start.people_per_wte, start.ramp)


def _outset(
    basis: Basis,
    assumptions: Assumptions,
    staffing: Staffing,
    projection: Projection,
    waiting: Waiting,
) -> Outset:
    year, as_of, cost = basis.year, basis.as_of, assumptions.cost_per_wte
    weeks = _weeks(staffing, basis)
    return Outset(
        year=year,
        as_of=as_of,
        expected=projection.expected,
        anyway=_anyway(basis, staffing, waiting, weeks),
        waiting=waiting.ahead,
        weeks=weeks,
        wte_days_left=_days_left(staffing, basis, basis.scope),
        people_per_wte=waiting.people_per_wte,
        places=waiting.places,
        cost_per_wte=missing(NO_COST) if cost is None else Figure(cost),
        ramp=assumptions.ramp,
    )


def _anyway(basis: Basis, staffing: Staffing, waiting: Waiting, weeks: Sequence[Week]) -> float:
    """People all workers will start by 31 March: at the pace of late, or as many as they can."""
    pace = waiting.started_each.value
    if pace is not None:
        return pace * _days_left(staffing, basis, Scope.ALL)
    k, places = waiting.people_per_wte, waiting.places
    return sum(week.part * starts_a_week(week.wte, k, places) for week in weeks)


def _weeks(staffing: Staffing, basis: Basis) -> tuple[Week, ...]:
    spans, away = staffing.spans, staffing.away

    def wte(on: date) -> float:
        return posts.wte_on(spans, away, on, projected=True)

    return what_ifs.weeks_left(basis.as_of, basis.year, wte)


def _days_left(staffing: Staffing, basis: Basis, scope: Scope) -> float:
    tomorrow = basis.as_of + timedelta(days=1)
    spans, away = staffing.spans, staffing.away
    return posts.wte_days(spans, away, tomorrow, basis.year.end, scope, projected=True)


def _shorter(start: Outset, now: Ceilings, weeks: float) -> Effect:
    label = f"Shorten support to {counted(weeks, 'week')}"
    if now.weeks_open is None:
        why, better = now.by_open_cases.reason, start.people_per_wte
    else:
        better = Ceilings(now.workload, min(weeks, now.weeks_open), now.contacts).people_per_wte
        is_so = now.weeks_open <= weeks
        why = f"Support lasts {counted(now.weeks_open, 'week')} already." if is_so else ELSE
    return what_ifs.ease(start, Lever.SHORTER, label, better, why)


def _fewer(start: Outset, now: Ceilings, contacts: float) -> Effect:
    label = f"Fewer contacts: {contacts:g} for each person"
    if now.contacts is None:
        why, better = now.by_hours.reason, start.people_per_wte
    else:
        better = Ceilings(now.workload, now.weeks_open, min(contacts, now.contacts)).people_per_wte
        is_so = now.contacts <= contacts
        why = f"There are {now.contacts:.3g} contacts each already." if is_so else ELSE
    return what_ifs.ease(start, Lever.FEWER, label, better, why)


def _gap(share: Figure, projection: Projection) -> Figure:
    """People that the share has more than are expected, from 0."""
    expected = projection.expected
    if share.value is None or expected.value is None:
        return share if share.value is None else expected
    return Figure(max(0.0, share.value - expected.value))


def _next_month(as_of: date, year: FinancialYear) -> date:
    first = next((month for month in year.months if month > as_of), None)
    return first or as_of + timedelta(days=1)
