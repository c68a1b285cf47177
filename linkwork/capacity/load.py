"""The load of a worker: open cases, weighted, over the cases their hours can hold.

Section 6 of the capacity rules (docs/capacity.md, "Load"). The weights follow from hours. Only
load is weighted: targets always count people.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from linkwork.capacity.ceilings import STANDARD
from linkwork.capacity.figure import Figure, ratio

NEARLY_FULL = 0.85
FULL = 1.0
ROUNDING = 1e-9


class Complexity(StrEnum):
    """How much of a standard case's time a case takes."""

    LIGHT = "light"
    STANDARD = "standard"
    COMPLEX = "complex"

    @property
    def weight(self) -> float:
        """Standard cases that one such case equals."""
        return WEIGHTS[self]


WEIGHTS = {Complexity.LIGHT: 0.5, Complexity.STANDARD: 1.0, Complexity.COMPLEX: 1.75}


class Band(StrEnum):
    """What a load means for taking somebody on."""

    ROOM = "has room"
    FULL = "full"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Load:
    """Points on the caseload out of the points that fit (both in standard cases)."""

    points: float
    limit: float
    cases: int

    @property
    def used(self) -> Figure:
        """Points over limit (1.0 is full), or why it cannot be given."""
        return ratio(self.points, self.limit, "No WTE is in post, so no caseload fits.")

    @property
    def free(self) -> float:
        """Standard cases that still fit, from 0."""
        return max(0.0, self.limit - self.points)

    @property
    def band(self) -> Band | None:
        """Under 85 % has room, up to 100 % full, above over; None without any WTE."""
        used = self.used.value
        if used is None:
            return None
        if used < NEARLY_FULL - ROUNDING:
            return Band.ROOM
        return Band.FULL if used <= FULL + ROUNDING else Band.OVER

    @property
    def sentence(self) -> str:
        """The header line of a caseload: "31.5 of 40 points, 27 people"."""
        who = "1 person" if self.cases == 1 else f"{self.cases} people"
        return f"{self.points:g} of {self.limit:g} points, {who}"


def load(open_cases: Iterable[Complexity], wte: float, full: float = STANDARD.open_cases) -> Load:
    """The load of a worker, or of a team with their summed WTE: sum of weights / (M * WTE)."""
    weights = [WEIGHTS[case] for case in open_cases]
    return Load(sum(weights), full * wte, len(weights))
