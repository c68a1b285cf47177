"""Boards, PCNs and practices: look one up, and bring in the published files."""

import tempfile
from pathlib import Path

from flask import Blueprint, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from linkwork import access, clock
from linkwork.access import Permission, me, requires
from linkwork.capacity.calendar import FinancialYear
from linkwork.casework import organisations, targets
from linkwork.config import MEGABYTE
from linkwork.errors import FileRefused, RuleBroken
from linkwork.exchange import organisation_imports
from linkwork.exchange.organisations import Named
from linkwork.forms.organisation_changes import ChosenForm
from linkwork.forms.organisations import ImportForm
from linkwork.models import Organisation, OrganisationImport, OrganisationKind
from linkwork.web.organisation_changes import shown
from linkwork.web.paging import Page, here, number_asked
from linkwork.web.submissions import carry_out

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
    return shown(access.find(Organisation, key, user=me()), ChosenForm.from_request())


@bp.route("/import", methods=["GET", "POST"])
@requires(Permission.MANAGE_ORGANISATIONS)
def import_files() -> ResponseReturnValue:
    form = ImportForm.from_request()
    done = carry_out(form, lambda: _preview(form), then=_shown)
    megabytes = current_app.config["MAX_CONTENT_LENGTH"] // MEGABYTE
    page = render_template("organisations/import.html", form=form, megabytes=megabytes)
    return done or (page, form.status)


@bp.route("/import/<key>", methods=["GET", "POST"])
@requires(Permission.MANAGE_ORGANISATIONS)
def preview(key: str) -> ResponseReturnValue:
    made, form = organisation_imports.find(key), ChosenForm.from_request()
    done = carry_out(form, lambda: _decide(made, form), then=_shown)
    return done or (
        render_template("organisations/preview.html", form=form, made=made),
        form.status,
    )


def _preview(form: ImportForm) -> OrganisationImport:
    with tempfile.TemporaryDirectory() as folder:
        files = [
            _saved(upload, Path(folder) / f"{number}.csv")
            for number, upload in enumerate(form.files.data)
            if upload and upload.filename
        ]
        try:
            return organisation_imports.preview(files, by=me(), at=clock.now(), on=clock.today())
        except FileRefused as refusal:
            raise RuleBroken(str(refusal)) from None


def _decide(made: OrganisationImport, form: ChosenForm) -> OrganisationImport:
    """Drop it, or bring the files in and give a share to each PCN that has none this year."""
    if form.chosen.data == "abandon":
        organisation_imports.abandon(made, at=clock.now())
        return made
    organisation_imports.apply(made, by=me(), at=clock.now(), on=clock.today())
    year = FinancialYear.containing(clock.today())
    targets.freeze_shares(year, by=me(), at=clock.now())
    return organisation_imports.find(made.key)


def _saved(upload: FileStorage, file: Path) -> Named:
    upload.save(file)
    return Named(file, Path(upload.filename or "").name)


def _shown(made: OrganisationImport) -> str:
    return url_for("organisations.preview", key=made.key)


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
