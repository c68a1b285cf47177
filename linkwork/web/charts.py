"""Charts as inline SVG: a bar for a table's cell, and lines over time.

Colours and dashes come from classes in static/css/components.css, because the policy of the site
forbids inline styles. Every text is escaped. A line chart is drawn twice, wide and narrow, and
the style sheet shows one, so that its words stay readable on a phone; the hidden one is not
read out either.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import floor, isfinite, log10
from typing import Literal

from markupsafe import Markup, escape

Number = int | float
Kind = Literal["actual", "expected", "other"]


@dataclass(frozen=True, slots=True)
class Line:
    """One line; `values` has one entry for each label of the chart, None where nothing is known."""

    label: str
    values: Sequence[Number | None]
    kind: Kind = "actual"


@dataclass(frozen=True, slots=True)
class Band:
    """What is likely between `low` and `high`, entry by entry; None where the band is absent."""

    low: Sequence[Number | None]
    high: Sequence[Number | None]


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened at `position` (an index into the labels), such as a leaver."""

    position: int
    text: str


@dataclass(frozen=True, slots=True)
class LineChart:
    """All that is drawn. `name` is unique on the page and made of letters, digits and hyphens."""

    name: str
    title: str
    description: str
    labels: Sequence[str]
    lines: Sequence[Line]
    band: Band | None = None
    events: Sequence[Event] = ()


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where things go on one drawing, in its own units."""

    kind: Literal["wide", "narrow"]
    width: int
    height: int
    left: int
    right: int
    top: int
    count: int
    most: float
    bottom: int = 28

    def x(self, position: int) -> float:
        room = self.width - self.left - self.right
        return self.left + (room * position / (self.count - 1) if self.count > 1 else room / 2)

    def y(self, value: Number) -> float:
        room = self.height - self.top - self.bottom
        return self.top + room * (1 - value / self.most)


def bar(value: Number, cap: Number | None, maximum: Number) -> Markup:
    """A horizontal bar from 0 to `maximum`, with a mark at `cap` (None: no mark).

    Hidden from screen readers: the number stands in the next cell.
    """
    over = cap is not None and value > cap
    tone = " bar__value--over" if over else ""
    parts = [
        _element("rect", class_="bar__track", width="100%", height="100%"),
        _element("rect", class_=f"bar__value{tone}", width=_share(value, maximum), height="100%"),
    ]
    if cap is not None and maximum > 0:
        # a mark at the very end would be cut off
        at = min(_fraction(cap, maximum), 0.99)
        parts.append(_element("rect", class_="bar__cap", x=f"{at:.1%}", width="2", height="100%"))
    return _element("svg", *parts, class_="bar", aria_hidden="true", focusable="false")


def line_chart(chart: LineChart) -> Markup:
    """The chart twice, wide and narrow; nothing at all when there is nothing to draw."""
    numbers = _numbers(chart)
    if not chart.labels or not numbers:
        return Markup()
    most = scale_end(max(numbers))
    longest = max(len(line.label) for line in chart.lines)
    side = min(220, 24 + 8 * longest)
    count = len(chart.labels)
    head = 12 + 18 * bool(chart.events)
    wide = _Frame("wide", 680, 260, 40, side, head, count, most)
    narrow = _Frame("narrow", 340, 250, 36, 14, head + 20 * len(chart.lines), count, most)
    return _drawing(chart, wide) + _drawing(chart, narrow)


def scale_end(most: Number) -> float:
    """The top of a scale that starts at 0 and divides into five readable steps."""
    if not isfinite(most) or most <= 0:
        return 5.0
    power: float = 10.0 ** floor(log10(most))
    steps = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)
    end = next(step * power for step in steps if most <= step * power * (1 + 1e-9))
    return max(end, 5.0) if float(most).is_integer() else end


def _drawing(chart: LineChart, frame: _Frame) -> Markup:
    name = f"{chart.name}-{frame.kind}"
    parts = [
        _element("title", escape(chart.title), id=f"{name}-title"),
        _element("desc", escape(chart.description), id=f"{name}-desc"),
        *_grid(frame),
        *_ticks(chart.labels, frame),
        *_band(chart.band, frame),
        *_events(chart.events, frame),
    ]
    for line in chart.lines:
        parts += [*_path(line, frame), *_dots(line, frame)]
    parts += _line_labels(chart.lines, frame)
    return _element(
        "svg",
        *parts,
        class_=f"chart__{frame.kind}",
        viewBox=f"0 0 {frame.width} {frame.height}",
        role="img",
        aria_labelledby=f"{name}-title {name}-desc",
        focusable="false",
    )


def _grid(frame: _Frame) -> Iterable[Markup]:
    for step in range(6):
        value = frame.most * step / 5
        y = f"{frame.y(value):.1f}"
        yield _element(
            "line", class_="chart__grid", x1=frame.left, x2=frame.width - frame.right, y1=y, y2=y
        )
        yield _text(f"{value:,g}", "chart__tick", frame.left - 6, frame.y(value) + 4, "end")


def _ticks(labels: Sequence[str], frame: _Frame) -> Iterable[Markup]:
    room = 62
    every = max(1, -(-len(labels) * room // max(1, frame.width - frame.left - frame.right)))
    for position in range(0, len(labels), every):
        x = frame.x(position)
        anchor = "end" if x > frame.width - 24 else "middle"
        yield _text(labels[position], "chart__tick", x, frame.height - 8, anchor)


def _band(band: Band | None, frame: _Frame) -> Iterable[Markup]:
    if band is None:
        return
    pairs = zip(range(frame.count), band.low, band.high, strict=False)
    known = [(i, low, high) for i, low, high in pairs if low is not None and high is not None]
    if len(known) > 1:
        there = [_point(frame, i, high) for i, _, high in known]
        back = [_point(frame, i, low) for i, low, _ in reversed(known)]
        yield _element("polygon", class_="chart__band", points=" ".join(there + back))


def _events(events: Sequence[Event], frame: _Frame) -> Iterable[Markup]:
    for event in events:
        if not 0 <= event.position < frame.count:
            continue
        x = frame.x(event.position)
        y1, y2 = frame.top - 4, frame.height - frame.bottom
        yield _element("line", class_="chart__event", x1=f"{x:.1f}", x2=f"{x:.1f}", y1=y1, y2=y2)
        anchor = "end" if x > (frame.left + frame.width - frame.right) / 2 else "start"
        yield _text(event.text, "chart__event-text", x, frame.top - 8, anchor)


def _path(line: Line, frame: _Frame) -> Iterable[Markup]:
    """The line, broken where a value is missing."""
    for stretch in _stretches(line.values):
        if len(stretch) > 1:
            points = " ".join(_point(frame, i, value) for i, value in stretch)
            yield _element(
                "polyline", class_=f"chart__line chart__line--{line.kind}", points=points
            )


def _dots(line: Line, frame: _Frame) -> Iterable[Markup]:
    """Circles for what happened, squares for what was expected, diamonds for the rest."""
    class_ = f"chart__dot chart__dot--{line.kind}"
    for i, value in enumerate(line.values[: frame.count]):
        if value is None:
            continue
        x, y = frame.x(i), frame.y(value)
        if line.kind == "actual":
            yield _element("circle", class_=class_, cx=f"{x:.1f}", cy=f"{y:.1f}", r=4)
        elif line.kind == "expected":
            corner = {"x": f"{x - 3:.1f}", "y": f"{y - 3:.1f}"}
            yield _element("rect", class_=class_, width=6, height=6, **corner)
        else:
            shape = f"M{x:.1f} {y - 5:.1f}l5 5-5 5-5-5z"
            yield _element("path", class_=class_, d=shape)


def _line_labels(lines: Sequence[Line], frame: _Frame) -> Iterable[Markup]:
    """Beside the last point on the wide drawing, above the lines on the narrow one."""
    taken: list[float] = []
    for n, line in enumerate(lines):
        class_ = f"chart__label chart__label--{line.kind}"
        known = [(i, v) for i, v in enumerate(line.values[: frame.count]) if v is not None]
        if frame.kind == "narrow":
            yield from _key(line, n, frame, class_)
        elif known:
            x, y = frame.x(known[-1][0]) + 10, _free(frame.y(known[-1][1]) + 4, taken)
            taken.append(y)
            yield _text(line.label, class_, x, y)


def _key(line: Line, n: int, frame: _Frame, class_: str) -> Iterable[Markup]:
    y = 14 + 20 * n
    sample = {"x1": frame.left, "x2": frame.left + 28, "y1": y - 5, "y2": y - 5}
    yield _element("line", class_=f"chart__line chart__line--{line.kind}", **sample)
    yield _text(line.label, class_, frame.left + 36, y)


def _free(y: float, taken: Sequence[float]) -> float:
    """`y`, moved down until it is 16 away from every label already placed."""
    for other in sorted(taken):
        if abs(other - y) < 16:
            y = other + 16
    return y


def _stretches(values: Sequence[Number | None]) -> list[list[tuple[int, Number]]]:
    stretches: list[list[tuple[int, Number]]] = [[]]
    for i, value in enumerate(values):
        if value is None:
            stretches.append([])
        else:
            stretches[-1].append((i, value))
    return stretches


def _numbers(chart: LineChart) -> list[Number]:
    rows = [line.values for line in chart.lines]
    if chart.band is not None:
        rows += [chart.band.low, chart.band.high]
    return [value for row in rows for value in row if value is not None]


def _point(frame: _Frame, position: int, value: Number) -> str:
    return f"{frame.x(position):.1f},{frame.y(value):.1f}"


def _fraction(value: Number, maximum: Number) -> float:
    return min(max(value / maximum, 0.0), 1.0) if maximum > 0 else 0.0


def _share(value: Number, maximum: Number) -> str:
    return f"{_fraction(value, maximum):.1%}"


def _text(text: str, class_: str, x: float, y: float, anchor: str = "start") -> Markup:
    place = {"x": f"{x:.1f}", "y": f"{y:.1f}", "text-anchor": anchor}
    return _element("text", escape(text), class_=class_, **place)


def _element(tag: str, *inside: Markup, **attributes: str | int | float) -> Markup:
    """`<tag attributes>inside</tag>`; class_ is class, aria_hidden is aria-hidden."""
    named = ((name.rstrip("_").replace("_", "-"), value) for name, value in attributes.items())
    written = Markup("").join(Markup(' {}="{}"').format(name, value) for name, value in named)
    return Markup("<{}{}>{}</{}>").format(tag, written, Markup("").join(inside), tag)
