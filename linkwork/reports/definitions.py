"""What the figures of capacity mean: the same words on the page, in files and in kept reports.

Each with where it comes from: a source of its own, or the heading of docs/capacity.md that works
it out.
"""

from dataclasses import dataclass

from linkwork.capacity.assumptions import Assumptions
from linkwork.reports.basis import Basis

STANDARD = Assumptions()
OF_BOARDS = frozenset(
    {"scope", "started", "people_started", "additional", "share", "share_to_date", "wte", "waiting"}
)


@dataclass(frozen=True, slots=True)
class Definition:
    """What a figure is, in words, and whence."""

    code: str
    name: str
    words: str
    source: str


def of(basis: Basis, assumptions: Assumptions = STANDARD) -> tuple[Definition, ...]:
    """The definitions for one year and scope, in the order of the page.

    Raises BankHolidaysUnknown.
    """
    return (_scope(basis), *COUNTED, *_share(basis), *AHEAD, *_staff(assumptions), *FLOW)


def of_files(basis: Basis, assumptions: Assumptions = STANDARD) -> tuple[Definition, ...]:
    """All there are, where there is room. Raises BankHolidaysUnknown."""
    return (*of(basis, assumptions), *GROUPS)


def of_boards(basis: Basis) -> tuple[Definition, ...]:
    """Those of the figures that several PCNs are shown by. Raises BankHolidaysUnknown."""
    meant = (_scope(basis), *COUNTED, *_share(basis), *_staff(STANDARD), *FLOW)
    return tuple(one for one in meant if one.code in OF_BOARDS)


def by_code(basis: Basis, assumptions: Assumptions = STANDARD) -> dict[str, Definition]:
    """The same by their code. Raises BankHolidaysUnknown."""
    return {each.code: each for each in of_files(basis, assumptions)}


def _scope(basis: Basis) -> Definition:
    target = basis.target
    return Definition(
        "scope",
        "Scope",
        f"{target.people:,} people a year, {basis.scope.words} ({target.source})."
        " The other target counts other posts. The two are never added.",
        target.source,
    )


def _share(basis: Basis) -> tuple[Definition, ...]:
    days = basis.year.working_days()
    return (
        Definition(
            "share",
            "Share",
            "The national target divided by registered list size, fixed once for the year."
            " A PCN without a list size has no share, and is named.",
            "Shares",
        ),
        Definition(
            "share_to_date",
            "Share to date",
            f"The share times the working days gone by, of {days} this year"
            " (Monday to Friday without bank holidays).",
            "Pace",
        ),
    )


COUNTED = (
    Definition(
        "started",
        "Started",
        "The first conversation of an episode that the person attended, by phone, video or in"
        " person. A failed attempt, a text or a letter does not start one.",
        "Counting",
    ),
    Definition(
        "people_started",
        "People started",
        "Each person once in a financial year, in the PCN that started them first."
        " Cases opened in error count nowhere.",
        "Counting",
    ),
    Definition(
        "additional",
        "Additional",
        "A start counts as an additional link worker’s when whoever held that conversation then"
        " had an additional post in the PCN.",
        "Two targets",
    ),
)
AHEAD = (
    Definition(
        "projected",
        "Expected by 31 March",
        "People started, and the pace for each day worked over the last 65 working days, times"
        " the days that known posts, leavers, starters and long absences leave. The range is"
        " where it would end four times in five.",
        "Projection",
    ),
)
FLOW = (
    Definition(
        "waiting",
        "Waiting",
        "Open cases without a first conversation yet, of all link workers. Those that nobody has"
        " accepted yet and those that are paused are among them, so a wait is rather too long.",
        "Waiting list",
    ),
    Definition(
        "cost_per_person",
        "Cost for each person",
        "What the posts that are filled cost from 1 April to the date, at the cost of one WTE in"
        " force on the date, over the people started. No saving is ever computed.",
        "Money",
    ),
    Definition(
        "funnel",
        "What becomes of referrals",
        "Referrals received in the year, and how many of these were contacted (a conversation or"
        " a reply), started, have a plan, went to an activity they were referred to, and closed"
        " with the plan completed.",
        "The funnel",
    ),
    Definition(
        "people_seen",
        "People seen",
        "People with a conversation this year, whenever they were referred. A reply in writing is"
        " none. Never projected.",
        "The funnel",
    ),
    Definition(
        "duplicates",
        "Possible duplicates",
        "Records that may be of one person. If all were, so many people fewer were started.",
        "The funnel",
    ),
    Definition(
        "reach",
        "Who we reach",
        "People started by how deprived the area of their postcode is (IMD 2019), beside the same"
        " parts of the registered list. Small numbers are withheld.",
        "Reach and practices",
    ),
)
# Told where the figure is opened: the page has no room for them on its one sheet.
GROUPS = (
    Definition(
        "routes",
        "Referrals by route",
        "First referrals of cases received in the year by who sent them, and how many of these"
        " have started. Small numbers are told only together.",
        "Reach and practices",
    ),
    Definition(
        "practices",
        "Practices",
        "Referrals received in the year from each practice of the PCN, for each 1,000 patients of"
        " its list. Small numbers are withheld.",
        "Reach and practices",
    ),
    Definition(
        "nowhere",
        "Nowhere to send people",
        "How often link workers of the PCN noted in the year that nothing was found for a need,"
        " in tens.",
        "Reach and practices",
    ),
)


def _staff(assumptions: Assumptions) -> tuple[Definition, ...]:
    high, low = assumptions.people_per_wte, assumptions.people_per_wte_low
    return (
        Definition(
            "wte",
            "WTE",
            "Whole-time equivalents. At work leaves out vacancies and long absences; funded"
            " counts both, and each post from its first day on.",
            "Capacity",
        ),
        Definition(
            "capacity",
            "Capacity",
            f"{high:g} people for each WTE in a full year ({low:g} beside it), for the days in"
            " post. Annual leave and short sickness are inside that. Long absences lower it.",
            "Capacity",
        ),
        Definition(
            "load_used",
            "Caseload",
            "Open cases that have started, weighted 0.5 for light, 1 for standard and 1.75 for"
            f" complex, against {assumptions.open_cases:g} for each WTE at work. Only caseload"
            " is weighted.",
            "Load",
        ),
        Definition(
            "ceiling",
            "What limits us",
            "People one WTE can start in a year: the lowest of the number expected, what the"
            " length of support allows, and what hours with people allow.",
            "Ceilings",
        ),
    )
