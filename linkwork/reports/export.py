"""Tables that leave as CSV: safe to open in a spreadsheet, and noted in the audit trail."""

import csv
import io
from collections.abc import Iterable, Sequence

from linkwork import audit
from linkwork.models import User
from linkwork.reports.capacity import Month, Report

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
MONTH_HEADERS = (
    "Month",
    "People started",
    "People started in the year so far",
    "Share to the end of the month",
    "PCN code",
    "PCN",
    "Financial year",
    "Counted",
    "Up to",
)


def months_csv(report: Report, *, by: User) -> str:
    """The months of one PCN with their scope and date in every row, as CSV. Audited."""
    scope = report.basis.scope
    audit.record(
        audit.Event.REPORT_EXPORTED, report.pcn, by=by, report="capacity_months", scope=scope.value
    )
    return written(MONTH_HEADERS, (_month_cells(report, month) for month in report.standing.months))


def written(headers: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table as CSV with a mark for spreadsheets that it is UTF-8."""
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out)
    writer.writerow(headers)
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return out.getvalue()


def safe(cell: object) -> str:
    """A cell that no spreadsheet takes for a formula; nothing is an empty cell."""
    if cell is None:
        return ""
    text = f"{cell}"
    return f"'{text}" if isinstance(cell, str) and text.startswith(FORMULA) else text


def _month_cells(report: Report, month: Month) -> list[object]:
    basis, expected = report.basis, month.expected.value
    return [
        f"{month.first_on:%Y-%m}",
        month.started,
        month.so_far,
        None if expected is None else round(expected, 1),
        report.pcn.ods_code,
        report.pcn.name,
        basis.year.label,
        basis.scope.words,
        basis.as_of.isoformat(),
    ]
