"""The audit trail, for the Caldicott guardian: who did what to which record, and is it whole."""

from typing import Any

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from linkwork import audit
from linkwork.access import Permission, requires
from linkwork.casework import audit_trail
from linkwork.casework.audit_trail import Filters
from linkwork.forms.audit_trail import FilterForm, event_label
from linkwork.web import display
from linkwork.web.paging import here

bp = Blueprint("audit_trail", __name__, url_prefix="/audit-trail")

SHORT_KEY = 6
LARGEST_NUMBER = 2**31 - 1


@bp.get("")
@requires(Permission.SEE_AUDIT)
def index() -> ResponseReturnValue:
    form = FilterForm.of(request.args)
    filters = Filters(
        user_key=form.user.data or None,
        person_key=form.person.data or None,
        event=form.chosen_event(),
        from_on=None if form.from_on.errors else form.from_on.data,
        until_on=None if form.until_on.errors else form.until_on.data,
    )
    lines, before = audit_trail.listed(filters, before=_before())
    return render_template(
        "audit_trail/index.html",
        form=form,
        lines=lines,
        chips_shown=_chips(filters),
        older=here(before=before) if before else None,
        newest=here(before=None) if _before() else None,
        event_label=event_label,
        record_label=record_label,
        short=short,
    )


@bp.get("/check")
@requires(Permission.SEE_AUDIT)
def check() -> ResponseReturnValue:
    # A GET, so that on SQLite nobody who writes has to wait until it has been read.
    return render_template("audit_trail/check.html", verdict=audit.verify())


def record_label(table: str) -> str:
    """A kind of record in plain words."""
    known = {"support_case": "Case", "service": "Activity"}
    return known.get(table) or table.replace("_", " ").capitalize()


def short(key: str | None) -> str:
    """Enough of a key to tell records on a page apart."""
    return key[:SHORT_KEY] if key else "no longer there"


def _before() -> int | None:
    text = request.args.get("before", "")
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None
    return number if number is not None and number <= LARGEST_NUMBER else None


def _chips(filters: Filters) -> list[dict[str, Any]]:
    user = audit_trail.user_called(filters.user_key)
    shown = {
        "user": f"By {user.name if user else 'somebody unknown'}" if filters.user_key else None,
        "person": f"About person {short(filters.person_key)}" if filters.person_key else None,
        "event": event_label(filters.event.value) if filters.event else None,
        "from_on": f"From {display.day(filters.from_on)}" if filters.from_on else None,
        "until_on": f"To {display.day(filters.until_on)}" if filters.until_on else None,
    }
    return [
        {"label": label, "url": here(**{name: None, "before": None})}
        for name, label in shown.items()
        if label
    ]
