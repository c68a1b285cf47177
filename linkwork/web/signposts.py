"""The signpost counter of a practice: one press, and the next patient."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from linkwork import access, clock
from linkwork.access import Permission, me, requires
from linkwork.casework import service_search, signposts
from linkwork.casework.service_search import Criteria
from linkwork.errors import RuleBroken
from linkwork.models import Need, Service, Signpost

bp = Blueprint("signposts", __name__, url_prefix="/signposts")

FOUND = 8
LONGEST_WORDS = 80


@bp.get("")
@requires(Permission.REFER)
def index() -> ResponseReturnValue:
    words = request.args.get("words", "").strip()[:LONGEST_WORDS]
    found = None
    if words:
        search = service_search.search(Criteria(words=words), user=me(), at=clock.now())
        found = search.services[:FOUND]
    counted = signposts.this_month(me(), on=clock.today())
    return render_template(
        "signposts/index.html",
        words=words,
        found=found,
        common=signposts.common(me(), at=clock.now()) if found is None else [],
        needs=list(Need),
        undoable=signposts.undoable(me(), at=clock.now()),
        counted=counted,
        total=sum(count.times for count in counted),
    )


@bp.post("")
@requires(Permission.REFER)
def record() -> ResponseReturnValue:
    need, key = request.form.get("need", ""), request.form.get("service", "")
    if not key and need not in set(Need):
        raise RuleBroken("Choose an activity or a need.")
    at = clock.now()
    made = signposts.record(
        service=access.find(Service, key, user=me()) if key else None,
        need=None if key else Need(need),
        again="again" in request.form,
        by=me(),
        at=at,
    )
    if made.at != at:
        flash("That was counted a moment ago, so it counts once. If it was twice, count another.")
    return redirect(url_for("signposts.index"), 303)


@bp.post("/<key>/undo")
@requires(Permission.REFER)
def undo(key: str) -> ResponseReturnValue:
    signposts.undo(access.find(Signpost, key, user=me()), by=me(), at=clock.now())
    flash("Taken back.")
    return redirect(url_for("signposts.index"), 303)
