"""Two reports of the Organisation Data Service, told by what is in them: they have no header.

``epcncorepartnerdetails``: every practice with its PCN, from when to when. ``epraccur``: every
practice with its postcode, when it closed and what it is (NHS England, "Data Search and Export").
The columns are those of the service's reference data catalogue
(odsdatasearchandexport.nhs.uk/referenceDataCatalogue: "Primary Care Network" and "GP Practices
(Prescribing Cost Centres)", section "Legacy .csv file mapping"). With the option "include headers"
they have names, which are read too. Days are ``20220401`` there, and any other way is understood.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from itertools import islice
from pathlib import Path

from linkwork.errors import FileRefused
from linkwork.exchange import tables
from linkwork.exchange.organisation_files import (
    LISTS,
    MAP,
    ODS_CODE,
    UNALLOCATED,
    LeftOut,
    day_of,
)
from linkwork.exchange.tables import Layout

GP_SETTINGS = frozenset({"4", "RO76"})
CLOSED = frozenset({"C", "CLOSED", "INACTIVE"})
SAMPLE = 20
MOST_WRONG = 0.2

PARTNERS = Layout(
    "list of PCN core partners",
    {
        "practice": ("partner_organisation_code",),
        "name": ("partner_name", "partner_organisation_name"),
        "pcn": ("pcn_code",),
        "pcn_name": ("pcn_name",),
        "start": ("practice_to_pcn_relationship_start_date", "relationship_start_date"),
        "end": ("practice_to_pcn_relationship_end_date", "relationship_end_date"),
    },
    ("practice", "name", "pcn", "pcn_name", "start", "end"),
)
PRACTICES = Layout(
    "list of practices",
    {
        "practice": ("organisation_code",),
        "name": ("name", "organisation_name"),
        "postcode": ("postcode",),
        "close": ("close_date",),
        "status": ("status_code", "status"),
        "setting": ("prescribing_setting",),
    },
    ("practice", "name", "postcode", "close", "status"),
)
# Where each meaning stands in a report without a header.
PARTNER_PLACES = {"practice": 0, "name": 1, "pcn": 4, "pcn_name": 5, "start": 8, "end": 9}
PRACTICE_PLACES = {
    "practice": 0, "name": 1, "postcode": 9, "open": 10, "close": 11, "status": 12, "setting": 25,
}  # fmt: skip
PARTNER_WIDTH, PRACTICE_WIDTH = 10, 26
STATUSES = frozenset({"A", "C", "D", "P", "ACTIVE", "CLOSED", "DORMANT", "INACTIVE", "PROPOSED"})


class FileKind(StrEnum):
    """What a file about organisations tells of."""

    MAP = "map of practices to PCNs"
    LISTS = "list sizes"
    PARTNERS = "PCN core partners, with dates"
    PRACTICES = "practices, with closures"


@dataclass(frozen=True, slots=True)
class Spell:
    """A time a practice was with a PCN; ``end_on`` is its last day, None while it lasts."""

    pcn: str
    start_on: date
    end_on: date | None


@dataclass
class Partners:
    """Spells by code of the practice, oldest first; names by code."""

    spells: dict[str, list[Spell]] = field(default_factory=lambda: defaultdict(list))
    practices: dict[str, str] = field(default_factory=dict)
    pcns: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PracticeFacts:
    """A practice as the list has it."""

    name: str
    postcode: str | None
    closed_on: date | None
    is_undated: bool = False
    """It is closed, and the list does not say since when."""


def kind_of(file: Path, *, name: str = "") -> FileKind:
    """What a file is, by its columns or by what stands in them.

    Raises FileRefused, naming what was found, where it is none of the four.
    """
    rows = [row for _, row in islice(tables.cells(file, name=name), SAMPLE)]
    if _is_headerless(rows, PARTNER_WIDTH, _is_partner):
        return FileKind.PARTNERS
    if _is_headerless(rows, PRACTICE_WIDTH, _is_practice):
        return FileKind.PRACTICES
    table = tables.read(file, [PARTNERS, PRACTICES, MAP, LISTS], name=name)
    kinds = {
        PARTNERS.name: FileKind.PARTNERS,
        PRACTICES.name: FileKind.PRACTICES,
        MAP.name: FileKind.MAP,
        LISTS.name: FileKind.LISTS,
    }
    return kinds[table.layout.name]


def partners_of(file: Path, left_out: LeftOut, *, name: str = "") -> Partners:
    """Read which practice was with which PCN and when; rows that cannot be used are noted.

    Raises FileRefused for another kind of file and for one without a practice.
    """
    found = Partners()
    for line, row in _rows(file, PARTNERS, PARTNER_PLACES, name):
        code, pcn = row["practice"].upper(), row["pcn"].upper()
        start_on, end_on = day_of(row["start"]), day_of(row["end"])
        wrong = not ODS_CODE.fullmatch(code) or start_on is None or (row["end"] and end_on is None)
        if wrong or pcn in UNALLOCATED or not ODS_CODE.fullmatch(pcn):
            left_out.note("Rows without a code, a PCN or a day that can be read", f"line {line}")
            continue
        assert start_on is not None  # noqa: S101 - else it was wrong
        if end_on is not None and end_on < start_on:
            left_out.note("Rows that end before they begin", f"line {line}")
            continue
        found.practices[code], found.pcns[pcn] = row["name"] or code, row["pcn_name"] or pcn
        found.spells[code].append(Spell(pcn, start_on, end_on))
    if not found.spells:
        raise FileRefused(f"{name or file.name} has no practice in it that is with a PCN.")
    for code in found.spells:
        found.spells[code] = _one_after_another(code, found.spells[code], left_out)
    return found


def practices_of(file: Path, left_out: LeftOut, *, name: str = "") -> dict[str, PracticeFacts]:
    """Read the GP practices, open and closed; other prescribing settings are passed over.

    Raises FileRefused for another kind of file and for one without a practice.
    """
    found: dict[str, PracticeFacts] = {}
    for line, row in _rows(file, PRACTICES, PRACTICE_PLACES, name):
        code = row["practice"].upper()
        if not GP_SETTINGS & {*row.get("setting", "4").upper().split("|")}:
            continue
        if not ODS_CODE.fullmatch(code) or not row["name"]:
            left_out.note("Rows without a code or a name of a practice", f"line {line}")
            continue
        closed_on = day_of(row["close"])
        is_undated = closed_on is None and row["status"].upper() in CLOSED
        if is_undated:
            left_out.note("Practices said to be closed without a day; left as they are", code)
        found[code] = PracticeFacts(row["name"], row["postcode"] or None, closed_on, is_undated)
    if not found:
        raise FileRefused(f"{name or file.name} has no GP practice in it.")
    return found


def _rows(
    file: Path, layout: Layout, places: Mapping[str, int], name: str
) -> Iterator[tuple[int, dict[str, str]]]:
    fits = _is_partner if layout is PARTNERS else _is_practice
    width = PARTNER_WIDTH if layout is PARTNERS else PRACTICE_WIDTH
    first = [row for _, row in islice(tables.cells(file, name=name), SAMPLE)]
    if not _is_headerless(first, width, fits):
        yield from tables.read(file, [layout], name=name).rows
        return
    for line, row in tables.cells(file, name=name):
        yield (
            line,
            {meaning: row[place] if place < len(row) else "" for meaning, place in places.items()},
        )


def _is_headerless(rows: list[list[str]], width: int, fits: Callable[[list[str]], bool]) -> bool:
    """Whether nearly all of the first rows are of a kind; a cut or odd one is met later."""
    right = sum(len(row) >= width and fits(row) for row in rows)
    return bool(rows) and right >= (1 - MOST_WRONG) * len(rows)


def _is_partner(row: list[str]) -> bool:
    pcn = row[4].upper()
    codes = ODS_CODE.fullmatch(row[0].upper()) and (pcn in UNALLOCATED or ODS_CODE.fullmatch(pcn))
    return bool(codes) and day_of(row[8]) is not None and (not row[9] or day_of(row[9]) is not None)


def _is_practice(row: list[str]) -> bool:
    days = day_of(row[10]) is not None and (not row[11] or day_of(row[11]) is not None)
    return bool(ODS_CODE.fullmatch(row[0].upper())) and days and row[12].upper() in STATUSES


def _one_after_another(code: str, spells: list[Spell], left_out: LeftOut) -> list[Spell]:
    """Spells in order, where no two last on the same day: the later one ends the earlier."""
    ordered: list[Spell] = []
    for spell in sorted({*spells}, key=lambda one: (one.start_on, one.end_on or date.max)):
        if ordered and (ordered[-1].end_on or date.max) >= spell.start_on:
            left_out.note("With two PCNs at once; the one that came later was taken", code)
            before = ordered.pop()
            last = date.fromordinal(spell.start_on.toordinal() - 1)
            if before.start_on <= last:
                ordered.append(Spell(before.pcn, before.start_on, last))
        ordered.append(spell)
    return ordered
