"""Giving a case, or several at once, to a colleague."""

from collections.abc import Sequence

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from linkwork import audit, clock
from linkwork.access import Permission, me, requires
from linkwork.audit import Event
from linkwork.casework import allocation, cases
from linkwork.casework.allocation import Colleague
from linkwork.errors import RuleBroken
from linkwork.forms.allocation import AllocateForm, ReassignForm
from linkwork.models import SupportCase, User
from linkwork.web import gate
from linkwork.web.cases import opened
from linkwork.web.submissions import carry_out

bp = Blueprint("allocation", __name__, url_prefix="/cases")


@bp.route("/<key>/allocate", methods=["GET", "POST"])
@requires(Permission.ALLOCATE_CASES)
def allocate(key: str) -> ResponseReturnValue:
    case = opened(key, *cases.WHOLE)
    practice = case.person.practice
    found = allocation.team(me(), on=clock.today(), practice_id=practice.id if practice else None)
    team = [colleague for colleague in found if colleague.worker.id != case.worker_id]
    proposed = allocation.propose(team, practice.name if practice else None)
    form = AllocateForm(data={"worker": proposed.colleague.worker.key if proposed else None})
    form.worker.choices = choices(team, practice.name if practice else None)
    done = carry_out(
        form,
        lambda: allocation.allocate(
            case, chosen(team, form.worker.data), note=form.note.data, by=me(), at=clock.now()
        ),
        then=lambda _: url_for("cases.waiting"),
    )
    return done or (
        render_template("cases/allocate.html", case=case, form=form, proposed=proposed),
        form.status,
    )


@bp.route("/reassign", methods=["GET", "POST"])
@requires(Permission.ALLOCATE_CASES)
def reassign() -> ResponseReturnValue:
    picked = allocation.picked(request.values.getlist("case"), user=me())
    if not picked:
        flash("Tick the cases you want to give to a colleague.", "alert")
        return redirect(url_for("cases.index", whose="team", view="open"), 303)
    gate.note_if_shown(lambda: _note_shown(picked))
    team, form = allocation.team(me(), on=clock.today()), ReassignForm()
    form.worker.choices = choices(team, None)
    done = carry_out(form, lambda: _give(picked, team, form), then=_given)
    return done or (render_template("cases/reassign.html", cases=picked, form=form), form.status)


def choices(team: Sequence[Colleague], practice: str | None) -> list[tuple[str, str]]:
    """Colleagues to choose from, each with how full they are and how many of a practice."""
    return [(c.worker.key, _described(c, practice)) for c in team]


def chosen(team: Sequence[Colleague], key: str) -> User:
    """The colleague with this key. Raises ``RuleBroken``."""
    for colleague in team:
        if colleague.worker.key == key:
            return colleague.worker
    raise RuleBroken("Choose a link worker of your PCN.")


def _note_shown(picked: Sequence[SupportCase]) -> None:
    audit.record(Event.CASES_LISTED, None, by=me(), shown=len(picked), view="reassign")


def _described(colleague: Colleague, practice: str | None) -> str:
    load, known = colleague.load, colleague.from_practice
    said = [load.sentence if load.limit else f"no post here, {load.sentence.split(', ')[1]}"]
    if known and practice:
        said.append(f"{known} from {practice}")
    return f"{colleague.worker.name} ({', '.join(said)})"


def _give(
    picked: Sequence[SupportCase], team: Sequence[Colleague], form: ReassignForm
) -> tuple[User, int]:
    worker = chosen(team, form.worker.data)
    given = dict.fromkeys(picked, worker)
    allocation.allocate_all(given, note=form.note.data, by=me(), at=clock.now())
    return worker, len(picked)


def _given(done: tuple[User, int]) -> str:
    worker, number = done
    what = "One case" if number == 1 else f"{number} cases"
    flash(f"{what} given to {worker.name}.")
    return url_for("cases.index", whose="team", view="open")
