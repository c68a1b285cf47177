"""The waiting list of one PCN: who waits, who comes, how long it takes, and what would help.

Section 8 of the capacity rules (docs/capacity.md, "Waiting list"). All link workers together,
whatever the scope of the page: a list has no scope.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, case, func, or_, select

from linkwork.capacity import posts
from linkwork.capacity.assumptions import Assumptions
from linkwork.capacity.calendar import london_date
from linkwork.capacity.ceilings import Ceilings
from linkwork.capacity.figure import Figure, counted, missing, people, ratio
from linkwork.capacity.load import Load
from linkwork.capacity.projection import TOO_FEW, no_pace
from linkwork.capacity.targets import Scope
from linkwork.capacity.waiting import LEVEL, Relief, WaitingList, relief, starts_a_week
from linkwork.capacity.waits import days_within
from linkwork.casework.posts import Staffing
from linkwork.casework.starts import counts, london_day
from linkwork.database import db
from linkwork.models import Organisation
from linkwork.models import SupportCase as Case
from linkwork.reports.basis import Basis
from linkwork.reports.blanks import END, PCN, blanks
from linkwork.reports.flows import LATE, LATELY, WEEKS, Flow, been, lately, since

FEWEST_STARTED = 5
HALF, MOST = 0.5, 0.9


@dataclass(frozen=True, slots=True)
class Waiting:
    """The list as it stands, and what it leads to.

    ``ahead`` has the queue and the rates a week; ``wte`` are at work, ``places`` are standard
    cases that fit in a week. ``started_each`` is people started for each
    WTE-day of late.
    ``median_days`` and ``most_days`` (the 90th centile) are what people waited in fact.
    """

    ahead: WaitingList
    wte: float
    people_per_wte: float
    places: float
    accepted: int
    weeks: float
    started: int
    started_each: Figure
    leaving_is_own: bool
    median_days: Figure
    most_days: Figure
    relief: Relief
    target_weeks: float
    relief_weeks: float

    @property
    def sentence(self) -> str:
        """How long somebody who is referred now waits, or why that cannot be said."""
        wait = self.ahead.wait_weeks
        if wait.value is None:
            return wait.reason
        if wait.value < 0.5:
            return "Somebody referred now is started within a week."
        return f"Somebody referred now waits about {counted(wait.value, 'week')}."

    @property
    def outlook(self) -> str:
        """Whether the list gets shorter, and when it is empty."""
        if not self.ahead.queue:
            return self.ahead.growth.removeprefix(LEVEL) or "Nobody waits."
        empty = self.ahead.empty_in_weeks
        if empty.value is None:
            return empty.reason
        return f"At this pace the list is empty in {counted(max(1, empty.value), 'week')}."

    @property
    def relief_sentence(self) -> str:
        """What it takes to meet the wait to aim for, and then to hold it."""
        found, aim = self.relief, counted(self.target_weeks, "week")
        hold = f"{_rate(found.then)} people a week, {_rate(found.then_wte)} WTE"
        if found.first <= found.then:
            return f"The list is short enough for a wait of {aim}. To hold it, start {hold}."
        first = f"{_rate(found.first)} people a week, {_rate(found.first_wte)} WTE"
        within = counted(self.relief_weeks, "week")
        return f"To bring the wait down to {aim} within {within}, start {first}; then {hold}."

    @property
    def limited_by_places(self) -> bool:
        """Whether free places, and not the time of those at work, limit the starts of a week."""
        return self.places < starts_a_week(self.wte, self.people_per_wte)


def of_pcn(
    pcn: Organisation,
    basis: Basis,
    *,
    assumptions: Assumptions,
    staffing: Staffing,
    queue: int,
    load: Load,
    ceilings: Ceilings,
    flow: Flow,
) -> Waiting:
    """The waiting list of a PCN at the end of ``basis.as_of``. One query beside ``flow``’s.

    ``queue`` is people waiting and ``load`` the caseload of all workers, both on that day. Raises
    BankHolidaysUnknown.
    """
    as_of = basis.as_of
    wte, k = staffing.in_post_wte(as_of, Scope.ALL), ceilings.people_per_wte
    places = load.free + flow.closed / WEEKS
    own, weeks = flow.leaving, _weeks(flow.first_accepted_at, as_of)
    leaving = assumptions.leaving if own is None else own
    ahead = WaitingList(queue, flow.accepted / weeks, starts_a_week(wte, k, places), leaving)
    median, most = _waits(pcn.id, basis)
    target, within = assumptions.target_wait_weeks, assumptions.relief_weeks
    return Waiting(
        ahead=ahead,
        wte=wte,
        people_per_wte=k,
        places=places,
        accepted=flow.accepted,
        weeks=weeks,
        started=flow.started,
        started_each=_each(flow.started, staffing, as_of),
        leaving_is_own=own is not None,
        median_days=median,
        most_days=most,
        relief=relief(ahead, target, within, k),
        target_weeks=target,
        relief_weeks=within,
    )


def _each(started: int, staffing: Staffing, as_of: date) -> Figure:
    """People started for each WTE-day of the last 13 weeks, by all link workers."""
    first = as_of - LATELY + timedelta(days=1)
    if no_pace(staffing.spans, staffing.away, first, as_of) == TOO_FEW:
        return missing(TOO_FEW)
    days = posts.wte_days(staffing.spans, staffing.away, first, as_of)
    return ratio(started, days, "No link worker was at work in the last 13 weeks.")


def _weeks(first_at: datetime | None, as_of: date) -> float:
    """Weeks that the rate of referrals rests on: 13, or fewer where there are none so old."""
    if first_at is None:
        return WEEKS
    days = (as_of - london_date(first_at)).days + 1
    return min(WEEKS, max(7, days) / 7)


def _waits(pcn_id: int, basis: Basis) -> tuple[Figure, Figure]:
    """Days within which half, and nine of ten, have started. One query, counted by days.

    Counted are those who started in the last 13 weeks, and those who still wait, for as long as
    they have; not those whose case is paused.
    """
    as_of, asked = basis.as_of, blanks(pcn_id, basis) | lately(basis.as_of)
    rows = db.session.execute(_by_days(db.engine.dialect.name), asked).all()
    ended = _days((a, b, n) for a, b, n in rows if b is not None)
    still = _days((a, as_of, n) for a, b, n in rows if b is None)
    return _within(HALF, ended, still), _within(MOST, ended, still)


@cache
def _by_days(_dialect: str) -> Select[Any]:
    """How many were referred on a day and started on another, or wait; as the engine asks it."""
    opened, started = Case.opened_at, Case.first_conversation_at
    over = (been(moment) for moment in (started, Case.closed_at, Case.declined_at, Case.paused_at))
    waits = and_(opened < END, *(~moment for moment in over))
    ended_on = case((been(started), london_day(started)))
    query = select(
        london_day(opened).label("opened_on"), ended_on.label("ended_on"), func.count()
    ).where(Case.organisation_id == PCN, counts(), or_(since(started, LATE), waits))
    return query.group_by("opened_on", "ended_on")


def _within(share: float, ended: Sequence[int], still: Sequence[int]) -> Figure:
    if len(ended) < FEWEST_STARTED:
        return missing(f"Only {people(len(ended))} started in the last 13 weeks.")
    days = days_within(share, ended, still)
    if days is None:
        return missing("So many still wait that it cannot be said yet.")
    return Figure(days)


def _days(rows: Iterable[tuple[date, date, int]]) -> list[int]:
    return [max(0, (last - first).days) for first, last, n in rows for _ in range(n)]


def _rate(value: float) -> str:
    return Figure(value).text(1)
