"""The gaps of a month in a few sentences, and as rows for a file."""

from linkwork.models import GAP_LABELS, NEED_LABELS
from linkwork.reports.gaps import NEAR_MILES, Line, Report

HEADERS = (
    "Month",
    "Need",
    "Where",
    "People with the need",
    "People the month before",
    "Gaps",
    "Gaps the month before",
    "Why",
    f"Activities within {NEAR_MILES} miles",
    "Activities by phone, online or at home",
)


def sentences(report: Report) -> list[str]:
    """What there is to know, the most important first."""
    found = [_most(report), _empty(report)]
    return [sentence for sentence in found if sentence]


def place(line: Line) -> str:
    """Where it is, as far as that is known."""
    return line.place or "Place not known"


def reasons(line: Line) -> str:
    """Why nothing was found, the most frequent first."""
    return ", ".join(f"{GAP_LABELS[why].lower()} ({times.lower()})" for why, times in line.reasons)


def trend(line: Line) -> str:
    """Against the month before."""
    if line.gaps == line.gaps_before and isinstance(_number(line.gaps), int):
        return "as before"
    return "new" if line.gaps_before == "0" else f"{line.gaps_before.lower()} before"


def rows(report: Report) -> list[tuple[object, ...]]:
    """The lines under ``HEADERS``; numbers as numbers where they may be printed."""
    return [
        (
            f"{report.month:%Y-%m}",
            NEED_LABELS[line.need],
            line.place or "",
            _number(line.people),
            _number(line.people_before),
            _number(line.gaps),
            _number(line.gaps_before),
            reasons(line),
            line.nearby,
            line.anywhere,
        )
        for line in (*report.lines, *report.bare)
    ]


def _most(report: Report) -> str:
    month = f"{report.month:%B %Y}"
    if report.gaps == 0:
        return f"No gap was noted in {month}."
    first, start = report.lines[0], f"Gaps were noted in {month}{_change(report)}"
    if report.gaps is not None:
        noted = "gap was noted" if report.gaps == 1 else "gaps were noted"
        start = f"{report.gaps} {noted} in {month}{_change(report)}"
    if first.gaps in {"0", "1"} or not first.gaps[0].isdigit() or report.is_withholding:
        return f"{start}."
    where = f" in {first.place}" if first.place else ""
    return f"{start}: most often {NEED_LABELS[first.need].lower()}{where} ({first.gaps})."


def _change(report: Report) -> str:
    if report.gaps is None or report.gaps_before is None:
        return ""
    more = report.gaps - report.gaps_before
    change = f"{abs(more)} {'more' if more > 0 else 'fewer'} than" if more else "as many as in"
    return f", {change} the month before"


def _empty(report: Report) -> str:
    named = [f"{NEED_LABELS[line.need].lower()} in {line.place}" for line in report.bare[:3]]
    if not named:
        return ""
    start = f"People have the need and there is nothing within {NEAR_MILES} miles"
    return f"{start}: {', '.join(named)}{' and more' if len(report.bare) > 3 else ''}."


def _number(text: str) -> object:
    plain = text.replace(",", "")
    return int(plain) if plain.isdigit() else text
