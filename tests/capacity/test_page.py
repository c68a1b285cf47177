"""Every worked figure on docs/capacity.md, worked out again."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from linkwork.capacity.assumptions import REFERENCE_COSTS, SETTINGS, Assumptions
from linkwork.capacity.calendar import FinancialYear
from linkwork.capacity.ceilings import STANDARD, Ceilings
from linkwork.capacity.counting import Counts, Start, count
from linkwork.capacity.fairness import Z_95, Z_998, limits, rate, weighted_list
from linkwork.capacity.figure import Figure
from linkwork.capacity.levers import recruited, wte_to_close
from linkwork.capacity.load import Complexity, load
from linkwork.capacity.money import at_capacity
from linkwork.capacity.pace import pace
from linkwork.capacity.posts import AbsenceSpan, PostSpan, capacity, wte_days
from linkwork.capacity.projection import estimate
from linkwork.capacity.shares import Claim, Shares, by_deprivation, by_list
from linkwork.capacity.targets import TARGETS
from linkwork.capacity.waiting import WaitingList, relief, starts_a_week

PAGE = (Path(__file__).parents[2] / "docs" / "capacity.md").read_text(encoding="utf-8")
YEAR = FinancialYear(2025)
Row = list[str]


def tables() -> dict[tuple[str, int], list[Row]]:
    """The rows of each table, without its head, by heading and place under it."""
    found: dict[tuple[str, int], list[Row]] = {}
    for section in PAGE.split("\n## ")[1:]:
        heading = section.partition("\n")[0]
        for place, table in enumerate(re.findall(r"(?:^\|.*\n?)+", section, re.MULTILINE)):
            rows = [line.strip("|").split("|") for line in table.splitlines()[2:]]
            found[heading, place] = [[cell.strip() for cell in row] for row in rows]
    return found


TABLES = tables()


def number(cell: str) -> float:
    return float(cell.replace(",", ""))


def day(cell: str) -> date | None:
    return date.fromisoformat(cell) if cell else None


def all_shown(values: tuple[float | Figure, ...], like: Row) -> Row:
    return [shown(value, cell) for value, cell in zip(values, like, strict=True)]


def shown(value: float | Figure | None, like: str) -> str:
    """A value with as many decimals as the page gives it."""
    figure = value if isinstance(value, Figure) else Figure(value, "absent")
    return figure.text(len(like.partition(".")[2]))


def target(row: Row) -> Row:
    found = next(target for target in TARGETS.values() if target.code == row[0])
    return [found.code, f"{found.people:,}", found.scope]


def year(row: Row) -> Row:
    return [row[0], str(FinancialYear.from_label(row[0]).working_days())]


def claims() -> list[Claim]:
    rows = TABLES["Shares", 0]
    return [
        Claim(row[0], int(number(row[0])), quintiles=tuple(map(float, row[1:6])))  # type: ignore[arg-type]
        for row in rows
    ]


def share(row: Row) -> Row:
    def of(shares: Shares) -> float:
        return next(found for found in shares.rows if found.code == row[0]).exact

    plain = by_list(125_000, claims()).of(row[0])
    return [*row[:6], shown(plain, row[6]), shown(of(by_deprivation(125_000, claims())), row[7])]


def one_capacity(row: Row) -> Row:
    first, last, away_from, away_to = (day(cell) for cell in row[1:5])
    assert first
    absences = [AbsenceSpan(1, away_from, away_to)] if away_from else []
    days = wte_days([PostSpan(1, float(row[0]), first, last)], absences, YEAR.start, YEAR.end)
    return [*row[:5], shown(capacity(days, YEAR), row[5])]


def by_contacts(row: Row) -> Row:
    return [row[0], shown(Ceilings(STANDARD, None, float(row[0])).by_hours, row[1])]


def by_weeks(row: Row) -> Row:
    return [row[0], shown(Ceilings(STANDARD, float(row[0]), None).by_open_cases, row[1])]


def one_load(row: Row) -> Row:
    cases = [Complexity.STANDARD] * int(row[0])
    return [*row[:2], load(cases, float(row[1])).band or ""]


def one_pace(row: Row) -> Row:
    found = pace(int(row[0]), int(row[1]), YEAR, date.fromisoformat(row[2]))
    values = (found.expected, found.gap_people, found.gap_days)
    return [*row[:3], *all_shown(values, row[3:])]


def one_projection(row: Row) -> Row:
    found = estimate(int(row[0]), int(row[1]), float(row[2]), float(row[3]))
    values = (found.expected, found.lower, found.upper)
    return [*row[:4], *all_shown(values, row[4:])]


def one_list(row: Row) -> Row:
    starts = starts_a_week(float(row[3]), 250)
    found = WaitingList(float(row[0]), float(row[1]), starts, float(row[2]))
    values = (starts, found.wait_weeks, found.after(26))
    return [*row[:4], *all_shown(values, row[4:])]


def one_relief(row: Row) -> Row:
    waiting = WaitingList(float(row[0]), float(row[1]), 0, float(row[2]))
    found = relief(waiting, float(row[3]), float(row[4]))
    values = (found.first, found.first_wte, found.then, found.then_wte)
    return [*row[:5], *all_shown(values, row[5:])]


def one_recruit(row: Row) -> Row:
    wte, first = float(row[0]), date.fromisoformat(row[1])
    values = (recruited(wte, first, YEAR, ramp=False), recruited(wte, first, YEAR))
    return [*row[:2], *all_shown(values, row[2:])]


def one_gap(row: Row) -> Row:
    found = wte_to_close(float(row[0]), date.fromisoformat(row[1]), YEAR)
    return [*row[:2], shown(found, row[2])]


def one_cost(row: Row) -> Row:
    cost = REFERENCE_COSTS[row[0]]
    return [row[0], f"{cost:,}", shown(at_capacity(cost, 250), row[2])]


def one_assumption(row: Row) -> Row:
    found = next(one for one in SETTINGS.values() if one.label == row[0])
    return [found.label, found.text(getattr(Assumptions(), found.code)), found.range_words]


def example() -> Counts:
    rows = TABLES["Counting", 0]
    return count([Start(row[0], row[1], date.fromisoformat(row[2])) for row in rows], YEAR)


def one_start(row: Row) -> Row:
    """A case counts in its PCN when the person is no longer counted without it."""
    others = [other for other in TABLES["Counting", 0] if other[0] == row[0] and other != row]
    mine = Start(row[0], row[1], date.fromisoformat(row[2]))
    starts = [Start(other[0], other[1], date.fromisoformat(other[2])) for other in others]
    place = count([mine, *starts], YEAR)
    first = place.of(row[1]).started_on == (mine.started_at,)
    return [*row[:3], f"in {row[1]}" if first else "already"]


def one_rate(row: Row) -> Row:
    patients, started = int(number(row[0])), int(row[7])
    weighed = weighted_list(patients, [float(part) for part in row[1:6]])
    values = (rate(started, patients), rate(started, weighed.value))
    return [*row[:6], shown(weighed, row[6]), row[7], *all_shown(values, row[8:])]


def one_limit(row: Row) -> Row:
    expected, phi = float(row[0]), float(row[1])
    values = (*limits(expected, Z_95, phi), *limits(expected, Z_998, phi))
    return [*row[:2], *all_shown(values, row[2:])]


WORKED: dict[tuple[str, int], Callable[[Row], Row]] = {
    ("Two targets", 0): target,
    ("Working days", 0): year,
    ("Shares", 0): share,
    ("Counting", 0): one_start,
    ("Capacity", 0): one_capacity,
    ("Ceilings", 0): by_contacts,
    ("Ceilings", 1): by_weeks,
    ("Load", 0): one_load,
    ("Pace", 0): one_pace,
    ("Projection", 0): one_projection,
    ("Waiting list", 0): one_list,
    ("Waiting list", 1): one_relief,
    ("What if", 0): one_recruit,
    ("What if", 1): one_gap,
    ("Money", 0): one_cost,
    ("Comparing PCNs", 0): one_rate,
    ("Comparing PCNs", 1): one_limit,
    ("Assumptions", 0): one_assumption,
}


def test_every_table_of_the_page_is_worked_out_here() -> None:
    assert set(TABLES) == set(WORKED)


@pytest.mark.parametrize(
    ("table", "row"),
    [
        pytest.param(table, row, id=f"{table[0]}: {' '.join(row)}")
        for table, rows in TABLES.items()
        for row in rows
    ],
)
def test_the_page_says_what_the_program_does(table: tuple[str, int], row: Row) -> None:
    assert WORKED[table](row) == row


def test_the_page_says_what_the_rest_of_england_has() -> None:
    rest = by_list(125_000, claims()).rest.people
    assert f"The rest of England has {rest:,} of the 125,000 by list." in PAGE


def test_the_page_says_how_its_example_of_counting_adds_up() -> None:
    found = example()
    first, second = (found.of(code) for code in ("P1", "P2"))
    assert (first.people, second.people, found.everyone.people) == (2, 1, 3)
    assert first.also_elsewhere == second.also_elsewhere == 2
    assert "P1 has 2 people and P2 has 1, together 3; two people were seen by both." in PAGE


def test_every_assumption_is_on_the_page() -> None:
    assert [row[0] for row in TABLES["Assumptions", 0]] == [one.label for one in SETTINGS.values()]


def test_every_section_a_docstring_points_to_is_on_the_page() -> None:
    package = Path(__file__).parents[2] / "linkwork" / "capacity"
    text = "\n".join(path.read_text(encoding="utf-8") for path in package.glob("*.py"))
    named = set(re.findall(r'docs/capacity\.md, "([^"]+)"', text))
    headings = set(re.findall(r"^## (.+)$", PAGE, re.MULTILINE))
    assert len(named) > 10
    assert named <= headings
