"""Every way a directory is published comes out as the same records."""

import json
import zipfile
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linkwork.errors import FileRefused
from linkwork.exchange import dialects, oruk
from linkwork.exchange.oruk import ServiceRecord
from tests.exchange.feed_files import file_of, key, service
from tests.paths import SHARED_DATA

pytestmark = pytest.mark.one_engine
DIRECTORY = SHARED_DATA / "directory"
needs_data = pytest.mark.skipif(not DIRECTORY.exists(), reason="shared data absent")

FIRST = {
    "id": "17",
    "name": "Walking group",
    "description": "Short walks.",
    "organization": {"id": "org 3", "name": "Green Fingers", "url": "http://green.example"},
    "attending_access": "drop-in",
    "regular_schedules": [
        {"byday": "MO", "opens_at": "10:00:00", "closes_at": "11:00", "valid_from": None},
        {"weekday": "Friday", "opens_at": "14:00"},
    ],
    "holiday_schedules": [{"closed": True, "start_date": "2026-12-25", "end_date": "2026-12-26"}],
    "eligibilitys": [
        {"eligibility": "Adults", "minimum_age": 18, "maximum_age": "65"},
        {"eligibility": "Carers", "minimum_age": "16", "maximum_age": None},
    ],
    "link_taxonomies": [
        {"link_type": "service", "taxonomy": {"id": "esd:5", "name": "Walks", "vocabulary": "esd"}}
    ],
    "service_taxonomys": [{"taxonomy": {"id": "esd:6", "name": "Health", "vocabulary": "esd"}}],
    "languages": [{"language": "Urdu"}],
    "fundings": [{"source": "Council"}],
    "cost_options": [{"option": "A walk", "amount": "1.50"}],
    "contacts": [{"title": "Office", "phones": [{"number": "01632 960100"}]}],
    "service_areas": [{"service_area": "Moorvale"}],
    "service_at_locations": [
        {
            "id": "at 1",
            "regular_schedule": [{"byday": "WE", "opens_at": "18:00"}],
            "location": {
                "id": "place 1",
                "name": "Park gate",
                "latitude": "53.46",
                "longitude": "-2.21",
                "physical_addresses": [{"address_1": "Park Road", "postal_code": "ZZ2 3FY"}],
                "accessibility_for_disabilities": [{"accessibility": "Level paths"}],
            },
        }
    ],
}


def turned(folder: Path, content: Any, source: str = "Feed") -> list[ServiceRecord]:
    file = content if isinstance(content, Path) else file_of(folder, content)
    found = dialects.records(file, source=source)
    return [oruk.read(record, place) for place, record in enumerate(found, start=1)]


def page_of_first_version(*services: Any) -> dict[str, Any]:
    return {"totalElements": len(services), "totalPages": 1, "number": 1, "content": [*services]}


def test_a_service_of_the_first_version_comes_out_whole(tmp_path: Path) -> None:
    (record,) = turned(tmp_path, page_of_first_version(FIRST))
    assert record.warnings == []
    said = record.service
    assert (said["status"], said["minimum_age"], said["maximum_age"]) == ("active", 16, None)
    assert (said["eligibility"], said["languages"]) == ("Adults; Carers", ["Urdu"])
    assert said["phone"] == "01632 960100"
    assert said["raw"]["id_at_source"] == "17"
    assert said["raw"]["attending_access"] == "drop-in"
    assert said["raw"]["holiday_schedules"] == FIRST["holiday_schedules"]
    days = [(one["freq"], one["byday"], str(one["opens_at"])) for one in record.schedules]
    assert days == [
        ("WEEKLY", "MO", "10:00:00"),
        ("WEEKLY", "FR", "14:00:00"),
        ("WEEKLY", "WE", "18:00:00"),
    ]
    assert [(one["name"], one["taxonomy"]) for one in record.terms] == [
        ("Walks", "esd"),
        ("Health", "esd"),
    ]
    (place,) = record.places
    assert (place["name"], place["postcode"], place["latitude"]) == ("Park gate", "ZZ2 3FY", 53.46)
    assert (place["accessibility"], place["location_type"]) == (["Level paths"], "physical")
    assert record.provider
    assert record.provider["name"] == "Green Fingers"
    assert (record.costs[0]["amount"], record.areas[0]["name"]) == (1.5, "Moorvale")


