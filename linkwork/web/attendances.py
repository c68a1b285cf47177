"""Attendances: they went, or they did not, said in one press."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from linkwork import clock
from linkwork.access import Permission, me, requires
from linkwork.casework import attendances
from linkwork.casework.answers import SaidAlready
from linkwork.forms.onward_referrals import MissedForm, WentForm
from linkwork.models import Absent, OnwardReferral
from linkwork.web.display import LABELS
from linkwork.web.onward_page import address_of, found, page
from linkwork.web.submissions import carry_out

bp = Blueprint("attendances", __name__, url_prefix="/onward-referrals/<key>")


@bp.route("/went", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
def went(key: str) -> ResponseReturnValue:
    onward, form = found(key), WentForm()
    done = carry_out(
        form,
        lambda: attendances.note(onward, on=form.held_on.data, came=True, by=me(), now=clock.now()),
        then=lambda _: address_of(onward),
    )
    return done or page(onward, form)


@bp.route("/missed", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
def missed(key: str) -> ResponseReturnValue:
    onward, form = found(key), MissedForm(LABELS[Absent])
    done = carry_out(form, lambda: _missed(onward, form), then=lambda _: address_of(onward))
    return done or page(onward, form)


def _missed(onward: OnwardReferral, form: MissedForm) -> None:
    attendances.note(
        onward,
        on=form.missed_on.data,
        came=False,
        reason=Absent(form.reason.data),
        by=me(),
        now=clock.now(),
    )
    try:
        if form.next_on.data is not None:
            attendances.book(onward, form.next_on.data, by=me(), at=clock.now())
    except SaidAlready:
        pass  # the date they have is the date they keep
