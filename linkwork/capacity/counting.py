"""People started: each person once a year, attributed to one PCN, month by month.

Section 4 of the capacity rules (docs/capacity.md, "Counting"). A start is the first attended
two-way conversation of an episode; which episodes count is the caller's rule.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time

from linkwork.capacity.calendar import LONDON, FinancialYear, london_date
from linkwork.capacity.targets import Scope


@dataclass(frozen=True, slots=True)
class Start:
    """One episode started: who, by which PCN, when (an aware moment or a date).

    `additional` says whether an additional link worker started it.
    """

    person: Hashable
    pcn_code: str
    started_at: datetime | date
    additional: bool = False


@dataclass(frozen=True, slots=True)
class PcnCount:
    """People started, attributed to one PCN (or to all of them together).

    `started_on` is each person's first start in London, in time order. `also_elsewhere` are
    people this PCN started who were started by another one too, in the year and scope;
    `counted_elsewhere` are those of them attributed to the other PCN.
    """

    pcn_code: str
    started_on: tuple[date, ...]
    also_elsewhere: int = 0
    counted_elsewhere: int = 0

    @property
    def people(self) -> int:
        """Distinct people started and attributed here."""
        return len(self.started_on)

    def months(self, year: FinancialYear) -> tuple[int, ...]:
        """People started in each of the twelve months, April first."""
        found = Counter(day.replace(day=1) for day in self.started_on)
        return tuple(found[month] for month in year.months)


@dataclass(frozen=True, slots=True)
class MonthRow:
    """One month of the table: people started in it, and in the year up to its end."""

    month: date
    people: int
    so_far: int


@dataclass(frozen=True, slots=True)
class Counts:
    """People started in a year and scope: by PCN in order of code, and all together."""

    year: FinancialYear
    scope: Scope
    pcns: tuple[PcnCount, ...]
    everyone: PcnCount

    def of(self, pcn_code: str) -> PcnCount:
        """The count of one PCN; nobody when it started nobody."""
        found = (count for count in self.pcns if count.pcn_code == pcn_code)
        return next(found, PcnCount(pcn_code, ()))

    def month_table(self, pcn_code: str | None = None) -> tuple[MonthRow, ...]:
        """Twelve months of one PCN, or of all of them together, with the running total."""
        count = self.everyone if pcn_code is None else self.of(pcn_code)
        so_far, rows = 0, []
        for month, people in zip(self.year.months, count.months(self.year), strict=True):
            so_far += people
            rows.append(MonthRow(month, people, so_far))
        return tuple(rows)


def count(
    starts: Iterable[Start],
    year: FinancialYear,
    as_of: date | None = None,
    scope: Scope = Scope.ALL,
) -> Counts:
    """Count the people started in `year`, up to the end of `as_of` when it is given.

    Each person is attributed to the PCN of their earliest start within the year and scope; at
    the same moment, to the lower code. So the PCN figures sum to the distinct people. For "also
    seen elsewhere" to be right the rows must hold every PCN's starts, not only one's.
    Raises ValueError for a moment without a time zone.
    """
    first: dict[Hashable, tuple[datetime, str]] = {}
    places: dict[Hashable, set[str]] = defaultdict(set)
    for person, moment in _within(starts, year, as_of, scope):
        first[person] = min(first.get(person, moment), moment)
        places[person].add(moment[1])
    pcns = tuple(_pcn_counts(first, places))
    days = tuple(sorted(moment.date() for moment, _ in first.values()))
    shared = sum(len(codes) > 1 for codes in places.values())
    return Counts(year, scope, pcns, PcnCount("", days, shared))


def _within(
    starts: Iterable[Start], year: FinancialYear, as_of: date | None, scope: Scope
) -> Iterator[tuple[Hashable, tuple[datetime, str]]]:
    last = year.end if as_of is None else min(as_of, year.end)
    for start in starts:
        if scope.includes(start.additional):
            moment = _moment(start.started_at)
            if year.start <= moment.date() <= last:
                yield start.person, (moment, start.pcn_code)


def _pcn_counts(
    first: dict[Hashable, tuple[datetime, str]], places: dict[Hashable, set[str]]
) -> Iterator[PcnCount]:
    days: dict[str, list[date]] = defaultdict(list)
    also: Counter[str] = Counter()
    elsewhere: Counter[str] = Counter()
    for person, (moment, home) in first.items():
        days[home].append(moment.date())
        if len(places[person]) > 1:
            also.update(places[person])
            elsewhere.update(places[person] - {home})
    for code in sorted({*days, *also}):
        yield PcnCount(code, tuple(sorted(days[code])), also[code], elsewhere[code])


def _moment(started_at: datetime | date) -> datetime:
    """The moment on London's clock; a plain date is its first moment."""
    if isinstance(started_at, datetime):
        london_date(started_at)
        return started_at.astimezone(LONDON)
    return datetime.combine(started_at, time(), LONDON)
