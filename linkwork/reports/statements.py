"""Every figure of the page of one PCN, one by one, with the text that the page prints."""

from collections.abc import Callable, Iterator

from linkwork.capacity.ceilings import Limit
from linkwork.capacity.figure import Figure, missing
from linkwork.capacity.targets import Scope
from linkwork.reports.capacity import Report
from linkwork.reports.stated import (
    A_YEAR,
    CASES,
    DAYS,
    PEOPLE,
    PER_CENT,
    POINTS,
    REFERRALS,
    WEEKLY,
    WEEKS,
    WTE,
    Stated,
    printed,
    stated,
)


def of_report(report: Report) -> tuple[Stated, ...]:
    """Every figure of a report, in the order of its page."""
    return tuple(figure for section in SECTIONS for figure in section(report))


def by_code(report: Report) -> dict[str, Stated]:
    """The same by code, for a page."""
    return {figure.code: figure for figure in of_report(report)}


def _started(report: Report) -> Iterator[Stated]:
    standing, section = report.standing, "People started"
    against = standing.pace

    def one(code: str, label: str, figure: Figure | float, unit: str = PEOPLE) -> Stated:
        return stated(code, section, label, figure, unit=unit, scope=report.basis.scope)

    none = missing(standing.share.reason or "There is no share to set it against.")
    yield one("people_started", "People started", standing.count.people)
    yield one("share", "Share of the year", standing.share)
    yield one("share_to_date", "Share to date", Figure(against.expected) if against else none)
    gap = Figure(against.gap_people) if against else none
    yield one("gap_people", "Ahead of the share to date (below 0: behind)", gap)
    days = against.gap_days if against else none
    yield one("gap_days", "Ahead of the share to date, in days", days, DAYS)
    yield one("started_elsewhere", "Also started by another PCN", standing.count.also_elsewhere)


def _ahead(report: Report) -> Iterator[Stated]:
    ahead, scope = report.standing.projection, report.basis.scope
    for code, label, figure in (
        ("projected", "Expected by 31 March", ahead.expected),
        ("projected_low", "Expected by 31 March, at least", ahead.lower),
        ("projected_high", "Expected by 31 March, at most", ahead.upper),
    ):
        yield stated(code, "Expected by 31 March", label, figure, unit=PEOPLE, scope=scope)


def _staff(report: Report) -> Iterator[Stated]:
    team, scope, section = report.team, report.basis.scope, "Staff"
    none = missing("No posts are recorded for this PCN.")
    for code, label, wte in (
        ("wte_in_post", "WTE at work", team.in_post_wte),
        ("wte_funded", "WTE funded", team.funded_wte),
    ):
        figure = Figure(wte) if team.has_posts else none
        yield stated(code, section, label, figure, unit=WTE, scope=scope, places=1)
    for code, label, figure in (
        ("capacity", "People who can be started this year", team.capacity),
        ("capacity_low", "People who can be started, at the lower number", team.capacity_low),
    ):
        yield stated(code, section, label, figure, unit=PEOPLE, scope=scope)


def _load(report: Report) -> Iterator[Stated]:
    team, load, section = report.team, report.team.load, "Caseload"
    for code, label, figure, unit, places in (
        ("waiting", "People waiting to be started", Figure(team.waiting), PEOPLE, 0),
        ("open_started", "Open cases that have started", Figure(load.cases), CASES, 0),
        ("load_points", "Caseload", Figure(load.points), POINTS, 2),
        ("load_limit", "Caseload that fits", Figure(load.limit), POINTS, 2),
        ("load_used", "Caseload in use", load.used.scaled(100), PER_CENT, 0),
    ):
        yield stated(code, section, label, figure, unit=unit, scope=Scope.ALL, places=places)


def _waiting(report: Report) -> Iterator[Stated]:
    section, found, scope = "Waiting list", report.waiting, Scope.ALL
    ahead, relief = found.ahead, found.relief
    for code, label, figure, unit, places in (
        ("accepted_a_week", "Referrals accepted", ahead.referred, WEEKLY, 1),
        ("leaving", "Those who leave before a start", 100 * ahead.leaving, PER_CENT, 0),
        ("starts_a_week", "People who can be started", ahead.started, WEEKLY, 1),
        ("wait_weeks", "Wait of somebody referred now", ahead.wait_weeks, WEEKS, 1),
        ("empty_in_weeks", "Until the list is empty", ahead.empty_in_weeks, WEEKS, 0),
        ("waited_median", "Half started within", found.median_days, "days", 0),
        ("waited_most", "Nine in ten started within", found.most_days, "days", 0),
        (
            "relief_a_week",
            "To start each week until the wait is as aimed for",
            relief.first,
            WEEKLY,
            1,
        ),
        ("relief_wte", "Staff for that", relief.first_wte, WTE, 1),
        ("hold_a_week", "To start each week to hold that wait", relief.then, WEEKLY, 1),
        ("hold_wte", "Staff to hold that wait", relief.then_wte, WTE, 1),
    ):
        yield stated(code, section, label, figure, unit=unit, scope=scope, places=places)


