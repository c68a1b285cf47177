"""The assumptions behind the figures: every setting of the capacity rules with its default.

Sections 3 to 10 of the capacity rules (docs/capacity.md, "Assumptions"). They are printed
wherever a figure rests on them, and a site may set them, for a PCN or a board, from a day on.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType

from linkwork.capacity.ceilings import FEWER_CONTACTS, SHORTER_WEEKS, STANDARD, Workload
from linkwork.capacity.figure import DASH
from linkwork.capacity.shares import DEFAULT_TILT
from linkwork.capacity.targets import ANNOUNCEMENT, PEOPLE_PER_WTE, PEOPLE_PER_WTE_LOW
from linkwork.capacity.waiting import LEAVING

ROLE = "NHS role descriptions"
OURS = "starting value of Linkwork"
REFERENCE_COSTS = MappingProxyType({"2019/20": 34_113, "2022/23": 36_428})
"""Pounds reimbursed for one WTE in a year at most, to hold a site's own figure against."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One assumption as it is printed and asked for.

    ``lowest`` and ``highest`` are what is allowed, both included. A ``switch`` is on or off.
    ``optional`` may be left open (None).
    """

    code: str
    label: str
    unit: str
    lowest: float
    highest: float
    source: str
    switch: bool = False
    optional: bool = False

    @property
    def range_words(self) -> str:
        """What is allowed, in words: "from 1 to 1,000 people"."""
        if self.switch:
            return "on or off"
        unit = f" {self.unit}" if self.unit else ""
        return f"from {_number(self.lowest)} to {_number(self.highest)}{unit}"

    def text(self, value: float | None) -> str:
        """A value as it is printed, with its unit: "250 people"."""
        if value is None:
            return DASH
        if self.switch:
            return "on" if value else "off"
        one = "person" if self.unit == "people" else self.unit.removesuffix("s")
        return f"{_number(value)} {one if value == 1 else self.unit}".strip()

    def check(self, value: float | None) -> None:
        """Raise ValueError, in words, for a value that is not allowed."""
        if value is None and self.optional:
            return
        right = value is not None and math.isfinite(value) and self.lowest <= value <= self.highest
        if self.switch:
            right = value in (0, 1)
        if not right:
            raise ValueError(f"{self.label}: enter a value {self.range_words}.")


_ALL = (
    Setting("people_per_wte", "People one WTE starts in a year", "people", 1, 1000, ANNOUNCEMENT),
    Setting("people_per_wte_low", "The lower number shown beside it", "people", 1, 1000, ROLE),
    Setting("open_cases", "Open cases one WTE can hold", "standard cases", 1, 500, OURS),
    Setting("hours_a_week", "Hours in a working week of one WTE", "hours", 1, 60, OURS),
    Setting("weeks_worked", "Weeks worked in a year", "weeks", 1, 52, OURS),
    Setting("share_with_people", "Share of hours spent with people", "", 0.05, 1, OURS),
    Setting("first_hours", "Time a first conversation takes", "hours", 0.1, 8, OURS),
    Setting("further_hours", "Time each further contact takes", "hours", 0.1, 8, OURS),
    Setting("leaving", "Share that leaves the waiting list before a start", "", 0, 0.95, OURS),
    Setting("target_wait_weeks", "Wait to aim for", "weeks", 0.5, 52, OURS),
    Setting("relief_weeks", "Time to bring the waiting list down in", "weeks", 1, 104, OURS),
    Setting("ramp", "A recruit builds up over eight weeks", "", 0, 1, OURS, switch=True),
    Setting("shorter_weeks", "Shorter support, as a what-if", "weeks", 1, 104, OURS),
    Setting("fewer_contacts", "Fewer contacts, as a what-if", "contacts", 1, 50, OURS),
    Setting("tilt", "Tilt of shares towards deprivation", "", 0, 1, OURS),
    Setting(
        "cost_per_wte",
        "Cost of one WTE in a year",
        "pounds",
        1,
        200_000,
        "for each site to fill in",
        optional=True,
    ),
)

SETTINGS: Mapping[str, Setting] = MappingProxyType({setting.code: setting for setting in _ALL})
"""Every assumption by its code, in the order in which they are printed."""


@dataclass(frozen=True, slots=True)
class Assumptions:
    """A value for every assumption; the units and ranges are those of ``SETTINGS``.

    Raises ValueError, with a sentence that names it, for a value that is not allowed.
    """

    people_per_wte: float = PEOPLE_PER_WTE
    people_per_wte_low: float = PEOPLE_PER_WTE_LOW
    open_cases: float = STANDARD.open_cases
    hours_a_week: float = STANDARD.hours_a_week
    weeks_worked: float = STANDARD.weeks_worked
    share_with_people: float = STANDARD.share_with_people
    first_hours: float = STANDARD.first_hours
    further_hours: float = STANDARD.further_hours
    leaving: float = LEAVING
    target_wait_weeks: float = 4
    relief_weeks: float = 26
    ramp: bool = True
    shorter_weeks: float = SHORTER_WEEKS
    fewer_contacts: float = FEWER_CONTACTS
    tilt: float = DEFAULT_TILT
    cost_per_wte: float | None = None

    def __post_init__(self) -> None:
        for code, setting in SETTINGS.items():
            setting.check(getattr(self, code))

    @property
    def workload(self) -> Workload:
        """Those that the ceilings on people started rest on."""
        return Workload(**{f.name: getattr(self, f.name) for f in fields(Workload)})

    @property
    def texts(self) -> tuple[tuple[Setting, str], ...]:
        """Every assumption with its value as it is printed."""
        return tuple((each, each.text(getattr(self, each.code))) for each in SETTINGS.values())


def _number(value: float) -> str:
    return f"{value:,.2f}".rstrip("0").rstrip(".")
