"""Two records side by side: made one, field by field, and parted again."""

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue

from linkwork import access, clock
from linkwork.access import Permission, me, requires
from linkwork.casework import duplicates, person_merges
from linkwork.casework.person_merges import BOTH, BOTH_WORDS, KEEP, OTHER
from linkwork.database import commit_anyway, db
from linkwork.forms import Form
from linkwork.forms.person_merges import MergeForm, PartForm, merge_form
from linkwork.models import Person, PersonMerge, SupportCase
from linkwork.web.cases import opened
from linkwork.web.display import day, label
from linkwork.web.submissions import carry_out

bp = Blueprint("person_merges", __name__)
LABELS = {
    "given_name": "First name",
    "family_name": "Last name",
    "preferred_name": "Likes to be called",
    "practice_id": "GP practice",
    "nhs_number": "NHS number",
    "alert": "Before a visit",
}


@bp.route("/cases/<key>/same-as/<other>", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
def new(key: str, other: str) -> ResponseReturnValue:
    case, twin = opened(key), opened(other)
    form = _form(case.person, twin.person)
    done = carry_out(
        form,
        lambda: person_merges.merge(
            case.person, twin.person, form.chosen(), by=me(), at=clock.now()
        ),
        then=lambda _: url_for("cases.show", key=key),
    )
    if done is not None:
        flash("The two records are one now. You can part them again on this page.")
        return done
    _note_refusal(form, case.person, twin.person)
    likeness = duplicates.between(case.person, twin.person)
    page = render_template(
        "person_merges/new.html", case=case, twin=twin, form=form, likeness=likeness
    )
    return page, form.status


@bp.route("/person-merges/<key>/undo", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
def undo(key: str) -> ResponseReturnValue:
    made = access.find(PersonMerge, key, user=me())
    case = opened(_case_of(made.kept).key)
    form, left = PartForm.from_request(), list[str]()
    done = carry_out(
        form,
        lambda: left.extend(person_merges.undo(made, by=me(), at=clock.now())),
        then=lambda _: url_for("cases.show", key=_case_of(made.kept).key),
    )
    if done is not None:
        flash(_parted(left))
        return done
    _note_refusal(form, made.kept, made.merged)
    return render_template("person_merges/undo.html", case=case, made=made, form=form), form.status


def _note_refusal(form: Form, keep: Person, other: Person) -> None:
    """Keep in the audit trail that it was tried, though nothing else of it is kept."""
    if form.form_errors:
        person_merges.note_refusal(keep, other, by=me())
        commit_anyway()


def _case_of(person: Person) -> SupportCase:
    """The newest case through which the user knows somebody."""
    query = access.cases(me()).where(SupportCase.person_id == person.id)
    newest = query.order_by(SupportCase.is_open.desc(), SupportCase.id.desc()).limit(1)
    found: SupportCase = db.session.scalars(newest).unique().one()
    return found


def _parted(left: list[str]) -> str:
    if not left:
        return "The two records are parted again, as they were."
    fields = ", ".join(_label(name).lower() for name in left)
    return f"The two records are parted again. Changed since, and left as they are: {fields}."


def _form(keep: Person, other: Person) -> MergeForm:
    names = person_merges.differing(keep, other)
    options = {name: _options(keep, other, name) for name in names}
    usual = {name: person_merges.usual(keep, other, name) for name in names}
    return merge_form({name: _label(name) for name in names}, options, usual)


def _options(keep: Person, other: Person, name: str) -> dict[str, str]:
    mine, theirs = (_shown(person, name) for person in (keep, other))
    offered = {KEEP: f"{mine} (this record)", OTHER: f"{theirs} (the other record)"}
    if name in BOTH_WORDS and getattr(keep, name) and getattr(other, name):
        offered[BOTH] = "Both, one after the other"
    return offered


def _shown(person: Person, name: str) -> str:
    if name == "practice_id":
        return person.practice.name if person.practice else "No data"
    value = getattr(person, name)
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if name == "date_of_birth":
        return day(value)
    if name == "nhs_number" and value:
        return f"{value[:3]} {value[3:6]} {value[6:]}"
    return str(value or "No data")


def _label(name: str) -> str:
    return LABELS.get(name) or label(name)
