"""What a PCN has started, against its share; and the PCNs of a board side by side."""

from datetime import date

from flask import Blueprint, Response, render_template, request, url_for
from flask.typing import ResponseReturnValue

from linkwork import clock
from linkwork.access import Permission, me, requires
from linkwork.capacity.targets import PEOPLE_PER_WTE, PEOPLE_PER_WTE_LOW, Scope
from linkwork.casework import organisations
from linkwork.models import Organisation
from linkwork.reports import boards, capacity, disclosure, export, reach
from linkwork.reports.capacity import Month, Report
from linkwork.web.charts import Band, Line, LineChart, bar, line_chart
from linkwork.web.paging import here

bp = Blueprint("capacity", __name__, url_prefix="/capacity")

SCOPES = {Scope.ADDITIONAL: "Additional link workers", Scope.ALL: "All link workers"}


@bp.get("")
@requires(Permission.SEE_CAPACITY)
def index() -> ResponseReturnValue:
    own = organisations.pcns(me(), on=clock.today())
    if len(own) == 1:
        return _page_of(own[0])
    board = boards.of_pcns(own, scope=_scope_asked(), as_of=clock.today())
    return render_template(
        "capacity/index.html",
        board=board,
        scope_tabs=_scope_tabs(board.basis.scope),
        bar=bar,
        withheld=disclosure.EXPLAINED,
    )


@bp.get("/<key>")
@requires(Permission.SEE_CAPACITY)
def show(key: str) -> ResponseReturnValue:
    return _page_of(organisations.pcn(key, user=me()))


@bp.get("/<key>/months.csv")
@requires(Permission.SEE_CAPACITY)
def months(key: str) -> ResponseReturnValue:
    pcn = organisations.pcn(key, user=me())
    report = capacity.of_pcn(pcn, scope=_scope_asked(), as_of=clock.today())
    name = f"people-started-{report.basis.year.label.replace('/', '-')}-{report.basis.scope}.csv"
    return Response(
        export.months_csv(report, by=me()),
        mimetype="text/csv",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _page_of(pcn: Organisation) -> str:
    report = capacity.of_pcn(pcn, scope=_scope_asked(), as_of=clock.today())
    basis = report.basis
    workers = report.team.workers
    return render_template(
        "capacity/show.html",
        report=report,
        basis=basis,
        reached=reach.by_deprivation(pcn.id, basis.year, basis.as_of),
        standing=report.standing,
        team=report.team,
        chart=pace_chart(report),
        scope_tabs=_scope_tabs(basis.scope),
        months_url=url_for("capacity.months", key=pcn.key, scope=basis.scope.value),
        is_one_of_many=me().organisation_id != pcn.id,
        bar=bar,
        most_points=max([1.0, *(max(w.load.points, w.load.limit) for w in workers)]),
        withheld=disclosure.EXPLAINED,
        per_wte=PEOPLE_PER_WTE,
        per_wte_low=PEOPLE_PER_WTE_LOW,
    )


def _scope_asked() -> Scope | None:
    """The scope of the address; None, the PCN’s default, where it names none that exists."""
    asked = request.args.get("scope", "")
    return Scope(asked) if asked in {scope.value for scope in Scope} else None


def _scope_tabs(chosen: Scope) -> list[dict[str, object]]:
    return [
        {"label": label, "url": here(scope=scope.value), "current": scope is chosen}
        for scope, label in SCOPES.items()
    ]


def pace_chart(report: Report) -> str:
    """Expected and actual at the end of each month and today, with the range to 31 March."""
    days = _points(report.standing.months, report)
    standing, as_of = report.standing, report.basis.as_of
    expected = [capacity.expected_by(standing.share, report.basis.year, on).value for on in days]
    started = [
        sum(day <= on for day in standing.count.started_on) if on <= as_of else None for on in days
    ]
    lines = [Line("Started", started)]
    if standing.share.known:
        lines.append(Line("Share to date", expected, "expected"))
    chart = LineChart(
        name="pace",
        title=f"People started by {report.pcn.name} and its share, {report.basis.words}",
        description=standing.sentence,
        labels=[_label(day, as_of) for day in days],
        lines=lines,
        band=_fan(days, report),
    )
    return line_chart(chart)


def _points(months: tuple[Month, ...], report: Report) -> list[date]:
    ends = [capacity.month_end(month.first_on, report.basis.year) for month in months]
    return sorted({*ends, report.basis.as_of})


def _label(day: date, as_of: date) -> str:
    return f"{day.day} {day:%b}" if day == as_of else f"{day:%b}"


def _fan(days: list[date], report: Report) -> Band | None:
    """What is likely from today on: widening with the working days left, nought today."""
    ahead, year, as_of = report.standing.projection, report.basis.year, report.basis.as_of
    low, high, left = ahead.lower.value, ahead.upper.value, year.remaining(as_of)
    if low is None or high is None or not left:
        return None
    parts = [None if on < as_of else 1 - year.remaining(on) / left for on in days]
    return Band(
        [None if part is None else ahead.started + (low - ahead.started) * part for part in parts],
        [None if part is None else ahead.started + (high - ahead.started) * part for part in parts],
    )
