"""Saying that an entry of the directory is wrong, and an editor's having looked at it."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from linkwork import access, clock
from linkwork.access import Permission, me, requires
from linkwork.casework import service_remarks
from linkwork.forms.service_remarks import RemarkForm
from linkwork.models import Service, ServiceRemark
from linkwork.web.submissions import carry_out

bp = Blueprint("service_remarks", __name__)


@bp.route("/services/<key>/remark", methods=["GET", "POST"])
@requires(Permission.SEE_DIRECTORY)
def new(key: str) -> ResponseReturnValue:
    service = access.find(Service, key, user=me())
    form = RemarkForm.from_request()
    done = carry_out(
        form,
        lambda: service_remarks.say(service, form.words.data, by=me(), at=clock.now()),
        then=lambda _: url_for("services.show", key=key),
    )
    if done is not None:
        flash("Thank you. The editors of the directory will look at it.")
        return done
    return render_template("service_remarks/new.html", form=form, service=service), form.status


@bp.get("/service-remarks")
@requires(Permission.EDIT_DIRECTORY)
def index() -> ResponseReturnValue:
    remarks = service_remarks.open_(me())
    return render_template("service_remarks/index.html", remarks=remarks)


@bp.post("/service-remarks/<key>/settle")
@requires(Permission.EDIT_DIRECTORY)
def settle(key: str) -> ResponseReturnValue:
    remark = access.find(ServiceRemark, key, user=me())
    service_remarks.settle(remark, by=me(), at=clock.now())
    flash("Marked as looked at.")
    return redirect(url_for("services.show", key=remark.service.key), 303)
