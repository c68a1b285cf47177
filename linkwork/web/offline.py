"""Visits without a network: a page that works by itself, what it takes along and brings back.

The page and its worker hold nothing about anybody, so both are open to all and may be kept by the
browser. What they show comes from a store that is locked with the user’s own key.
"""

from datetime import datetime
from typing import Any

from flask import Blueprint, Response, current_app, request, send_from_directory, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf
from sqlalchemy.orm import joinedload

from linkwork import access, clock, paths
from linkwork.access import Permission, me, open_to_all, requires
from linkwork.casework import drafts, offline
from linkwork.database import afterwards, commit_anyway
from linkwork.errors import ReasonNeeded, RuleBroken
from linkwork.forms.offline import ReportForm
from linkwork.models import DraftForm, SupportCase, Visit
from linkwork.web.display import hour

bp = Blueprint("offline", __name__, url_prefix="/visits")


@bp.get("/offline")
@open_to_all
def show() -> ResponseReturnValue:
    # Not by render_template: nobody’s name may be on a page that the browser keeps.
    return current_app.jinja_env.get_template("visits/offline.html").render()


@bp.get("/sw.js")
@open_to_all
def worker() -> ResponseReturnValue:
    return send_from_directory(paths.STATIC / "js", "visit-worker.js", mimetype="text/javascript")


@bp.get("/offline/me")
@requires(Permission.WORK_CASES)
def whose() -> ResponseReturnValue:
    """Who is signed in, and the token their posts carry. Asked by a clock, no sign of life."""
    if request.args.get("by") == "clock":
        afterwards().clear()
    return {"user": me().key, "token": generate_csrf()}


@bp.post("/offline/take")
@requires(Permission.WORK_CASES)
def take() -> ResponseReturnValue:
    today = clock.today()
    return {
        "user": me().key,
        "expires_at": offline.expires_at(today).isoformat(),
        "visits": [_least(visit) for visit in offline.take(by=me(), on=today)],
    }


@bp.post("/<key>/sync")
@requires(Permission.WORK_CASES)
def sync(key: str) -> ResponseReturnValue:
    options = [joinedload(Visit.case).joinedload(SupportCase.worker)]
    visit = access.find(Visit, key, user=me(), options=options)
    form = ReportForm()
    fits = form.is_ready()
    sentences = _report(visit, form)
    if not fits:
        commit_anyway()  # who is safe is safe, whatever is wrong with the note
        wrong = [text for texts in form.errors.values() for text in texts]
        return {"problems": [*wrong, *sentences]}, 422
    try:
        return {**_keep(visit, form), "sentences": [*sentences, *_changes(visit)]}
    except RuleBroken as refusal:
        commit_anyway()
        return {"problems": [str(refusal), *sentences]}, 409


def _report(visit: Visit, form: ReportForm) -> list[str]:
    """Note the times that can be read, where the visit is one’s own or a reason was given."""
    told = form.told()
    says_nothing = told.started_at is None and told.safe_at is None
    if says_nothing or _may_report(visit):
        return offline.report(visit, told, by=me(), at=clock.now())
    whose = f"This visit is with {visit.worker.name}, so your times were not saved."
    return [f"{whose} Tell them when you were there."]


def _may_report(visit: Visit) -> bool:
    """Whether it is one’s own visit, or one that the page of visits would let one start."""
    if visit.worker_id == me().id:
        return True
    try:
        access.open_case(visit.case.key, user=me(), on=clock.today())
    except ReasonNeeded:
        return False
    return True


def _least(visit: Visit) -> dict[str, Any]:
    """What a visitor needs at the door, and nothing else of the record."""
    person = visit.case.person
    return {
        "key": visit.key,
        "at": hour(visit.planned_at),
        "minutes": visit.minutes,
        "ask_for": person.name,
        "place": visit.place or "\n".join(filter(None, (person.address, person.postcode))),
        "phone": person.phone,
        "safe_to_contact": person.safe_to_contact,
        "language": (person.language or "language not recorded") if person.interpreter else None,
        "access_needs": person.access_needs,
        "alert": person.alert,
        "lone_worker": person.lone_worker,
        "companion": visit.companion,
        "next_action": visit.case.next_action,
        "started_at": _iso(visit.started_at),
    }


def _keep(visit: Visit, form: ReportForm) -> dict[str, Any]:
    """Keep what was written as a draft of the author’s, beside whatever else is there."""
    written = form.written()
    address = url_for("contacts.new", key=visit.case.key)
    if not written:
        return {"address": address, "seen": None, "draft": form.draft.data, "beside": []}
    at = clock.london(visit.started_at or form.started_at.data or clock.now())
    fields = {"on": f"{at:%Y-%m-%d}", "at": f"{at:%H:%M}", "mode": "visit", **written}
    kept = drafts.keep(
        visit.case,
        DraftForm.CONVERSATION,
        {name: [text] for name, text in fields.items()},
        author=me(),
        key=form.draft.data,
        seen=form.version_seen(),
        at=clock.now(),
    )
    found = kept.draft.key if kept.draft else None
    return {
        "address": url_for("contacts.new", key=visit.case.key, draft=found),
        "seen": kept.draft.version if kept.draft else None,
        "draft": kept.draft.key if kept.draft else form.draft.data,
        "beside": [_shown(draft.fields, draft.saved_at) for draft in kept.beside],
    }


def _shown(fields: dict[str, list[str]], saved_at: datetime) -> dict[str, str]:
    words = [*fields.get("what_matters", []), *fields.get("notes", [])]
    return {"at": hour(saved_at), "text": "\n".join(filter(None, words))}


def _changes(visit: Visit) -> list[str]:
    """What has happened to the case meanwhile that the writer must know."""
    case = visit.case
    if not case.is_open:
        return ["This case has ended meanwhile. You can still save a note of before the end."]
    if case.worker is not None and case.worker_id != me().id:
        return [f"This case is with {case.worker.name} now. Your note is kept: tell them of it."]
    return []


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


@bp.after_request
def let_it_work_here(response: Response) -> Response:
    """The worker serves the pages of visits, and looks for a newer one of itself each time."""
    response.headers["Service-Worker-Allowed"] = "/visits/"
    return response
