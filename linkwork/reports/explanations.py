"""How a figure of the page of a PCN is explained: its definition, its rows and its assumptions."""

from collections.abc import Callable
from dataclasses import dataclass

from linkwork.reports.capacity import Report

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a figure: its value as it is printed, its rows, and what to know of them."""

    value: str
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """How one figure is told: its definition, its rows and the assumptions that it rests on."""

    definition: str
    title: str
    headers: Row
    tell: Callable[[Report], Told]
    settings: tuple[str, ...] = ()
    of_all: bool = False
    """Whether it is of all link workers, whatever the scope of the page."""
