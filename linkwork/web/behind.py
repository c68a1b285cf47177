"""What is behind a figure of the page of a PCN."""

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from linkwork.access import Permission, me, requires
from linkwork.casework import organisations
from linkwork.reports import behind, capacity
from linkwork.web import bases
from linkwork.web.paging import Page, number_asked

bp = Blueprint("behind", __name__, url_prefix="/capacity/<key>/behind")

SIZE = 100


@bp.get("/<figure>")
@requires(Permission.SEE_CAPACITY)
def show(key: str, figure: str) -> ResponseReturnValue:
    pcn = organisations.pcn(key, user=me())
    if figure not in behind.FIGURES:
        abort(404)
    asked = bases.asked([pcn])
    report = capacity.of_pcn(pcn, scope=asked.scope, as_of=asked.as_of)
    found = behind.of(report, figure)
    page = Page(number_asked(), len(found.rows), SIZE)
    return render_template(
        "behind/show.html",
        behind=found,
        rows=found.rows[(page.number - 1) * SIZE : page.number * SIZE],
        page=page,
        pcn=pcn,
        refusal=asked.refusal,
        args=bases.args(report.basis),
    )
