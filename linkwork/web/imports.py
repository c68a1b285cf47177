"""Lists of activities brought in: looked at first, then applied or abandoned."""

import tempfile
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from linkwork import access, clock
from linkwork.access import Permission, me, requires
from linkwork.casework import sources
from linkwork.config import MEGABYTE
from linkwork.database import db
from linkwork.errors import FileRefused, RuleBroken
from linkwork.exchange import import_changes, import_reading, imports
from linkwork.exchange.import_changes import REACHED_BY
from linkwork.exchange.import_report import MOST_KEPT
from linkwork.forms import Form
from linkwork.forms.imports import HELD, STATES, ApplyForm, ImportForm
from linkwork.models import ChangeKind, DirectoryImport, ImportChange, ImportState, Source
from linkwork.web import service_facts
from linkwork.web.fetching import begin
from linkwork.web.paging import Page, number_asked
from linkwork.web.submissions import carry_out

bp = Blueprint("imports", __name__, url_prefix="/imports")

SHOWN = 25
LISTED = 20
COUNTS = {
    ChangeKind.ADDED: ("added", "New"),
    ChangeKind.CHANGED: ("changed", "Changed"),
    ChangeKind.GONE: ("gone", "Not seen"),
    ChangeKind.QUARANTINED: ("quarantined", "Left out"),
    ChangeKind.WARNING: ("warnings", "Without a part"),
}
WANTED = "A spreadsheet (CSV, XLSX or ODS), or Open Referral UK as JSON or as a zip of tables"
CHANGED = (
    "The directory changed while you looked, so something else would come of this now. Nothing "
    "was brought in: look at it again."
)


