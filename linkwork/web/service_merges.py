"""Entries that may be the same activity: looked at side by side, made one, and parted again."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from linkwork import access, clock
from linkwork.access import Permission, me, requires
from linkwork.casework import service_duplicates, service_facts, service_merges
from linkwork.casework.service_duplicates import PAGE, Duplicate
from linkwork.casework.service_merges import BOTH, KEEP, OTHER, SEVERAL
from linkwork.forms.service_merges import MergeForm, PartForm, merge_form
from linkwork.models import Service, ServiceMerge
from linkwork.web.paging import Page, number_asked
from linkwork.web.service_facts import label, words
from linkwork.web.submissions import carry_out

bp = Blueprint("service_merges", __name__)
SHOWN = ("provider", "schedules", "places_at", "phone", "url")


@bp.get("/services/duplicates")
@requires(Permission.EDIT_DIRECTORY)
def queue() -> ResponseReturnValue:
    number = number_asked()
    found = service_duplicates.queue(user=me(), number=number)
    return render_template(
        "service_merges/queue.html",
        rows=[(_ordered(one), one.pair, _side_by_side(one)) for one in found.duplicates],
        page=Page(number, found.total, PAGE),
    )


@bp.route("/services/<key>/same-as/<twin>", methods=["GET", "POST"])
@requires(Permission.EDIT_DIRECTORY)
def new(key: str, twin: str) -> ResponseReturnValue:
    keep, other = (access.find(Service, each, user=me()) for each in (key, twin))
    form = _form(keep, other)
    done = carry_out(
        form,
        lambda: service_merges.merge(keep, other, form.chosen(), by=me(), at=clock.now()),
        then=lambda _: url_for("services.show", key=key),
    )
    if done is not None:
        flash("The two entries are one now. You can part them again on this page.")
        return done
    page = render_template(
        "service_merges/new.html",
        keep=keep,
        other=other,
        form=form,
        pair=service_duplicates.between(keep, other),
        same=[
            (label(name), words(name, service_facts.plain(keep, name)))
            for name in SHOWN
            if name not in form.chosen() and service_facts.plain(keep, name)
        ],
    )
    return page, form.status


@bp.post("/services/<key>/not-same-as/<twin>")
@requires(Permission.EDIT_DIRECTORY)
def tell_apart(key: str, twin: str) -> ResponseReturnValue:
    one, other = (access.find(Service, each, user=me()) for each in (key, twin))
    service_duplicates.tell_apart(one, other, by=me(), at=clock.now())
    flash("They are two activities. We will not ask about these two again.")
    return redirect(url_for("service_merges.queue"), 303)


@bp.route("/service-merges/<key>/undo", methods=["GET", "POST"])
@requires(Permission.EDIT_DIRECTORY)
def undo(key: str) -> ResponseReturnValue:
    made = access.find(ServiceMerge, key, user=me())
    form, left = PartForm.from_request(), list[str]()
    done = carry_out(
        form,
        lambda: left.extend(service_merges.undo(made, by=me(), at=clock.now())),
        then=lambda _: url_for("services.show", key=made.kept.key),
    )
    if done is not None:
        flash(_parted(left))
        return done
    return render_template("service_merges/undo.html", made=made, form=form), form.status


def _ordered(duplicate: Duplicate) -> tuple[Service, Service]:
    """The two, first the one that is better kept: checked last, then that which says more."""

    def worth(service: Service) -> tuple[str, int, int]:
        checked = service.verified_at.isoformat() if service.verified_at else ""
        said = sum(service_facts.plain(service, name) not in (None, []) for name in SHOWN)
        return checked, len(service.edited_fields) + said, -service.id

    one, other = sorted((duplicate.one, duplicate.other), key=worth, reverse=True)
    return one, other


def _side_by_side(duplicate: Duplicate) -> list[tuple[str, str, str]]:
    both = _ordered(duplicate)
    rows = []
    for name in SHOWN:
        mine, theirs = (words(name, service_facts.plain(each, name)) for each in both)
        rows.append((label(name), mine, theirs))
    return rows


def _form(keep: Service, other: Service) -> MergeForm:
    offered = {
        name: options
        for name in service_merges.differing(keep, other)
        # Two providers of one name, say: there is nothing to choose by.
        if len(set((options := _options(keep, other, name)).values())) > 1
    }
    return merge_form(
        {name: label(name) for name in offered},
        offered,
        {name: service_merges.usual(keep, other, name) for name in offered},
    )


def _options(keep: Service, other: Service, name: str) -> dict[str, str]:
    mine, theirs = (service_facts.plain(each, name) for each in (keep, other))
    offered = {KEEP: words(name, mine), OTHER: words(name, theirs)}
    if name in SEVERAL and mine and theirs:
        offered[BOTH] = "All of both"
    return offered


def _parted(left: list[str]) -> str:
    if not left:
        return "The two entries are parted again, as they were."
    fields = ", ".join(label(name).lower() for name in left)
    return f"The two entries are parted again. Changed since, and left as they are: {fields}."
