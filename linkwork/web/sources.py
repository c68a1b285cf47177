"""Where the directory comes from: lists and feeds, and how often they are fetched."""

from flask import Blueprint, flash, render_template, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from linkwork import access, clock
from linkwork.access import Permission, me, requires
from linkwork.casework import sources
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.forms.imports import SourceForm
from linkwork.models import DirectoryImport, Source
from linkwork.web.fetching import begin
from linkwork.web.submissions import carry_out

bp = Blueprint("sources", __name__, url_prefix="/imports/sources")

LATEST = 10


@bp.route("/<key>", methods=["GET", "POST"])
@requires(Permission.EDIT_DIRECTORY)
def edit(key: str) -> ResponseReturnValue:
    source = access.find(Source, key, user=me())
    form = SourceForm.from_request(obj=source)
    answer = carry_out(
        form,
        lambda: sources.change(
            source,
            name=str(form.name.data),
            address=form.address.data,
            every_hours=form.every_hours.data,
            by=me(),
            at=clock.now(),
        ),
        then=lambda _: url_for("sources.edit", key=key),
    )
    if answer is not None:
        flash("Your changes are saved.")
        return answer
    return _page(key, form), form.status


@bp.post("/<key>/fetch")
@requires(Permission.EDIT_DIRECTORY)
def fetch(key: str) -> ResponseReturnValue:
    source = access.find(Source, key, user=me())
    if source.address is None:
        raise RuleBroken("Enter the address it is fetched from first.")
    return begin(source, None)


def _page(key: str, form: SourceForm) -> str:
    source = access.find(Source, key, user=me())
    latest = select(DirectoryImport).where(DirectoryImport.source_id == source.id)
    latest = latest.order_by(DirectoryImport.id.desc()).limit(LATEST)
    now = clock.now()
    return render_template(
        "sources/edit.html",
        source=source,
        form=form,
        imports=db.session.scalars(latest).all(),
        entries=sources.entries(source),
        is_fetched_now=source.taken_until is not None and source.taken_until > now,
    )
