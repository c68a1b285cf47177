"""Tables that leave as CSV: safe to open in a spreadsheet, and noted in the audit trail."""

import csv
import io
from collections.abc import Iterable, Sequence

from linkwork import audit
from linkwork.models import REJECT_LABELS, RejectReason, User
from linkwork.reports import gaps, gaps_words
from linkwork.reports.capacity import Month, Report
from linkwork.reports.quality import Line, Quality
from linkwork.reports.quality_words import share_cells

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


SHARE_PARTS = ("", ", %", ", % from", ", % to")


def months_csv(report: Report, *, by: User) -> str:
    """The months of one PCN with their scope and date in every row, as CSV. Audited."""
    scope = report.basis.scope
    audit.record(
        audit.Event.REPORT_EXPORTED, report.pcn, by=by, report="capacity_months", scope=scope.value
    )
    return written(MONTH_HEADERS, (_month_cells(report, month) for month in report.standing.months))


def quality_csv(quality: Quality, *, by: User) -> str:
    """How suggestions fare by month, concept and activity, as CSV. Audited."""
    audit.record(audit.Event.REPORT_EXPORTED, None, by=by, report="quality")
    shares = (f"{part}{what}" for part in ("Taken up", "Arrived", "Stayed") for what in SHARE_PARTS)
    headers = (
        "Of",
        "Name",
        "Answered",
        *shares,
        *(REJECT_LABELS[reason] for reason in RejectReason),
    )
    none = [None] * len(RejectReason)
    rows = [
        _quality_cells("Month", line, cells)
        for line, cells in zip(quality.months, quality.monthly_reasons, strict=True)
    ]
    rows += [_quality_cells("Concept", line, none) for line in quality.concepts]
    for service in quality.services:
        said = dict(service.reasons)
        cells = [said.get(REJECT_LABELS[reason]) for reason in RejectReason]
        rows.append(_quality_cells("Activity", service.line, cells, service.service.name))
    return written(headers, rows)


def gaps_csv(report: gaps.Report, *, by: User) -> str:
    """The gaps of a month by need and place, as CSV. Audited."""
    _gaps_taken(report, by)
    return written(gaps_words.HEADERS, gaps_words.rows(report))


def gaps_xlsx(report: gaps.Report, *, by: User) -> bytes:
    """The same as a workbook. Audited."""
    _gaps_taken(report, by)
    return workbook("Gaps", gaps_words.HEADERS, gaps_words.rows(report))


def _gaps_taken(report: gaps.Report, by: User) -> None:
    month = f"{report.month:%Y-%m}"
    audit.record(audit.Event.REPORT_EXPORTED, None, by=by, report="gaps", month=month)


def workbook(title: str, headers: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A table as one sheet of XLSX: numbers as numbers, everything else as text, no formula."""
    from xlsxwriter import Workbook

    to = io.BytesIO()
    book = Workbook(to, {"in_memory": True, "strings_to_urls": False})
    sheet = book.add_worksheet(title)
    sheet.write_row(0, 0, headers, book.add_format({"bold": True, "text_wrap": True}))
    sheet.set_column(0, len(headers) - 1, 18)
    sheet.freeze_panes(1, 0)
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, int):
                sheet.write_number(number, column, cell)
            elif cell is not None:
                sheet.write_string(number, column, str(cell))
    book.close()
    return to.getvalue()


def _quality_cells(
    of: str, line: Line, reasons: Sequence[object], name: str | None = None
) -> list[object]:
    parts = (line.accepted, line.arrived, line.stayed)
    cells = [cell for share in parts for cell in share_cells(share)]
    return [of, name or line.name, line.answered, *cells, *reasons]


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
