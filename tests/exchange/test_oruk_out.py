"""What goes out is what came in, valid by the standard, and nobody’s private number."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from linkwork.exchange import oruk, oruk_out, spreadsheet_services
from linkwork.models import (
    CostOption,
    Location,
    Provider,
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
    ServiceTerm,
    TaxonomyTerm,
)
from tests.exchange.feeds import key, service
from tests.exchange.generated import RECORDS
from tests.exchange.official import faults, skip_without_schemas


def built(source: dict[str, Any]) -> Service:
    """The service of a record as models, as an import writes it, and no database."""
    record = oruk.read(source, 1)
    made = Service(**record.service)
    made.provider = Provider(**record.provider) if record.provider else None
    for place in record.places:
        key = place.pop("link_key")
        made.places_at.append(ServiceAtLocation(key=key, location=Location(**place)))
    made.schedules = [Schedule(**row) for row in record.schedules]
    made.costs = [CostOption(**row) for row in record.costs]
    made.areas = [ServiceArea(**row) for row in record.areas]
    for row in record.terms:
        key = row.pop("attribute_key")
        made.terms.append(ServiceTerm(attribute_key=key, term=TaxonomyTerm(**row)))
    return made


def out(source: dict[str, Any]) -> dict[str, Any]:
    return oruk_out.full(built(source))


def same(one: Any, other: Any) -> bool:
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(RECORDS)
def test_a_record_that_came_in_goes_out_and_comes_in_the_same(source: dict[str, Any]) -> None:
    first = oruk.read(source, 1)
    again = oruk.read(out(source), 1)
    for part in ("provider", "places", "schedules", "costs", "areas", "terms"):
        assert getattr(first, part) == getattr(again, part)
    for record in (first, again):
        record.service.pop("raw")
    assert first.service == again.service
    assert same(out(source), out(out(source)))


@skip_without_schemas
@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
@given(RECORDS)
def test_whatever_goes_out_is_valid_by_the_official_schema(source: dict[str, Any]) -> None:
    assert faults("service", out(source)) == []


@skip_without_schemas
def test_what_the_standard_cannot_hold_is_left_out_or_made_to_fit() -> None:
    made = out(
        service(
            url="example.org/Grüße[1]",
            accreditations=17,
            funding=[{"source": "The Lottery"}, {"id": "no", "source": "The Council"}],
            schedules=[{"freq": "DAILY", "opens_at": "9:30"}],
            attributes=[{"taxonomy_term": {"name": "Nature"}}],
            odd={"empty": None, "list": [], "number": float("nan")},
        )
    )
    assert faults("service", made) == []
    assert made["url"] == "http://example.org/Gr%C3%BC%C3%9Fe%5B1%5D"
    assert not {"accreditations", "funding", "odd"} & set(made)
    (schedule,) = made["schedules"]
    assert (schedule["freq"], schedule["byday"]) == ("WEEKLY", "MO,TU,WE,TH,FR,SA,SU")
    assert schedule["opens_at"] == "09:30:00"
    assert made["attributes"][0]["taxonomy_term"]["description"] == ""


def test_a_volunteer_s_own_details_never_leave() -> None:
    private = "07700 900123"
    person = {"id": "8a0a9b0e-5d0c-4a35-b7d1-7c1f5bd8a001", "name": "Ann Persona"}
    person |= {"email": "ann@home.example", "phones": [{"number": private}]}
    made = service(contacts=[person], assurer_email="ann@home.example", helpers={"contact": person})
    place = made["service_at_locations"][0]["location"]
    place["contacts"], place["phones"] = [person], [{"number": private}]
    place["addresses"][0]["attention"] = "Ann Persona"
    made["organization"] |= {"contacts": [person], "phones": [{"number": private}]}
    said = json.dumps(out(made))
    for word in (private, "Ann Persona", "ann@home.example"):
        assert word not in said


def test_nothing_leaves_that_the_standard_does_not_name() -> None:
    person = {"name": "Ann Persona", "mobile": "07700 900123"}
    unknown = {
        "contact_name": "Ann Persona",
        "contactMobile": "07700 900123",
        "coordinator": person,
        "Contacts": [person],
        "metadata": [{"id": key(8), "updated_by": "Ann Persona"}],
        "reviews": [{"reviewer": "Ann Persona"}],
        "columns": {"Volunteer mobile": "07700 900123"},
    }
    made = service(**unknown)
    parts = [made["organization"], *made["service_at_locations"], *made["schedules"]]
    place = made["service_at_locations"][0]["location"]
    parts += [*made["cost_options"], *made["attributes"], made["attributes"][0]["taxonomy_term"]]
    for part in [*parts, place, *place["addresses"], *place["accessibility"]]:
        part.update({"linkwork": person, **unknown})
    found = built(made)
    for leaving in (oruk_out.full(found), oruk_out.published(found)):
        said = json.dumps(leaving)
        assert "Persona" not in said
        assert "900123" not in said
        assert not set(unknown) & set(leaving)


def test_an_unused_column_of_a_spreadsheet_never_leaves(tmp_path: Path) -> None:
    file = tmp_path / "clubs.csv"
    file.write_text("Activity,Volunteer mobile\nTea,07700 900123 (Jane)\n")
    (record,) = spreadsheet_services.records(
        file, "clubs.csv", mapping={"name": ["Activity"]}, source="Clubs"
    )
    found = built(record)
    assert "Jane" in json.dumps(found.raw)
    assert "Jane" not in json.dumps([oruk_out.full(found), oruk_out.published(found)])


@pytest.mark.parametrize("given", ["javascript:alert(1)", "data:text/html,x", "mailto:a@b.example"])
def test_only_addresses_of_the_web_leave(given: str) -> None:
    made = service(schedules=[{"freq": "WEEKLY", "byday": "TU", "schedule_link": given}])
    made["organization"] |= {"logo": given, "uri": given}
    made["service_areas"] = [{"id": key(9), "name": "Salford", "uri": given}]
    assert given not in json.dumps(out(made))


def test_who_delivers_an_activity_is_told_inside_alone() -> None:
    found = built(service())
    found.delivered_by, found.co_produced_by, found.places = "Ann Persona", "Bo Persona", 4
    assert oruk_out.full(found)["linkwork"]["delivered_by"] == "Ann Persona"
    assert oruk_out.published(found)["linkwork"]["places"] == 4
    assert "Persona" not in json.dumps(oruk_out.published(found))


def test_the_number_of_the_activity_itself_goes_out() -> None:
    made = out(service(phones=[{"number": "0161 496 0123"}]))
    assert [phone["number"] for phone in made["phones"]] == ["0161 496 0123"]


def test_the_middle_of_a_postcode_district_is_not_given_out_as_a_place() -> None:
    source = service()
    source["service_at_locations"][0]["location"].pop("latitude")
    found = built(source)
    assert found.places_at[0].location.is_approximate
    assert "latitude" not in out(source)["service_at_locations"][0]["location"]


def test_an_address_that_was_corrected_goes_out_as_it_stands() -> None:
    found = built(service())
    found.places_at[0].location.address = "2 Mill Lane"
    (address,) = oruk_out.full(found)["service_at_locations"][0]["location"]["addresses"]
    assert (address["address_1"], address["postal_code"]) == ("2 Mill Lane", "ZZ2 3FY")
