"""Charts as inline SVG: a bar for a table's cell, and lines over time.

Colours and dashes come from classes in static/css/components.css, because the policy of the site
forbids inline styles. Every text is escaped. A line chart is drawn twice, wide and narrow, and
the style sheet shows one, so that its words stay readable on a phone; the hidden one is not
read out either.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from math import isfinite
from typing import Literal

from markupsafe import Markup

from linkwork.web.drawing import Frame, Number, element, marks, scale_end, svg, text

Kind = Literal["actual", "expected", "other", "limit", "signal"]
ROW = 18
LETTER = 7.5


@dataclass(frozen=True, slots=True)
class Line:
    """One line; `values` has one entry for each label of the chart, None where nothing is known.

    A `limit` is drawn without points, and a `signal` as points alone.
    """

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
    """Something that happened at `position`, such as a leaver.

    The position is an index into the labels; 1.5 is half-way from the second to the third.
    """

    position: Number
    text: str


@dataclass(frozen=True, slots=True)
class LineChart:
    """All that is drawn. `name` is unique on the page and made of letters, digits and hyphens.

    `places` says how far along each label stands, from 0 to 1; evenly where it is empty.
    """

    name: str
    title: str
    description: str
    labels: Sequence[str]
    lines: Sequence[Line]
    band: Band | None = None
    events: Sequence[Event] = ()
    places: Sequence[float] = ()


def bar(value: Number, cap: Number | None, maximum: Number, *, warn: bool = True) -> Markup:
    """A horizontal bar from 0 to `maximum`, with a mark at `cap` (None: no mark).

    `warn` colours a value beyond the mark; say False where the mark is something to reach.
    Hidden from screen readers: the number stands in the next cell.
    """
    over = warn and cap is not None and value > cap
    tone = " bar__value--over" if over else ""
    parts = [
        element("rect", class_="bar__track", width="100%", height="100%"),
        element("rect", class_=f"bar__value{tone}", width=_share(value, maximum), height="100%"),
    ]
    if cap is not None and maximum > 0:
        # a mark at the very end would be cut off
        at = min(_fraction(cap, maximum), 0.99)
        parts.append(element("rect", class_="bar__cap", x=f"{at:.1%}", width="2", height="100%"))
    return element("svg", *parts, class_="bar", aria_hidden="true", focusable="false")


def line_chart(chart: LineChart) -> Markup:
    """The chart twice, wide and narrow; nothing at all when there is nothing to draw."""
    chart = _cleaned(chart)
    numbers = _numbers(chart)
    if not numbers:
        return Markup()
    most = scale_end(max(numbers))
    longest = max(len(line.label) for line in chart.lines)
    side = min(200, 20 + 9 * longest)
    count, places = len(chart.labels), tuple(chart.places)
    wide = Frame("wide", 620, 260, 42, side, 12, count, most, places=places)
    head = 12 + 20 * len(chart.lines)
    narrow = Frame("narrow", 340, 250, 38, 14, head, count, most, places=places)
    return _drawing(chart, wide) + _drawing(chart, narrow)


def _drawing(chart: LineChart, frame: Frame) -> Markup:
    rows = _rows(chart.events, frame)
    more = ROW * len(rows)
    frame = replace(frame, top=frame.top + more, height=frame.height + max(0, more - ROW))
    parts = [
        *_grid(frame),
        *_ticks(tuple(chart.labels), frame),
        *_band(chart.band, frame),
        *_events(rows, frame),
    ]
    for line in chart.lines:
        parts += [*_path(line, frame), *_dots(line, frame)]
    parts += _line_labels(chart.lines, frame)
    return svg(frame, chart.name, chart.title, chart.description, parts)


@lru_cache(maxsize=256)
def _grid(frame: Frame) -> Sequence[Markup]:
    parts = []
    for step in range(6):
        value = frame.most * step / 5
        y, right = f"{frame.y(value):.1f}", frame.width - frame.right
        parts += [
            element("line", class_="chart__grid", x1=frame.left, x2=right, y1=y, y2=y),
            text(f"{value:,g}", "chart__tick", frame.left - 6, frame.y(value) + 4, "end"),
        ]
    return tuple(parts)


@lru_cache(maxsize=256)
def _ticks(labels: tuple[str, ...], frame: Frame) -> Sequence[Markup]:
    """The labels there is room for, from the left; an empty one is not drawn."""
    room = 14 + 8 * max(map(len, labels))
    parts, free = [], 0.0
    for position, label in enumerate(labels):
        x = frame.x(position)
        if not label or x < free - 1e-6:
            continue
        free = x + room
        anchor = "end" if x > frame.width - 24 else "middle"
        parts.append(text(label, "chart__tick", x, frame.height - 8, anchor))
    return tuple(parts)


def _band(band: Band | None, frame: Frame) -> Iterable[Markup]:
    if band is None:
        return
    pairs = enumerate(zip(band.low, band.high, strict=False))
    known = [(i, low, high) for i, (low, high) in pairs if low is not None and high is not None]
    if len(known) > 1:
        there = [frame.point(i, high) for i, _, high in known]
        back = [frame.point(i, low) for i, low, _ in reversed(known)]
        yield element("polygon", class_="chart__band", points=" ".join(there + back))


def _rows(events: Sequence[Event], frame: Frame) -> list[list[tuple[float, Event]]]:
    """Events in as many rows, from the lowest, as keep their words from covering each other."""
    rows: list[list[tuple[float, Event]]] = []
    taken: list[float] = []
    here = (event for event in events if 0 <= event.position < frame.count)
    for event in sorted(here, key=lambda event: event.position):
        start = _start(event, frame)
        free = (n for n, end in enumerate(taken) if end < start)
        row = next(free, len(rows))
        if row == len(rows):
            rows.append([])
            taken.append(0.0)
        rows[row].append((start, event))
        taken[row] = start + LETTER * len(event.text) + LETTER
    return rows


def _start(event: Event, frame: Frame) -> float:
    """Where the words of an event begin: at its line, or so that they end there."""
    x, length = frame.x(event.position), LETTER * len(event.text)
    return x - length if x + length > frame.width - frame.right else x


def _events(rows: Sequence[Sequence[tuple[float, Event]]], frame: Frame) -> Iterable[Markup]:
    for row, events in enumerate(rows):
        for start, event in events:
            x, y = round(frame.x(event.position), 1), frame.top - 8 - ROW * row
            foot = frame.height - frame.bottom
            yield element("line", class_="chart__event", x1=x, x2=x, y1=y + 4, y2=foot)
            anchor = "end" if start < x else "start"
            yield text(event.text, "chart__event-text", x, y, anchor)


def _path(line: Line, frame: Frame) -> Iterable[Markup]:
    """The line, broken where a value is missing."""
    if line.kind == "signal":
        return
    for stretch in _stretches(line.values):
        if len(stretch) > 1:
            points = " ".join(frame.point(i, value) for i, value in stretch)
            yield element("polyline", class_=f"chart__line chart__line--{line.kind}", points=points)


def _dots(line: Line, frame: Frame) -> Iterable[Markup]:
    """Circles for what happened, squares for what was expected, diamonds for the rest."""
    if line.kind == "limit":
        return
    known = (
        (frame.x(i), frame.y(value)) for i, value in enumerate(line.values) if value is not None
    )
    yield marks(line.kind, f"chart__dot chart__dot--{line.kind}", known)


def _line_labels(lines: Sequence[Line], frame: Frame) -> Iterable[Markup]:
    """Beside the last point on the wide drawing, above the lines on the narrow one."""
    taken: list[float] = []
    for n, line in enumerate(lines):
        class_ = f"chart__label chart__label--{line.kind}"
        known = [(i, v) for i, v in enumerate(line.values) if v is not None]
        if frame.kind == "narrow":
            yield from _key(line, n, frame, class_)
        elif known:
            last, value = known[-1]
            # a line that stops early is named below its end, clear of those that go on
            drop = 5 if last == frame.count - 1 else 22
            y = _free(frame.y(value) + drop, taken)
            taken.append(y)
            yield text(line.label, class_, frame.x(last) + 10, y)


def _key(line: Line, n: int, frame: Frame, class_: str) -> Iterable[Markup]:
    y = 14 + 20 * n
    sample = {"x1": frame.left, "x2": frame.left + 28, "y1": y - 5, "y2": y - 5}
    yield element("line", class_=f"chart__line chart__line--{line.kind}", **sample)
    yield text(line.label, class_, frame.left + 36, y)


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


def _cleaned(chart: LineChart) -> LineChart:
    """Only as many values as there are labels; what pandas calls NaN is not known."""

    def clean(values: Sequence[Number | None]) -> list[Number | None]:
        here = values[: len(chart.labels)]
        return [v if v is not None and isfinite(v) else None for v in here]

    lines = [replace(line, values=clean(line.values)) for line in chart.lines]
    band = chart.band and Band(clean(chart.band.low), clean(chart.band.high))
    return replace(chart, lines=lines, band=band)


def _numbers(chart: LineChart) -> list[Number]:
    rows = [line.values for line in chart.lines]
    if chart.band is not None:
        rows += [chart.band.low, chart.band.high]
    return [value for row in rows for value in row if value is not None]


def _fraction(value: Number, maximum: Number) -> float:
    return min(max(value / maximum, 0.0), 1.0) if maximum > 0 else 0.0


def _share(value: Number, maximum: Number) -> str:
    return f"{_fraction(value, maximum):.1%}"
