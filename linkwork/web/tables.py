"""The tables of the page of a PCN as files: each as CSV, all of them as a workbook."""

from flask import Blueprint, Response, abort, render_template
from flask.typing import ResponseReturnValue

from linkwork.access import Permission, me, requires
from linkwork.casework import organisations
from linkwork.reports import capacity, documents, export, tables
from linkwork.reports.capacity import Report
from linkwork.web import bases

bp = Blueprint("tables", __name__, url_prefix="/capacity/<key>/tables")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("")
@requires(Permission.SEE_CAPACITY)
def index(key: str) -> ResponseReturnValue:
    report = _report(key)
    return render_template(
        "tables/index.html",
        report=report,
        basis=report.basis,
        args=bases.args(report.basis),
        scope_tabs=bases.scope_tabs(report.basis.scope),
        tables=tables.of_report(report),
    )


@bp.get("/<table>.csv")
@requires(Permission.SEE_CAPACITY)
def one(key: str, table: str) -> ResponseReturnValue:
    if table not in tables.TABLES:
        abort(404)
    report = _report(key)
    content = export.table_csv(
        tables.TABLES[table](report), export.about(report), subject=report.pcn, by=me()
    )
    return _file(content, table, report, "csv", "text/csv")


@bp.get("/all.xlsx")
@requires(Permission.SEE_CAPACITY)
def workbook(key: str) -> ResponseReturnValue:
    report = _report(key)
    content = export.document_xlsx(documents.of_report(report), subject=report.pcn, by=me())
    return _file(content, "capacity", report, "xlsx", XLSX)


def _report(key: str) -> Report:
    pcn = organisations.pcn(key, user=me())
    asked = bases.asked([pcn])
    return capacity.of_pcn(pcn, scope=asked.scope, as_of=asked.as_of)


def _file(content: str | bytes, name: str, report: Report, ending: str, kind: str) -> Response:
    basis = report.basis
    whole = f"{name}-{basis.as_of.isoformat()}-{basis.scope}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{whole}"'}
    return Response(content, mimetype=kind, headers=headers)