def test_plain_identifiers_stay_the_same_in_one_feed_and_apart_in_two(tmp_path: Path) -> None:
    one, again, other = (
        turned(tmp_path, page_of_first_version(FIRST), source)[0] for source in ("A", "A", "B")
    )
    assert one.key == again.key != other.key
    assert UUID(one.key)
    assert one.places[0]["key"] == again.places[0]["key"] != other.places[0]["key"]
    assert one.provider
    assert other.provider
    assert one.provider["key"] != other.provider["key"]


def test_a_sparse_service_is_known_as_the_first_version_by_its_page(tmp_path: Path) -> None:
    sparse = {"id": 17, "name": "Walking group"}
    (record,) = turned(tmp_path, page_of_first_version(sparse))
    after = {"content": [sparse], "totalElements": 1}
    assert turned(tmp_path, {"services": [sparse, {**FIRST, "id": "18"}]})[0].key == record.key
    assert turned(tmp_path, after)[0].key == record.key
    assert turned(tmp_path, {"services": [FIRST]})[0].key == record.key


def test_a_long_page_is_known_by_what_it_says_at_either_end(tmp_path: Path) -> None:
    many = [{"id": n, "name": "Walking group " * 9} for n in range(1500)]
    for content in ({"totalElements": 1, "content": many}, {"content": many, "totalElements": 1}):
        first = next(dialects.records(file_of(tmp_path, content)))
        assert isinstance(first, dict)
        assert first["status"] == "active"


def test_the_third_version_asks_for_uuids(tmp_path: Path) -> None:
    (found,) = dialects.records(file_of(tmp_path, [service(id="17")]))
    with pytest.raises(oruk.Unusable, match="not a UUID"):
        oruk.read(found, 1)


def test_a_record_of_the_third_version_passes_unchanged(tmp_path: Path) -> None:
    for content in ({"services": [service()]}, page_of_first_version(service())):
        (found,) = dialects.records(file_of(tmp_path, content))
        assert found == service()


def test_what_hsds_says_elsewhere_is_found(tmp_path: Path) -> None:
    usual = service()
    at_place = usual["service_at_locations"][0]
    at_place |= {
        "schedules": usual.pop("schedules"),
        "phones": [{"number": "01632 960101"}],
    }
    term = {"name": "Nature", "taxonomy_detail": {"name": "Green"}}
    usual |= {
        "fees_description": "Free",
        "program": {"id": key(4), "name": "Summer"},
        "attributes": [{"link_entity": "service", "taxonomy_term": term}],
    }
    (record,) = turned(tmp_path, {"contents": [usual]})
    assert (record.service["fees"], record.service["phone"]) == ("Free", "01632 960101")
    assert [one["byday"] for one in record.schedules] == ["TU,TH"]
    assert record.terms[0]["taxonomy"] == "Green"
    assert record.service["raw"]["program"]["name"] == "Summer"


def test_organisations_give_their_services(tmp_path: Path) -> None:
    alone = {name: value for name, value in service().items() if name != "organization"}
    listed = [{"id": key(9), "name": "Mill Trust", "services": [alone, {**alone, "id": key(2)}, 3]}]
    records = turned(tmp_path, listed)
    assert [record.key for record in records] == [key(1), key(2)]
    assert {record.provider and record.provider["name"] for record in records} == {"Mill Trust"}


def test_files_of_pages_are_read_one_after_another(tmp_path: Path) -> None:
    for number in (1, 2, 10):
        file_of(tmp_path, {"contents": [service(number)]}, f"page {number}.json")
    file_of(tmp_path, {"taxonomy": {"id": key()}, "terms": [{"id": key()}]}, "a taxonomy.json")
    file_of(tmp_path, {"name": "x", "resources": []}, "datapackage.json")
    file_of(tmp_path, b"Read me", "README.txt")
    assert [record.key for record in turned(tmp_path, tmp_path)] == [key(1), key(2), key(10)]


