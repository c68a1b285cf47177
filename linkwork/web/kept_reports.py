"""Kept reports of a PCN: as they were, and beside what is known now of the same day."""

import re
from datetime import date
from itertools import groupby

from flask import Blueprint, Response, flash, render_template, url_for
from flask.typing import ResponseReturnValue

from linkwork import clock
from linkwork.access import Permission, me, requires
from linkwork.capacity.calendar import BankHolidaysUnknown
from linkwork.capacity.targets import Scope
from linkwork.casework import kept_reports, organisations
from linkwork.errors import RuleBroken
from linkwork.forms.kept_reports import KeptReportForm
from linkwork.models import KeptReport, Organisation
from linkwork.reports import export
from linkwork.reports import kept_reports as reports
from linkwork.web import display
from linkwork.web.submissions import carry_out

bp = Blueprint("kept_reports", __name__, url_prefix="/capacity/<key>/kept")

DAY = re.compile(r"\d{4}-\d\d-\d\d")
KEPT = "Kept. It can be read here as it is now, whatever changes."
KEPT_BEFORE = (
    "You kept this report within the last day already. It is shown here as it was then; you can"
    " keep another a day after it."
)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.route("", methods=["GET", "POST"])
@requires(Permission.SEE_CAPACITY)
def index(key: str) -> ResponseReturnValue:
    pcn = organisations.pcn(key, user=me())
    form = KeptReportForm.from_request(data={"as_of": clock.today(), "scope": Scope.ALL.value})
    done = carry_out(form, lambda: _keep(pcn, form), then=lambda kept: _address(pcn, kept))
    if done:
        return done
    kept = kept_reports.of_pcn(pcn)
    return render_template("kept_reports/index.html", pcn=pcn, kept=kept, form=form), form.status


@bp.get("/<kept_report>")
@requires(Permission.SEE_CAPACITY)
def show(key: str, kept_report: str) -> ResponseReturnValue:
    pcn, kept = _found(key, kept_report)
    if not kept_reports.is_whole(kept):
        return render_template("kept_reports/broken.html", pcn=pcn, kept=kept), 409
    beside = reports.beside_now(kept)
    return render_template(
        "kept_reports/show.html",
        pcn=pcn,
        kept=kept,
        says=kept_reports.said(kept),
        sections=[(name, list(rows)) for name, rows in groupby(beside, _section)],
        cell=_cell,
        changed=[one for one in beside if one.is_changed],
    )


@bp.get("/<kept_report>/report.json")
@requires(Permission.SEE_CAPACITY)
def as_json(key: str, kept_report: str) -> ResponseReturnValue:
    _, kept = _found(key, kept_report)
    return _file(export.kept_json(kept, by=me()), kept, "json", "application/json")


@bp.get("/<kept_report>/report.xlsx")
@requires(Permission.SEE_CAPACITY)
def as_xlsx(key: str, kept_report: str) -> ResponseReturnValue:
    _, kept = _found(key, kept_report)
    content = export.document_xlsx(kept_reports.said(kept), subject=kept, by=me())
    return _file(content, kept, "xlsx", XLSX)


def _found(key: str, kept_report: str) -> tuple[Organisation, KeptReport]:
    pcn = organisations.pcn(key, user=me())
    return pcn, kept_reports.one(pcn, kept_report, user=me())


def _keep(pcn: Organisation, form: KeptReportForm) -> KeptReport:
    assert form.as_of.data  # noqa: S101 - the form asks for it
    at = clock.now()
    try:
        kept = reports.keep(
            pcn, scope=Scope(form.scope.data), as_of=form.as_of.data, by=me(), at=at
        )
    except BankHolidaysUnknown as unknown:
        raise RuleBroken(str(unknown)) from unknown
    flash(KEPT if kept.kept_at == at else KEPT_BEFORE)
    return kept


def _address(pcn: Organisation, kept: KeptReport) -> str:
    return url_for("kept_reports.show", key=pcn.key, kept_report=kept.key)


def _cell(cell: object) -> str:
    """A cell of a kept table as it is read: numbers in thousands, days in words."""
    if cell is None:
        return "–"
    if isinstance(cell, int | float):
        return f"{cell:,}"
    text = str(cell)
    return display.day_short(date.fromisoformat(text)) if DAY.fullmatch(text) else text


def _section(one: reports.Beside) -> str:
    section: str = one.kept["section"]
    return section


def _file(content: str | bytes, kept: KeptReport, ending: str, kind: str) -> Response:
    name = f"capacity-{kept.as_of.isoformat()}-{kept.scope}-kept.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, mimetype=kind, headers=headers)
