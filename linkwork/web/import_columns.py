"""Which column of a spreadsheet means what, before an import of activities is shown."""

import tempfile
from pathlib import Path

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from linkwork import access, clock
from linkwork.access import Permission, me, requires
from linkwork.casework import source_columns
from linkwork.errors import FileRefused, RuleBroken
from linkwork.exchange import import_files, imports
from linkwork.exchange.service_columns import SERVICES
from linkwork.models import DirectoryImport
from linkwork.web.column_choices import Choosing, choosing
from linkwork.web.submissions import carry_out

bp = Blueprint("import_columns", __name__, url_prefix="/imports/<key>")


@bp.route("/columns", methods=["GET", "POST"])
@requires(Permission.EDIT_DIRECTORY)
def edit(key: str) -> ResponseReturnValue:
    import_ = access.find(DirectoryImport, key, user=me())
    if import_.state not in imports.OPEN:
        return redirect(url_for("imports.show", key=key), 303)
    with tempfile.TemporaryDirectory() as folder:
        try:
            file = import_files.unpack(import_, Path(folder))
            found = choosing(file, import_.file_name, SERVICES, import_.source.columns)
        except FileRefused as refusal:
            flash(str(refusal), "alert")
            return redirect(url_for("imports.show", key=key), 303)
        done = carry_out(
            found.form,
            lambda: _choose(import_, found, file),
            then=lambda _: url_for("imports.show", key=key),
        )
    if done is not None:
        return done
    import_ = access.find(DirectoryImport, key, user=me())
    page = render_template("imports/columns.html", import_=import_, found=found, form=found.form)
    return page, found.form.status


def _choose(import_: DirectoryImport, found: Choosing, file: Path) -> None:
    source_columns.choose(import_.source, found.mapping(), by=me())
    try:
        imports.preview(import_, at=clock.now(), today=clock.today(), file=file)
    except FileRefused as refusal:
        raise RuleBroken(str(refusal)) from refusal
