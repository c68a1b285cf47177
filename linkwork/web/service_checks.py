"""Asking a provider whether its entry is right, and the page on which it answers."""

from collections.abc import Callable

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from linkwork import access, clock
from linkwork.access import Permission, me, open_to_all, requires
from linkwork.casework import mail, service_checks, service_words
from linkwork.casework.answers import Room
from linkwork.casework.shared_links import LinkOver
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.forms import Form
from linkwork.forms.service_checks import ConfirmForm, ObjectForm
from linkwork.models import CapacityStatus, Service, ServiceCheck
from linkwork.web.service_list import row_of
from linkwork.web.submissions import carry_out

bp = Blueprint("service_checks", __name__)

CHANGED = "Somebody else answered at the same moment. Check what is shown here, and send it again."
SIGNED_IN = (
    "You are signed in, and this page is for the provider. Ring them, and mark the activity as "
    "right on its own page."
)


@bp.route("/services/<key>/ask", methods=["GET", "POST"])
@requires(Permission.EDIT_DIRECTORY)
def asked(key: str) -> ResponseReturnValue:
    service, form = access.find(Service, key, user=me()), Form.from_request()
    done = carry_out(
        form,
        lambda: service_checks.ask(service, by=me(), at=clock.now()),
        then=lambda _: url_for("service_checks.asked", key=key),
    )
    if done is not None:
        return done
    checks = service_checks.of_service(service)
    newest = checks[0] if checks and service_checks.opens(checks[0], at=clock.now()) else None
    page = render_template(
        "service_checks/asked.html",
        service=service,
        form=form,
        checks=checks,
        newest=newest,
        link=address(newest) if newest else None,
        can_email=mail.is_on() and bool(service.email),
    )
    return page, form.status


@bp.post("/service-checks/<key>/email")
@requires(Permission.EDIT_DIRECTORY)
def email(key: str) -> ResponseReturnValue:
    check = access.find(ServiceCheck, key, user=me())
    if not service_checks.opens(check, at=clock.now()):
        raise RuleBroken("This link has ended. Make a new one first.")
    service_checks.email(check, address, by=me(), at=clock.now())
    flash("The email is on its way.")
    return redirect(url_for(".asked", key=check.service.key), 303)


@bp.post("/service-checks/<key>/settle")
@requires(Permission.EDIT_DIRECTORY)
def settle(key: str) -> ResponseReturnValue:
    check = access.find(ServiceCheck, key, user=me())
    service_checks.settle(check, by=me(), at=clock.now())
    flash("Marked as looked at.")
    return redirect(url_for("services.show", key=service_checks.about(check).key), 303)


@bp.get("/still-right/<service_check>")
@open_to_all
def show(service_check: str) -> ResponseReturnValue:
    return _page(_followed(service_check), service_check)


@bp.post("/still-right/<service_check>")
@open_to_all
def confirm(service_check: str) -> ResponseReturnValue:
    check, form = _followed(service_check), ConfirmForm.from_request()
    done = _carry_out(
        form, lambda: service_checks.confirm(check, _room(form), at=clock.now()), service_check
    )
    return done or _page(_followed(service_check), service_check, form)


@bp.post("/still-right/<service_check>/changed")
@open_to_all
def changed(service_check: str) -> ResponseReturnValue:
    check, form = _followed(service_check), ObjectForm.from_request()
    done = _carry_out(
        form,
        lambda: service_checks.object_(check, form.words.data or "", at=clock.now()),
        service_check,
    )
    return done or _page(_followed(service_check), service_check, form)


@bp.errorhandler(LinkOver)
def link_over(_: LinkOver) -> ResponseReturnValue:
    """The link has ended."""
    return render_template("service_checks/over.html"), 410


def address(check: ServiceCheck) -> str:
    """The whole address of the page a provider answers on."""
    return url_for("service_checks.show", service_check=service_checks.token(check), _external=True)


def _followed(service_check: str) -> ServiceCheck:
    return service_checks.follow(service_check, at=clock.now())


def _carry_out(
    form: Form, act: Callable[[], object], service_check: str
) -> ResponseReturnValue | None:
    """Do ``act`` if the form was sent and is well-formed; None where it is to be shown again."""
    if not form.is_ready():
        return None
    if current_user.is_authenticated:
        form.refuse(SIGNED_IN)
        return None
    try:
        act()
        db.session.flush()
    except (RuleBroken, StaleDataError, IntegrityError) as refusal:
        db.session.rollback()
        form.refuse(str(refusal) if isinstance(refusal, RuleBroken) else CHANGED)
        return None
    return redirect(url_for(".show", service_check=service_check), 303)


def _page(check: ServiceCheck, service_check: str, sent: Form | None = None) -> ResponseReturnValue:
    service = service_checks.about(check)
    forms = [
        sent if isinstance(sent, kind) else kind(formdata=None)
        for kind in (ConfirmForm, ObjectForm)
    ]
    page = render_template(
        "service_checks/show.html",
        check=check,
        service=service,
        row=row_of(service, None, clock.now()),
        for_whom=service_words.for_whom(service),
        addresses=[service_words.address(link.location) for link in service.places_at],
        service_check=service_check,
        confirm=forms[0],
        object=forms[1],
        form=sent,
    )
    return page, sent.status if sent is not None else 200


def _room(form: ConfirmForm) -> Room:
    status = CapacityStatus(form.room.data) if form.room.data else None
    if status is None and form.places.data is not None:
        status = CapacityStatus.CAPACITY
    return Room(status, form.places.data)
