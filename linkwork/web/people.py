"""What is known of a person, corrected by whoever works on their case."""

from typing import Any

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue

from linkwork import clock
from linkwork.access import Permission, me, requires
from linkwork.casework import onward_referrals, people, sent_details
from linkwork.forms.people import PersonForm
from linkwork.models import Person
from linkwork.web.cases import opened
from linkwork.web.submissions import carry_out

bp = Blueprint("people", __name__, url_prefix="/cases/<key>")


@bp.route("/person", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
def edit(key: str) -> ResponseReturnValue:
    case = opened(key)
    person = case.person
    form = PersonForm(person)
    done = carry_out(
        form,
        lambda: people.edit(
            person, form.changes(), version=form.version_read(), by=me(), on=clock.today()
        ),
        then=lambda _: url_for("cases.show", key=key),
    )
    if done is not None:
        flash("Details saved.")
        for onward in sent_details.outdated(onward_referrals.of_case(case)):
            flash(f"{onward.service.name} was told the old ones. Send them again there.", "alert")
        return done
    page = render_template("people/edit.html", case=case, form=form, theirs=_theirs(form, person))
    return page, form.status


def _theirs(form: PersonForm, person: Person) -> list[dict[str, Any]]:
    """What somebody else saved meanwhile, beside what was typed; the next save knows of it."""
    if not form.form_errors or form.version_read() == person.version:
        return []
    form.version.data = str(person.version)
    return [
        {"key": form[name].label.text.removesuffix(" (optional)"), "value": _plain(now)}
        for name, typed in form.changes().items()
        if (now := getattr(person, name)) != typed
    ]


def _plain(value: object) -> object:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return value
