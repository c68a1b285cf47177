"""The history of an activity, and taking back one change of it."""

from dataclasses import dataclass

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue

from linkwork import access, clock
from linkwork.access import Permission, me, requires
from linkwork.casework import service_changes, service_facts, services
from linkwork.casework.service_changes import PAGE, PROVIDER
from linkwork.forms.service_changes import PutBackForm
from linkwork.models import Service, ServiceChange
from linkwork.web.paging import Page, number_asked
from linkwork.web.service_facts import label, words
from linkwork.web.service_form import version
from linkwork.web.submissions import carry_out

bp = Blueprint("service_changes", __name__)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a history, in words: what each field said before and after."""

    change: ServiceChange
    title: str
    who: str
    fields: list[tuple[str, str, str]]
    may_put_back: bool


@bp.get("/services/<key>/history")
@requires(Permission.EDIT_DIRECTORY)
def history(key: str) -> ResponseReturnValue:
    service = access.find(Service, key, user=me())
    number = number_asked()
    found = service_changes.of_service(service, number=number)
    return render_template(
        "service_changes/history.html",
        service=service,
        steps=[_step(change) for change in found.changes],
        page=Page(number, found.total, PAGE),
    )


@bp.route("/service-changes/<key>/put-back", methods=["GET", "POST"])
@requires(Permission.EDIT_DIRECTORY)
def put_back(key: str) -> ResponseReturnValue:
    change = access.find(ServiceChange, key, user=me())
    service = change.service
    form = PutBackForm.from_request(version=service.version)
    answer = carry_out(
        form,
        lambda: services.put_back(change, version=version(form), by=me(), at=clock.now()),
        then=lambda _: url_for("service_changes.history", key=service.key),
    )
    if answer is not None:
        flash("The activity says again what it said before.")
        return answer
    form.version.data = str(service.version)
    old = {name: pair[0] for name, pair in change.changes.items() if name in services.EDITABLE}
    pairs = services.changes_of(service, old)
    page = render_template(
        "service_changes/put_back.html",
        form=form,
        service=service,
        step=_step(change),
        rows=[
            (label(name), words(name, now), words(name, then))
            for name, (now, then) in pairs.items()
        ],
    )
    return page, form.status


def _step(change: ServiceChange) -> Step:
    names = [name for name in (*service_facts.FIELDS, *change.changes) if name in change.changes]
    rows = [
        (label(name), *(words(name, value) for value in change.changes[name]))
        for name in dict.fromkeys(names)
    ]
    return Step(
        change=change,
        title=_title(change),
        who=change.by.name
        if change.by
        else "The provider itself"
        if change.source == PROVIDER
        else f"The list “{change.source}”",
        fields=[row for row in rows if len(row) == 3],
        may_put_back=any(name in services.EDITABLE for name in change.changes),
    )


def _title(change: ServiceChange) -> str:
    if not change.changes:
        return "Added"
    if change.puts_back_id is not None:
        return "Put back"
    if set(change.changes) == {"verified_at"}:
        return "Checked: it is right"
    if set(change.changes) == {"merged_into"}:
        return "Merged" if change.changes["merged_into"][1] else "Parted"
    return "Changed" if change.by_id else "Brought in"
