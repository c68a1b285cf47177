"""The team of one PCN: who is in post, what their open cases weigh, how many people that allows.

Sections 5 and 6 of the capacity rules (docs/capacity.md, "Capacity" and "Load").
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from linkwork.capacity import load, posts
from linkwork.capacity.calendar import FinancialYear, long_date
from linkwork.capacity.figure import Figure, missing
from linkwork.capacity.targets import PEOPLE_PER_WTE, PEOPLE_PER_WTE_LOW, Scope
from linkwork.casework.posts import Staffing
from linkwork.reports.frames import OpenCases

NO_POSTS = "No posts are recorded for this PCN, so its capacity cannot be given."


@dataclass(frozen=True, slots=True)
class Worker:
    """Somebody on the team: WTE at work today, and the load of their open, started cases."""

    name: str
    wte: float
    load: load.Load
    waiting: int
    note: str


@dataclass(frozen=True, slots=True)
class Team:
    """The staff of a PCN on a date. WTE and capacity are of the scope; load and waiting of all.

    ``capacity`` is people the PCN can start in the year at 250 for each WTE, ``capacity_low`` at
    200, with the posts, leavers, starters and absences already known.
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
) -> Team:
    """The team as it stands at the end of ``as_of``. Raises BankHolidaysUnknown."""
    return Team(
        has_posts=bool(staffing.posts),
        in_post_wte=staffing.in_post_wte(as_of, scope),
        funded_wte=staffing.funded_wte(as_of, scope),
        capacity=capacity(staffing, year, as_of, scope, PEOPLE_PER_WTE),
        capacity_low=capacity(staffing, year, as_of, scope, PEOPLE_PER_WTE_LOW),
        load=_load(cases, staffing.in_post_wte(as_of, Scope.ALL)),
        waiting=sum(row.cases for row in cases if not row.started),
        workers=tuple(_team(staffing, cases, as_of)),
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


def _load(cases: Sequence[OpenCases], wte: float) -> load.Load:
    """The load of some open cases; only those that have started take up a caseload."""
    kinds = [kind for row in cases if row.started for kind in [row.complexity.value] * row.cases]
    return load.load([load.Complexity(kind) for kind in kinds], wte)


def _team(staffing: Staffing, cases: Sequence[OpenCases], on: date) -> list[Worker]:
    """Everybody who holds a post or a case, by name; then the vacancies."""
    names = {post.worker_id: name for post, name in staffing.posts if post.worker_id}
    names |= {row.worker_id: row.worker_name or "" for row in cases if row.worker_id}
    workers = [_worker(id_, name, staffing, cases, on) for id_, name in names.items() if id_]
    here = [worker for worker in workers if worker.wte or worker.load.cases or worker.note]
    return sorted(here, key=lambda worker: worker.name)


def _worker(
    id_: int, name: str, staffing: Staffing, cases: Sequence[OpenCases], on: date
) -> Worker:
    spans = [span for span in staffing.spans if span.worker == id_]
    wte = posts.wte_on(spans, staffing.away, on)
    own = [row for row in cases if row.worker_id == id_]
    waiting = sum(row.cases for row in own if not row.started)
    return Worker(name, wte, _load(own, wte), waiting, _note(id_, spans, staffing, on))


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
