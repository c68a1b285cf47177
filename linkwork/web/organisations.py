"""Boards, PCNs and practices: look one up, and bring in the published files."""

import tempfile
from pathlib import Path

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from linkwork import access, clock
from linkwork.access import Permission, me, requires
from linkwork.capacity.calendar import FinancialYear
from linkwork.casework import organisations, targets
from linkwork.exchange.organisations import Report, import_organisations
from linkwork.forms.organisations import ImportForm
from linkwork.models import Organisation, OrganisationKind
from linkwork.web.paging import Page, here, number_asked
from linkwork.web.submissions import bring_in

bp = Blueprint("organisations", __name__, url_prefix="/organisations")

LONGEST_SEARCH = 100
KINDS = {
    None: "All",
    OrganisationKind.ICB: "Boards",
    OrganisationKind.PCN: "PCNs",
    OrganisationKind.PRACTICE: "Practices",
}


@bp.get("")
@requires(Permission.MANAGE_ORGANISATIONS)
def index() -> ResponseReturnValue:
    words = request.args.get("q", "")[:LONGEST_SEARCH]
    kind = _kind_asked()
    found = organisations.search(words, kind, user=me(), number=number_asked())
    return render_template(
        "organisations/index.html",
        found=found,
        words=words,
        kind=kind,
        kind_tabs=_tabs(kind),
        page=Page(number_asked(), found.total, organisations.PAGE),
    )


@bp.get("/<key>")
@requires(Permission.MANAGE_ORGANISATIONS)
def show(key: str) -> ResponseReturnValue:
    found = access.find(Organisation, key, user=me())
    return render_template(
        "organisations/show.html",
        organisation=found,
        members=organisations.members(found),
        list_sizes=organisations.list_sizes(found),
        history=organisations.history(found),
    )


@bp.route("/import", methods=["GET", "POST"])
@requires(Permission.MANAGE_ORGANISATIONS)
def import_files() -> ResponseReturnValue:
    form = ImportForm.from_request()
    return bring_in(form, lambda: _bring_in(form), "organisations/import.html")


def _bring_in(form: ImportForm) -> Report:
    """Bring in the files, and give a share to each PCN that has none this year."""
    with tempfile.TemporaryDirectory() as folder:
        map_file, map_name = _saved(form.map_file.data, Path(folder) / "map.csv")
        lists_file, lists_name = _saved(form.lists_file.data, Path(folder) / "lists.csv")
        assert map_file is not None  # noqa: S101 - the form asks for it
        report = import_organisations(
            map_file,
            lists_file,
            by=me(),
            at=clock.now(),
            on=clock.today(),
            names=(map_name, lists_name),
        )
    year = FinancialYear.containing(clock.today())
    targets.freeze_shares(year, by=me(), at=clock.now())
    return report


def _saved(upload: FileStorage | None, file: Path) -> tuple[Path | None, str]:
    """Where an upload was put, and what its sender calls it."""
    if not upload or not upload.filename:
        return None, ""
    upload.save(file)
    return file, Path(upload.filename).name


def _kind_asked() -> OrganisationKind | None:
    asked = request.args.get("kind", "")
    return next((kind for kind in KINDS if kind and kind.value == asked), None)


def _tabs(chosen: OrganisationKind | None) -> list[dict[str, object]]:
    numbers = organisations.counts(me())
    return [
        {
            "label": label,
            "url": here(kind=kind.value if kind else None, page=None),
            "current": kind is chosen,
            "count": f"{numbers.get(kind, 0) if kind else sum(numbers.values()):,}",
        }
        for kind, label in KINDS.items()
    ]
