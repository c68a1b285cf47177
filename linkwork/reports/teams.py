"""The team of one PCN: who is in post, what their open cases weigh, how many people that allows.

Sections 5 and 6 of the capacity rules (docs/capacity.md, "Capacity" and "Load").
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, case, func, select

from linkwork.capacity import load, posts
from linkwork.capacity.assumptions import Assumptions
from linkwork.capacity.calendar import FinancialYear, long_date
from linkwork.capacity.figure import Figure, counted, missing
from linkwork.capacity.targets import Scope
from linkwork.casework.posts import Staffing
from linkwork.database import db
from linkwork.models import Supervision
from linkwork.reports.basis import Basis
from linkwork.reports.blanks import FIRST_DAY, LAST_DAY
from linkwork.reports.frames import OpenCases

NO_POSTS = "No posts are recorded for this PCN, so its capacity cannot be given."


NONE_RECORDED = "None recorded"
USUAL = Assumptions()


@dataclass(frozen=True, slots=True)
class Supervised:
    """The supervision of a worker as of a day: the last one, when the next is due, how many.

    ``times`` are those held in the financial year. What was said is for the two who said it.
    """

    held_on: date
    next_due_on: date
    times: int
    is_overdue: bool

    @property
    def text(self) -> str:
        """The days in words."""
        due = "was due" if self.is_overdue else "next due"
        return f"{long_date(self.held_on)}, {due} {long_date(self.next_due_on)}"

    @property
    def times_text(self) -> str:
        """How many were held in the year."""
        return f"{counted(self.times, 'time')} this year"


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody on the team: WTE at work today, and the load of their open, started cases.

    ``supervised`` is None where no supervision was ever recorded.
    """

    name: str
    wte: float
    load: load.Load
    waiting: int
    note: str
    supervised: Supervised | None = None

    @property
    def supervision(self) -> str:
        """The days of supervision in words, or that there are none."""
        return self.supervised.text if self.supervised else NONE_RECORDED


@dataclass(frozen=True, slots=True)
class Team:
    """The staff of a PCN on a date. WTE and capacity are of the scope; load and waiting of all.

    ``capacity`` is people the PCN can start in the year at 250 for each WTE (or what is assumed),
    ``capacity_low`` at 200, with the posts, leavers, starters and absences already known.
    """

    has_posts: bool
    in_post_wte: float
    funded_wte: float
    capacity: Figure
    capacity_low: Figure
    load: load.Load
    waiting: int
    workers: tuple[Worker, ...]
    warnings: tuple[str, ...]


def of_staffing(
    staffing: Staffing,
    cases: Sequence[OpenCases],
    year: FinancialYear,
    as_of: date,
    scope: Scope,
    *,
    assumptions: Assumptions = USUAL,
    supervision: Mapping[int, Supervised] | None = None,
) -> Team:
    """The team as it stands at the end of ``as_of``, with no query. Raises BankHolidaysUnknown.

    ``supervision`` is what ``supervised`` found, by worker.
    """
    full = assumptions.open_cases
    most, fewest = assumptions.people_per_wte, assumptions.people_per_wte_low
    return Team(
        has_posts=bool(staffing.posts),
        in_post_wte=staffing.in_post_wte(as_of, scope),
        funded_wte=staffing.funded_wte(as_of, scope),
        capacity=capacity(staffing, year, as_of, scope, most),
        capacity_low=capacity(staffing, year, as_of, scope, fewest),
        load=_load(cases, staffing.in_post_wte(as_of, Scope.ALL), full),
        waiting=sum(row.cases for row in cases if not row.started),
        workers=tuple(_team(staffing, cases, as_of, full, supervision or {})),
        warnings=tuple(_warnings(staffing)),
    )


def capacity(
    staffing: Staffing, year: FinancialYear, as_of: date, scope: Scope, people_per_wte: float
) -> Figure:
    """People the PCN can start in the year: staff so far, and from tomorrow all that is known."""
    if not staffing.posts:
        return missing(NO_POSTS)
    spans, away, tomorrow = staffing.spans, staffing.away, as_of + timedelta(days=1)
    past = posts.wte_days(spans, away, year.start, as_of, scope)
    coming = posts.wte_days(spans, away, tomorrow, year.end, scope, projected=True)
    return Figure(posts.capacity(past + coming, year, people_per_wte))


