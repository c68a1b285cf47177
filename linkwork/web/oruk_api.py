"""The directory as an API of Open Referral UK 3.0: open to everybody, to read and never to write.

Only what is listed is published. See ``casework.public_services`` for what each filter means and
``exchange.oruk_out`` for what a record holds.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from flask import Blueprint, Response, current_app, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from linkwork import clock
from linkwork.access import open_to_all
from linkwork.casework import public_services
from linkwork.casework import taxonomies as known
from linkwork.database import read_without_transaction
from linkwork.exchange import oruk_out, oruk_summaries
from linkwork.exchange.oruk_values import uuid_of
from linkwork.web import oruk_answers, oruk_description, oruk_parameters
from linkwork.web.oruk_answers import answer, page, problem
from linkwork.web.request_limits import RequestLimit

bp = Blueprint("oruk_api", __name__, url_prefix=oruk_answers.AREA)

VERSION = "HSDS-UK-3.0"
PROFILE = "https://docs.openreferraluk.org/en/latest/"
SWITCHED_OFF = "This installation does not publish its directory."
WRONG = "The request asks for something that cannot be used. See the errors."
WITHOUT_RECORDS = ("oruk_api.index", "oruk_api.openapi", "oruk_api.docs")
Found = Callable[[dict[str, Any]], Response]


@bp.record_once
def _prepare(state: BlueprintSetupState) -> None:
    app: Any = state.app
    app.extensions["oruk_limit"] = RequestLimit(app.config["PUBLIC_API_PER_MINUTE"])
    app.session_interface = oruk_answers.Sessions()
    app.after_request(oruk_answers.finish)


@bp.before_request
def check() -> Response | None:
    """Whether there is an API at all, and whether this sender may ask again."""
    if not current_app.config["PUBLIC_API"]:
        return problem(404, SWITCHED_OFF)
    refused = oruk_answers.too_many()
    if refused is None and request.endpoint not in WITHOUT_RECORDS:
        read_without_transaction()
    return refused


@bp.get("/")
@open_to_all
def index() -> ResponseReturnValue:
    return answer(
        {
            "version": VERSION,
            "profile": PROFILE,
            "openapi_url": url_for("oruk_api.openapi", _external=True),
        }
    )


@bp.get("/services")
@open_to_all
def services() -> ResponseReturnValue:
    def found(values: dict[str, Any]) -> Response:
        asked, today = oruk_parameters.asked(values), clock.today()
        if values.get("full"):
            options = oruk_out.PARTS
            got = public_services.services(asked, on=today, options=options)
            rows = [oruk_out.published(service) for service in got.rows]
        else:
            got = public_services.summaries(asked, on=today)
            rows = [oruk_summaries.service(row) for row in got.rows]
        return page(rows, total=got.total, number=asked.page, size=asked.per_page)

    return _with(oruk_parameters.OF_SERVICES, found)


@bp.get("/services/<service_id>")
@open_to_all
def service(service_id: str) -> ResponseReturnValue:
    found = _by_id(
        service_id, lambda key, on: public_services.service(key, on=on, options=oruk_out.PARTS)
    )
    if found is None:
        return problem(404, "No service with this identifier is published.")
    return answer(oruk_out.published(found), modified_at=oruk_out.modified_at(found))


@bp.get("/service_at_locations")
@open_to_all
def service_at_locations() -> ResponseReturnValue:
    def found(values: dict[str, Any]) -> Response:
        asked = oruk_parameters.asked(values)
        got = public_services.links(asked, on=clock.today())
        rows = [oruk_summaries.at_location(row[-1], row) for row in got.rows]
        return page(rows, total=got.total, number=asked.page, size=asked.per_page)

    return _with((*oruk_parameters.PAGING, *oruk_parameters.FILTERS), found)


@bp.get("/service_at_locations/<link_id>")
@open_to_all
def service_at_location(link_id: str) -> ResponseReturnValue:
    found = _by_id(link_id, lambda key, on: public_services.link(key, on=on))
    if found is None:
        return problem(404, "No service at a location with this identifier is published.")
    link, of_it = found
    return answer(
        oruk_out.service_at_location(link, of_it), modified_at=oruk_out.modified_at(of_it)
    )


@bp.get("/taxonomies")
@open_to_all
def taxonomies() -> ResponseReturnValue:
    def found(values: dict[str, Any]) -> Response:
        asked = oruk_parameters.asked(values)
        named = list(known.taxonomies(on=clock.today()).items())
        rows = [oruk_out.taxonomy(key, name) for key, name in _part(named, asked)]
        return page(rows, total=len(named), number=asked.page, size=asked.per_page)

    return _with(oruk_parameters.PAGING, found)


@bp.get("/taxonomies/<taxonomy_id>")
@open_to_all
def taxonomy(taxonomy_id: str) -> ResponseReturnValue:
    key = uuid_of(taxonomy_id) or ""
    named = known.taxonomies(on=(today := clock.today()))
    if key not in named:
        return problem(404, "No taxonomy has this identifier.")
    return answer(oruk_out.taxonomy(key, named[key], known.terms_of(key, on=today)))


@bp.get("/taxonomy_terms")
@open_to_all
def taxonomy_terms() -> ResponseReturnValue:
    def found(values: dict[str, Any]) -> Response:
        asked = oruk_parameters.asked(values)
        terms, total = known.terms(
            page=asked.page,
            per_page=asked.per_page,
            on=clock.today(),
            taxonomy_id=asked.taxonomy_id,
        )
        rows = [oruk_out.published_term(term) for term in terms]
        return page(rows, total=total, number=asked.page, size=asked.per_page)

    return _with(oruk_parameters.OF_TERMS, found)


@bp.get("/taxonomy_terms/<term_id>")
@open_to_all
def taxonomy_term(term_id: str) -> ResponseReturnValue:
    found = _by_id(term_id, lambda key, on: known.term(key, on=on))
    if found is None:
        return problem(404, "No taxonomy term has this identifier.")
    return answer(oruk_out.published_term(found))


@bp.get("/openapi.json")
@open_to_all
def openapi() -> ResponseReturnValue:
    root = url_for("oruk_api.index", _external=True).rstrip("/")
    return answer(oruk_description.document(root))


@bp.get("/docs")
@open_to_all
def docs() -> ResponseReturnValue:
    return render_template(
        "oruk_api/docs.html",
        operations=oruk_description.OPERATIONS,
        parameters=oruk_parameters.PARAMETERS,
        root=url_for("oruk_api.index", _external=True).rstrip("/"),
        per_minute=current_app.config["PUBLIC_API_PER_MINUTE"],
    )


def _with(names: Sequence[str], found: Found) -> Response:
    values, faults = oruk_parameters.read(request.args, names)
    return problem(400, WRONG, faults) if faults else found(values)


def _by_id(given: str, find: Callable[[str, date], Any]) -> Any:
    key = uuid_of(given)
    return find(key, clock.today()) if key else None


def _part(named: list[tuple[str, str]], asked: public_services.Asked) -> list[tuple[str, str]]:
    return named[asked.skipped : asked.skipped + asked.per_page]
