"""The caseload, the waiting list, and the life of a case."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from linkwork import access, audit, clock
from linkwork.access import Permission, me, requires
from linkwork.audit import Event
from linkwork.casework import caseload, cases, episodes, public_referrals
from linkwork.database import db
from linkwork.errors import ReasonNeeded, RuleBroken
from linkwork.forms import RESUMED
from linkwork.forms.cases import (
    CoverForm,
    SearchForm,
    WeighForm,
)
from linkwork.models import (
    Complexity,
    CoverReason,
    Need,
    Priority,
    SupportCase,
)
from linkwork.web import case_page, gate
from linkwork.web.caseload import asked_for, chips, tabs
from linkwork.web.display import LABELS
from linkwork.web.paging import Page, local_address, number_asked, sorting

bp = Blueprint("cases", __name__, url_prefix="/cases")


@bp.get("/")
@requires(Permission.WORK_CASES)
def index() -> ResponseReturnValue:
    asked, allocates = asked_for(), access.may(me(), Permission.ALLOCATE_CASES)
    desk = caseload.desk(me(), asked, on=clock.today())
    audit.record(Event.CASES_LISTED, None, by=me(), shown=len(desk.cases), view=asked.view)
    return render_template(
        "cases/index.html",
        desk=desk,
        asked=asked,
        tab_items=tabs(asked, desk.counts),
        chip_items=chips(asked),
        need_codes=list(Need),
        sort=sorting(asked.sort, descending=asked.descending),
        page=Page(desk.page, desk.total, caseload.PAGE),
        form=SearchForm(formdata=None),
        can_allocate=allocates,
        can_pick=allocates and asked.team and asked.view is not caseload.View.CLOSED,
    )


@bp.post("/search")
@requires(Permission.WORK_CASES)
def search() -> ResponseReturnValue:
    form, found = SearchForm.from_request(), None
    if form.validate():
        try:
            found = caseload.search(me(), form.words.data)
            audit.record(Event.CASES_SEARCHED, None, by=me(), found=len(found))
        except RuleBroken as refusal:
            form.refuse(str(refusal))
    return render_template("cases/search.html", form=form, found=found), form.status


@bp.get("/waiting")
@requires(Permission.WORK_CASES)
def waiting() -> ResponseReturnValue:
    queue = caseload.waiting(me(), page=number_asked())
    shown = len(queue.referrals)
    audit.record(Event.CASES_LISTED, None, by=me(), shown=shown, view="waiting")
    return render_template(
        "cases/waiting.html",
        referrals=queue.referrals,
        page=Page(queue.page, queue.total, caseload.PAGE),
        to_check=public_referrals.count_to_check(me()),
        can_allocate=access.may(me(), Permission.ALLOCATE_CASES),
    )


@bp.get("/<key>")
@requires(Permission.WORK_CASES)
def show(key: str) -> ResponseReturnValue:
    case = opened(key, *cases.WHOLE)
    everything = request.args.get("show") == "everything"
    return render_template("cases/show.html", **case_page.contents(case, everything=everything))


@bp.route("/<key>/cover", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
def cover(key: str) -> ResponseReturnValue:
    case = access.find(SupportCase, key, user=me())
    form = CoverForm(LABELS[CoverReason])
    wanted = local_address(request.args.get("next")) or url_for("cases.show", key=key)
    if not form.is_ready():
        return _ask_why(case, form, wanted), form.status
    cases.cover(case, CoverReason(form.reason.data), by=me(), on=clock.today())
    kept = gate.unseal(form.kept.data, owner=me()) if form.kept.data else None
    if kept is not None:
        return render_template("account/kept.html", kept=kept, again=False)
    return redirect(wanted, 303)


@bp.app_errorhandler(ReasonNeeded)
def ask_for_a_reason(needed: ReasonNeeded) -> ResponseReturnValue:
    """Ask why a colleague’s case is opened; what was being written waits behind the question."""
    if request.method == "GET":
        return redirect(url_for("cases.cover", key=needed.case_key, next=_asked_address()), 303)
    db.session.rollback()
    case = access.find(SupportCase, needed.case_key, user=me())
    kept = gate.seal_what_was_typed()
    form = CoverForm(LABELS[CoverReason], formdata=None, data={"kept": kept})
    wanted = _asked_address() if gate.takes_a_page() else url_for("cases.show", key=case.key)
    return _ask_why(case, form, wanted), 403


def _asked_address() -> str:
    return request.full_path.rstrip("?")


def _ask_why(case: SupportCase, form: CoverForm, wanted: str) -> str:
    address = url_for("cases.cover", key=case.key, next=wanted)
    return render_template("cases/cover.html", case=case, form=form, address=address)


@bp.post("/<key>/accept")
@requires(Permission.WORK_CASES)
def accept(key: str) -> ResponseReturnValue:
    case = access.find(SupportCase, key, user=me())
    try:
        cases.accept(case, by=me(), at=clock.now())
    except RuleBroken as refusal:  # most often a colleague was first: the list shows who is left
        flash(str(refusal), "alert")
        return redirect(url_for("cases.waiting"), 303)
    return redirect(url_for("cases.show", key=key), 303)


@bp.post("/<key>/pause")
@requires(Permission.WORK_CASES)
def pause(key: str) -> ResponseReturnValue:
    cases.pause(opened(key), by=me(), at=clock.now())
    return redirect(url_for("cases.show", key=key), 303)


@bp.post("/<key>/resume")
@requires(Permission.WORK_CASES)
def resume(key: str) -> ResponseReturnValue:
    cases.resume(opened(key), by=me())
    return redirect(url_for("cases.show", key=key), 303)


@bp.post("/<key>/weigh")
@requires(Permission.WORK_CASES)
def weigh(key: str) -> ResponseReturnValue:
    case = opened(key)
    # What a page that is still open does not ask about stays as it is.
    form = WeighForm.from_request(complexity=case.complexity, priority=case.priority)
    if form.validate():
        complexity, priority = Complexity(form.complexity.data), Priority(form.priority.data)
        cases.weigh(case, complexity, priority=priority, by=me())
    return redirect(url_for("cases.show", key=key), 303)


@bp.post("/<key>/reopen")
@requires(Permission.WORK_CASES)
def reopen(key: str) -> ResponseReturnValue:
    episodes.reopen(opened(key), by=me(), at=clock.now())
    return redirect(url_for("cases.show", key=key), 303)


def opened(key: str, *options: Any) -> SupportCase:
    """The case, once its worker or a colleague with a reason asks for it; reading it is noted."""
    case = access.open_case(key, user=me(), on=clock.today(), options=options)
    if request.method == "GET" or RESUMED in request.form:
        cases.open(case, by=me())
    else:  # a change is noted as a change; a form that comes back shows the case
        gate.note_if_shown(lambda: cases.open(case, by=me()))
    return case
