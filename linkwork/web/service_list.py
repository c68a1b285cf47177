"""The list of the directory: what is looked for, and what is found."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from linkwork import clock
from linkwork.access import Permission, may, me, requires
from linkwork.casework import service_hours, service_search, service_words, services
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
    next: str
    is_open: bool
    where: str
    distance: str
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
    criteria, at = filters.criteria(), clock.now()
    found = service_search.search(criteria, user=me(), at=at, number=number)
    looser = {} if found.total else service_search.loosened(criteria, user=me(), at=at)
    return render_template(
        "services/index.html",
        form=form,
        filters=filters,
        found=found,
        rows=[row_of(one, filters.near, at, is_exact=filters.is_exact) for one in found.services],
        page=filters.pages(found),
        looser=filters.looser(looser),
        may_edit=may(me(), Permission.EDIT_DIRECTORY),
        may_note_gaps=may(me(), Permission.REPORT_GAPS),
        gap=None if found.services else gaps.of_search(filters.values),
    )


def row_of(service: Service, near: Place | None, at: datetime, *, is_exact: bool = False) -> Row:
    """A service in words; ``near`` is what its distance is from, exactly or nearly."""
    today = clock.london(at).date()
    return Row(
        service=service,
        when=service_words.when(service),
        next=service_hours.next_words(service, at=at),
        is_open=service_hours.is_open(service, at=at),
        where=service_words.town(service, near),
        distance=service_words.distance(service, near, is_exact=is_exact) if near else "",
        cost=service_words.cost(service),
        room=service_words.room(service),
        checked=service_words.checked(service, on=today),
        has_ended=services.has_ended(service, on=today),
    )
