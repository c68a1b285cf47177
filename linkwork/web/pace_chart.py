"""The two charts of the page of one PCN: the year so far and to come, and week by week."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date

from markupsafe import Markup

from linkwork.casework.posts import Staffing
from linkwork.models import Post, PostState
from linkwork.reports import weeks
from linkwork.reports.basis import Basis
from linkwork.reports.capacity import Report, expected_by, month_end
from linkwork.web.charts import Band, Event, Line, LineChart, line_chart


def pace_chart(report: Report) -> Markup:
    """Expected and actual at the end of each month and today, with the range to 31 March.

    Whoever leaves or starts in the year is marked, as far as it is known at the date.
    """
    basis, standing = report.basis, report.standing
    days = _points(report)
    expected = [expected_by(standing.share, basis.year, on).value for on in days]
    started = standing.count.started_on  # in time order
    lines = [Line("Started", [_so_far(started, on, basis.as_of) for on in days])]
    if standing.share.known:
        lines.append(Line("Share to date", expected, "expected"))
    chart = LineChart(
        name="pace",
        title=f"People started by {report.pcn.name} and its share, {basis.words}",
        description=standing.sentence,
        labels=["" if day in (basis.as_of, days[0]) else f"{day:%b}" for day in days],
        lines=lines,
        band=_fan(days, report),
        events=_events(days, report),
        places=_places(days, basis),
    )
    return line_chart(chart)


def weeks_chart(report: Report) -> Markup:
    """People started each week, with the mean and the limits of ordinary variation."""
    shown, limits = report.standing.weeks, report.standing.weeks.limits
    counts = [week.people for week in shown.weeks]
    lines = [Line("Started", counts)]
    if limits is not None:
        lines += [
            Line("Upper limit", [limits.upper] * len(counts), "limit"),
            Line("Mean", [limits.mean] * len(counts), "limit"),
            Line("Lower limit", [limits.lower] * len(counts), "limit"),
        ]
        unusual = {*shown.outside, *shown.shifts}
        marked = [week.people if week in unusual else None for week in shown.weeks]
        lines += [Line("Change", marked, "signal")] if unusual else []
    chart = LineChart(
        name="weeks",
        title=f"People started each week by {report.pcn.name}, {report.basis.words}",
        description=weeks.sentence(shown),
        labels=[f"{week.monday.day} {week.monday:%b}" for week in shown.weeks],
        lines=lines,
    )
    return line_chart(chart)


def _points(report: Report) -> list[date]:
    year = report.basis.year
    ends = [month_end(month.first_on, year) for month in report.standing.months]
    return sorted({year.previous.end, *ends, report.basis.as_of})


def _so_far(started: Sequence[date], on: date, as_of: date) -> int | None:
    """People started by the end of a day; None for a day to come."""
    if on > as_of:
        return None
    return bisect_right(started, on)


def _places(days: Sequence[date], basis: Basis) -> list[float]:
    first, whole = days[0], (days[-1] - days[0]).days
    return [(day - first).days / whole for day in days]


def _events(days: Sequence[date], report: Report) -> list[Event]:
    """The date itself, and everybody who starts or leaves in the year; those of a day together."""
    as_of = report.basis.as_of
    changes = Counter(_changes(report.staffing, report.basis))
    told = [(on, words if n == 1 else f"{words} x {n}") for (on, words), n in changes.items()]
    if as_of != report.basis.year.end:
        told.append((as_of, f"{as_of.day} {as_of:%b}"))
    return [Event(_position(on, days), words) for on, words in told if days[0] <= on <= days[-1]]


def _changes(staffing: Staffing, basis: Basis) -> Iterator[tuple[date, str]]:
    for post, name in staffing.posts:
        if not name or not basis.scope.includes(post.additional):
            continue
        if post.start_on and basis.year.start < post.start_on and not _goes_on(post, staffing, -1):
            yield post.start_on, f"{name} starts"
        if post.end_on and post.end_on < basis.year.end and not _goes_on(post, staffing, 1):
            yield post.end_on, f"{name} leaves"


def _goes_on(post: Post, staffing: Staffing, way: int) -> bool:
    """Whether the holder has another post on the day before (-1) or after (1): other hours."""
    edge = post.start_on if way < 0 else post.end_on
    if edge is None:
        return False
    day = date.fromordinal(edge.toordinal() + way)
    return any(
        other is not post
        and other.worker_id == post.worker_id
        and other.state in (PostState.STARTED, PostState.ENDED, PostState.APPOINTED)
        and other.start_on is not None
        and other.start_on <= day <= (other.end_on or date.max)
        for other, _ in staffing.posts
    )


def _position(on: date, days: Sequence[date]) -> float:
    """Where a day stands among the points of the chart."""
    after = next(n for n, day in enumerate(days) if day >= on)
    if days[after] == on or not after:
        return after
    before = days[after - 1]
    return after - 1 + (on - before).days / (days[after] - before).days


def _fan(days: Sequence[date], report: Report) -> Band | None:
    """What is likely from the date on: widening with the working days left, nought on the day."""
    ahead, year, as_of = report.standing.projection, report.basis.year, report.basis.as_of
    low, high, left = ahead.lower.value, ahead.upper.value, year.remaining(as_of)
    if low is None or high is None or not left:
        return None
    parts = [None if on < as_of else 1 - year.remaining(on) / left for on in days]
    return Band(
        [None if part is None else ahead.started + (low - ahead.started) * part for part in parts],
        [None if part is None else ahead.started + (high - ahead.started) * part for part in parts],
    )
