"""What limits a whole-time worker: three ceilings on people started in a year.

Section 6 of the capacity rules (docs/capacity.md, "Ceilings"). The lowest is the effective one:
k_eff = min(k, M * 52 / l, H * s / (h1 + (c - 1) * h2)). People per WTE per year throughout.
"""

from dataclasses import dataclass
from enum import StrEnum

from linkwork.capacity.figure import Figure, counted, missing, people
from linkwork.capacity.targets import PEOPLE_PER_WTE

WEEKS_A_YEAR = 52
SHORTER_WEEKS = 10.0
FEWER_CONTACTS = 6.0


@dataclass(frozen=True, slots=True)
class Workload:
    """The settings behind the ceilings, printed wherever a ceiling is.

    Raises ValueError for a setting that is not above 0, or a share of hours above 1.
    """

    people_per_wte: float = PEOPLE_PER_WTE
    open_cases: float = 40
    """M: open cases one WTE can hold, in standard cases."""
    hours_a_week: float = 37.5
    weeks_worked: float = 42
    share_with_people: float = 0.60
    first_hours: float = 1.0
    """h1: hours of the first conversation."""
    further_hours: float = 0.5
    """h2: hours of each further contact."""

    def __post_init__(self) -> None:
        values = (getattr(self, name) for name in self.__slots__)
        if not all(value > 0 for value in values) or self.share_with_people > 1:
            raise ValueError("Workload settings are above 0, and a share of hours at most 1.")

    @property
    def hours_with_people(self) -> float:
        """H * s: hours one WTE spends with people in a year."""
        return self.hours_a_week * self.weeks_worked * self.share_with_people

    def hours_each(self, people_a_year: float) -> float:
        """Hours there are for each of so many people a year (above 0)."""
        return self.hours_with_people / people_a_year

    def contacts_each(self, people_a_year: float) -> float:
        """Contacts those hours allow for each person."""
        return 1 + (self.hours_each(people_a_year) - self.first_hours) / self.further_hours


STANDARD = Workload()


class Limit(StrEnum):
    """Which ceiling is the lowest."""

    EXPECTED = "expected"
    OPEN_CASES = "open_cases"
    HOURS = "hours"


@dataclass(frozen=True, slots=True)
class Ceilings:
    """The three ceilings, and what they were worked out from.

    `weeks_open` is the mean length of support, `contacts` the mean per closed case; None where
    nothing has been closed yet.
    """

    workload: Workload
    weeks_open: float | None
    contacts: float | None

    @property
    def by_open_cases(self) -> Figure:
        """M * 52 / l, or why it is not known."""
        if self.weeks_open is None or self.weeks_open <= 0:
            return missing("The length of support is not known: no case has been closed yet.")
        return Figure(self.workload.open_cases * WEEKS_A_YEAR / self.weeks_open)

    @property
    def by_hours(self) -> Figure:
        """H * s / (h1 + (c - 1) * h2), or why it is not known."""
        if self.contacts is None or self.contacts < 1:
            return missing("Contacts for each person are not known: no case has been closed yet.")
        load = self.workload
        hours = load.first_hours + (self.contacts - 1) * load.further_hours
        return Figure(load.hours_with_people / hours)

    @property
    def lowest(self) -> tuple[float, Limit]:
        """k_eff and the ceiling that sets it; ceilings that are not known do not limit."""
        found = [(self.workload.people_per_wte, Limit.EXPECTED)]
        for figure, limit in ((self.by_open_cases, Limit.OPEN_CASES), (self.by_hours, Limit.HOURS)):
            if figure.value is not None:
                found.append((figure.value, limit))
        return min(found, key=lambda pair: pair[0])

    @property
    def people_per_wte(self) -> float:
        """k_eff: people one WTE can start in a year as things are."""
        return self.lowest[0]

    @property
    def limit(self) -> Limit:
        """The ceiling that is the lowest."""
        return self.lowest[1]

    @property
    def unknown(self) -> tuple[str, ...]:
        """Why each ceiling that is missing is missing, as sentences."""
        return tuple(f.reason for f in (self.by_open_cases, self.by_hours) if f.value is None)

    def sentence(
        self, shorter_weeks: float = SHORTER_WEEKS, fewer_contacts: float = FEWER_CONTACTS
    ) -> str:
        """What limits us now, and what one change of that would bring."""
        if self.limit is Limit.OPEN_CASES and self.weeks_open is not None:
            weeks = min(shorter_weeks, max(1.0, self.weeks_open - 1))
            now = f"Length of support limits you now ({counted(self.weeks_open, 'week')})."
            better = Ceilings(self.workload, weeks, self.contacts)
            return f"{now} {self._change('At ' + counted(weeks, 'week'), better)}"
        if self.limit is Limit.HOURS and self.contacts is not None:
            fewer = min(fewer_contacts, max(1.0, self.contacts - 1))
            now = f"Hours with people limit you now ({self.contacts:.3g} contacts each)."
            better = Ceilings(self.workload, self.weeks_open, fewer)
            return f"{now} {self._change(f'At {fewer:.3g} contacts', better)}"
        expected = people(self.workload.people_per_wte)
        known = "neither length of support nor hours with people limits you"
        return f"The expected {expected} a year for each WTE is the limit: {known}" + (
            " as far as is known." if self.unknown else "."
        )

    def _change(self, lead: str, better: "Ceilings") -> str:
        gain = round(better.people_per_wte - self.people_per_wte)
        if gain <= 0:
            return f"{lead} each WTE could start no more people: something else limits you too."
        noun = "person" if gain == 1 else "people"
        return f"{lead} each WTE could start {gain} more {noun} a year."
