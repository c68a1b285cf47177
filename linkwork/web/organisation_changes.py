"""Closing, merging, splitting and moving practices and PCNs, and what is left behind then."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue

from linkwork import access, audit, clock
from linkwork.access import Permission, me, requires
from linkwork.audit import Event
from linkwork.casework import organisation_changes, organisations, successions, users
from linkwork.errors import NotYours, RuleBroken
from linkwork.forms.organisation_changes import ChosenForm, CloseForm, MoveForm, PersonForm
from linkwork.models import Organisation, OrganisationChange, Person
from linkwork.web.submissions import carry_out

NOT_ADDITIONAL = (
    "People whom a worker in an additional post had started, and whose cases went to another PCN,"
    " no longer count as started by additional link workers."
)

bp = Blueprint("organisation_changes", __name__)


@bp.route("/organisations/<key>/close", methods=["GET", "POST"])
@requires(Permission.MANAGE_ORGANISATIONS)
def close(key: str) -> ResponseReturnValue:
    organisation, form = _found(key), CloseForm.from_request()
    done = carry_out(form, lambda: _close(organisation, form), then=_shown)
    template = "organisation_changes/close.html"
    return done or (render_template(template, form=form, organisation=organisation), form.status)


@bp.route("/organisations/<key>/move", methods=["GET", "POST"])
@requires(Permission.MANAGE_ORGANISATIONS)
def move(key: str) -> ResponseReturnValue:
    organisation, form = _found(key), MoveForm.from_request()
    done = carry_out(form, lambda: _move(organisation, form), then=_shown)
    template = "organisation_changes/move.html"
    return done or (render_template(template, form=form, organisation=organisation), form.status)


@bp.post("/organisations/<key>/undo")
@requires(Permission.MANAGE_ORGANISATIONS)
def undo(key: str) -> ResponseReturnValue:
    organisation, form = _found(key), ChosenForm.from_request()

    def act() -> None:
        change = organisation_changes.find(organisation, form.chosen.data or "")
        if change is None:
            raise RuleBroken("This was taken back already.")
        organisation_changes.undo(change, by=me(), at=clock.now(), on=clock.today())
        flash("Taken back: it is as it was before.")

    return carry_out(form, act, then=lambda _: _address(organisation)) or shown(organisation, form)


@bp.post("/organisations/<key>/carry-on")
@requires(Permission.MANAGE_ORGANISATIONS)
def carry_on(key: str) -> ResponseReturnValue:
    organisation, form = _found(key), ChosenForm.from_request()
    done = carry_out(
        form, lambda: _carry_on(organisation, form), then=lambda _: _address(organisation)
    )
    return done or shown(organisation, form)


@bp.get("/closures")
@requires(Permission.ALLOCATE_CASES)
def index() -> ResponseReturnValue:
    return _closures(ChosenForm.from_request())


@bp.post("/closures/<key>/carry-on")
@requires(Permission.ALLOCATE_CASES)
def carry_on_here(key: str) -> ResponseReturnValue:
    organisation = successions.find_closed(key, user=me(), on=clock.today())
    if not organisations.is_own(organisation, user=me()):
        raise NotYours(Organisation.__name__)  # with it go users and people of another PCN
    form = ChosenForm.from_request()
    done = carry_out(form, lambda: _carry_on(organisation, form), then=lambda _: url_for(".index"))
    return done or _closures(form)


@bp.post("/closures/<key>/person")
@requires(Permission.ALLOCATE_CASES)
def carry_person_on(key: str) -> ResponseReturnValue:
    practice = successions.find_closed(key, user=me(), on=clock.today())
    form = PersonForm.from_request()

    def act() -> None:
        to = _heir(practice, form)
        person = access.find(Person, form.person.data or "", user=me())
        successions.carry_person_on(person, practice, to, by=me(), on=clock.today())
        flash(f"{person.name} is with {to.name} now.")

    return carry_out(form, act, then=lambda _: url_for(".index")) or _closures(form)


def shown(organisation: Organisation, form: ChosenForm) -> ResponseReturnValue:
    """The page of an organisation, with what was refused on it."""
    today = clock.today()
    page = render_template(
        "organisations/show.html",
        form=form,
        organisation=organisation,
        closed=successions.closed_sentence(organisation, on=today),
        is_closed=organisation.is_closed(today),
        members=organisations.members(organisation),
        list_sizes=organisations.list_sizes(organisation),
        history=organisations.history(organisation),
        heirs=successions.of(organisation),
        predecessors=successions.predecessors(organisation),
        left=successions.left(organisation),
        changes=organisation_changes.of(organisation),
        can_change=organisation.kind in organisation_changes.PARENT_KIND,
        today=today,
    )
    return page, form.status


def _closures(form: ChosenForm) -> ResponseReturnValue:
    found = [_closure(one) for one in successions.closed_here(me(), on=clock.today())]
    named = sum(len(people) for *_, people in found)
    if named:
        audit.record(Event.CASES_LISTED, None, by=me(), shown=named, view="closures")
    page = render_template("organisation_changes/index.html", form=form, found=found)
    return page, form.status


def _closure(
    closed: Organisation,
) -> tuple[Organisation, str, Sequence[Any], bool, Sequence[Person]]:
    """One that closed, that in words, who carries on, whether it is one’s own, and who is left.

    People are chosen for one by one where it was split, and where it is another PCN’s.
    """
    heirs, is_own = successions.of(closed), organisations.is_own(closed, user=me())
    one_by_one = len(heirs) > 1 or (heirs and not is_own)
    people = successions.people_of(closed, user=me()) if one_by_one else ()
    return closed, successions.closed_sentence(closed, on=clock.today()), heirs, is_own, people


def _close(organisation: Organisation, form: CloseForm) -> OrganisationChange:
    successors = [users.organisation_called(text, viewer=me()) for text in form.named()]
    change = organisation_changes.close(
        organisation,
        form.day.data,
        successors=successors,
        by=me(),
        at=clock.now(),
        on=clock.today(),
    )
    flash(successions.closed_sentence(organisation, on=clock.today()))
    return change


def _move(organisation: Organisation, form: MoveForm) -> OrganisationChange:
    to = users.organisation_called(form.to.data, viewer=me())
    flash("The move is written down.")
    return organisation_changes.move(
        organisation, to, form.day.data, by=me(), at=clock.now(), on=clock.today()
    )


def _carry_on(organisation: Organisation, form: ChosenForm) -> None:
    to = _heir(organisation, form)
    moved = successions.carry_on(organisation, to, by=me(), at=clock.now(), on=clock.today())
    flash(f"Moved on to {to.name}: {moved.sentence}.")
    if moved.posts and len(successions.of(organisation)) > 1:
        flash(f"All posts went to {to.name}. {NOT_ADDITIONAL}")


def _heir(organisation: Organisation, form: ChosenForm) -> Organisation:
    heirs = {one.successor.key: one.successor for one in successions.of(organisation)}
    if form.chosen.data not in heirs:
        raise RuleBroken("Choose who carries on for it.")
    return heirs[form.chosen.data]


def _found(key: str) -> Organisation:
    return access.find(Organisation, key, user=me())


def _address(organisation: Organisation) -> str:
    return url_for("organisations.show", key=organisation.key)


def _shown(change: OrganisationChange) -> str:
    return _address(change.organisation)
