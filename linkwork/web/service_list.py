"""The list of the directory: what is looked for, and what is found."""

from dataclasses import dataclass
from datetime import date

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from linkwork import clock
from linkwork.access import Permission, may, me, requires
from linkwork.casework import service_search, service_words, services
from linkwork.forms.service_search import ServiceSearchForm
from linkwork.geography import Place
from linkwork.models import Service
from linkwork.web import gaps
from linkwork.web.service_filters import Filters

# The other pages of the directory, in ``services``, are of this blueprint too.
bp = Blueprint("services", __name__, url_prefix="/services")

LARGEST_PAGE = 100_000


@dataclass(frozen=True, slots=True)
class Row:
    """One service of the list, in words."""

    service: Service
    when: list[str]
    where: str
    miles: float | None
    cost: str
    room: str
    checked: service_words.Checked
    has_ended: bool


@bp.get("")
@requires(Permission.SEE_DIRECTORY)
def index() -> ResponseReturnValue:
    form = ServiceSearchForm(request.args)
    filters = Filters(form, may_edit=may(me(), Permission.EDIT_DIRECTORY))
    number = min(max(request.args.get("page", 1, type=int), 1), LARGEST_PAGE)
    today = clock.today()
    found = service_search.search(filters.criteria(), user=me(), on=today, number=number)
    return render_template(
        "services/index.html",
        form=form,
        found=found,
        rows=[row_of(service, filters.near, today) for service in found.services],
        chips_shown=filters.chips(),
        page=filters.pages(found),
        near=filters.values.get("postcode"),
        may_edit=may(me(), Permission.EDIT_DIRECTORY),
        may_note_gaps=may(me(), Permission.REPORT_GAPS),
        gap=None if found.services else gaps.of_search(filters.values),
    )


def row_of(service: Service, near: Place | None, today: date) -> Row:
    """A service in words; ``near`` is what its distance is from."""
    return Row(
        service=service,
        when=service_words.when(service),
        where=service_words.town(service),
        miles=service_words.miles(service, near) if near else None,
        cost=service_words.cost(service),
        room=service_words.room(service),
        checked=service_words.checked(service, on=today),
        has_ended=services.has_ended(service, on=today),
    )
