"""Cells that a spreadsheet would take for a formula: made harmless, and made what they were.

An apostrophe before the cell makes it text (OWASP, CSV injection). A cell that already has one
there gets another, so that nothing is lost on the way back.
"""

import re

FORMULA = re.compile(r"'*[=+\-@\t\r\n]")
# Numbers of phones and codes of days (``-1FR``) begin with a sign too, and calculate nothing.
HARMLESS = re.compile(r"[+-][0-9][0-9 ()]*(?:[A-Z]{2})?(?:,[+-]?[0-9]*(?:[A-Z]{2})?)*")


def neutral(text: str) -> str:
    """The text as a cell that no spreadsheet calculates."""
    return f"'{text}" if FORMULA.match(text) else text


def neutral_for_programs(text: str) -> str:
    """The same, but for numbers and codes, which other programs need as they are."""
    return text if HARMLESS.fullmatch(text) else neutral(text)


def plain(cell: str) -> str:
    """What either was given."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell
