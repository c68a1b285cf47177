"""The directory: read, correct, check. Its list is in ``service_list``."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from linkwork import access, clock
from linkwork.access import Permission, me, requires
from linkwork.casework import service_merges, services
from linkwork.forms import services as choices_of
from linkwork.forms.service_remarks import RemarkForm
from linkwork.models import Service, ServiceKind, ServiceStatus
from linkwork.web import service_form, service_list, service_page
from linkwork.web.service_facts import label
from linkwork.web.service_form import version
from linkwork.web.submissions import carry_out

bp = service_list.bp
FORM = {"NEW": choices_of.NEW}


@bp.app_template_filter()
def kind_label(code: str) -> str:
    return choices_of.KINDS[ServiceKind(code)]


@bp.app_template_filter()
def status_label(code: str) -> str:
    return choices_of.STATUSES[ServiceStatus(code)]


@bp.app_template_filter()
def channel_label(code: str) -> str:
    return choices_of.CHANNELS.get(code, code)


@bp.app_template_filter()
def route_label(code: str | None) -> str:
    return choices_of.ROUTES.get(code or "", code or "")


@bp.get("/<key>")
@requires(Permission.SEE_DIRECTORY)
def show(key: str) -> ResponseReturnValue:
    kept = service_merges.survivor(key, user=me())
    if kept is not None:
        return redirect(url_for("services.show", key=kept.key))
    service = access.find(Service, key, user=me())
    page = service_page.of_service(service, me(), at=clock.now())
    return render_template("services/show.html", remark=RemarkForm(), **page)


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.EDIT_DIRECTORY)
def new() -> ResponseReturnValue:
    form = service_form.empty()
    answer = carry_out(
        form,
        lambda: services.new(service_form.facts(form, {}), by=me(), at=clock.now()),
        then=lambda service: url_for("services.show", key=service.key),
    )
    if answer is not None:
        flash("The activity is in the directory.")
        return answer
    page = render_template("services/edit.html", form=form, service=None, differs=[], **FORM)
    return page, form.status


@bp.route("/<key>/edit", methods=["GET", "POST"])
@requires(Permission.EDIT_DIRECTORY)
def edit(key: str) -> ResponseReturnValue:
    service = access.find(Service, key, user=me())
    before = service_form.said(service)
    form = service_form.of_service(service, before)
    answer = carry_out(
        form,
        lambda: services.edit(
            service,
            service_form.facts(form, before),
            version=version(form),
            by=me(),
            at=clock.now(),
        ),
        then=lambda _: url_for("services.show", key=key),
    )
    if answer is not None:
        flash("Your changes are saved.")
        return answer
    differs = service_form.differing(form, service)
    page = render_template(
        "services/edit.html", form=form, service=service, differs=differs, **FORM
    )
    return page, form.status


@bp.post("/<key>/give-back/<name>")
@requires(Permission.EDIT_DIRECTORY)
def give_back(key: str, name: str) -> ResponseReturnValue:
    service = access.find(Service, key, user=me())
    services.give_back(service, name, by=me(), at=clock.now())
    flash(f"{label(name)}: it says what the list says again.")
    return redirect(url_for("services.show", key=key), 303)


@bp.post("/<key>/verify")
@requires(Permission.EDIT_DIRECTORY)
def verify(key: str) -> ResponseReturnValue:
    services.verify(access.find(Service, key, user=me()), by=me(), at=clock.now())
    flash("Marked as right today.")
    return redirect(url_for("services.show", key=key), 303)


@bp.post("/<key>/unlist")
@requires(Permission.EDIT_DIRECTORY)
def unlist(key: str) -> ResponseReturnValue:
    services.unlist(access.find(Service, key, user=me()), by=me(), at=clock.now())
    flash("It is off the list. Link workers no longer find it.")
    return redirect(url_for("services.show", key=key), 303)


@bp.post("/<key>/relist")
@requires(Permission.EDIT_DIRECTORY)
def relist(key: str) -> ResponseReturnValue:
    services.relist(access.find(Service, key, user=me()), by=me(), at=clock.now())
    flash("It is on the list again.")
    return redirect(url_for("services.show", key=key), 303)
