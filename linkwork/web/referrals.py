"""A practice refers a patient, and follows what it has sent."""

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from linkwork import audit, clock
from linkwork.access import Permission, me, requires
from linkwork.audit import Event
from linkwork.casework import (
    following,
    messages,
    practices,
    questions,
    referrals,
    waits,
    withdrawals,
)
from linkwork.casework.following import Tab
from linkwork.errors import RuleBroken
from linkwork.forms.referrals import RecordForm, ReferralForm, SearchForm, WithdrawForm
from linkwork.models import (
    Organisation,
    OrganisationKind,
    Referral,
    ReferralSource,
    WithdrawReason,
)
from linkwork.web.display import LABELS
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
        unread=messages.unread(me()),
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
    pcn = referrals.recipient(me(), on=clock.today())
    if request.method == "GET" and request.args.get("checked") != "yes":
        wait = waits.at_present(pcn, clock.today())
        return render_template("referrals/stop.html", wait=wait)
    form = ReferralForm.from_request()
    done = carry_out(form, lambda: _send(form), then=_sent)
    if done is not None:
        return done
    # Asked again: a refusal has ended the transaction that knew the PCN.
    wait = waits.at_present(referrals.recipient(me(), on=clock.today()), clock.today())
    return render_template("referrals/new.html", form=form, wait=wait), form.status


@bp.get("/<key>")
@requires(Permission.REFER)
def show(key: str) -> ResponseReturnValue:
    followed = following.follow(key, me())
    wait = waits.at_present(followed.referral.organisation, clock.today())
    referrals.open(followed.referral, by=me())
    told, asked = following.told_of(followed, me()), questions.of_referral(followed.referral)
    return render_template(
        "referrals/show.html", followed=followed, wait=wait, told=told, asked=asked
    )


@bp.get("/our-practice")
@requires(Permission.REFER)
def our_practice() -> ResponseReturnValue:
    figures = practices.figures(me(), on=clock.today())
    audit.record(Event.CASES_LISTED, None, by=me(), shown=figures.referred, view="our practice")
    return render_template("referrals/our_practice.html", figures=figures)


@bp.route("/<key>/withdraw", methods=["GET", "POST"])
@requires(Permission.REFER)
def withdraw(key: str) -> ResponseReturnValue:
    followed = following.follow(key, me())
    form = WithdrawForm(LABELS[WithdrawReason])
    done = carry_out(
        form,
        lambda: withdrawals.withdraw(
            followed.referral, WithdrawReason(form.reason.data), by=me(), at=clock.now()
        ),
        then=lambda _: url_for("referrals.show", key=key),
    )
    if done is not None:
        flash("You have taken this referral back.")
        return done
    followed = following.follow(key, me())
    return render_template("referrals/withdraw.html", followed=followed, form=form), form.status


@bp.route("/record", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
def record() -> ResponseReturnValue:
    places = referrals.places(me(), on=clock.today())
    form = RecordForm({place.key: _called(place) for place in places})
    done = carry_out(form, lambda: _record(form), then=_recorded)
    return done or (render_template("referrals/record.html", form=form), form.status)


def _called(place: Organisation) -> str:
    is_pcn = place.kind is OrganisationKind.PCN
    return f"None, or not known: {place.name}" if is_pcn else place.name


def _record(form: RecordForm) -> Referral:
    place = next(p for p in referrals.places(me(), on=clock.today()) if p.key == form.place.data)
    return referrals.record(
        form.identity(),
        form.request(),
        place=place,
        source=ReferralSource(form.source.data),
        referrer=form.referrer(),
        by=me(),
        at=clock.now(),
        on=clock.today(),
    )


def _recorded(referral: Referral) -> str:
    flash("Referral recorded")
    return url_for("cases.show", key=referral.case.key)


def _send(form: ReferralForm) -> Referral:
    return referrals.receive_from_practice(
        form.identity(), form.request(), by=me(), at=clock.now(), on=clock.today()
    )


def _sent(referral: Referral) -> str:
    flash("Referral sent")
    return url_for("referrals.show", key=referral.key)
