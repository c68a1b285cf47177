"""What is behind a figure of the page of a PCN."""

from collections.abc import Iterable
from enum import StrEnum

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from linkwork.access import Permission, me, requires
from linkwork.casework import organisations
from linkwork.reports import behind, capacity
from linkwork.reports.explanations import Row
from linkwork.web import bases
from linkwork.web.display import label
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
        rows=_in_words(found.rows[(page.number - 1) * SIZE : page.number * SIZE]),
        page=page,
        pcn=pcn,
        refusal=asked.refusal,
        args=bases.args(report.basis),
    )


def _in_words(rows: Iterable[Row]) -> list[Row]:
    """The rows with each code by its label, as on the page of the PCN."""
    return [tuple(label(c) if isinstance(c, StrEnum) else c for c in row) for row in rows]
