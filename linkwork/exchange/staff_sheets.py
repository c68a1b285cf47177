"""Posts and long absences as somebody keeps them in a sheet: one row each, read by the headers."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from linkwork.casework import absence_imports, post_imports
from linkwork.exchange import pasted_sheets
from linkwork.exchange.row_values import recent_day_of
from linkwork.exchange.tables import Layout, folded
from linkwork.models import AbsenceKind, PostState

WORKER = ("email", "work_email", "email_address", "holder", "worker", "link_worker", "name")
START = ("start", "start_date", "first_day", "from", "starts", "start_on", "first_day_away")
END = ("end", "end_date", "last_day", "to", "ends", "end_on", "last_day_away")
POSTS = Layout(
    "posts",
    {
        "wte": ("wte", "fte", "whole_time_equivalent"),
        "additional": ("additional", "kind", "additional_post"),
        "pcn": ("pcn_code", "pcn", "ods_code", "organisation_code", "network"),
        "worker": WORKER,
        "start": START,
        "end": END,
        "state": ("state", "status"),
    },
    ("wte", "additional"),
)
ABSENCES = Layout(
    "long absences",
    {
        "kind": ("kind", "reason", "why", "type", "absence"),
        "worker": WORKER,
        "start": START,
        "end": END,
    },
    ("kind", "worker", "start"),
)
YES = {"yes", "y", "true", "1", "additional"}
NO = {"no", "n", "false", "0", "existing"}
STATES = {state.value: state for state in PostState} | {"vacant": PostState.APPROVED}
KINDS = {kind.value: kind for kind in AbsenceKind} | {
    "sickness": AbsenceKind.LONG_SICKNESS,
    "long_term_sickness": AbsenceKind.LONG_SICKNESS,
    "maternity": AbsenceKind.PARENTAL,
    "maternity_leave": AbsenceKind.PARENTAL,
    "paternity": AbsenceKind.PARENTAL,
    "adoption": AbsenceKind.PARENTAL,
    "parental_leave": AbsenceKind.PARENTAL,
    "seconded": AbsenceKind.SECONDMENT,
    "sabbatical": AbsenceKind.CAREER_BREAK,
}
VACANT = {"", "vacancy", "vacant"}


@dataclass(slots=True)
class _Cells:
    """The cells of a row, and what in them cannot be read."""

    cells: dict[str, str]
    problem: str = ""

    def text(self, name: str) -> str:
        return " ".join(self.cells.get(name, "").split())

    def wrong(self, words: str) -> None:
        self.problem = f"{self.problem} {words}".strip()


def posts(text: str) -> list[post_imports.Line]:
    """The rows of a sheet of posts. Raises FileRefused where it is not one."""
    return [_post(line, _Cells(cells)) for line, cells in pasted_sheets.rows(text, POSTS)]


def absences(text: str) -> list[absence_imports.Line]:
    """The rows of a sheet of long absences. Raises FileRefused where it is not one."""
    return [_absence(line, _Cells(cells)) for line, cells in pasted_sheets.rows(text, ABSENCES)]


def _post(line: int, row: _Cells) -> post_imports.Line:
    wte = _number(row)
    additional = _yes(row)
    state = STATES.get(folded(row.text("state"))) if row.text("state") else None
    if row.text("state") and state is None:
        names = ", ".join(one.value for one in PostState)
        row.wrong(f"“{row.text('state')}” is no state. Write one of: {names}.")
    start, end = _day(row, "start"), _day(row, "end")
    worker = row.text("worker")
    return post_imports.Line(
        line,
        row.text("pcn"),
        "" if worker.lower() in VACANT else worker,
        wte,
        additional,
        start,
        end,
        state,
        row.problem,
    )


def _absence(line: int, row: _Cells) -> absence_imports.Line:
    kind = KINDS.get(folded(row.text("kind")))
    if kind is None:
        names = ", ".join(one.value.replace("_", " ") for one in AbsenceKind)
        row.wrong(f"“{row.text('kind')}” is no kind of long absence. Write one of: {names}.")
    start, end = _day(row, "start"), _day(row, "end")
    if not row.text("start"):
        row.wrong("The first day away is missing. Write it, for example 18/11/2026.")
    return absence_imports.Line(line, row.text("worker"), kind, start, end, row.problem)


def _number(row: _Cells) -> Decimal | None:
    try:
        found = Decimal(row.text("wte"))
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite():
        row.wrong(f"“{row.text('wte')}” is no WTE. Write a number, for example 0.6.")
        return None
    return found


def _yes(row: _Cells) -> bool | None:
    word = row.text("additional").lower()
    if word not in YES | NO:
        row.wrong(f"Write yes or no under “additional”, in place of “{row.text('additional')}”.")
        return None
    return word in YES


def _day(row: _Cells, name: str) -> date | None:
    found = recent_day_of(row.text(name))
    if row.text(name) and found is None:
        row.wrong(f"“{row.text(name)}” is no date. Write it like 18/11/2026.")
    return found
