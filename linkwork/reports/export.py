"""Tables that leave as CSV: safe to open in a spreadsheet, and noted in the audit trail."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from linkwork import audit
from linkwork.capacity.targets import Scope
from linkwork.casework import kept_reports
from linkwork.database import Base
from linkwork.models import REJECT_LABELS, KeptReport, RejectReason, User
from linkwork.reports import gaps, gaps_words
from linkwork.reports.capacity import Month, Report
from linkwork.reports.definitions import Definition
from linkwork.reports.quality import Line, Quality
from linkwork.reports.quality_words import share_cells
from linkwork.reports.tables import Table

LONGEST_TITLE = 31
"""Characters that a sheet’s name may have."""
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")
FIGURES = {
    "code": "Code",
    "section": "Section",
    "label": "Figure",
    "value": "Value",
    "unit": "Unit",
    "text": "As printed",
    "reason": "Why there is none",
    "scope": "Counted",
    "as_of": "Up to",
}
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


def table_csv(
    table: Table, about: Mapping[str, str], *, subject: Base | None, by: User | None
) -> str:
    """One table as CSV, with what it rests on (``about``, by heading) in every row. Audited."""
    audit.record(audit.Event.REPORT_EXPORTED, subject, by=by, report=table.code)
    return written([*table.headers, *about], ([*row, *about.values()] for row in table.rows))


def tables_xlsx(
    tables: Sequence[Table],
    about: Mapping[str, str],
    definitions: Sequence[Definition],
    *,
    subject: Base | None,
    by: User | None,
) -> bytes:
    """Tables as a workbook, a sheet each, after one of what they rest on and mean. Audited."""
    audit.record(audit.Event.REPORT_EXPORTED, subject, by=by, report="tables")
    meant: list[tuple[str, ...]] = [*about.items()]
    meant += [(one.name, one.words, one.source) for one in definitions]
    meant += [(table.title, note) for table in tables for note in table.notes]
    first = Table("definitions", "Definitions", ("Figure", "Meaning", "Source"), tuple(meant))
    return sheets([first, *tables])


def document_xlsx(said: Mapping[str, Any], *, subject: Base | None, by: User | None) -> bytes:
    """All that a report says (see ``documents``) as a workbook, its figures first. Audited."""
    rows = tuple(tuple(figure[name] for name in FIGURES) for figure in said["figures"])
    figures = Table("figures", "Figures", tuple(FIGURES.values()), rows)
    given = [Table(**table) for table in said["tables"]]
    meant = [Definition(**one) for one in said["definitions"]]
    meant += [
        Definition(one["code"], one["label"], one["text"], one["source"])
        for one in said["assumptions"]
    ]
    return tables_xlsx([figures, *given], _about(said), meant, subject=subject, by=by)


def kept_json(kept: KeptReport, *, by: User | None) -> str:
    """A kept report as it was kept. Audited. Raises RuleBroken where it was changed since."""
    said = kept_reports.said(kept)
    audit.record(audit.Event.REPORT_EXPORTED, kept, by=by, report="kept")
    return json.dumps(said, ensure_ascii=False, indent=2, allow_nan=False)


def about(report: Report) -> dict[str, str]:
    """What every figure of a report rests on, by heading."""
    basis = report.basis
    return {
        "PCN code": report.pcn.ods_code or "",
        "PCN": report.pcn.name,
        "Financial year": basis.year.label,
        "Counted": basis.scope.words,
        "Up to": basis.as_of.isoformat(),
    }


def _about(said: Mapping[str, Any]) -> dict[str, str]:
    return {
        "PCN code": said["pcn"]["code"] or "",
        "PCN": said["pcn"]["name"],
        "Financial year": said["financial_year"],
        "Counted": Scope(said["scope"]).words,
        "Up to": said["as_of"],
    }


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
    return sheets([Table("", title, tuple(headers), tuple(map(tuple, rows)))])


def sheets(tables: Iterable[Table]) -> bytes:
    """Tables as a workbook, each on a sheet of its title; the same rules for cells."""
    from xlsxwriter import Workbook

    to = io.BytesIO()
    book = Workbook(to, {"in_memory": True, "strings_to_urls": False})
    head = book.add_format({"bold": True, "text_wrap": True})
    for table in tables:
        sheet = book.add_worksheet(table.title[:LONGEST_TITLE])
        sheet.write_row(0, 0, table.headers, head)
        sheet.set_column(0, len(table.headers) - 1, 18)
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(table.rows, start=1):
            for column, cell in enumerate(row):
                if isinstance(cell, int | float):
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
