"""The directory: read, correct, check, bring in. Its list is in ``service_list``."""

import tempfile
from pathlib import Path

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from linkwork import access, clock
from linkwork.access import Permission, may, me, requires
from linkwork.casework import service_words, services
from linkwork.database import db
from linkwork.exchange.directory import import_directory
from linkwork.exchange.import_report import ImportReport
from linkwork.forms import services as choices_of
from linkwork.forms.services import ImportForm
from linkwork.models import Service, ServiceKind, ServiceStatus, User
from linkwork.web import service_form, service_list
from linkwork.web.service_facts import label
from linkwork.web.service_form import version
from linkwork.web.service_list import row_of
from linkwork.web.submissions import bring_in, carry_out

bp = service_list.bp
TONES = {"fresh": "green", "ageing": "grey", "stale": "yellow", "never": "grey"}
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
    service = access.find(Service, key, user=me())
    today = clock.today()
    return render_template(
        "services/show.html",
        service=service,
        row=row_of(service, None, today),
        for_whom=service_words.for_whom(service),
        addresses=[service_words.address(link.location) for link in service.places_at],
        access_words=service_words.access(service),
        link=service.url if service_words.is_web_address(service.url or "") else None,
        verified_by=db.session.get(User, service.verified_by_id or 0),
        tone=TONES[service_words.checked(service, on=today).freshness],
        may_edit=may(me(), Permission.EDIT_DIRECTORY),
    )


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


@bp.route("/import", methods=["GET", "POST"])
@requires(Permission.EDIT_DIRECTORY)
def import_file() -> ResponseReturnValue:
    form = ImportForm.from_request()
    return bring_in(form, lambda: _bring_in(form), "services/import.html")


def _bring_in(form: ImportForm) -> ImportReport:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "services.json"
        form.file.data.save(path)
        return import_directory(
            path, source=form.source.data, by=me(), at=clock.now(), today=clock.today()
        )
