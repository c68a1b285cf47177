"""Supervision: one’s own, and for supervisors that of the workers of their PCN."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue

from linkwork import access, audit, clock
from linkwork.access import Permission, may, me, requires
from linkwork.audit import Event
from linkwork.casework import agendas, supervisions
from linkwork.casework.agendas import Item, Why
from linkwork.casework.supervisions import Told
from linkwork.errors import RuleBroken
from linkwork.forms.supervisions import ELSEWHERE, WEIGHTS, SupervisionForm
from linkwork.models import Role, Supervision, SupervisionKind, User
from linkwork.web.submissions import carry_out

bp = Blueprint("supervisions", __name__, url_prefix="/supervision")

WHY_LABELS = {
    Why.CONCERN: "Safeguarding concern open",
    Why.CRISIS: "Safety concern in the last four weeks",
    Why.ALERT: "Something to know before a visit",
    Why.NOT_ALONE: "Do not visit alone",
    Why.HEAVY: "Lies heavy",
    Why.QUIET: f"No contact for {agendas.QUIET_DAYS} days",
    Why.LONG: f"Support for more than {agendas.LONG_WEEKS} weeks",
    Why.MANY: f"More than {agendas.MANY_TALKS} conversations",
    Why.PAUSED: f"Paused for more than {agendas.PAUSED_DAYS} days",
}


@bp.app_template_filter()
def why_label(why: Why) -> str:
    return WHY_LABELS[why]


@bp.app_template_filter()
def weight_label(weight: int) -> str:
    return WEIGHTS[weight]


@bp.get("")
@requires(Permission.WORK_CASES)
def index() -> ResponseReturnValue:
    mine = _of(me()) if Role.LINK_WORKER in me().roles or supervisions.had(me()) else None
    team = supervisions.team(me()) if may(me(), Permission.SUPERVISE) else []
    return render_template(
        "supervisions/index.html",
        mine=mine,
        team=supervisions.standing(team) if team else [],
        supervises=may(me(), Permission.SUPERVISE),
    )


@bp.get("/workers/<key>")
@requires(Permission.SUPERVISE)
def worker(key: str) -> ResponseReturnValue:
    whom = supervisions.worker_called(key, user=me())
    return render_template("supervisions/worker.html", **_of(whom))


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
def new() -> ResponseReturnValue:
    return _new(me(), url_for("supervisions.index"))


@bp.route("/workers/<key>/new", methods=["GET", "POST"])
@requires(Permission.SUPERVISE)
def new_for(key: str) -> ResponseReturnValue:
    whom = supervisions.worker_called(key, user=me())
    return _new(whom, url_for("supervisions.worker", key=key))


@bp.get("/<key>")
@requires(Permission.WORK_CASES)
def show(key: str) -> ResponseReturnValue:
    held = access.find(Supervision, key, user=me())
    items = agendas.again(held.agenda, viewer=me())
    _note(items, "supervision held")
    return render_template(
        "supervisions/show.html",
        held=held,
        items=items,
        gone=len(held.agenda) - len(items),
        open_to_me=supervisions.may_read_notes(held, me()),
        back=_home_of(held.worker),
    )


@bp.route("/<key>/edit", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
def edit(key: str) -> ResponseReturnValue:
    held = access.find(Supervision, key, user=me())
    if not supervisions.may_read_notes(held, me()):
        raise RuleBroken("Only the worker and the supervisor named can change this.")
    named = {"supervisor": held.supervisor.key if held.supervisor else "", "version": held.version}
    form = SupervisionForm.from_request(obj=held, data=named)
    people = _offer(form, held.worker, held.supervisor)
    version = int(form.version.data) if str(form.version.data).isdecimal() else 0
    done = carry_out(
        form,
        lambda: supervisions.correct(
            held, _told(form, people), version=version, by=me(), today=clock.today()
        ),
        then=lambda _: url_for("supervisions.show", key=key),
    )
    if form.form_errors:  # shown what changed meanwhile, the writer may now save over it
        form.version.data = str(held.version)
    page = render_template("supervisions/edit.html", form=form, worker=held.worker, held=held)
    return done or (page, form.status)


def _new(whom: User, back: str) -> ResponseReturnValue:
    today = clock.today()
    form = SupervisionForm.from_request(data=_usual(whom, today))
    people = _offer(form, whom, None)
    done = carry_out(
        form,
        lambda: supervisions.record(whom, _told(form, people), by=me(), today=today),
        then=lambda _: back,
    )
    if done is not None:
        flash("Supervision recorded.")
        return done
    page = render_template("supervisions/edit.html", form=form, worker=whom, held=None)
    return page, form.status


def _usual(whom: User, today: date) -> dict[str, Any]:
    likely = [me()] if whom.id != me().id else supervisions.supervisors_of(whom)[:1]
    return {
        "kind": SupervisionKind.ONE_TO_ONE,
        "held_on": today,
        "next_due_on": today + supervisions.USUAL_GAP,
        "supervisor": likely[0].key if likely else "",
    }


def _offer(form: SupervisionForm, whom: User, named: User | None) -> Sequence[User]:
    people = list(supervisions.supervisors_of(whom))
    if named is not None and named.id not in {user.id for user in people}:
        people.append(named)
    form.supervisor.choices = [*((user.key, user.name) for user in people), ("", ELSEWHERE)]
    return people


def _told(form: SupervisionForm, people: Sequence[User]) -> Told:
    chosen = next((user for user in people if user.key == form.supervisor.data), None)
    if form.supervisor.data and chosen is None:
        raise RuleBroken("Choose a supervisor of the same PCN.")
    return Told(
        kind=SupervisionKind(form.kind.data),
        held_on=form.held_on.data,
        next_due_on=form.next_due_on.data,
        supervisor=chosen,
        with_whom=form.with_whom.data,
        notes=form.notes.data,
    )


def _of(whom: User) -> dict[str, Any]:
    """What the page of one worker’s supervision shows; that it was read is noted."""
    today = clock.today()
    items = agendas.of(whom, viewer=me(), on=today)
    _note(items, "supervision")
    [due] = supervisions.standing([whom])
    return {
        "worker": whom,
        "items": items,
        "due": due,
        "held": supervisions.held_with(whom, viewer=me()),
        "presses": due.presses(today),
    }


def _note(items: Sequence[Item], view: str) -> None:
    if items:
        audit.record(Event.CASES_LISTED, None, by=me(), shown=len(items), view=view)


def _home_of(whom: User) -> str:
    if whom.id == me().id or not may(me(), Permission.SUPERVISE):
        return url_for("supervisions.index")
    return url_for("supervisions.worker", key=whom.key)
