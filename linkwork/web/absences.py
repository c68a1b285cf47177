"""Long absences of those who hold the posts of a PCN."""

from collections.abc import Sequence

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue

from linkwork import access, clock
from linkwork.access import Permission, me, requires
from linkwork.casework import absence_imports, absences, organisations
from linkwork.casework.absences import Away
from linkwork.errors import RuleBroken
from linkwork.exchange import staff_sheets
from linkwork.forms.absences import AbsenceForm
from linkwork.forms.posts import MarkForm
from linkwork.models import Absence, AbsenceKind, Organisation, User
from linkwork.web import posts, sheets
from linkwork.web.sheets import Sheet, many
from linkwork.web.submissions import carry_out

bp = Blueprint("absences", __name__)

COLUMNS = (
    ("Email", "The work email address of whoever is away."),
    ("Kind", "Long sickness, parental, secondment or career break."),
    ("Start", "The first day away, like 18/11/2026."),
    ("End", "The last day away. Empty while it is not known."),
)
EXAMPLE = """Email,Kind,Start,End
sam.reed@example.org,parental,01/09/2026,28/02/2027"""


@bp.route("/capacity/<key>/absences/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_STAFFING)
def new(key: str) -> ResponseReturnValue:
    pcn = organisations.pcn(key, user=me())
    form = AbsenceForm.from_request()
    people = _offer(form, pcn)
    done = carry_out(
        form,
        lambda: absences.record(_told(form, people), by=me()),
        then=lambda _: _said("Absence recorded.", pcn),
    )
    return done or _page("absences/edit.html", form, pcn, None, people)


@bp.route("/absences/<key>/edit", methods=["GET", "POST"])
@requires(Permission.MANAGE_STAFFING)
def edit(key: str) -> ResponseReturnValue:
    found = access.find(Absence, key, user=me())
    pcn = absences.pcn_of(found, user=me())
    form = AbsenceForm.from_request(
        obj=found, data={"worker": found.worker.key, "kind": found.kind.value}
    )
    people = _offer(form, pcn)
    done = carry_out(
        form,
        lambda: absences.correct(found, _told(form, people), mark=form.mark.data, by=me()),
        then=lambda _: _said("Absence changed.", pcn),
    )
    return done or _page("absences/edit.html", form, pcn, found, people)


@bp.route("/absences/<key>/remove", methods=["GET", "POST"])
@requires(Permission.MANAGE_STAFFING)
def remove(key: str) -> ResponseReturnValue:
    found = access.find(Absence, key, user=me())
    pcn = absences.pcn_of(found, user=me())
    form = MarkForm.from_request()
    done = carry_out(
        form,
        lambda: absences.remove(found, mark=form.mark.data, by=me()),
        then=lambda _: _said("Absence removed.", pcn),
    )
    return done or _page("absences/remove.html", form, pcn, found)


@bp.route("/absences/import", methods=["GET", "POST"])
@requires(Permission.MANAGE_STAFFING)
def bring() -> ResponseReturnValue:
    today = clock.today()
    return sheets.page(
        Sheet(
            template="absences/import.html",
            read=lambda text: absence_imports.sort_out(
                staff_sheets.absences(text), user=me(), on=today
            ),
            bring=lambda text: absence_imports.bring_in(
                staff_sheets.absences(text), by=me(), on=today
            ),
            said=lambda number: f"{many(number, 'absence')} brought in.",
            home=posts.home(),
            columns=COLUMNS,
            example=EXAMPLE,
        )
    )


def _page(
    template: str,
    form: AbsenceForm | MarkForm,
    pcn: Organisation,
    absence: Absence | None,
    people: Sequence[User] = (),
) -> ResponseReturnValue:
    """The page of a form; it carries what the writer saw, so that nothing is overwritten."""
    if absence is not None and (form.form_errors or not form.was_sent):
        form.mark.data = absences.away(absence).mark
    page = render_template(template, form=form, pcn=pcn, absence=absence, people=people)
    return page, form.status


def _offer(form: AbsenceForm, pcn: Organisation) -> Sequence[User]:
    people = absences.may_be_away(pcn)
    form.worker.choices = [(user.key, user.name) for user in people]
    return people


def _told(form: AbsenceForm, people: Sequence[User]) -> Away:
    worker = next((user for user in people if user.key == form.worker.data), None)
    if worker is None:
        raise RuleBroken("Choose somebody who holds a post of this PCN.")
    return Away(worker, AbsenceKind(form.kind.data), form.start_on.data, form.end_on.data)


def _said(sentence: str, pcn: Organisation) -> str:
    flash(sentence)
    return url_for("posts.index", key=pcn.key)
