"""Requests of the public, looked at by a link worker before they become referrals."""

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue

from linkwork import access, audit, clock
from linkwork.access import Permission, me, requires
from linkwork.audit import Event
from linkwork.casework import duplicates, public_referrals
from linkwork.forms.public_referrals import NEW, AcceptForm, DiscardForm
from linkwork.models import DiscardReason, Person, PublicReferral, Referral, SupportCase
from linkwork.web import gate
from linkwork.web.display import LABELS, day
from linkwork.web.submissions import carry_out

bp = Blueprint("public_referrals", __name__, url_prefix="/public-referrals")


@bp.get("/")
@requires(Permission.WORK_CASES)
def index() -> ResponseReturnValue:
    found = public_referrals.to_check(me())
    audit.record(Event.CASES_LISTED, None, by=me(), shown=len(found), view="to check")
    return render_template("public_referrals/index.html", found=found)


@bp.route("/<key>", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
def accept(key: str) -> ResponseReturnValue:
    asked = access.find(PublicReferral, key, user=me())
    gate.note_if_shown(lambda: public_referrals.open(asked, by=me()))
    alike = duplicates.of_somebody(public_referrals.identity_of(asked), user=me())
    form = AcceptForm({found.case.key: _named(found) for found in alike})
    done = carry_out(form, lambda: _accept(asked, form), then=_accepted)
    if done is not None:
        return done
    page = render_template("public_referrals/show.html", asked=asked, form=form, alike=alike)
    return page, form.status


@bp.route("/<key>/discard", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
def discard(key: str) -> ResponseReturnValue:
    asked = access.find(PublicReferral, key, user=me())
    form = DiscardForm(LABELS[DiscardReason])
    done = carry_out(
        form,
        lambda: public_referrals.discard(
            asked, DiscardReason(form.reason.data), by=me(), at=clock.now()
        ),
        then=lambda _: url_for("public_referrals.index"),
    )
    if done is not None:
        return done
    return render_template("public_referrals/discard.html", asked=asked, form=form), form.status


def _named(found: duplicates.Duplicate) -> str:
    person = found.person
    return f"{person.name}, born {day(person.date_of_birth)}. {found.likeness.sureness}"


def _accept(asked: PublicReferral, form: AcceptForm) -> Referral:
    whose: Person | None = None
    if form.whose.data != NEW:
        whose = access.find(SupportCase, form.whose.data, user=me()).person
    return public_referrals.accept(asked, person=whose, by=me(), at=clock.now(), on=clock.today())


def _accepted(referral: Referral) -> str:
    flash("This is now a referral. Accept it to start, or leave it on the waiting list.")
    return url_for("cases.show", key=referral.case.key)
