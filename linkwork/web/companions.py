"""Companions: who goes along the first time."""

from flask import Blueprint, flash, redirect
from flask.typing import ResponseReturnValue

from linkwork import clock
from linkwork.access import Permission, me, requires
from linkwork.casework import companions
from linkwork.errors import RuleBroken
from linkwork.forms.onward_referrals import CompanionForm
from linkwork.models import OnwardReferral, User
from linkwork.web.onward_page import address_of, companion_form, found, page
from linkwork.web.submissions import carry_out

bp = Blueprint("companions", __name__, url_prefix="/onward-referrals/<key>/companion")


@bp.route("", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
def arrange(key: str) -> ResponseReturnValue:
    onward = found(key)
    form = companion_form(onward)
    done = carry_out(form, lambda: _arrange(onward, form), then=lambda _: address_of(onward))
    return done or page(onward, form)


@bp.post("/done")
@requires(Permission.WORK_CASES)
def done(key: str) -> ResponseReturnValue:
    onward = found(key)
    companions.went_along(onward, by=me(), at=clock.now())
    flash("Noted. Did they stay? Say below that they went.")
    return redirect(address_of(onward), 303)


@bp.post("/call-off")
@requires(Permission.WORK_CASES)
def call_off(key: str) -> ResponseReturnValue:
    onward = found(key)
    companions.call_off(onward, by=me())
    flash("Nobody goes along now.")
    return redirect(address_of(onward), 303)


def _arrange(onward: OnwardReferral, form: CompanionForm) -> None:
    companions.arrange(
        onward,
        on=form.accompanied_on.data,
        user=_colleague(form.companion.data),
        name=form.companion_name.data,
        by=me(),
        at=clock.now(),
    )


def _colleague(key: str | None) -> User | None:
    if not key:
        return None
    for user in companions.perhaps(me()):
        if user.key == key:
            return user
    raise RuleBroken("Choose somebody of your PCN, or type a name.")
