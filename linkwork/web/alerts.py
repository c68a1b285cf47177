"""What a visitor must know of a person, and whether anybody may visit alone."""

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue

from linkwork import clock
from linkwork.access import Permission, me, requires
from linkwork.casework import alerts
from linkwork.casework.alerts import Alerts
from linkwork.forms.alerts import AlertsForm
from linkwork.web.cases import opened
from linkwork.web.submissions import carry_out

bp = Blueprint("alerts", __name__, url_prefix="/cases/<key>")


@bp.route("/alerts", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
def edit(key: str) -> ResponseReturnValue:
    case = opened(key)
    person = case.person
    form = AlertsForm(obj=person, data={"version": str(person.version)})
    done = carry_out(
        form,
        lambda: alerts.change(
            person, _typed(form), version=form.version_read(), by=me(), at=clock.now()
        ),
        then=lambda _: url_for("cases.show", key=key),
    )
    if done is not None:
        flash("Alerts saved.")
        return done
    theirs = alerts.of(person) if form.form_errors else None
    if theirs is not None:
        form.version.data = str(person.version)  # the next save knows of what it is shown
    page = render_template(
        "alerts/edit.html", case=case, form=form, theirs=theirs, history=alerts.history(person)
    )
    return page, form.status


def _typed(form: AlertsForm) -> Alerts:
    reason = form.lone_worker_reason.data if form.lone_worker.data else None
    return Alerts(form.alert.data, reason, form.lone_worker_review_on.data)
