"""What the figures of a report rest on: the financial year, the date and the scope."""

from dataclasses import dataclass
from datetime import date

from linkwork.capacity.calendar import FinancialYear, long_date
from linkwork.capacity.targets import Scope, Target, target_for


@dataclass(frozen=True, slots=True)
class Basis:
    """What every figure of a page rests on, printed with it."""

    year: FinancialYear
    as_of: date
    scope: Scope

    @property
    def target(self) -> Target:
        """The national target that figures of this scope are set against."""
        return target_for(self.scope)

    @property
    def words(self) -> str:
        """The basis in words, below each figure."""
        return f"{self.year.label}, {self.scope.words}, to {long_date(self.as_of)}."
