"""Rows that somebody brings in from a sheet: all of them, or none while one is wrong."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from linkwork.errors import RuleBroken

T = TypeVar("T")
NOTHING_NEW = "Every row is recorded already, so there is nothing to bring in."


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that is wrong: its line in the sheet, and what to do about it."""

    line: int
    words: str


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """What a sheet would bring: new rows, how many are recorded already, what is wrong.

    ``notes`` is what is not wrong and should be looked at.
    """

    new: tuple[T, ...]
    same: int
    problems: tuple[Problem, ...]
    notes: tuple[str, ...] = ()

    def must_be_whole(self) -> None:
        """Raise ``RuleBroken`` while a row is wrong, or where none is new."""
        if self.problems:
            rows = "1 row is" if len(self.problems) == 1 else f"{len(self.problems)} rows are"
            raise RuleBroken(f"{rows} wrong. Nothing was brought in. Put them right first.")
        if not self.new:
            raise RuleBroken(NOTHING_NEW)
