"""A practice refers a patient, and follows what it has sent."""

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from linkwork import audit, clock
from linkwork.access import Permission, me, requires
from linkwork.audit import Event
from linkwork.casework import following, referrals, waits
from linkwork.casework.following import Tab
from linkwork.errors import RuleBroken
from linkwork.forms.referrals import ReferralForm, SearchForm
from linkwork.models import Referral
from linkwork.web.paging import Page, number_asked
from linkwork.web.submissions import carry_out

bp = Blueprint("referrals", __name__, url_prefix="/referrals")


@bp.get("/")
@requires(Permission.REFER)
def index() -> ResponseReturnValue:
    tab = Tab.ENDED if request.args.get("tab") == Tab.ENDED else Tab.OPEN
    number = number_asked()
    sent = following.sent_by(me(), tab, page=number)
    audit.record(
        Event.CASES_LISTED, None, by=me(), shown=len(sent.referrals), view=f"referrals {tab}"
    )
    return render_template(
        "referrals/index.html",
        sent=sent,
        tab=tab,
        page=Page(number, sent.counts[tab], following.PAGE),
        search=SearchForm(formdata=None),
    )


@bp.post("/search")
@requires(Permission.REFER)
def search() -> ResponseReturnValue:
    form, found = SearchForm.from_request(), None
    if form.validate():
        try:
            found = following.search(me(), form.words.data)
            audit.record(Event.CASES_SEARCHED, None, by=me(), found=len(found))
        except RuleBroken as refusal:
            form.refuse(str(refusal))
    return render_template("referrals/search.html", form=form, found=found), form.status


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.REFER)
def new() -> ResponseReturnValue:
    pcn = referrals.recipient(me())
    if request.method == "GET" and request.args.get("checked") != "yes":
        wait = waits.at_present(pcn, clock.today())
        return render_template("referrals/stop.html", wait=wait)
    form = ReferralForm.from_request()
    done = carry_out(form, lambda: _send(form), then=_sent)
    if done is not None:
        return done
    # Asked again: a refusal has ended the transaction that knew the PCN.
    wait = waits.at_present(referrals.recipient(me()), clock.today())
    return render_template("referrals/new.html", form=form, wait=wait), form.status


@bp.get("/<key>")
@requires(Permission.REFER)
def show(key: str) -> ResponseReturnValue:
    followed = following.follow(key, me())
    wait = waits.at_present(followed.referral.organisation, clock.today())
    referrals.open(followed.referral, by=me())
    return render_template("referrals/show.html", followed=followed, wait=wait)


def _send(form: ReferralForm) -> Referral:
    return referrals.receive_from_practice(
        form.identity(), form.request(), by=me(), at=clock.now(), on=clock.today()
    )


def _sent(referral: Referral) -> str:
    flash("Referral sent")
    return url_for("referrals.show", key=referral.key)