def supervised(
    staffing: Staffing, cases: Sequence[OpenCases], basis: Basis
) -> dict[int, Supervised]:
    """The supervision of everybody on a team, by worker, to ``basis.as_of``. One query.

    Who never had any is absent.
    """
    team = {post.worker_id for post, _ in staffing.posts} | {row.worker_id for row in cases}
    workers = sorted(worker for worker in team if worker)
    asked = {"workers": workers, "first_day": basis.year.start, "last_day": basis.as_of}
    found = db.session.execute(_statement(), asked) if workers else ()
    return {
        worker: Supervised(held_on, due_on, times, due_on < basis.as_of)
        for worker, held_on, due_on, times in found
    }


@cache
def _statement() -> Select[Any]:
    """The last supervision of each worker, and how many there were in the year."""
    of, of_worker = Supervision, Supervision.worker_id
    newest = (of.held_on.desc(), of.id.desc())
    place = func.row_number().over(partition_by=of_worker, order_by=newest)
    in_year = func.sum(case((of.held_on >= FIRST_DAY, 1), else_=0)).over(partition_by=of_worker)
    held = (
        select(of_worker, of.held_on, of.next_due_on, in_year.label("times"), place.label("place"))
        .where(
            of_worker.in_(bindparam("workers", expanding=True)),
            of.held_on <= LAST_DAY,
        )
        .subquery()
    )
    last = (held.c.worker_id, held.c.held_on, held.c.next_due_on, held.c.times)
    return select(*last).where(held.c.place == 1)


def _load(cases: Sequence[OpenCases], wte: float, full: float) -> load.Load:
    """The load of some open cases; only those that have started take up a caseload."""
    kinds = [kind for row in cases if row.started for kind in [row.complexity.value] * row.cases]
    return load.load([load.Complexity(kind) for kind in kinds], wte, full)


def _team(
    staffing: Staffing,
    cases: Sequence[OpenCases],
    on: date,
    full: float,
    supervision: Mapping[int, Supervised],
) -> list[Worker]:
    """Everybody who holds a post or a case, by name; then the vacancies."""
    names = {post.worker_id: name for post, name in staffing.posts if post.worker_id}
    names |= {row.worker_id: row.worker_name or "" for row in cases if row.worker_id}
    workers = [
        _worker(id_, name, staffing, cases, on, full, supervision.get(id_))
        for id_, name in names.items()
        if id_
    ]
    here = [worker for worker in workers if worker.wte or worker.load.cases or worker.note]
    return sorted(here, key=lambda worker: worker.name)


def _worker(
    id_: int,
    name: str,
    staffing: Staffing,
    cases: Sequence[OpenCases],
    on: date,
    full: float,
    held: Supervised | None,
) -> Worker:
    spans = [span for span in staffing.spans if span.worker == id_]
    wte = posts.wte_on(spans, staffing.away, on)
    own = [row for row in cases if row.worker_id == id_]
    waiting = sum(row.cases for row in own if not row.started)
    note = _note(id_, spans, staffing, on)
    return Worker(name, wte, _load(own, wte, full), waiting, note, held)


def _note(id_: int, spans: Sequence[posts.PostSpan], staffing: Staffing, on: date) -> str:
    """What to know of a worker's time: away, leaving, still to start, or gone."""
    if away := staffing.absence_of(id_, on):
        return f"Away since {long_date(away.start_on)}"
    present = [span for span in spans if span.covers(on)]
    if not present:
        coming = [span.start for span in spans if span.start > on]
        return f"Starts on {long_date(min(coming))}" if coming else ""
    ends = [span.end for span in present]
    later = any(span.start > on for span in spans)
    if later or None in ends:
        return ""
    return f"Leaves on {long_date(max(end for end in ends if end))}"


def _warnings(staffing: Staffing) -> list[str]:
    names = {post.worker_id: name for post, name in staffing.posts}
    return [
        f"{names.get(over.worker)} holds {over.wte:g} WTE from {long_date(over.on)}."
        " Check the dates of the posts."
        for over in posts.over_one(staffing.spans)
        if isinstance(over.worker, int)
    ]
