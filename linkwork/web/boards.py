"""The PCNs of a board side by side, for its own leads and for those who look at all of England."""

from collections.abc import Sequence
from datetime import timedelta

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from linkwork import clock
from linkwork.access import Permission, may, me, requires
from linkwork.capacity.targets import Scope
from linkwork.errors import NotYours
from linkwork.models import Organisation, OrganisationKind
from linkwork.reports import board_tables, boards, definitions, england, export, withholding
from linkwork.reports.boards import Order
from linkwork.reports.comparisons import Method
from linkwork.reports.england import Line, Report, Sum
from linkwork.reports.tables import Table
from linkwork.web import bases
from linkwork.web.charts import bar
from linkwork.web.paging import Sorting, here, sorting
from linkwork.web.plots import Funnel, Point, funnel
from linkwork.web.tables import XLSX

bp = Blueprint("boards", __name__, url_prefix="/capacity")

METHODS = {Method.LIST: "By list size", Method.DEPRIVATION: "By list size and deprivation"}


def page_of(board: Organisation) -> ResponseReturnValue:
    """The page of a board for somebody of it, who may open each PCN; England for its own."""
    if board.kind is OrganisationKind.NATIONAL:
        return redirect(url_for("boards.national"))
    return _page(*_own_board(), is_own=True)


@bp.get("/england")
@requires(Permission.SEE_ENGLAND)
def national() -> ResponseReturnValue:
    report = _england([])
    lines = [line for region in report.england.lines for line in region.below]
    regions = {id(line): region.line for region in report.england.lines for line in region.below}
    by = _sorting_asked()
    return render_template(
        "boards/england.html",
        report=report,
        basis=report.basis,
        whole=report.england.line,
        regions=report.england.below,
        longest_region=boards.longest(report.england.below),
        lines=boards.in_order(lines, Order(by.key), descending=by.descending),
        region_of=lambda line: regions[id(line)].name,
        sort=by,
        **_common(report, report.england, lines, "board", report.phi_of_boards),
    )


@bp.get("/england/<key>")
@requires(Permission.SEE_ENGLAND)
def show(key: str) -> ResponseReturnValue:
    report = _england([key])
    if (found := report.board(key)) is None:
        raise NotYours(Organisation.__name__)
    return _page(report, found, is_own=False)


@bp.get("/board.csv")
@requires(Permission.SEE_CAPACITY)
def board_csv() -> ResponseReturnValue:
    report, board = _own_board() if _is_of_board() else (None, None)
    if report is None or board is None:
        return redirect(url_for("capacity.index"))
    (table,) = board_tables.of_board(report, board)
    about = board_tables.about(report, board.line.name)
    content = export.table_csv(table, about, subject=me().organisation, by=me())
    return _file(content, report, "csv", "text/csv")


@bp.get("/board.xlsx")
@requires(Permission.SEE_CAPACITY)
def board_xlsx() -> ResponseReturnValue:
    report, board = _own_board() if _is_of_board() else (None, None)
    if report is None or board is None:
        return redirect(url_for("capacity.index"))
    return _workbook(board_tables.of_board(report, board), report, board.line.name)


@bp.get("/england.csv")
@requires(Permission.SEE_ENGLAND)
def england_csv() -> ResponseReturnValue:
    report = _england(None)
    about = board_tables.about(report, "England")
    table = board_tables.of_england(report)[0]
    content = export.table_csv(table, about, subject=me().organisation, by=me())
    return _file(content, report, "csv", "text/csv")


@bp.get("/england.xlsx")
@requires(Permission.SEE_ENGLAND)
def england_xlsx() -> ResponseReturnValue:
    report = _england(None)
    return _workbook(board_tables.of_england(report), report, "England")


def _england(pcns_of: Sequence[str] | None) -> Report:
    """All of England, with the PCNs of the boards of some keys; None is of all.

    Up to the end of the last whole month, so that nobody learns by subtraction what a day brought.
    """
    last_month_end = clock.today().replace(day=1) - timedelta(days=1)
    return england.of(
        as_of=last_month_end, scope=_scope_asked(), method=_method_asked(), pcns_of=pcns_of
    )