def _money(report: Report) -> Iterator[Stated]:
    section, found, scope = "Money", report.money, report.basis.scope
    for code, label, figure in (
        ("spent", "Spent to date", found.spent),
        ("cost_per_person", "Cost for each person started", found.per_person),
        (
            "cost_at_capacity",
            "Cost for each, if each WTE started as many as expected",
            found.each_at_capacity,
        ),
    ):
        yield stated(code, section, label, figure, unit="pounds", scope=scope)


def _what_ifs(report: Report) -> Iterator[Stated]:
    section, scope = "What would change it", report.basis.scope
    for effect in report.what_ifs.effects:
        code = f"what_if.{effect.lever.value}"
        for part, label, figure, unit, places in (
            ("people", "people by 31 March", effect.total, PEOPLE, 0),
            ("extra", "more people by 31 March", Figure(effect.extra), PEOPLE, 0),
            ("wait_weeks", "wait on 31 March", effect.wait_weeks, WEEKS, 1),
            ("cost", "cost", effect.cost, "pounds", 0),
            ("cost_per_person", "cost for each extra person", effect.cost_per_person, "pounds", 0),
        ):
            yield stated(f"{code}.{part}", section, f"{effect.label}: {label}", figure, unit=unit,
                         scope=scope, places=places)  # fmt: skip


def _months(report: Report) -> Iterator[Stated]:
    scope, section = report.basis.scope, "People started each month"
    for month in report.standing.months:
        name, when = f"{month.first_on:%Y-%m}", f"{month.first_on:%B}"
        future = missing(f"{when} is still to come.")
        counts = (
            ("people_started", "started", month.started),
            ("so_far", "started in the year to its end", month.so_far),
        )
        for code, label, people in counts:
            figure = future if people is None else Figure(people)
            yield stated(f"{code}.{name}", section, f"{when}: {label}", figure, unit=PEOPLE,
                         scope=scope)  # fmt: skip
        yield stated(f"share.{name}", section, f"{when}: share to its end", month.expected,
                     unit=PEOPLE, scope=scope)  # fmt: skip


def _limits(report: Report) -> Iterator[Stated]:
    section, found, scope = "What limits us", report.limits, Scope.ALL
    named = {
        Limit.EXPECTED: ("people_expected", "The number expected of a WTE"),
        Limit.OPEN_CASES: ("ceiling_open_cases", "By the length of support"),
        Limit.HOURS: ("ceiling_hours", "By hours with people"),
    }
    for limit, figure in found.rows:
        yield stated(*_two(named[limit], section), figure, unit=A_YEAR, scope=scope)
    lowest = Figure(found.ceilings.people_per_wte)
    yield stated("people_per_wte", section, "The lowest of them", lowest, unit=A_YEAR, scope=scope)


def _two(named: tuple[str, str], section: str) -> tuple[str, str, str]:
    return named[0], section, named[1]


def _funnel(report: Report) -> Iterator[Stated]:
    section, funnel, scope = "What becomes of referrals", report.funnel, Scope.ALL
    for step in funnel.steps:
        code, label = f"funnel.{step.code.value}", step.label
        yield stated(code, section, label, step.cases, unit=REFERRALS, scope=scope)
        whole = f"{label}, of all referrals"
        yield stated(f"{code}.of_referred", section, whole, step.of_referred, unit=PER_CENT,
                     scope=scope)  # fmt: skip
    for name, label, count, unit in (
        ("people_seen", "People with a conversation this year", funnel.people_seen, PEOPLE),
        ("carried", "Started this year, referred before it", funnel.carried, CASES),
        ("completed", "Closed this year with the plan completed", funnel.completed, CASES),
        ("duplicates", "Possible duplicates", report.duplicates.pairs, "pairs of records"),
        ("duplicates_most", "People started, fewer at most", report.duplicates.fewer, PEOPLE),
    ):
        yield stated(name, section, label, count, unit=unit, scope=scope)


def _reach(report: Report) -> Iterator[Stated]:
    section, scope = "Who we reach", Scope.ALL
    for place, fifth in enumerate(report.reach.fifths, start=1):
        code, label = f"reach.{place}", fifth.name
        yield printed(code, section, label, fifth.people, unit=PEOPLE, scope=scope)
        for part, of, figure in (
            ("percent", "of the people", fifth.percent),
            ("list_percent", "of our list", fifth.list_percent),
        ):
            yield stated(f"{code}.{part}", section, f"{label}, {of}", figure, unit=PER_CENT,
                         scope=scope)  # fmt: skip


SECTIONS: tuple[Callable[[Report], Iterator[Stated]], ...] = (
    _started,
    _ahead,
    _staff,
    _load,
    _limits,
    _waiting,
    _money,
    _what_ifs,
    _funnel,
    _reach,
    _months,
)
