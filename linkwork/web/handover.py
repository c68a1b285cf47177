"""Handing over: the cases of somebody who leaves, each to a colleague, before the account shuts."""

from collections.abc import Mapping, Sequence
from itertools import groupby

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from linkwork import audit, clock
from linkwork.access import Permission, me, requires
from linkwork.audit import Event
from linkwork.casework import handover
from linkwork.casework.allocation import Colleague, team
from linkwork.casework.handover import Takers
from linkwork.forms.handover import CASE, PRACTICE, HandoverForm, handover_form
from linkwork.models import Organisation, SupportCase, User
from linkwork.web.allocation import choices, chosen
from linkwork.web.submissions import carry_out

bp = Blueprint("handover", __name__, url_prefix="/handover")
NO_PRACTICE = "Without a practice we know of"


@bp.get("")
@requires(Permission.ALLOCATE_CASES)
def index() -> ResponseReturnValue:
    return render_template("handover/index.html", team=handover.team(me()))


@bp.route("/<key>", methods=["GET", "POST"])
@requires(Permission.ALLOCATE_CASES)
def show(key: str) -> ResponseReturnValue:
    worker = handover.colleague(key, user=me())
    cases = handover.of_worker(worker, user=me())
    colleagues = [c for c in team(me(), on=clock.today()) if c.worker.id != worker.id]
    form = _form(cases, colleagues)
    done = carry_out(form, lambda: _give(worker, form, colleagues), then=_given)
    if done is not None:
        return done
    audit.record(Event.CASES_LISTED, None, by=me(), shown=len(cases), view="handover")
    page = render_template(
        "handover/show.html",
        worker=worker,
        left=handover.left_with(worker),
        groups=_by_practice(cases),
        colleagues=colleagues,
        form=form,
    )
    return page, form.status


@bp.post("/<key>/unsaved")
@requires(Permission.ALLOCATE_CASES)
def unsaved(key: str) -> ResponseReturnValue:
    worker = handover.colleague(key, user=me())
    number = handover.keep_unsaved(worker, by=me(), at=clock.now())
    flash("One note put on its case." if number == 1 else f"{number} notes put on their cases.")
    return redirect(url_for("handover.index"), 303)


def _form(cases: Sequence[SupportCase], colleagues: Sequence[Colleague]) -> HandoverForm:
    practices = {key: _all_of(name) for key, name, _ in _by_practice(cases)}
    return handover_form([case.key for case in cases], practices.items(), choices(colleagues, None))


def _give(worker: User, form: HandoverForm, colleagues: Sequence[Colleague]) -> int:
    def named(keys: Mapping[str, str]) -> dict[str, User]:
        return {about: chosen(colleagues, key) for about, key in keys.items()}

    everybody = form.everybody.data
    takers = Takers(
        named(form.chosen(CASE)),
        named(form.chosen(PRACTICE)),
        chosen(colleagues, everybody) if everybody else None,
    )
    return handover.give(worker, takers, note=form.note.data, by=me(), at=clock.now())


def _given(number: int) -> str:
    flash("One case handed over." if number == 1 else f"{number} cases handed over.")
    return url_for("handover.index")


def _by_practice(
    cases: Sequence[SupportCase],
) -> list[tuple[str, str, list[SupportCase]]]:
    """The cases of each practice, with its key and its name."""
    return [
        (key, _name_of(group[0]), group)
        for key, found in groupby(cases, _key_of)
        for group in [list(found)]
    ]


def _key_of(case: SupportCase) -> str:
    practice: Organisation | None = case.person.practice
    return practice.key if practice else ""


def _all_of(practice: str) -> str:
    return "All of these" if practice == NO_PRACTICE else f"Everybody from {practice}"


def _name_of(case: SupportCase) -> str:
    return case.person.practice.name if case.person.practice else NO_PRACTICE
