"""What the published files about practices, PCNs and list sizes say, checked row by row.

Read by the meaning of their headers, which change from year to year: "GP registered patients,
practice to PCN map" and the list sizes per practice or per PCN that go with it (NHS Digital).
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from linkwork.errors import FileRefused
from linkwork.exchange.tables import Layout, Table, read, year_and_month

ODS_CODE = re.compile(r"[A-Z0-9]{3,8}")
UNALLOCATED = frozenset({"", "U", "-", "UNALLOCATED"})
EVERYBODY = frozenset({"", "ALL", "PERSONS", "TOTAL"})
PRACTICE_TYPES = frozenset({"", "GP", "PRACTICE", "PCN"})
DATE_SHAPES = ("%d%b%Y", "%Y-%m-%d", "%d/%m/%Y", "%d %B %Y", "%d-%b-%Y", "%Y%m%d", "%d %b %Y")
MOST_PATIENTS = 5_000_000

MAP = Layout(
    "practice-to-PCN map",
    {
        "practice": ("practice_code", "gp_practice_code", "practice_ods_code", "org_code", "code"),
        "name": ("practice_name", "gp_practice_name", "organisation_name", "name"),
        "postcode": ("practice_postcode", "postcode", "post_code"),
        "pcn": ("pcn_code", "pcn_ods_code", "primary_care_network_code"),
        "pcn_name": ("pcn_name", "primary_care_network_name"),
        "icb": ("icb_code", "icb_ods_code", "stp_code", "ics_code"),
        "icb_name": ("icb_name", "stp_name", "ics_name"),
        "region": ("comm_region_name", "region_name", "nhs_england_region_name"),
        "date": ("extract_date", "effective_date", "as_of"),
    },
    ("practice", "name", "pcn", "pcn_name"),
)
LISTS = Layout(
    "table of list sizes",
    {
        "code": ("practice_code", "gp_practice_code", "pcn_code", "org_code", "code"),
        "patients": ("number_of_patients", "registered_patients", "patients", "list_size"),
        "type": ("type", "org_type"),
        "sex": ("sex", "gender"),
        "age": ("age", "age_group", "age_group_5"),
        "date": ("extract_date", "effective_date", "as_of"),
    },
    ("code", "patients"),
)


@dataclass
class LeftOut:
    """What was not taken as it stood, by reason: codes or lines, in the order met."""

    because: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def note(self, reason: str, *which: str) -> None:
        """Remember one more thing for a reason."""
        if which:
            self.because[reason].extend(which)


@dataclass(frozen=True, slots=True)
class Practice:
    """A practice as the map has it; ``pcn`` None is a practice in no PCN."""

    name: str
    postcode: str | None
    pcn: str | None


@dataclass(frozen=True, slots=True)
class Pcn:
    """A PCN as the map has it; ``icb`` None where the map names none."""

    name: str
    icb: str | None


@dataclass(frozen=True, slots=True)
class Icb:
    """An integrated care board, or the partnership before it, and its region."""

    name: str
    region: str | None


@dataclass
class Map:
    """A whole map: organisations by code, and the date it is true of."""

    as_of: date
    icbs: dict[str, Icb] = field(default_factory=dict)
    pcns: dict[str, Pcn] = field(default_factory=dict)
    practices: dict[str, Practice] = field(default_factory=dict)


@dataclass
class Lists:
    """Registered patients by organisation code, and the date they were counted."""

    as_of: date
    patients: dict[str, int] = field(default_factory=dict)


def map_of(file: Path, left_out: LeftOut, *, on: date, name: str = "") -> Map:
    """Read a practice-to-PCN map. ``on`` is its date where it bears none.

    Rows that cannot be used are left out and noted. Raises FileRefused for another kind of file,
    one dated after ``on``, and one without a practice.
    """
    name = name or file.name
    table = _recognised(file, MAP, name)
    found, dates = Map(on), set[date]()
    homes: dict[str, Counter[str]] = defaultdict(Counter)
    for line, row in table.rows:
        if day := day_of(row.get("date", "")):
            dates.add(day)
        if _take_practice(found, line, row, left_out):
            _take_board(found, row)
            _take_network(found, row, homes)
    if not found.practices:
        raise FileRefused(f"{name} has the columns of a {MAP.name} but no practice in it.")
    _settle(found, homes, left_out)
    found.as_of = _date_of(dates, table, on, name)
    return found


def lists_of(file: Path, left_out: LeftOut, *, on: date, name: str = "") -> Lists:
    """Read list sizes, per practice (the rows for all ages and sexes) or per PCN.

    Raises FileRefused for another kind of file, one dated after ``on``, and an empty one.
    """
    name = name or file.name
    table = _recognised(file, LISTS, name)
    found, dates = Lists(on), set[date]()
    for line, row in table.rows:
        if not _is_total(row):
            continue
        if day := day_of(row.get("date", "")):
            dates.add(day)
        code, patients = row["code"].upper(), _patients(row["patients"])
        if not ODS_CODE.fullmatch(code) or patients is None:
            left_out.note(
                "List sizes that are no number of patients, or for no code", f"line {line}"
            )
        elif found.patients.setdefault(code, patients) != patients:
            left_out.note("Listed again with another list size; the first was taken", code)
    if not found.patients:
        raise FileRefused(
            f"{name} has no list size for people of all ages and both sexes together."
        )
    found.as_of = _date_of(dates, table, on, name)
    return found


def _recognised(file: Path, layout: Layout, name: str) -> Table:
    """The table, if it is of this kind; a refusal that says so when it is of the other."""
    try:
        return read(file, [layout], name=name)
    except FileRefused:
        other = MAP if layout is LISTS else LISTS
        try:
            table = read(file, [other], name=name)
        except FileRefused:
            table = None
        if table is None:
            raise
        raise FileRefused(
            f"{name} is a {other.name}, and a {layout.name} was expected here."
            f" Its columns are: {', '.join(table.headers)}."
        ) from None


def _take_practice(found: Map, line: int, row: dict[str, str], left_out: LeftOut) -> bool:
    code, pcn = row["practice"].upper(), row["pcn"].upper()
    if not ODS_CODE.fullmatch(code) or not row["name"]:
        left_out.note("Rows without a code or a name of a practice", f"line {line}")
        return False
    if pcn not in UNALLOCATED and not ODS_CODE.fullmatch(pcn):
        left_out.note("Rows whose PCN code is no code", f"line {line}")
        return False
    home = None if pcn in UNALLOCATED else pcn
    practice = Practice(row["name"], row.get("postcode") or None, home)
    if found.practices.setdefault(code, practice) != practice:
        left_out.note("Practices listed again differently; the first row was taken", code)
        return False
    return True


def _take_board(found: Map, row: dict[str, str]) -> None:
    code = row.get("icb", "").upper()
    if ODS_CODE.fullmatch(code):
        found.icbs.setdefault(code, Icb(row.get("icb_name") or code, row.get("region") or None))


def _take_network(found: Map, row: dict[str, str], homes: dict[str, Counter[str]]) -> None:
    code = row["pcn"].upper()
    if code in UNALLOCATED:
        return
    found.pcns.setdefault(code, Pcn(row["pcn_name"] or code, None))
    if (icb := row.get("icb", "").upper()) in found.icbs:
        homes[code][icb] += 1


def _settle(found: Map, homes: dict[str, Counter[str]], left_out: LeftOut) -> None:
    """Give each PCN the board that most of its practices are in."""
    for code, boards in homes.items():
        icb = min(boards, key=lambda board: (-boards[board], board))
        found.pcns[code] = Pcn(found.pcns[code].name, icb)
        if len(boards) > 1:
            left_out.note("PCNs across two boards; put in the one with most practices", code)
    alone = [code for code, practice in found.practices.items() if practice.pcn is None]
    left_out.note("Practices in no PCN; kept without one", *alone)


def _is_total(row: dict[str, str]) -> bool:
    kind, sex, age = (row.get(meaning, "").upper() for meaning in ("type", "sex", "age"))
    return kind in PRACTICE_TYPES and sex in EVERYBODY and age in EVERYBODY


def _patients(text: str) -> int | None:
    digits = text.replace(",", "").replace(" ", "")
    if not (digits.isascii() and digits.isdigit()) or len(digits) > 9:
        return None
    return int(digits) if int(digits) <= MOST_PATIENTS else None


def _date_of(dates: Iterable[date], table: Table, on: date, name: str) -> date:
    """The date of a file: its column's, else the month in its header, else the day of import."""
    days = [*dates, *_month_of(table)]
    as_of = max(days) if days else on
    if as_of > on:
        raise FileRefused(f"{name} is dated {as_of.day} {as_of:%B %Y}, which is still to come.")
    return as_of


def _month_of(table: Table) -> Iterator[date]:
    for header in map(table.header_of, table.layout.needed):
        if header and (found := year_and_month(header)):
            yield date(*found, 1)


def day_of(text: str) -> date | None:
    """A day however these files write it: ``01Jan2022``, ``20220101``, ``2022-01-01``."""
    for shape in DATE_SHAPES if text else ():
        try:
            return datetime.strptime(text, shape).date()  # noqa: DTZ007 - a date has no zone
        except ValueError:
            continue
    return None