@bp.app_template_filter()
def import_state(state: ImportState) -> tuple[str, str]:
    return STATES[state]


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a preview, in words."""

    change: ImportChange
    fields: list[tuple[str, str, str]]
    """The label of each changed field, what it says now and what it would say."""


@bp.get("")
@requires(Permission.EDIT_DIRECTORY)
def index() -> ResponseReturnValue:
    number = number_asked()
    query = access.SCOPES[DirectoryImport](me())
    total = db.session.scalar(select(func.count()).select_from(DirectoryImport)) or 0
    newest = query.order_by(DirectoryImport.id.desc())
    found = db.session.scalars(newest.offset((number - 1) * LISTED).limit(LISTED)).all()
    return render_template(
        "imports/index.html",
        sources=sources.listed(),
        imports=found,
        page=Page(number, total, LISTED),
        now=clock.now(),
    )


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.EDIT_DIRECTORY)
def new() -> ResponseReturnValue:
    form = ImportForm.from_request()
    if request.method == "GET" and (known := request.args.get("source")):
        form.source.data = access.find(Source, known, user=me()).name
    if form.is_ready():
        try:
            return _received(form)
        except (FileRefused, RuleBroken) as refusal:
            db.session.rollback()
            form.refuse(str(refusal))
    megabytes = current_app.config["MAX_CONTENT_LENGTH"] // MEGABYTE
    form.file.description = f"{WANTED}, of at most {megabytes} MB."
    facts = {"known": sources.names(), "is_published": current_app.config["PUBLIC_API"]}
    page = render_template("imports/new.html", form=form, **facts)
    return page, form.status


@bp.get("/<key>")
@requires(Permission.EDIT_DIRECTORY)
def show(key: str) -> ResponseReturnValue:
    import_ = access.find(DirectoryImport, key, user=me())
    return _page(import_, ApplyForm(shown=import_.shown))


@bp.post("/<key>/apply")
@requires(Permission.EDIT_DIRECTORY)
def apply(key: str) -> ResponseReturnValue:
    import_ = access.find(DirectoryImport, key, user=me())
    form = ApplyForm.from_request()
    answer = carry_out(
        form, lambda: _apply(import_, form), then=lambda _: url_for("imports.show", key=key)
    )
    return answer or _again(key, form)


@bp.post("/<key>/abandon")
@requires(Permission.EDIT_DIRECTORY)
def abandon(key: str) -> ResponseReturnValue:
    import_ = access.find(DirectoryImport, key, user=me())
    form = Form.from_request()
    answer = carry_out(
        form,
        lambda: imports.abandon(import_, by=me(), at=clock.now()),
        then=lambda _: url_for("imports.show", key=key),
    )
    if answer is None:
        return _again(key, form)
    flash("Abandoned. Nothing was changed.")
    return answer


def _received(form: ImportForm) -> ResponseReturnValue:
    source = sources.named(str(form.source.data))
    if form.address.data:
        return begin(source, form.address.data)
    name = str(form.file.data.filename or "file")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "file"
        form.file.data.save(file)
        import_ = imports.receive(file, name, source, by=me(), at=clock.now())
        source.kind = import_reading.kind_of(file, name=name)
        if import_reading.wants_columns(file, source, name=name):
            return redirect(url_for("import_columns.edit", key=import_.key), 303)
        imports.preview(import_, at=clock.now(), today=clock.today(), file=file)
    return redirect(url_for("imports.show", key=import_.key), 303)


def _apply(import_: DirectoryImport, form: ApplyForm) -> None:
    try:
        done = imports.apply(
            import_,
            shown=form.shown.data,
            by=me(),
            at=clock.now(),
            today=clock.today(),
            reason=form.reason.data,
        )
    except FileRefused as refusal:
        raise RuleBroken(str(refusal)) from refusal
    flash("The directory is up to date with this list." if done else CHANGED)


def _again(key: str, form: Form) -> ResponseReturnValue:
    import_ = access.find(DirectoryImport, key, user=me())
    shown = form if isinstance(form, ApplyForm) else ApplyForm(formdata=None)
    shown.form_errors = form.form_errors
    shown.shown.data = import_.shown
    return _page(import_, shown, status=form.status)


def _page(import_: DirectoryImport, form: ApplyForm, *, status: int = 200) -> ResponseReturnValue:
    kind = _asked(import_)
    number = number_asked()
    counted = getattr(import_, COUNTS[kind][0])
    total = min(counted, MOST_KEPT) if kind in import_changes.LEFT_OUT else counted
    is_open = import_.state in imports.OPEN
    redirected = import_changes.redirected(import_) if is_open else []
    page = render_template(
        "imports/show.html",
        import_=import_,
        form=form,
        kind=kind,
        lines=[_line(change) for change in _changes(import_, kind, number)],
        page=Page(number, total, SHOWN),
        counted=counted,
        redirected=[_line(change, REACHED_BY) for change in redirected[:SHOWN]],
        redirected_more=max(0, len(redirected) - SHOWN),
        tabs_shown=_tabs(import_, kind),
        held=HELD.get(import_.held_for) if import_.held_for else None,
        is_open=is_open,
    )
    return page, status


def _asked(import_: DirectoryImport) -> ChangeKind:
    asked = request.args.get("show", "")
    if asked in set(ChangeKind):
        return ChangeKind(asked)
    some = (kind for kind, (name, _) in COUNTS.items() if getattr(import_, name))
    return next(some, ChangeKind.ADDED)


def _tabs(import_: DirectoryImport, chosen: ChangeKind) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "count": f"{getattr(import_, name):,}",
            "url": url_for("imports.show", key=import_.key, show=kind.value),
            "current": kind is chosen,
        }
        for kind, (name, label) in COUNTS.items()
    ]


def _changes(import_: DirectoryImport, kind: ChangeKind, number: int) -> list[ImportChange]:
    query = select(ImportChange).where(
        ImportChange.import_id == import_.id, ImportChange.kind == kind
    )
    query = query.order_by(ImportChange.id).offset((number - 1) * SHOWN).limit(SHOWN)
    return list(db.session.scalars(query))


def _line(change: ImportChange, only: Collection[str] | None = None) -> Line:
    if change.kind is not ChangeKind.CHANGED:
        return Line(change, [])
    fields = [
        (
            service_facts.label(one["field"]),
            service_facts.words(one["field"], one["old"]),
            service_facts.words(one["field"], one["new"]),
        )
        for one in change.details
        if only is None or one["field"] in only
    ]
    return Line(change, fields)
