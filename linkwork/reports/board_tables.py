"""The tables of a board and of England as they leave in a file: what is printed, and no more."""

from collections.abc import Iterable

from linkwork.reports import boards, definitions
from linkwork.reports.definitions import Definition
from linkwork.reports.england import Line, Report, Sum
from linkwork.reports.tables import Table, number
from linkwork.reports.withholding import EXPLAINED, STEAD

HEADERS = (
    "People started",
    "Share to date",
    "Share of the year",
    "Started for each 10,000 patients",
    "95 in 100 by chance",
    "Compared",
    "WTE at work",
    "WTE funded",
    "Waiting",
)
COMPARED = (
    Definition(
        "rate",
        "For each 10,000",
        "People started in the year to date, divided by registered patients, times 10,000. PCNs"
        " without a list size are left out of both.",
        "Comparing PCNs",
    ),
    Definition(
        "deprivation",
        "Deprivation",
        "Patients of deprived areas count for more, with the weights of the shares by"
        " deprivation. This does not take how unequally people are reached today for what they"
        " need, and asks nobody’s postcode. Without a profile of the list it cannot be given.",
        "Comparing PCNs",
    ),
    Definition(
        "compared",
        "Compared",
        "Small lists vary more by chance, so each count has limits of its own. Outside the"
        " limits is a reason to ask; inside them, a higher or lower place means nothing.",
        "Comparing PCNs",
    ),
    Definition("withheld", "Withheld", EXPLAINED, "Withholding"),
)


def of_board(report: Report, board: Sum) -> tuple[Table, ...]:
    """The PCNs of a board with their sum."""
    rows = [_row((line.name,), line, report, report.phi) for line in board.below]
    rows.append(_row(("All PCNs",), board.line, report, report.phi_of_boards))
    return (_table("board", "PCNs", ("PCN",), rows, report),)


def of_england(report: Report) -> tuple[Table, ...]:
    """Every PCN with its region and board, then the boards, then the regions and England."""
    phi = report.phi_of_boards
    regions = report.england.lines
    pcns = [
        _row((region.line.name, board.line.name, line.name), line, report, report.phi)
        for region in regions
        for board in region.lines
        for line in board.below
    ]
    below = [
        _row((region.line.name, line.name), line, report, phi)
        for region in regions
        for line in region.below
    ]
    sums = [_row((line.name,), line, report, phi) for line in report.england.below]
    sums.append(_row(("England",), report.england.line, report, phi))
    return (
        _table("england_pcns", "PCNs", ("Region", "Board", "PCN"), pcns, report),
        _table("england_boards", "Boards", ("Region", "Board"), below, report),
        _table("england_regions", "Regions", ("Region",), sums, report),
    )


def meant(report: Report) -> tuple[Definition, ...]:
    """What the figures mean, those of comparison first. Raises BankHolidaysUnknown."""
    return (*COMPARED, *definitions.of_boards(report.basis))


def about(report: Report, of: str) -> dict[str, str]:
    """What every row of a file rests on, by heading; ``of`` names the board, or England."""
    basis = report.basis
    return {
        "Of": of,
        "Financial year": basis.year.label,
        "Counted": basis.scope.words,
        "Up to": basis.as_of.isoformat(),
    }


def _table(
    code: str,
    title: str,
    names: tuple[str, ...],
    rows: Iterable[tuple[object, ...]],
    report: Report,
) -> Table:
    notes = (boards.assumptions(report, report.phi if title == "PCNs" else report.phi_of_boards),)
    return Table(code, title, (*names, *HEADERS), tuple(rows), notes)


def _row(names: tuple[str, ...], line: Line, report: Report, phi: float) -> tuple[object, ...]:
    return (
        *names,
        STEAD if line.started is None else line.started,
        number(line.expected),
        number(line.share, 0),
        number(line.compared.rate),
        boards.chance(line, report.mean, phi),
        line.standing.words,
        round(line.in_post_wte, 2) if line.has_posts else "No posts",
        round(line.funded_wte, 2) if line.has_posts else "No posts",
        STEAD if line.waiting is None else line.waiting,
    )
