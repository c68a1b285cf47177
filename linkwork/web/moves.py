"""Moving WTE from one PCN of a board to another, with both sides shown. Nothing is written."""

from collections.abc import Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from linkwork import clock
from linkwork.access import Permission, me, requires
from linkwork.capacity.calendar import FinancialYear
from linkwork.casework import organisations
from linkwork.forms.moves import MoveForm
from linkwork.models import Organisation
from linkwork.reports import capacity, moves
from linkwork.reports.moves import Move
from linkwork.reports.what_ifs import MOVED_WTE
from linkwork.web import bases

bp = Blueprint("moves", __name__, url_prefix="/capacity")

YEAR_OVER = "No day is left in this year that a move could begin on."


@bp.get("/move")
@requires(Permission.SEE_CAPACITY)
def show() -> ResponseReturnValue:
    today = clock.today()
    pcns = organisations.pcns(me(), on=today)
    if len(pcns) < 2:
        return redirect(url_for("capacity.index"))
    form = _form(pcns)
    found = None
    if today < FinancialYear.containing(today).end and form.validate():
        found = _tried(form, pcns)
    page = render_template(
        "moves/show.html",
        form=form,
        found=found,
        year=FinancialYear.containing(today),
        scope_tabs=bases.scope_tabs(found.basis.scope) if found else [],
        scope=request.args.get("scope", ""),
        over=YEAR_OVER if today >= FinancialYear.containing(today).end else "",
    )
    return page, 422 if form.errors else 200


def _form(pcns: Sequence[Organisation]) -> MoveForm:
    today = clock.today()
    year = FinancialYear.containing(today)
    later = [first for first in year.months if first > today]
    usual = {
        "giving": pcns[0].key,
        "receiving": pcns[1].key,
        "wte": f"{MOVED_WTE:g}",
        "from_on": (later[0] if later else year.end).isoformat(),
    }
    return MoveForm(request.args, usual, pcns=pcns, as_of=today, last_on=year.end)


def _tried(form: MoveForm, pcns: Sequence[Organisation]) -> Move | None:
    """The move that is asked for; None, with the reason on the form, where it cannot be."""
    chosen = {pcn.key: pcn for pcn in pcns}
    asked, wte = bases.asked([]), float(form.wte.data)
    to = capacity.of_pcn(chosen[form.receiving.data], scope=asked.scope, as_of=clock.today())
    giver = capacity.of_pcn(chosen[form.giving.data], scope=to.basis.scope, as_of=clock.today())
    if giver.team.in_post_wte + 1e-9 < wte:
        form.wte.errors = [f"{giver.pcn.name} has {giver.team.in_post_wte:g} WTE at work."]
        return None
    return moves.between(giver, to, wte, form.from_on.data)
