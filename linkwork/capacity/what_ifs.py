"""The levers side by side: what each thing that could be done brings by 31 March.

Section 9 of the capacity rules (docs/capacity.md, "What if"). For each: people, the wait of
somebody who joins on 31 March, pounds, and pounds for each extra person.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from linkwork.capacity.calendar import FinancialYear, long_date
from linkwork.capacity.ceilings import WEEKS_A_YEAR
from linkwork.capacity.figure import Figure, missing, people, ratio
from linkwork.capacity.levers import built_up, eased, possible, recruited, wte_to_close
from linkwork.capacity.waiting import NO_STARTS, WaitingList

DAYS_A_WEEK = 7
NOBODY_MORE = "Nobody more would be started."
OVER = "The year is over, so nothing changes its figure any more."


class Lever(StrEnum):
    """What could be done."""

    NOTHING = "nothing"
    RECRUIT = "recruit"
    SHORTER = "shorter"
    FEWER = "fewer"
    MOVE = "move"


@dataclass(frozen=True, slots=True)
class Week:
    """Seven days from `first_on` on, or what is left of them before 31 March: `part` of a week.

    `wte` are at work in it, on the posts, leavers, starters and absences already known.
    """

    first_on: date
    part: float
    wte: float


@dataclass(frozen=True, slots=True)
class Outset:
    """A PCN on a date, before anything is changed.

    `expected` are the people of the scope started by 31 March as things are, `anyway` those that
    all its workers will start after the date. `waiting` is its list, whose starts a week are
    not used: those of each week follow from its WTE at `people_per_wte` (k_eff), at most
    `places`. `wte_days_left` are of the scope. `cost_per_wte` is pounds a year.
    """

    year: FinancialYear
    as_of: date
    expected: Figure
    anyway: float
    waiting: WaitingList
    weeks: tuple[Week, ...]
    wte_days_left: float
    people_per_wte: float
    places: float
    cost_per_wte: Figure
    ramp: bool = True

    @property
    def arrivals_left(self) -> float:
        """People who will still come to a start by 31 March."""
        return self.waiting.arrivals * sum(week.part for week in self.weeks)

    @property
    def people_left(self) -> float:
        """People there are to start by 31 March beyond those who will be started anyway."""
        return max(0.0, self.waiting.queue + self.arrivals_left - self.anyway)

    def to_close(self, gap: Figure, from_on: date) -> Figure:
        """WTE to recruit from a day to start `gap` more people by 31 March, or why none can."""
        if gap.value is None:
            return gap
        if not self.weeks:
            return missing(OVER)
        if round(gap.value) > round(self.people_left):
            left = people(self.people_left)
            return missing(f"Only {left} would be left to start, so no recruit can close it.")
        k = self.people_per_wte
        return wte_to_close(gap.value, from_on, self.year, k, ramp=self.ramp)


@dataclass(frozen=True, slots=True)
class Effect:
    """One lever. `extra` are people started by 31 March because of it, `total` all of them.

    `wait_weeks` is the wait of somebody who joins the list on 31 March. `cost` is pounds by
    then. `loss` are people that another PCN starts fewer. `note` is what to know of it.
    """

    lever: Lever
    label: str
    extra: float
    total: Figure
    wait_weeks: Figure
    cost: Figure
    loss: float = 0.0
    note: str = ""

    @property
    def cost_per_person(self) -> Figure:
        """Pounds for each extra person, or why there is none."""
        if self.cost.value is None:
            return self.cost
        if not round(self.extra):
            return missing(NOBODY_MORE)
        return ratio(self.cost.value, self.extra, NOBODY_MORE)


def weeks_left(
    as_of: date, year: FinancialYear, wte_on: Callable[[date], float]
) -> tuple[Week, ...]:
    """The weeks from the day after `as_of` to 31 March; `wte_on` says who is at work on a day."""
    return tuple(_weeks(max(as_of, year.start - timedelta(days=1)), year, wte_on))


def nothing(outset: Outset) -> Effect:
    """Do nothing: what the figures of today lead to."""
    wait = _wait(outset, lambda week: _possible_now(outset, week))
    return Effect(Lever.NOTHING, "Do nothing", 0.0, outset.expected, wait, Figure(0))


def recruit(outset: Outset, wte: float, from_on: date) -> Effect:
    """Recruit `wte` from a date on, which costs their pay from then to 31 March."""
    label = f"Recruit {wte:g} WTE from {long_date(from_on)}"
    k, ramp = outset.people_per_wte, outset.ramp
    wanted = recruited(wte, from_on, outset.year, k, ramp=ramp)
    paid = wte * outset.year.working_days(from_on, outset.year.end) / outset.year.working_days()

    def started(week: Week) -> float:
        more = wte * built_up(from_on, week.first_on, ramp=ramp) * k / WEEKS_A_YEAR
        return _possible_now(outset, week) + more

    cost = outset.cost_per_wte.scaled(paid)
    late = "They would begin after 31 March." if from_on > outset.year.end else ""
    return _effect(outset, Lever.RECRUIT, label, wanted, started, cost, note=late)


def ease(outset: Outset, lever: Lever, label: str, better: float, why_not: str) -> Effect:
    """Shorter support or fewer contacts: each WTE can start `better` people a year, at no cost.

    `why_not` is said where that is no more than now.
    """
    wanted = eased(outset.wte_days_left, outset.year, outset.people_per_wte, better)
    gain = max(1.0, better / outset.people_per_wte)

    def started(week: Week) -> float:
        return gain * _possible_now(outset, week)

    note = why_not if gain == 1 else ""
    return _effect(outset, lever, label, wanted, started, Figure(0), note=note)


def move(outset: Outset, wte: float, from_on: date, there: float, whence: str) -> Effect:
    """Move `wte` here from another PCN, where one WTE starts `there` people a year.

    No ramp, because it is the same worker, and no cost, because the pay moves too. What the
    other PCN loses is the `loss`.
    """
    k = outset.people_per_wte
    wanted = recruited(wte, from_on, outset.year, k, ramp=False)
    loss = recruited(wte, from_on, outset.year, there, ramp=False)

    def started(week: Week) -> float:
        more = wte * built_up(from_on, week.first_on, ramp=False) * k / WEEKS_A_YEAR
        return _possible_now(outset, week) + more

    label = f"Move {wte:g} WTE here from {whence}"
    note = f"{whence[:1].upper()}{whence[1:]} would start {people(loss)} fewer."
    return _effect(outset, Lever.MOVE, label, wanted, started, Figure(0), loss, note)


def _effect(
    outset: Outset,
    lever: Lever,
    label: str,
    wanted: float,
    started: Callable[[Week], float],
    cost: Figure,
    loss: float = 0.0,
    note: str = "",
) -> Effect:
    extra = possible(wanted, outset.waiting.queue, outset.arrivals_left, outset.anyway)
    expected = outset.expected.value
    total = outset.expected if expected is None else Figure(expected + extra)
    short = f"Only {people(extra)} would be left to start." if wanted - extra > 0.5 else ""
    said = " ".join(text for text in (note, short) if text)
    return Effect(lever, label, extra, total, _wait(outset, started), cost, loss, said)


def _wait(outset: Outset, started: Callable[[Week], float]) -> Figure:
    """Q / mu on 31 March, mu being that of the last week."""
    if not outset.weeks:
        return missing(OVER)
    rates = [(week.part, started(week)) for week in outset.weeks]
    return ratio(outset.waiting.left_after(rates), rates[-1][1], NO_STARTS)


def _possible_now(outset: Outset, week: Week) -> float:
    return min(outset.people_per_wte * week.wte / WEEKS_A_YEAR, outset.places)


def _weeks(as_of: date, year: FinancialYear, wte_on: Callable[[date], float]) -> Iterator[Week]:
    first = as_of + timedelta(days=1)
    while first <= year.end:
        days = min(DAYS_A_WEEK, (year.end - first).days + 1)
        yield Week(first, days / DAYS_A_WEEK, wte_on(first))
        first += timedelta(days=DAYS_A_WEEK)
