"""Anybody asks for a link worker: no account, no script, and the same answer whoever it is about.

The answer shows nothing of anybody: a reference to say on the phone, which opens nothing.
"""

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from linkwork import clock
from linkwork.access import open_to_all
from linkwork.casework import floods, public_places, public_referrals
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.forms.ask import AskForm, PlaceForm, Who
from linkwork.models import Organisation, OrganisationKind, PublicReferral

bp = Blueprint("ask", __name__, url_prefix="/ask")
FEW = 12
CHECK_ONCE_MORE = (
    "That was very quick. Look once more at what you wrote, then press the button again. "
    "We ask this because some forms are sent by computers."
)


@bp.get("/")
@open_to_all
def index() -> ResponseReturnValue:
    return render_template("ask/index.html", open=bool(public_places.pcns(on=clock.today())))


@bp.route("/place", methods=["GET", "POST"])
@open_to_all
def place() -> ResponseReturnValue:
    form, found = PlaceForm.from_request(), None
    if form.is_ready():
        try:
            found = public_places.search(form.words.data, on=clock.today())
        except RuleBroken as refusal:
            form.refuse(str(refusal))
    pcns = public_places.pcns(on=clock.today())
    listed = pcns if len(pcns) <= FEW else []
    page = render_template("ask/place.html", form=form, found=found, pcns=listed, who=_who())
    return page, form.status


@bp.route("/at/<key>", methods=["GET", "POST"])
@open_to_all
def new(key: str) -> ResponseReturnValue:
    where, form = public_places.find(key, on=clock.today()), AskForm(_who())
    made = _send(form, where) if form.is_ready() else None
    if made is not None:
        reachable = bool(made.phone or made.email or made.address)
        session["asked"] = {"reference": made.reference, "reachable": reachable}
        return redirect(url_for("ask.sent"), 303)
    is_practice = where.kind is OrganisationKind.PRACTICE
    stop = form.warned.data == "yes" and form.was_sent
    page = render_template(
        "ask/new.html", form=form, where=where, practice=is_practice, who=form.who, stop=stop
    )
    return page, 429 if form.too_often else form.status


@bp.get("/sent")
@open_to_all
def sent() -> ResponseReturnValue:
    asked = session.get("asked")
    if asked is None:
        return redirect(url_for("ask.index"))
    return render_template("ask/sent.html", asked=asked)


def _send(form: AskForm, where: Organisation) -> PublicReferral | None:
    """Take in what was typed; None where the form is to be shown again, with why."""
    asked = form.asked()
    if form.was_too_quick():
        form.refuse(CHECK_ONCE_MORE)
        return None
    if asked.crisis and form.warned.data != "yes":
        form.warned.data = "yes"
        return None
    try:
        return public_referrals.ask(
            asked,
            place=where,
            once=form.once.data or "",
            network_address=request.remote_addr or "",
            at=clock.now(),
            on=clock.today(),
        )
    except RuleBroken as refusal:
        db.session.rollback()
        form.refuse(str(refusal))
        form.too_often = isinstance(refusal, floods.TooOften)
        return None


def _who() -> Who:
    asked = request.args.get("who", "")
    return Who(asked) if asked in set(Who) else Who.ME
