"""One figure as it is stated: to a program, in a kept report, in a comparison of two reports.

A finite number with the text that the page prints, or the reason why there is none.
"""

from dataclasses import dataclass

from linkwork.capacity.figure import Figure
from linkwork.capacity.targets import Scope
from linkwork.reports import disclosure

PEOPLE, WTE, PER_CENT, POINTS, DAYS = "people", "WTE", "per cent", "points", "working days"
CASES, REFERRALS, A_YEAR = "cases", "referrals", "people a year for each WTE"
WEEKS, WEEKLY = "weeks", "people a week"


@dataclass(frozen=True, slots=True)
class Stated:
    """One figure. ``scope`` is whose work it counts: not always that of the page.

    ``value`` is in ``unit``, None with a ``reason``; ``text`` is as it is printed.
    """

    code: str
    section: str
    label: str
    value: float | None
    unit: str
    text: str
    reason: str
    scope: Scope


def stated(
    code: str,
    section: str,
    label: str,
    figure: Figure | float,
    *,
    unit: str,
    scope: Scope,
    places: int = 0,
) -> Stated:
    """A figure with the text it is printed with: ``places`` decimals, or a dash."""
    known = figure if isinstance(figure, Figure) else Figure(figure)
    return Stated(code, section, label, known.value, unit, known.text(places), known.reason, scope)


def printed(code: str, section: str, label: str, text: str, *, unit: str, scope: Scope) -> Stated:
    """A count as it may be printed: a number, or what stands in its stead where it is withheld."""
    digits = text.replace(",", "")
    if digits.isdigit():
        return Stated(code, section, label, int(digits), unit, text, "", scope)
    return Stated(code, section, label, None, unit, text, disclosure.EXPLAINED, scope)
