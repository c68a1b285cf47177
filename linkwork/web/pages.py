"""The front door, the pages everybody may read, and the health check."""

from flask import Blueprint, redirect, render_template
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from linkwork.access import Permission, me, open_to_all, requires
from linkwork.database import db
from linkwork.web import menu

bp = Blueprint("pages", __name__)


@bp.get("/")
@requires(Permission.OWN_ACCOUNT)
def home() -> ResponseReturnValue:
    return redirect(menu.home(me()))


@bp.get("/accessibility")
@open_to_all
def accessibility() -> ResponseReturnValue:
    return render_template("pages/accessibility.html")


@bp.get("/privacy")
@open_to_all
def privacy() -> ResponseReturnValue:
    return render_template("pages/privacy.html")


@bp.get("/help")
@open_to_all
def help() -> ResponseReturnValue:  # noqa: A001 - the address is /help
    return render_template("pages/help.html")


@bp.get("/health")
@open_to_all
def health() -> ResponseReturnValue:
    db.session.execute(text("select 1"))
    return {"status": "ok"}
