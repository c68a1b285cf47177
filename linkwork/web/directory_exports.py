"""The directory to take away: as a file, in the shapes that other systems and people read."""

from tempfile import TemporaryFile

from flask import Blueprint, abort, render_template, send_file
from flask.typing import ResponseReturnValue

from linkwork import access, clock
from linkwork.access import Permission, may, me, requires
from linkwork.exchange import directory_export

bp = Blueprint("directory_exports", __name__, url_prefix="/directory/exports")

# The name in the address, the kind of file, and its media type.
FILES = {
    "services.xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "services.csv": "text/csv; charset=utf-8",
    "services.json": "application/json",
    "tabular.zip": "application/zip",
}


@bp.get("")
@requires(Permission.SEE_DIRECTORY)
def index() -> ResponseReturnValue:
    return render_template(
        "directory_exports/index.html", may_edit=may(me(), Permission.EDIT_DIRECTORY)
    )


@bp.get("/<file_name>")
@requires(Permission.SEE_DIRECTORY)
def show(file_name: str) -> ResponseReturnValue:
    if file_name not in FILES:
        abort(404)
    stem, kind = file_name.split(".")
    # Whole before the first byte leaves: what goes wrong is still told as a page.
    file = TemporaryFile()  # noqa: SIM115 - closed with the answer
    directory_export.export(kind, access.services(me()), file, by=me())
    file.seek(0)
    name = f"{stem}-{clock.today().isoformat()}.{kind}"
    return send_file(file, FILES[file_name], as_attachment=True, download_name=name)
