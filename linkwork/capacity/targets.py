"""The two national targets, and the scope that keeps them apart.

Section 1 of the capacity rules (docs/capacity.md, "Two targets"). Both come from the NHS
announcement of 5 August 2020. Each counts other workers, so the two are never added and no
figure is shown without its scope.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

PEOPLE_PER_WTE = 250
"""People one whole-time equivalent starts in a year: 125,000 over 500 workers."""

PEOPLE_PER_WTE_LOW = 200
"""The lower end of the range in NHS role descriptions, shown beside it."""


class Scope(StrEnum):
    """Which posts a figure counts."""

    ADDITIONAL = "additional"
    ALL = "all"

    def includes(self, additional: bool) -> bool:
        """Whether a post, or a start made by its holder, counts."""
        return self is Scope.ALL or additional

    @property
    def words(self) -> str:
        """The scope as it is printed beside a figure."""
        return "additional link workers only" if self is Scope.ADDITIONAL else "all link workers"


@dataclass(frozen=True, slots=True)
class Target:
    """A number of people to start in a financial year, with the posts it is about."""

    code: str
    people: int
    scope: Scope
    source: str


ANNOUNCEMENT = "NHS announcement, 5 August 2020"
TARGET_A = Target("A", 125_000, Scope.ADDITIONAL, f"{ANNOUNCEMENT}: 500 workers, 250 people each")
TARGET_B = Target("B", 400_000, Scope.ALL, f"{ANNOUNCEMENT}: the whole service")
TARGETS = {Scope.ADDITIONAL: TARGET_A, Scope.ALL: TARGET_B}


def target_for(scope: Scope) -> Target:
    """The only target that figures of this scope may be set against."""
    return TARGETS[scope]


def default_scope(additional: Iterable[bool]) -> Scope:
    """The scope a PCN sees first, from the `additional` mark of each of its posts.

    Additional when it has any such post, filled or not; else all.
    """
    return Scope.ADDITIONAL if any(additional) else Scope.ALL
