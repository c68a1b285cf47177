"""What would change the figures of a PCN: the levers side by side, with numbers to try."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from linkwork.access import Permission, me, requires
from linkwork.capacity.targets import Scope
from linkwork.casework import assumptions, organisations, posts
from linkwork.casework.posts import Staffing
from linkwork.forms.what_ifs import WhatIfForm
from linkwork.models import Organisation
from linkwork.reports import capacity, limits, what_ifs
from linkwork.reports.basis import Basis
from linkwork.reports.capacity import Report
from linkwork.reports.what_ifs import Asked, WhatIfs
from linkwork.web import bases

bp = Blueprint("what_ifs", __name__, url_prefix="/capacity")


@bp.get("/<key>/what-if")
@requires(Permission.SEE_CAPACITY)
def show(key: str) -> ResponseReturnValue:
    pcn = organisations.pcn(key, user=me())
    asked = bases.asked([pcn])
    report = capacity.of_pcn(pcn, scope=asked.scope, as_of=asked.as_of)
    basis = report.basis
    others = [one for one in organisations.pcns(me(), on=basis.as_of) if one.id != pcn.id]
    form = _form(report, others)
    found = _tried(form, report, others)
    kept: dict[str, Any] = bases.args(basis)
    page = render_template(
        "what_ifs/show.html",
        pcn=pcn,
        report=report,
        basis=basis,
        form=form,
        found=found,
        refusal=asked.refusal,
        scope_tabs=bases.scope_tabs(basis.scope),
        kept=kept,
        back=url_for("capacity.show", key=pcn.key, **kept),
    )
    return page, 422 if form.errors else 200


def _form(report: Report, others: Sequence[Organisation]) -> WhatIfForm:
    basis = report.basis
    first = report.what_ifs.asked
    usual = {
        "wte": f"{first.wte:g}",
        "from_on": first.from_on.isoformat(),
        "weeks": f"{first.weeks:g}",
        "contacts": f"{first.contacts:g}",
        "moved_wte": f"{first.moved_wte:g}",
        "moved_from": "",
    }
    return WhatIfForm(request.args, usual, others=others, as_of=basis.as_of, last_on=basis.year.end)


def _tried(form: WhatIfForm, report: Report, others: Sequence[Organisation]) -> WhatIfs | None:
    """What the numbers of the form lead to; None where one of them cannot be."""
    if report.basis.as_of >= report.basis.year.end:
        return report.what_ifs
    if not form.validate():
        return None
    tried = Asked(
        wte=float(form.wte.data),
        from_on=form.from_on.data,
        weeks=float(form.weeks.data),
        contacts=float(form.contacts.data),
        moved_wte=float(form.moved_wte.data),
        moved_from=what_ifs.ANOTHER,
        people_there=report.assumptions.people_per_wte,
    )
    other = next((one for one in others if one.key == form.moved_from.data), None)
    if other is not None:
        tried = _from_pcn(tried, other, report.basis)
        if _has_less(other, tried.moved_wte, report.basis):
            form.moved_wte.errors = [f"{other.name} has less than that at work."]
            return None
    return report.levers(tried)


def _from_pcn(tried: Asked, other: Organisation, basis: Basis) -> Asked:
    held = assumptions.in_force(other, basis.as_of)
    there = limits.of_pcn(other, basis, held).ceilings.people_per_wte
    return replace(tried, moved_from=other.name, people_there=there)


def _has_less(other: Organisation, wte: float, basis: Basis) -> bool:
    """Whether a PCN has fewer WTE at work than would be moved."""
    staffing = posts.of_pcns([other.id]).get(other.id, Staffing())
    return staffing.in_post_wte(basis.as_of, Scope.ALL) + 1e-9 < wte
