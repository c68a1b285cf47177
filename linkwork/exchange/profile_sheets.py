"""Deprivation profiles of lists as a sheet has them: a PCN each row, a fifth each column."""

import re

from linkwork.casework.list_profiles import Line
from linkwork.exchange import pasted_sheets
from linkwork.exchange.row_values import recent_day_of
from linkwork.exchange.tables import Layout

FIFTHS = ("q1", "q2", "q3", "q4", "q5")
# 1,234 is read; 30,5 is refused, since it would be 305 without its comma.
THOUSANDS = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?")
PROFILES = Layout(
    "deprivation profiles",
    {
        "pcn": ("pcn_code", "pcn", "ods_code", "organisation_code"),
        **{
            name: (name, f"quintile_{number}", f"imd_quintile_{number}", f"fifth_{number}")
            for number, name in enumerate(FIFTHS, 1)
        },
        "as_of": ("as_of", "date", "extract_date", "day"),
    },
    ("pcn", *FIFTHS),
)


def profiles(text: str) -> list[Line]:
    """The rows of a sheet of profiles. Raises FileRefused where it is not one."""
    return [_line(line, cells) for line, cells in pasted_sheets.rows(text, PROFILES)]


def _line(line: int, cells: dict[str, str]) -> Line:
    problem, parts = "", []
    for name in FIFTHS:
        plain = cells.get(name, "").replace("%", "").strip()
        if THOUSANDS.fullmatch(plain):
            plain = plain.replace(",", "")
        try:
            parts.append(float(plain))
        except ValueError:
            parts.append(0.0)
            problem = problem or f"“{plain}” under {name} is no number. Write one, 0 for none."
    day = recent_day_of(cells.get("as_of"))
    if cells.get("as_of") and day is None:
        problem = problem or f"“{cells['as_of']}” is no date. Write it like 18/11/2026."
    if not problem and not all(abs(part) < float("inf") for part in parts):
        problem = "A fifth is no number. Write one, 0 for none."
    return Line(line, cells.get("pcn", "").strip(), tuple(parts), day, problem)