def _is_of_board() -> bool:
    """Whether there are figures of the user’s own board: all of England is read for them."""
    return me().organisation.kind is OrganisationKind.ICB


def _own_board() -> tuple[Report, Sum | None]:
    """The figures of the user’s own board as of today: they may open each of its PCNs."""
    own = me().organisation
    report = england.of(
        as_of=clock.today(),
        scope=_scope_asked(),
        method=_method_asked(),
        board_id=own.id,
        pcns_of=[own.key],
    )
    return report, report.board(own.key)


def _workbook(tables: Sequence[Table], report: Report, of: str) -> Response:
    content = export.tables_xlsx(
        tables,
        board_tables.about(report, of),
        board_tables.meant(report),
        subject=me().organisation,
        by=me(),
    )
    return _file(content, report, "xlsx", XLSX)


def _file(content: str | bytes, report: Report, ending: str, kind: str) -> Response:
    basis = report.basis
    name = f"pcns-{basis.as_of.isoformat()}-{basis.scope.value}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, mimetype=kind, headers=headers)


def _page(report: Report, board: Sum | None, *, is_own: bool) -> str:
    if board is None:
        return render_template("boards/show.html", board=None, basis=report.basis)
    by = _sorting_asked()
    return render_template(
        "boards/show.html",
        report=report,
        basis=report.basis,
        board=board,
        whole=board.line,
        is_own=is_own,
        may_staff=may(me(), Permission.MANAGE_STAFFING),
        lines=boards.in_order(board.below, Order(by.key), descending=by.descending),
        without=[line.name for line in board.below if not line.share.known],
        sort=by,
        **_common(report, board, board.below, "PCN", report.phi),
    )


def _common(
    report: Report, whole: Sum, lines: Sequence[Line], what: str, phi: float
) -> dict[str, object]:
    return {
        "bar": bar,
        "definitions": definitions.of_boards(report.basis),
        "longest": boards.longest(lines),
        "scope_tabs": bases.scope_tabs(report.basis.scope),
        "method_tabs": _method_tabs(report.method),
        "takeaway": boards.takeaway(lines, what),
        "chart": _chart(report, lines, what, phi),
        "assumptions": boards.assumptions(report, phi),
        "range_of": lambda line: boards.chance(line, report.mean, phi),
        "explained": withholding.EXPLAINED if whole.is_withholding else "",
        "opening": boards.opening,
        "meant": board_tables.COMPARED,
        "monthly": boards.MONTHLY,
        "asked": {"scope": report.basis.scope.value, "by": report.method.value},
    }


def _chart(report: Report, lines: Sequence[Line], what: str, phi: float) -> str:
    points = [
        Point(line.name, line.compared.patients, rate, line.standing.is_outside)
        for line in lines
        if (rate := line.compared.rate.value) is not None
    ]
    return funnel(
        Funnel(
            name="funnel",
            title=f"People started for each 10,000 patients, by {what}, {report.basis.words}",
            description=boards.takeaway(lines, what),
            points=points,
            per_patient=report.mean.per_patient,
            phi=phi,
        )
    )


def _scope_asked() -> Scope | None:
    """The scope of the address; None, the default, where it names none that exists."""
    asked = request.args.get("scope", "")
    return Scope(asked) if asked in set(Scope) else None


def _method_asked() -> Method:
    asked = request.args.get("by", "")
    return Method(asked) if asked in set(Method) else Method.LIST


def _sorting_asked() -> Sorting:
    asked = request.args.get("sort", "")
    by = Order(asked) if asked in set(Order) else Order.NAME
    return sorting(by.value, descending=request.args.get("dir") == "desc")


def _method_tabs(chosen: Method) -> list[dict[str, object]]:
    return [
        {"label": label, "url": here(by=method.value), "current": method is chosen}
        for method, label in METHODS.items()
    ]
