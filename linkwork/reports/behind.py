"""What is behind a figure of the page of a PCN: its definition, its assumptions and its rows.

Rows name workers, never a person: a start or a wait is a day, a worker and what kind it was.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from linkwork.capacity import posts
from linkwork.capacity.assumptions import SETTINGS, Assumptions
from linkwork.capacity.calendar import long_date
from linkwork.capacity.figure import Figure, counted, people
from linkwork.capacity.projection import window
from linkwork.capacity.targets import Scope
from linkwork.casework import targets
from linkwork.reports import definitions, episodes, groups
from linkwork.reports.capacity import Report
from linkwork.reports.explanations import Explanation, Row, Told

NOBODY = "Nobody"


@dataclass(frozen=True, slots=True)
class Behind:
    """A figure as it is printed, and what it is made of.

    ``basis`` is the year, whose work is counted and the day; ``source`` a heading of the rules.
    ``assumptions`` are a label, a value and where that comes from.
    """

    title: str
    value: str
    basis: str
    words: str
    source: str
    headers: Row
    rows: tuple[Row, ...]
    notes: tuple[str, ...]
    assumptions: tuple[Row, ...]


def of(report: Report, figure: str) -> Behind:
    """What is behind a figure of ``FIGURES``. At most two queries; KeyError for any other."""
    kind = FIGURES[figure]
    told = kind.tell(report)
    meant = definitions.by_code(report.basis, report.assumptions)[kind.definition]
    return Behind(
        title=kind.title,
        value=told.value,
        basis=(replace(report.basis, scope=Scope.ALL) if kind.of_all else report.basis).words,
        words=meant.words,
        source=meant.source,
        headers=kind.headers,
        rows=told.rows,
        notes=told.notes,
        assumptions=_assumptions(report.assumptions, kind.settings),
    )


def _assumptions(held: Assumptions, codes: tuple[str, ...]) -> tuple[Row, ...]:
    settings = (SETTINGS[code] for code in codes)
    return tuple((s.label, s.text(getattr(held, s.code)), s.source) for s in settings)


def _started(report: Report) -> Told:
    basis, count = report.basis, report.standing.count
    found = [
        start
        for start in episodes.started(report.pcn, basis)
        if basis.scope.includes(start.additional)
    ]
    notes = []
    if again := len(found) - count.people - count.counted_elsewhere:
        notes.append(f"{counted(again, 'row')} of people who are in the list already.")
    if count.counted_elsewhere:
        notes.append(f"{people(count.counted_elsewhere)} counted by the PCN that started earlier.")
    rows = tuple((long_date(s.on), s.worker or NOBODY, _post(s.additional)) for s in found)
    return Told(people(count.people), rows, tuple(notes))


def _post(additional: bool) -> str:
    return "Additional" if additional else "Existing"


def _share(report: Report) -> Told:
    basis, standing = report.basis, report.standing
    stored = targets.held(basis.year, [report.pcn.id])
    held = stored.get((report.pcn.id, basis.target.code))
    rows = held.rows if held else ()
    made = tuple(
        (
            f"{row.inputs['list_size'] or 0:,}" if row.people is not None else "No list size",
            f"{row.inputs['national_list']:,}",
            "–" if row.people is None else f"{row.people:,}",
            long_date(row.frozen_at.date()),
        )
        for row in rows
    )
    note = standing.share_basis or standing.share.reason
    return Told(_or_reason(standing.share), made, (note,))


def _to_date(report: Report) -> Told:
    standing, basis = report.standing, report.basis
    rows = tuple(
        (f"{month.first_on:%B %Y}", _or_dash(month.so_far), month.expected.text())
        for month in standing.months
    )
    days = f"{basis.year.elapsed(basis.as_of)} of {basis.year.working_days()} working days."
    value = "–" if standing.pace is None else f"{standing.pace.expected:,.0f} people"
    return Told(value, rows, (days, standing.pace.sentence if standing.pace else ""))


def _or_dash(number: int | None) -> str:
    return "–" if number is None else f"{number:,}"


def _or_reason(figure: Figure) -> str:
    return figure.reason if figure.value is None else people(figure.value)


def _projected(report: Report) -> Told:
    """The posts and the WTE-days that each still brings, and the pace that is gone by."""
    basis, standing = report.basis, report.standing
    seen = window(
        standing.count.started_on,
        report.staffing.spans,
        report.staffing.away,
        basis.year,
        basis.as_of,
        basis.scope,
    )
    pace = f"{people(seen.started)} in {seen.wte_days:,.1f} WTE-days since"
    notes = [f"{pace} {long_date(seen.first_on)}."]
    if seen.phi > 1:
        notes.append(f"Weeks vary {seen.phi:.1f} times as much as chance alone would have it.")
    rows = tuple(_days(report, basis.as_of + timedelta(days=1), basis.year.end))
    return Told(_or_reason(standing.projection.expected), rows, tuple(notes))


def _days(report: Report, first: date, last: date, *, paid: bool = False) -> Iterator[Row]:
    """The WTE-days that each post brings; those ``paid`` go on through a long absence.

    Whoever is appointed brings some only after the day of the report.
    """
    as_of = report.basis.as_of
    past = first, min(last, as_of), False
    coming = max(first, as_of + timedelta(days=1)), last, True
    staffing = report.staffing
    names = {post.worker_id: name for post, name in staffing.posts}
    away = () if paid else staffing.away
    for span in staffing.spans:
        scope = report.basis.scope
        days = sum(
            posts.wte_days([span], away, first, last, scope, projected=projected)
            for first, last, projected in (past, coming)
        )
        if days and isinstance(span.worker, int):
            yield names[span.worker] or NOBODY, f"{span.wte:.2f}", f"{days:,.1f}"


def _wte(report: Report) -> Told:
    staffing, on = report.staffing, report.basis.as_of
    rows = tuple(
        (
            name or "Vacancy",
            f"{post.wte:.2f}",
            _post(post.additional),
            long_date(post.start_on) if post.start_on else "Not known yet",
            long_date(post.end_on) if post.end_on else "No end",
            "Away" if staffing.absence_of(post.worker_id, on) else "",
        )
        for post, name in staffing.posts
    )
    team = report.team
    value = f"{team.in_post_wte:.1f} of {team.funded_wte:.1f} WTE" if rows else "No posts"
    note = f"WTE of {report.basis.scope.words}; posts of all are listed."
    return Told(value, rows, (note,) if report.basis.scope is Scope.ADDITIONAL else ())


def _waiting(report: Report) -> Told:
    found = episodes.waiting(report.pcn, report.basis.as_of)
    rows = tuple(
        (
            long_date(w.since),
            counted(w.days // 7, "week"),
            w.worker or NOBODY,
            w.priority.value.capitalize(),
        )
        for w in found
    )
    queue = report.waiting
    return Told(people(report.team.waiting), rows, (queue.sentence, queue.outlook))


def _load(report: Report) -> Told:
    team = report.team
    rows = tuple(
        (w.name, f"{w.wte:.1f}", w.load.sentence, _used(w.load.used)) for w in team.workers
    )
    return Told(f"{team.load.sentence}, {_used(team.load.used)}", rows)


def _used(used: Figure) -> str:
    return used.reason if used.value is None else f"{used.scaled(100).text()}%"


def _limits(report: Report) -> Told:
    """The closed cases that the length of support and the contacts are means of."""
    limits = report.limits
    found = episodes.closed(report.pcn, limits.closed_from, report.basis.as_of)
    rows = tuple(
        (long_date(c.on), f"{c.weeks:.1f}", f"{c.contacts}", c.worker or NOBODY) for c in found
    )
    value = f"{people(limits.ceilings.people_per_wte)} a year for each WTE"
    return Told(value, rows, (limits.sentence, *limits.ceilings.unknown))


def _capacity(report: Report) -> Told:
    team, year = report.team, report.basis.year
    rows = tuple(_days(report, year.start, year.end))
    note = "WTE-days of the whole year, as posts and long absences are known."
    return Told(_or_reason(team.capacity), rows, (note,))


def _cost(report: Report) -> Told:
    money, basis = report.money, report.basis
    rows = tuple(_days(report, basis.year.start, basis.as_of, paid=True))
    note = "Paid from 1 April: somebody on long absence is paid, a vacancy is not."
    each = money.per_person
    value = "–" if each.value is None else f"£{each.text()}"
    return Told(value, rows, (money.sentence, money.references, note))


DAYS = ("Link worker", "WTE", "WTE-days")
FIGURES = {
    "people_started": Explanation(
        "people_started", "People started", ("Started on", "By", "Post"), _started
    ),
    "share": Explanation(
        "share", "Share", ("Registered list", "National list", "People", "Fixed on"), _share
    ),
    "share_to_date": Explanation(
        "share_to_date", "Share to date", ("Month", "Started by its end", "Share"), _to_date
    ),
    "projected": Explanation("projected", "Expected by 31 March", DAYS, _projected),
    "wte_in_post": Explanation(
        "wte", "WTE at work", ("Holder", "WTE", "Post", "From", "To", "Now"), _wte
    ),
    "waiting": Explanation(
        "waiting", "Waiting", ("Referred on", "For", "Link worker", "Priority"), _waiting,
        ("leaving", "target_wait_weeks", "relief_weeks"),
        of_all=True,
    ),
    "load_used": Explanation(
        "load_used", "Caseload", ("Link worker", "WTE", "Caseload", "In use"), _load,
        ("open_cases",),
        of_all=True,
    ),
    "people_per_wte": Explanation(
        "ceiling", "What limits us", ("Closed on", "Weeks", "Conversations", "Link worker"),
        _limits,
        ("people_per_wte", "open_cases", "hours_a_week", "weeks_worked", "share_with_people",
         "first_hours", "further_hours"),
        of_all=True,
    ),
    "cost_per_person": Explanation(
        "cost_per_person", "Cost for each person started", DAYS, _cost,
        ("cost_per_wte", "people_per_wte"),
    ),
    "capacity": Explanation(
        "capacity", "Capacity of the year", DAYS, _capacity, ("people_per_wte",)
    ),
    **groups.FIGURES,
}  # fmt: skip
