"""The safety step: a note has words about danger, and says so until somebody answers."""

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue

from linkwork import access, clock
from linkwork.access import Permission, me, requires
from linkwork.casework import alarms
from linkwork.forms.alarms import AlarmForm
from linkwork.models import Alarm, AlarmAnswer
from linkwork.web.cases import opened
from linkwork.web.submissions import carry_out

bp = Blueprint("alarms", __name__)

PROPOSED = "Check that they are safe"


@bp.route("/alarms/<key>", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
def show(key: str) -> ResponseReturnValue:
    alarm = access.find(Alarm, key, user=me())
    case = opened(alarm.case.key)
    now = clock.london(clock.now())
    form = AlarmForm(data={"told_on": now.date(), "told_at": now.time(), "step": PROPOSED})
    done = carry_out(form, lambda: _answer(alarm, form), then=lambda _: _after(case.key))
    if done is not None:
        return done
    words = alarms.words_in(alarm.contact)
    page = render_template("alarms/show.html", alarm=alarm, case=case, form=form, words=words)
    return page, form.status


def _answer(alarm: Alarm, form: AlarmForm) -> None:
    alarms.answer(
        alarm,
        AlarmAnswer(form.found.data),
        form.account.data,
        told=form.told.data,
        told_at=form.told_moment(),
        step=form.step.data,
        by=me(),
        at=clock.now(),
    )


def _after(key: str) -> str:
    flash("What you did is recorded.")
    return url_for("cases.show", key=key)
