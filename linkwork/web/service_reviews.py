"""The queue of the editors of the directory."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from linkwork import clock
from linkwork.access import Permission, me, requires
from linkwork.casework import service_remarks, service_reviews

bp = Blueprint("service_reviews", __name__)


@bp.get("/services/review")
@requires(Permission.EDIT_DIRECTORY)
def index() -> ResponseReturnValue:
    return render_template(
        "service_reviews/index.html",
        rows=service_reviews.queue(me(), on=clock.today()),
        remarks=len(service_remarks.open_(me())),
        most=service_reviews.MOST_SHOWN,
    )
