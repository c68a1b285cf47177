"""Schedules drawn at random, and several people who write them down, each in their own way."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import time

from hypothesis import strategies as st

from linkwork.timetable.slots import CODES

NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
SHORT = ("Mon", "Tues", "Weds", "Thurs", "Fri", "Sat", "Sun")
NTH = {1: "first", 2: "2nd", 3: "third", 4: "4th", -1: "last"}
Range = tuple[time, time | None]


@dataclass(frozen=True)
class Line:
    """Days with an ordinal (0 is every week), their hours, and every how many weeks."""

    days: tuple[int, ...]
    hours: tuple[Range, ...]
    ordinal: int = 0
    interval: int = 1

    @property
    def truth(self) -> set[tuple[str, int, time | None, time | None]]:
        """What a reader must find, day by day."""
        hours = self.hours or ((None, None),)
        codes = [f"{self.ordinal or ''}{CODES[day]}" for day in self.days]
        return {(code, self.interval, *one) for code in codes for one in hours}

    @property
    def is_long(self) -> bool:
        """Whether every range has an end, and lasts longer than half an hour."""
        return all(one[1] and _minutes(one[1]) - _minutes(one[0]) > 30 for one in self.hours)


def _minutes(at: time) -> int:
    return at.hour * 60 + at.minute


@st.composite
def _hours(draw: st.DrawFn) -> tuple[Range, ...]:
    marks = draw(st.lists(st.integers(28, 95), min_size=0, max_size=4, unique=True).map(sorted))
    times = [time(mark // 4, mark % 4 * 15) for mark in marks]
    if len(times) == 1:
        return ((times[0], None),)
    return tuple((times[n], times[n + 1]) for n in range(0, len(times) - 1, 2))


@st.composite
def timetables(draw: st.DrawFn) -> list[Line]:
    """One to three lines, no day of the week in two of them."""
    order = draw(st.permutations(range(7)))
    lines, at = [], 0
    for _ in range(draw(st.integers(1, 3))):
        size = draw(st.integers(1, 3))
        days = tuple(sorted(order[at : at + size])) or (order[-1],)
        at += size
        ordinal = draw(st.sampled_from([0, 0, 0, 1, 2, 3, 4, -1]))
        interval = draw(st.sampled_from([1, 1, 1, 2])) if not ordinal and len(days) == 1 else 1
        lines.append(Line(days, draw(_hours()), ordinal, interval))
        if at >= 7:
            break
    return lines


def _twelve(at: time, *, dot: str, noon: bool, space: str = "") -> str:
    if noon and at == time(12):
        return "12 noon"
    minutes = f"{dot}{at.minute:02}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes}{space}{'am' if at.hour < 12 else 'pm'}"


def _day_list(line: Line, names: tuple[str, ...], plural: str, join: str) -> str:
    said = [f"{names[day]}{'' if line.ordinal else plural}" for day in line.days]
    if line.ordinal:
        said = [f"{NTH[line.ordinal]} {name}" for name in said]
    first, last = line.days[0], line.days[-1]
    is_span = len(line.days) > 2 and last - first == len(line.days) - 1 and not line.ordinal
    words = f"{names[first]} - {names[last]}" if is_span else join.join(said)
    if line.ordinal:
        words += " of the month"
    return f"every other {words}" if line.interval == 2 else words


def _plain(line: Line) -> str:
    hours = " and ".join(
        " to ".join(_twelve(at, dot=":", noon=True) for at in one if at) for one in line.hours
    )
    return f"{_day_list(line, NAMES, 's', ' and ')} {hours}"


def _terse(line: Line) -> str:
    def written(one: Range) -> str:
        begins, ends = one
        if ends is None:
            return _twelve(begins, dot=".", noon=False)
        said = _twelve(ends, dot=".", noon=False)
        whole = _twelve(begins, dot=".", noon=False)
        same = (begins.hour < 12) is (ends.hour < 12)
        return f"{whole[:-2] if same else whole}-{said}"

    return f"{_day_list(line, SHORT, '', '/')} {', '.join(written(one) for one in line.hours)}"


def _whole_day(line: Line) -> str:
    hours = " & ".join("–".join(f"{at:%H:%M}" for at in one if at) for one in line.hours)
    return f"{_day_list(line, NAMES, '', ', ')}: {hours}"


def _hours_first(line: Line) -> str:
    hours = ", ".join(
        " - ".join(_twelve(at, dot=".", noon=True, space=" ") for at in one if at)
        for one in line.hours
    )
    return f"{hours} {_day_list(line, NAMES, 's', ', ')}"


def _careless(line: Line) -> str:
    """No am or pm, as people do for what begins in the day and lasts less than half of one."""

    def bare(at: time) -> str:
        return f"{at.hour % 12 or 12}" + (f".{at.minute:02}" if at.minute else "")

    def written(one: Range) -> str:
        begins, ends = one
        is_usual = 9 <= begins.hour < 18 and (ends is None or ends.hour - begins.hour < 12)
        write = bare if is_usual else lambda at: _twelve(at, dot=".", noon=False)
        return "-".join(write(at) for at in one if at)

    return f"{_day_list(line, SHORT, '', ' & ')} {' & '.join(written(one) for one in line.hours)}"


WRITERS: dict[str, Callable[[Line], str]] = {
    "plain": _plain,
    "terse": _terse,
    "whole day": _whole_day,
    "hours first": _hours_first,
    "careless": _careless,
}
JOINS = ("; ", ", ", "\n", ". ", " and ", " + ")
ASIDES = ("", " (term time only)", ". Closed on bank holidays.", " Please bring a cup.")
