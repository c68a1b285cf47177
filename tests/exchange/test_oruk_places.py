"""Where a record says it is and what it names elsewhere: believed only where it can be."""

from typing import Any

import pytest

from linkwork.exchange import oruk
from linkwork.exchange.oruk import ServiceRecord
from tests.exchange.feed_files import key, service

pytestmark = pytest.mark.one_engine


def read(**facts: Any) -> ServiceRecord:
    return oruk.read(service(**facts), 1)


def at(latitude: object, longitude: object, postcode: str | None = None) -> ServiceRecord:
    location = {
        "location_type": "physical",
        "latitude": latitude,
        "longitude": longitude,
        "addresses": [{"postal_code": postcode}],
    }
    return read(service_at_locations=[{"location": location}])


@pytest.mark.parametrize(
    ("latitude", "longitude", "postcode", "reason", "kept"),
    [
        (54.0, -5.0, None, "54.0, -5.0 is in the sea", None),
        (53.5, 1.5, "M1 1AA", "53.5, 1.5 is in the sea", 53.48),
        (48.85, 2.35, None, "not a place in the United Kingdom", None),
        ("1e9", 2, None, "not a place in the United Kingdom", None),
        (53.48, -2.24, "SW1A 1AA", "from the postcode SW1A 1AA", 51.5),
        (-2.24, 53.48, "M1", "wrong way round", 53.48),
        ([53.48, -2.24], None, None, "is not text", None),
        (54.6, -5.93, "BT1 5GS", None, 54.6),
        (57.5, -4.2, None, None, 57.5),
        (53.48, None, "M1", None, 53.48),
        (None, None, "m1", None, 53.48),
    ],
)
def test_coordinates_that_cannot_be_are_left_out_and_it_is_said_which(
    latitude: object,
    longitude: object,
    postcode: str | None,
    reason: str | None,
    kept: float | None,
) -> None:
    record = at(latitude, longitude, postcode)
    said = [row.reason for row in record.warnings]
    assert len(said) == bool(reason)
    assert (reason or "") in "".join(said)
    assert record.places[0]["latitude"] == (kept and pytest.approx(kept, abs=0.05))


def test_a_place_known_by_the_middle_of_its_outward_code_says_so() -> None:
    assert at(None, None, "M1").places[0]["is_approximate"]
    assert not at(53.48, -2.24, "M1").places[0]["is_approximate"]
    assert not at(None, None, None).places[0]["is_approximate"]


def test_what_names_a_row_that_is_not_there_is_left_out() -> None:
    record = read(
        service_at_locations=[{"location": {"id": key(7)}}],
        organization={"id": key(8)},
        attributes=[{"taxonomy_term": {"id": key(9)}}],
    )
    assert sorted(row.field for row in record.warnings) == [
        "attributes[0].taxonomy_term.name",
        "organization.name",
        "service_at_locations[0].location.id",
    ]
    assert (record.provider, record.places, record.terms) == (None, [], [])


def test_words_that_are_filed_under_each_other_in_a_circle_do_no_harm() -> None:
    def term(number: int, parent: int) -> dict[str, Any]:
        return {"taxonomy_term": {"id": key(number), "name": "x", "parent_id": key(parent)}}

    record = read(attributes=[term(1, 2), term(2, 1), term(3, 3)])
    assert [row.field for row in record.warnings] == ["attributes[2].taxonomy_term.parent_id"]
    assert [one["parent_key"] for one in record.terms] == [key(2), key(1), None]
