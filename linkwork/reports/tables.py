"""The tables of the page of one PCN, as they leave in a file and are kept in a report.

A cell is a number, or text as it is printed: what is withheld on the page is withheld here.
"""

from collections.abc import Callable
from dataclasses import dataclass

from linkwork.capacity.figure import Figure
from linkwork.reports import disclosure
from linkwork.reports.capacity import Report
from linkwork.reports.funnels import PUBLISHED_SOURCE


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its name in addresses, its title, and what is to be read with it."""

    code: str
    title: str
    headers: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    notes: tuple[str, ...] = ()


def of_report(report: Report) -> tuple[Table, ...]:
    """Every table of the page, in its order."""
    return tuple(make(report) for make in TABLES.values())


def number(figure: Figure, places: int = 1) -> str | float:
    """A figure as a cell: rounded to ``places``, or the reason why there is none."""
    if figure.value is None:
        return figure.reason
    return round(figure.value, places) if places else round(figure.value)


def _months(report: Report) -> Table:
    rows = tuple(
        (f"{m.first_on:%Y-%m}", m.started, m.so_far, number(m.expected))
        for m in report.standing.months
    )
    return Table(
        "months",
        "People started each month",
        ("Month", "People started", "In the year so far", "Share to the end of the month"),
        rows,
        (report.standing.share_basis,) if report.standing.share_basis else (),
    )


def _team(report: Report) -> Table:
    rows = tuple(
        (w.name, round(w.wte, 2), w.load.points, w.load.limit, w.load.cases, w.waiting, w.note)
        for w in report.team.workers
    )
    headers = ("Link worker", "WTE", "Points", "Points that fit", "Open cases", "Waiting", "Note")
    return Table("team", "Team", headers, rows, ("All link workers.",))


def _posts(report: Report) -> Table:
    rows = tuple(
        (
            name or "Vacancy",
            float(post.wte),
            "Additional" if post.additional else "Existing",
            _words(post.state.value),
            post.start_on.isoformat() if post.start_on else None,
            post.end_on.isoformat() if post.end_on else None,
        )
        for post, name in report.staffing.posts
    )
    return Table("posts", "Posts", ("Holder", "WTE", "Kind", "State", "From", "To"), rows)


def _absences(report: Report) -> Table:
    staffing = report.staffing
    rows = tuple(
        (
            staffing.name_of(absence.worker_id),
            "Away",  # why is for whoever manages staffing, and for no file
            absence.start_on.isoformat(),
            absence.end_on.isoformat() if absence.end_on else None,
        )
        for absence in staffing.absences
    )
    return Table("absences", "Long absences", ("Link worker", "Note", "From", "To"), rows)


def _practices(report: Report) -> Table:
    found = report.practices
    rows = tuple(
        (p.name, p.patients, _count(p.referrals), number(p.rate), number(p.low, 0),
         number(p.high, 0), p.words)
        for p in found.lines
    )  # fmt: skip
    headers = (
        "Practice", "List size", "Referrals", "For each 1,000", "By chance from", "By chance to",
        "Compared",
    )  # fmt: skip
    return Table("practices", "Practices", headers, rows, ("All referrals received.",))


def _funnel(report: Report) -> Table:
    rows = tuple(
        (s.label, s.cases, number(s.rate), number(s.of_referred), s.published)
        for s in report.funnel.steps
    )
    headers = (
        "Step", "Referrals", "Of the step before, %", "Of all referrals, %", "In the UK, %"
    )  # fmt: skip
    return Table("funnel", "What becomes of referrals", headers, rows, (PUBLISHED_SOURCE,))


def _losses(report: Report) -> Table:
    rows = tuple(
        (step.label, loss.text, loss.cases) for step in report.funnel.steps for loss in step.losses
    )
    return Table("losses", "Why no further", ("Not", "Why", "Referrals"), rows)


def _reach(report: Report) -> Table:
    rows = tuple(
        (f.name, _count(f.people), number(f.percent), number(f.list_percent), f.words)
        for f in report.reach.fifths
    )
    headers = (
        "Areas of England",
        "People",
        "Part of the people, %",
        "Part of our list, %",
        "Compared",
    )
    return Table("reach", "Who we reach", headers, rows, (disclosure.EXPLAINED,))


def _routes(report: Report) -> Table:
    rows = tuple(
        (r.name, _count(r.referred), _count(r.started), number(r.rate)) for r in report.reach.routes
    )
    headers = ("From", "Referred", "Started so far", "Part, %")
    return Table("routes", "Referrals by route", headers, rows, (disclosure.EXPLAINED,))


def _nowhere(report: Report) -> Table:
    rows = tuple((line.label, line.times, line.why) for line in report.nowhere.lines)
    note = "Times are told in tens, and why from ten times on."
    return Table("nowhere", "Nowhere to send people", ("Need", "Times", "Why"), rows, (note,))


def _what_ifs(report: Report) -> Table:
    rows = tuple(
        (
            one.label,
            number(one.total, 0),
            round(one.extra, 1),
            number(one.wait_weeks),
            number(one.cost, 0),
            number(one.cost_per_person, 0),
            round(one.loss, 1) or None,
            one.note,
        )
        for one in report.what_ifs.effects
    )
    headers = (
        "What is done", "People by 31 March", "More people", "Wait on 31 March, weeks",
        "Cost, pounds", "Cost for each more, pounds", "Fewer in the other PCN", "Note",
    )  # fmt: skip
    notes = (report.what_ifs.sentence,)
    return Table("what_ifs", "What would change it", headers, rows, notes)


def _weeks(report: Report) -> Table:
    rows = tuple((w.monday.isoformat(), w.people) for w in report.standing.weeks.weeks)
    return Table("weeks", "People started each week", ("Week from Monday", "People"), rows)


def _words(code: str) -> str:
    return code.replace("_", " ").capitalize()


def _count(text: str) -> str | int:
    """A count as it is printed: a number where it is one."""
    digits = text.replace(",", "")
    return int(digits) if digits.isdigit() else text


TABLES: dict[str, Callable[[Report], Table]] = {
    "months": _months,
    "weeks": _weeks,
    "what_ifs": _what_ifs,
    "funnel": _funnel,
    "losses": _losses,
    "reach": _reach,
    "routes": _routes,
    "nowhere": _nowhere,
    "team": _team,
    "posts": _posts,
    "absences": _absences,
    "practices": _practices,
}
