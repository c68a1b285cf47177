"""What the person says about their practice: it may be told, or it may not any more."""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from linkwork.access import Permission, me, requires
from linkwork.casework import sharing
from linkwork.web.cases import opened

bp = Blueprint("sharing", __name__, url_prefix="/cases")


@bp.post("/<key>/share")
@requires(Permission.WORK_CASES)
def start(key: str) -> ResponseReturnValue:
    sharing.start(opened(key), by=me())
    flash("The GP practice may be told now. Nothing is sent until somebody sends it.")
    return redirect(url_for("cases.show", key=key), 303)


@bp.post("/<key>/stop-sharing")
@requires(Permission.WORK_CASES)
def stop(key: str) -> ResponseReturnValue:
    sharing.stop(opened(key), by=me())
    flash("The GP practice is told nothing more. What it was sent before stays with it.")
    return redirect(url_for("cases.show", key=key), 303)
