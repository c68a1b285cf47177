"""People out of a search of a GP system: the file, its columns, who is known, and then referred."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from linkwork import access, audit, clock, paths
from linkwork.access import Permission, me, requires
from linkwork.audit import Event
from linkwork.casework import people_columns, people_imports, referrals
from linkwork.casework.people_imports import Sorted
from linkwork.database import db
from linkwork.errors import FileRefused, NotYours, RuleBroken
from linkwork.exchange import column_mapping, people_files, spreadsheets
from linkwork.exchange.people_files import PeopleFile
from linkwork.exchange.person_columns import PEOPLE
from linkwork.forms.people_imports import ConfirmForm, ListForm, confirm_form, place_field
from linkwork.models import OrganisationKind, PeopleImport
from linkwork.web import gate
from linkwork.web.column_choices import Choosing, choosing
from linkwork.web.submissions import carry_out

bp = Blueprint("people_imports", __name__, url_prefix="/people/import")

SECRET = "people_list"  # noqa: S105 - the name under which the key is kept in the session
MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Preview:
    """What would come of a list."""

    name: str
    file: PeopleFile
    sorted: Sorted
    form: ConfirmForm


@bp.route("", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
def new() -> ResponseReturnValue:
    form = ListForm.from_request()
    if form.is_ready():
        try:
            return redirect(_receive(form), 303)
        except (FileRefused, RuleBroken) as refusal:
            db.session.rollback()
            form.refuse(str(refusal))
    return render_template("people_imports/new.html", form=form), form.status


def _receive(form: ListForm) -> str:
    upload = form.file.data
    name = Path(upload.filename or "").name[-100:]
    content = upload.read(people_imports.MOST_BYTES + 1)
    people_imports.must_fit(content)
    remembered = people_columns.remembered(me())
    chosen = str(remembered.get(column_mapping.SHEET) or "") or None
    with _folder() as folder:
        file = _written(content, folder)
        sheet = spreadsheets.read(file, name, sheet=chosen, vocabulary=PEOPLE)
    import_, secret = people_imports.receive(content, name, by=me(), at=clock.now())
    session[SECRET] = secret
    db.session.flush()
    if _says_where(remembered) and column_mapping.fits(remembered, sheet.headers):
        import_.columns = remembered
        return url_for("people_imports.show", key=import_.key)
    return url_for("people_imports.columns", key=import_.key)


def _start_again(refusal: Exception) -> ResponseReturnValue:
    """Back to the beginning, with the reason: the list is gone, or cannot be read after all."""
    flash(str(refusal), "alert")
    return redirect(url_for("people_imports.new"), 303)


def _says_where(mapping: column_mapping.Mapped) -> bool:
    return bool({"practice_code", "practice_name"} & set(mapping))


def _folder() -> tempfile.TemporaryDirectory[str]:
    # What a reader needs as a file is not to be found on a disk afterwards.
    return tempfile.TemporaryDirectory(dir=paths.in_memory(), prefix="linkwork-people-")


def _written(content: bytes, folder: str) -> Path:
    path = Path(folder) / "list"
    path.write_bytes(content)
    return path


@bp.route("/<key>/columns", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
def columns(key: str) -> ResponseReturnValue:
    import_ = access.find(PeopleImport, key, user=me())
    remembered = import_.columns or people_columns.remembered(me())
    places = {place.key: place.name for place in referrals.places(me(), on=clock.today())}
    try:
        name, content = people_imports.contents(import_, session.get(SECRET), at=clock.now())
        with _folder() as folder:
            file = _written(content, folder)
            found = choosing(file, name, PEOPLE, remembered, place=place_field(places))
    except (FileRefused, RuleBroken) as refusal:
        return _start_again(refusal)
    done = carry_out(
        found.form,
        lambda: _choose(import_, found),
        then=lambda _: url_for("people_imports.show", key=key),
    )
    if done is not None:
        return done
    page = render_template(
        "people_imports/columns.html", name=name, key=key, found=found, form=found.form
    )
    return page, found.form.status


def _choose(import_: PeopleImport, found: Choosing) -> None:
    mapping = found.mapping()
    chosen = found.form["place"].data
    place = next(
        (one for one in referrals.places(me(), on=clock.today()) if one.key == chosen), None
    )
    if place is None and not _says_where(mapping):
        raise RuleBroken(
            "Choose the column with the practice, or the practice of everybody in the list."
        )
    import_.place_id = place.id if place else None
    people_columns.choose(import_, mapping, user=me())


@bp.route("/<key>", methods=["GET", "POST"])
@requires(Permission.WORK_CASES)
def show(key: str) -> ResponseReturnValue:
    import_ = access.find(PeopleImport, key, user=me())
    if import_.columns is None:
        return redirect(url_for("people_imports.columns", key=key), 303)
    try:
        found = _preview(import_)
    except (FileRefused, RuleBroken) as refusal:
        return _start_again(refusal)
    seen = len(found.sorted.known)
    gate.note_if_shown(lambda: audit.record(Event.CASES_SEARCHED, None, by=me(), found=seen))
    done = carry_out(
        found.form,
        lambda: people_imports.bring_in(
            import_,
            found.sorted,
            found.form.asked(),
            choices=found.form.chosen(),
            by=me(),
            at=clock.now(),
            on=clock.today(),
        ),
        then=_brought_in,
    )
    if done is not None:
        session.pop(SECRET, None)
        return done
    if found.form.form_errors:  # a refusal has ended the transaction that knew who is known
        try:
            found = _preview(access.find(PeopleImport, key, user=me()), found.form)
        except NotYours:  # decided in another tab meanwhile
            return _start_again(RuleBroken(people_imports.GONE))
    page = render_template("people_imports/show.html", key=key, found=found, most=MOST_SHOWN)
    return page, found.form.status


def _preview(import_: PeopleImport, form: ConfirmForm | None = None) -> Preview:
    name, content = people_imports.contents(import_, session.get(SECRET), at=clock.now())
    with _folder() as folder:
        file = people_files.read(
            _written(content, folder),
            name,
            mapping=import_.columns or {},
            practices=_practices(),
            place=import_.place,
            on=clock.today(),
        )
    found = people_imports.sort_out(file.listed, user=me())
    options = {one.listed.line: one.options for one in found.known if one.options}
    return Preview(name, file, found, form or confirm_form(options))


def _practices() -> people_files.Practices:
    places = referrals.places(me(), on=clock.today())
    return people_files.practices(
        place for place in places if place.kind is OrganisationKind.PRACTICE
    )


def _brought_in(referred: int) -> str:
    people = "1 person" if referred == 1 else f"{referred} people"
    flash(f"{people} referred. They are on the waiting list. The file is deleted.")
    return url_for("cases.waiting")


@bp.post("/<key>/discard")
@requires(Permission.WORK_CASES)
def discard(key: str) -> ResponseReturnValue:
    people_imports.discard(access.find(PeopleImport, key, user=me()), by=me())
    session.pop(SECRET, None)
    flash("Nobody was referred. The file is deleted.")
    return redirect(url_for("cases.waiting"), 303)
