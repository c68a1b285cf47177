"""The funnel plot as inline SVG: rates against size, with the limits that chance would keep to.

Drawn twice, wide and narrow, as ``charts`` does. Every point is one row of the table beside it;
those outside the limits are diamonds with their name, the others circles.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup, escape

from linkwork.capacity import fairness
from linkwork.web.drawing import Frame, element, scale_end, svg, text

STEPS = 32
MOST_NAMED = 6
LONGEST = 28


@dataclass(frozen=True, slots=True)
class Point:
    """One PCN or board: what it is called, its patients and its rate for each 10,000."""

    name: str
    patients: float
    rate: float
    is_outside: bool


@dataclass(frozen=True, slots=True)
class Funnel:
    """All that is drawn. ``per_patient`` is the mean, ``phi`` how far the limits are widened."""

    name: str
    title: str
    description: str
    points: Sequence[Point]
    per_patient: float
    phi: float


def funnel(plot: Funnel) -> Markup:
    """The plot twice, wide and narrow; nothing where there is nothing to compare."""
    if not plot.points or plot.per_patient <= 0:
        return Markup()
    ordered = sorted(plot.points, key=lambda point: (point.is_outside, point.patients))
    plot = replace(plot, points=ordered)
    most = scale_end(max(_highest(plot), *(point.rate for point in plot.points)))
    wide = Frame("wide", 620, 340, 48, 96, 30, 2, most, bottom=48)
    narrow = Frame("narrow", 340, 320, 42, 14, 30, 2, most, bottom=48)
    return _drawing(plot, wide) + _drawing(plot, narrow)


def _highest(plot: Funnel) -> float:
    """The upper limit at the smallest list, so that the funnel fits, or four times the mean."""
    smallest = min(point.patients for point in plot.points)
    mean = plot.per_patient * fairness.PATIENTS
    return min(_limit(plot, smallest, fairness.Z_998, 1), 4 * mean)


def _limit(plot: Funnel, patients: float, z: float, side: int) -> float:
    """A limit as a rate: ``side`` 0 is the lower, 1 the upper."""
    count = fairness.limits(plot.per_patient * patients, z, plot.phi)[side]
    return count / patients * fairness.PATIENTS


def _drawing(plot: Funnel, frame: Frame) -> Markup:
    end = scale_end(max(point.patients for point in plot.points))
    parts = [
        *_grid(frame, end),
        *_limits(plot, frame, end),
        *(_dot(point, frame, end) for point in plot.points),
        *(_names(plot.points, frame, end) if frame.kind == "wide" else ()),
    ]
    return svg(frame, plot.name, plot.title, plot.description, parts)


def _x(frame: Frame, patients: float, end: float) -> float:
    return frame.left + (frame.width - frame.left - frame.right) * patients / end


def _grid(frame: Frame, end: float) -> Iterable[Markup]:
    right = frame.width - frame.right
    for step in range(6):
        value = frame.most * step / 5
        y = f"{frame.y(value):.1f}"
        yield element("line", class_="chart__grid", x1=frame.left, x2=right, y1=y, y2=y)
        yield text(f"{value:,g}", "chart__tick", frame.left - 6, frame.y(value) + 4, "end")
    below = frame.height - frame.bottom + 18
    steps = 5 if frame.kind == "wide" else 2
    for step in range(steps + 1):
        anchor = "end" if step == steps else "middle"
        place = _x(frame, end * step / steps, end)
        yield text(f"{end * step / steps:,.0f}", "chart__tick", place, below, anchor)
    yield text("Patients", "chart__tick", right, below + 20, "end")
    yield text("People for each 10,000", "chart__tick", 4, frame.top - 14)


def _limits(plot: Funnel, frame: Frame, end: float) -> Iterable[Markup]:
    """The mean, and the limits as curves that narrow as lists grow; cut off at the top."""
    y = f"{frame.y(plot.per_patient * fairness.PATIENTS):.1f}"
    yield element(
        "line", class_="chart__line chart__line--actual", y1=y, y2=y, x1=frame.left,
        x2=frame.width - frame.right,
    )  # fmt: skip
    sizes = [end * (step / STEPS) ** 2 for step in range(1, STEPS + 1)]
    for z, kind in ((fairness.Z_95, "other"), (fairness.Z_998, "expected")):
        for side in (0, 1):
            rates = [(size, _limit(plot, size, z, side)) for size in sizes]
            inside = [(size, rate) for size, rate in rates if rate <= frame.most]
            points = (f"{_x(frame, size, end):.1f},{frame.y(rate):.1f}" for size, rate in inside)
            yield element(
                "polyline", class_=f"chart__line chart__line--{kind}", points=" ".join(points)
            )
    if frame.kind == "wide":
        yield from _labels(plot, frame, end)


def _labels(plot: Funnel, frame: Frame, end: float) -> Iterable[Markup]:
    """What each line is, at its right end, the outer limits first so that the mean has room."""
    mean = plot.per_patient * fairness.PATIENTS
    told = [
        ("998 in 1,000", "expected", _limit(plot, end, fairness.Z_998, 1)),
        ("95 in 100", "other", _limit(plot, end, fairness.Z_95, 1)),
        (f"Mean {mean:.1f}", "actual", mean),
    ]
    y = 0.0
    for words, kind, rate in told:
        y = max(y + 17, frame.y(min(rate, frame.most)) + 5)
        class_ = f"chart__label chart__label--{kind}"
        yield text(words, class_, frame.width - frame.right + 6, y)


def _dot(point: Point, frame: Frame, end: float) -> Markup:
    x, y = _x(frame, point.patients, end), frame.y(min(point.rate, frame.most))
    said = element("title", escape(f"{point.name}: {point.rate:.1f}"))
    if point.is_outside:
        shape = f"M{x:.1f} {y - 7:.1f}l7 7-7 7-7-7z"
        return element("path", said, class_="chart__dot chart__dot--expected", d=shape)
    place = {"cx": f"{x:.1f}", "cy": f"{y:.1f}"}
    return element("circle", said, class_="chart__dot chart__dot--actual", r=4, **place)


def _names(points: Sequence[Point], frame: Frame, end: float) -> Iterable[Markup]:
    """The names of the largest that lie outside, each where no other stands."""
    outside = [point for point in reversed(points) if point.is_outside][:MOST_NAMED]
    taken: list[tuple[float, float]] = []
    for point in outside:
        x, y = _x(frame, point.patients, end), frame.y(min(point.rate, frame.most)) + 5
        while any(abs(y - other) < 16 and abs(x - across) < 180 for across, other in taken):
            y += 16
        taken.append((x, y))
        if y < frame.height - frame.bottom:
            left = x > (frame.left + frame.width) / 2
            name = point.name if len(point.name) <= LONGEST else f"{point.name[: LONGEST - 1]}…"
            yield text(name, "chart__event-text", x - 10 if left else x + 10, y,
                       "end" if left else "start")  # fmt: skip
