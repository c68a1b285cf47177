"""The preview mailbox of the demo: what would have been sent by email, to whom, in full."""

from flask import Blueprint, abort, current_app, render_template, request
from flask.typing import ResponseReturnValue

from linkwork.access import Permission, me, requires
from linkwork.casework import mail

bp = Blueprint("mailbox", __name__, url_prefix="/mailbox")


@bp.get("")
@requires(Permission.OWN_ACCOUNT)
def index() -> ResponseReturnValue:
    if not current_app.config["DEMO"]:
        abort(404)
    everybody = request.args.get("whose") == "everybody"
    letters = mail.preview(None if everybody else me())
    return render_template("mailbox/index.html", letters=letters, everybody=everybody)