def test_a_folder_with_nothing_of_use_says_what_is_in_it(tmp_path: Path) -> None:
    file_of(tmp_path, b"Read me", "README.txt")
    with pytest.raises(FileRefused, match=r"“README\.txt”"):
        turned(tmp_path, tmp_path)
    file_of(tmp_path, b"Club,Postcode\nChess,M1 1AA\n", "clubs.csv")
    with pytest.raises(FileRefused, match="imported by itself"):
        turned(tmp_path, tmp_path)
    file_of(tmp_path, {"taxonomy_terms": [{"id": key()}]}, "terms.json")
    with pytest.raises(FileRefused, match="is a taxonomy"):
        turned(tmp_path, tmp_path)


def test_each_dialect_has_a_name(tmp_path: Path) -> None:
    (tmp_path / "tables").mkdir()
    file_of(tmp_path / "tables", b"id,name,status\n1,Choir,active\n", "services.csv")
    with zipfile.ZipFile(tmp_path / "x", "w") as archive:
        archive.writestr("feed.json", json.dumps([service()]))
    named = {
        "Open Referral UK 3.0, JSON": file_of(tmp_path, [service()], "3"),
        "Open Referral UK 1.0, JSON": file_of(tmp_path, [FIRST], "1"),
        "Open Referral UK tables": tmp_path / "tables",
        "Open Referral UK 3.0, JSON, in a zip": tmp_path / "x",
    }
    assert {dialects.name_of(path): path for path in named.values()} == named


@needs_data
def test_the_real_directory_says_the_same_as_json_and_as_tables() -> None:
    """But for the organisations that one of them knows more of."""
    one = {r["id"]: r for r in dialects.records(DIRECTORY / "gm_oruk_3.0_services.json")}  # type: ignore[index]
    other = {r["id"]: r for r in dialects.records(DIRECTORY / "gm_oruk_3.0_tabular")}  # type: ignore[index]
    assert len(one) == 1596
    assert list(one) == list(other)
    unlike = [name for name in one if alike(one[name]) != alike(other[name])]
    assert len(unlike) <= 20
    assert {part for name in unlike for part in different(one[name], other[name])} <= {
        "organization"
    }


@needs_data
def test_the_real_taxonomy_is_refused_as_what_it_is() -> None:
    with pytest.raises(FileRefused, match="is a taxonomy"):
        next(dialects.records(DIRECTORY / "gm_oruk_3.0_taxonomy.json"))


def different(one: Any, other: Any) -> set[str]:
    return {part for part in one if alike(one[part]) != alike(other.get(part))}


def alike(value: Any) -> Any:
    """A value as a table could say it: text, and lists in any order."""
    if isinstance(value, dict):
        return {k: alike(v) for k, v in value.items() if k != "taxonomy_detail"}
    if isinstance(value, list):
        return sorted((alike(one) for one in value), key=str)
    return str(value).strip()


NAMES = (
    "id name status organization services schedules regular_schedules eligibilitys taxonomy_term "
    "minimum_age link_taxonomies taxonomy vocabulary service_at_locations location phones number "
    "physical_addresses accessibility_for_disabilities languages language fundings attributes "
    "taxonomy_detail locations contacts weekday byday content contents totalElements"
).split()
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner),
    max_leaves=20,
)


@given(content=anything, first=st.booleans())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=80)
def test_whatever_a_file_says_it_is_records_or_a_sentence(
    tmp_path: Path, content: Any, first: bool
) -> None:
    listed = {"totalElements": 1, "content": [content]} if first else [content]
    with suppress(FileRefused):
        for record in dialects.records(file_of(tmp_path, listed), source="Feed"):
            with suppress(oruk.Unusable):
                oruk.read(record, 1)
            if isinstance(record, dict):
                json.dumps(record)
