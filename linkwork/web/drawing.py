"""The parts of a drawing: SVG elements, escaped, and the frame that turns values into places."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import floor, isfinite, log10
from typing import Literal

from markupsafe import Markup, escape

Number = int | float


@dataclass(frozen=True, slots=True)
class Frame:
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
    places: tuple[float, ...] = ()
    """How far along each label stands, from 0 to 1; evenly where this is empty."""

    def x(self, position: Number) -> float:
        room = self.width - self.left - self.right
        return self.left + room * self._along(position)

    def _along(self, position: Number) -> float:
        if self.count < 2:
            return 0.5
        if not self.places:
            return position / (self.count - 1)
        before = min(int(position), self.count - 2)
        here, there = self.places[before : before + 2]
        return here + (there - here) * (position - before)

    def y(self, value: Number) -> float:
        room = self.height - self.top - self.bottom
        return self.top + room * (1 - value / self.most)

    def point(self, position: int, value: Number) -> str:
        return f"{self.x(position):.1f},{self.y(value):.1f}"


def scale_end(most: Number) -> float:
    """The top of a scale that starts at 0 and divides into five readable steps."""
    if not isfinite(most) or most <= 0:
        return 5.0
    power: float = 10.0 ** floor(log10(most))
    steps = (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)
    ends = (step * power for step in steps if most <= step * power * (1 + 1e-9))
    # smaller than floats can divide: no round number fits
    end = next(ends, float(most))
    return max(end, 5.0) if float(most).is_integer() else end


def text(words: str, class_: str, x: float, y: float, anchor: str = "start") -> Markup:
    # Straight, as in marks(): every tick of every scale is one.
    place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
    return Markup(f'<text class="{escape(class_)}" {place}>{escape(words)}</text>')  # noqa: S704


def element(tag: str, *inside: Markup, **attributes: str | int | float) -> Markup:
    """`<tag attributes>inside</tag>`; class_ is class, aria_hidden is aria-hidden."""
    written = "".join([_attribute(name, value) for name, value in attributes.items()])
    within = "".join(inside)
    # A page has hundreds of these, and Markup.format takes five times as long.
    return Markup(f"<{tag}{written}>{within}</{tag}>")  # noqa: S704 - all escaped


def svg(frame: Frame, name: str, title: str, description: str, parts: Iterable[Markup]) -> Markup:
    """A whole drawing, read out by its title and description; ``name`` sets its ids apart."""
    name = f"{name}-{frame.kind}"
    return element(
        "svg",
        element("title", escape(title), id=f"{name}-title"),
        element("desc", escape(description), id=f"{name}-desc"),
        *parts,
        class_=f"chart__{frame.kind}",
        viewBox=f"0 0 {frame.width} {frame.height}",
        role="img",
        aria_labelledby=f"{name}-title {name}-desc",
        focusable="false",
    )


@lru_cache(maxsize=4096, typed=True)
def _attribute(name: str, value: str | int | float) -> str:
    """One attribute, escaped. Most are on every drawing: classes, anchors, the lines of a grid."""
    return f' {name.rstrip("_").replace("_", "-")}="{escape(value)}"'


def marks(kind: str, class_: str, places: Iterable[tuple[float, float]]) -> Markup:
    """Circles for what happened, squares for what was expected, diamonds for the rest."""
    draw, class_ = _SHAPES[kind], str(escape(class_))
    # Straight, without element(): a page has hundreds, and there is nothing but numbers in them.
    return Markup("".join([draw(class_, x, y) for x, y in places]))  # noqa: S704


def _circle(class_: str, x: float, y: float) -> str:
    return f'<circle class="{class_}" cx="{x:.1f}" cy="{y:.1f}" r="4"></circle>'


def _square(class_: str, x: float, y: float) -> str:
    at = f'x="{x - 3:.1f}" y="{y - 3:.1f}"'
    return f'<rect class="{class_}" width="6" height="6" {at}></rect>'


def _diamond(size: int) -> Callable[[str, float, float], str]:
    def draw(class_: str, x: float, y: float) -> str:
        shape = f"M{x:.1f} {y - size:.1f}l{size} {size}-{size} {size}-{size}-{size}z"
        return f'<path class="{class_}" d="{shape}"></path>'

    return draw


_SHAPES = {"actual": _circle, "expected": _square, "other": _diamond(5), "signal": _diamond(8)}
