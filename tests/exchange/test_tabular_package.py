"""The tables of a package are joined into records, whatever they are called and however written."""

import json
import tracemalloc
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linkwork.errors import FileRefused
from linkwork.exchange import dialects, oruk, tabular_tables
from linkwork.exchange.import_report import Quarantined
from linkwork.exchange.tabular_tables import TABLES, table_of
from tests.exchange.feed_files import file_of, key

pytestmark = pytest.mark.one_engine
ONE, TWO = key(1), key(2)
PACKAGE = {
    "services.csv": f"id,name,status,organization_id\n{ONE},Choir,active,o1\n{TWO},Chess,active,o1",
    "organizations.csv": f"id,name\no1,{key(9)}\n",
    "service_at_location.csv": f"id,service_id,location_id\nl1,{ONE},p1\nl2,{TWO},p1\n",
    "locations.csv": "id,name,latitude,longitude\np1,Hall,53.4,-2.2\n",
    "address.csv": "id,location_id,address_1,postal_code\na1,p1,1 Mill Lane,M1 1AA\n",
    "schedule.csv": f"id,service_id,byday,freq\ns1,{ONE},MO,WEEKLY\ns2,{ONE},TU,WEEKLY\n",
    "contacts.csv": f"id,service_id,title\nc1,{ONE},Office\n",
    "phones.csv": "id,contact_id,number\nn1,c1,01632 960100\n",
    "attribute.csv": f"id,link_id,link_type,taxonomy_term_id\nx1,{ONE},service,t1\n",
    "taxonomy_terms.csv": "id,name,taxonomy_id,parent_id\nt1,Music,y1,t1\n",
    "taxonomies.csv": "id,name\ny1,Topics\n",
}


def package(folder: Path, **changes: str | bytes | None) -> Path:
    """The package with tables changed (``schedule="..."``), or left out with None."""
    files: dict[str, Any] = dict(PACKAGE)
    for name, content in changes.items():
        file = next((file for file in files if file.startswith(f"{name}.")), f"{name}.csv")
        files[file] = content
    for name, content in files.items():
        if content is not None:
            file_of(folder, content if isinstance(content, bytes) else content.encode(), name)
    return folder


def joined(folder: Path, told: list[Quarantined] | None = None) -> list[dict[str, Any]]:
    warn = told.append if told is not None else None
    return [one for one in dialects.records(folder, warn=warn) if isinstance(one, dict)]


def test_every_table_becomes_part_of_its_service(tmp_path: Path) -> None:
    told: list[Quarantined] = []
    choir, chess = joined(package(tmp_path), told)
    assert told == []
    record = oruk.read(choir, 1)
    assert [one["byday"] for one in record.schedules] == ["MO", "TU"]
    assert (record.service["phone"], record.terms[0]["name"]) == ("01632 960100", "Music")
    assert (record.terms[0]["taxonomy"], record.places[0]["postcode"]) == ("Topics", "M1 1AA")
    assert record.warnings == []
    assert "schedules" not in chess
    assert chess["service_at_locations"][0]["location"]["name"] == "Hall"
    assert chess["organization"] == choir["organization"]


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("service.csv", "service"),
        ("Services.CSV", "service"),
        ("services_at_location.csv", "service_at_location"),
        ("Physical-Addresses.csv", "physical_address"),
        ("addresses.csv", "address"),
        ("eligibilitys.csv", "eligibility"),
        ("eligibilities.csv", "eligibility"),
        ("accessibility_for_disabilities.csv", "accessibility_for_disability"),
        ("link_taxonomies.csv", "link_taxonomy"),
        ("organisations.csv", "organization"),
        ("funding.csv", "funding"),
        ("cost_options.tsv", "cost_option"),
        ("clubs.csv", None),
        ("services.json", None),
        ("services", None),
    ],
)
def test_a_table_is_known_by_its_name_in_the_singular_or_the_plural(
    name: str, table: str | None
) -> None:
    assert table_of(name) == table


def test_every_table_is_found_under_its_own_name() -> None:
    assert {table: table_of(f"{table}.csv") for table in TABLES} == {t: t for t in TABLES}


def test_the_tables_of_the_first_version_are_read_as_that(tmp_path: Path) -> None:
    tables = {
        "service": "id,name\n7,Choir\n8,Chess",
        "regular_schedule": "id,service_id,byday,opens_at\n1,7,MO,10:00",
        "eligibility": "id,service_id,minimum_age\n1,7,18",
        "service_at_location": "id,service_id,location_id\n1,7,3",
        "location": "id,name\n3,Hall",
        "physical_address": "id,location_id,postal_code\n1,3,M1 1AA",
        "link_taxonomy": "id,link_id,link_type,taxonomy_id\n1,7,service,esd:1",
        "taxonomy": "id,name,vocabulary\nesd:1,Music,esd",
    }
    for name, content in tables.items():
        file_of(tmp_path, content.encode(), f"{name}.csv")
    record, sparse = [oruk.read(one, 1) for one in joined(tmp_path)]
    assert (sparse.service["status"], sparse.service["raw"]["id_at_source"]) == ("active", "8")
    assert (record.service["minimum_age"], record.schedules[0]["byday"]) == (18, "MO")
    assert (record.places[0]["postcode"], record.terms[0]["name"]) == ("M1 1AA", "Music")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_every_usual_way_to_write_a_table_is_read(
    tmp_path: Path, encoding: str, end: str, separator: str
) -> None:
    lines = [["id", "name", "status", ""], [ONE, "Café", "active", "x"], [], [TWO, '"a\n""b"', "x"]]
    text = end.join(separator.join(cells) for cells in lines)
    file_of(tmp_path, text.encode(encoding), "service.csv")
    found = joined(tmp_path)
    assert [one["name"] for one in found] == ["Café", 'a\n"b']
    assert found[0] == {"id": ONE, "name": "Café", "status": "active"}


def test_what_was_made_harmless_for_a_spreadsheet_is_as_it_was(tmp_path: Path) -> None:
    file_of(tmp_path, f"id,name,status\n{ONE},'=Choir,'really\n".encode(), "service.csv")
    (found,) = joined(tmp_path)
    assert (found["name"], found["status"]) == ("=Choir", "'really")


def test_line_ends_may_be_mixed(tmp_path: Path) -> None:
    file_of(tmp_path, f"id,name\r\n{ONE},A\n{TWO},B\r{key(3)},C".encode(), "service.csv")
    assert [one["name"] for one in joined(tmp_path)] == ["A", "B", "C"]


def test_rows_that_name_what_is_not_there_are_left_out_and_told(tmp_path: Path) -> None:
    told: list[Quarantined] = []
    schedules = f"id,service_id,byday\n1,{ONE},MO\n2,{key(7)},TU\n3,{key(8)},WE\n"
    places = f"id,service_id,location_id\nl1,{ONE},nowhere\n"
    choir, _ = joined(package(tmp_path, schedule=schedules, service_at_location=places), told)
    assert [one["byday"] for one in choir["schedules"]] == ["MO"]
    assert [(one.field, one.reason) for one in told] == [
        ("schedule.csv", "2 rows name a service_id that is not in services.csv."),
        ("service_at_location.csv", "1 row names a location_id that is not in locations.csv."),
    ]
    assert oruk.read(choir, 1).places == []


def test_two_services_of_one_identifier_are_both_given(tmp_path: Path) -> None:
    twice = f"id,name,status\n{ONE},Choir,active\n{ONE},Chess,active\n"
    assert [one["name"] for one in joined(package(tmp_path, services=twice))] == ["Choir", "Chess"]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"services": "name,postcode\nChoir,M1\n"}, "no columns “id” and “name”"),
        ({"services": ",".join("a" * 2_000) + "\n1,2"}, "has 2,000 columns"),
        ({"schedule": "x," * 1_000_000}, "a line of more than 1,000,000 characters"),
        ({"schedule": "id,name\n" + "x" * 1_500_000}, "a line of more than 1,000,000"),
        ({"schedule": 'id,name\n1,"' + "x\n" * 100_000}, "cannot be read after line"),
        ({"schedule": b"id\n\0"}, "is not text"),
        ({"service": "id,name\n1,Choir"}, "are the same table"),
        ({"schedule": "service_id\n" + f"{ONE}\n" * 1_001}, "more than 1,000 rows of one"),
    ],
)
def test_a_table_beyond_all_limits_is_refused(
    tmp_path: Path, changes: dict[str, Any], says: str
) -> None:
    if "service" in changes:
        file_of(package(tmp_path), changes.pop("service").encode(), "service.csv")
    with pytest.raises(FileRefused, match=says):
        joined(package(tmp_path, **changes) if changes else tmp_path)


def test_a_table_of_endless_rows_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tabular_tables, "MOST_ROWS", 2)
    three = "id,name\n1,a\n2,b\n3,c\n"
    with pytest.raises(FileRefused, match="more than 2 rows"):
        joined(package(tmp_path, services=three))


def test_an_empty_table_and_a_missing_one_are_nothing(tmp_path: Path) -> None:
    choir, _ = joined(package(tmp_path, schedule="", organizations=None, contacts="id,title\n"))
    assert {"schedules", "organization", "contacts"}.isdisjoint(choir)


def test_memory_does_not_grow_with_the_directory(tmp_path: Path) -> None:
    def rows(count: int) -> Iterator[str]:
        yield "id,name,status,description"
        yield from (f"{key(n)},Choir {n},active,{'words ' * 50}" for n in range(count))

    peaks = []
    for count in (1_000, 4_000):
        file_of(tmp_path, "\n".join(rows(count)).encode(), "service.csv")
        tracemalloc.start()
        assert sum(1 for _ in dialects.records(tmp_path)) == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0]


cells = st.text("a1,;\"'\n\r\t\0é�=", max_size=6) | st.sampled_from([ONE, "id", "service_id", "o1"])


@given(
    tables=st.dictionaries(
        st.sampled_from([f"{table}.csv" for table in sorted(TABLES)]),
        st.lists(st.lists(cells, max_size=4).map(",".join), max_size=4).map("\n".join),
        max_size=4,
    ),
    services=st.binary(max_size=40) | st.just(f"id,name\n{ONE},Choir\n".encode()),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
def test_whatever_stands_in_the_tables_records_come_or_a_sentence(
    tmp_path: Path, tables: dict[str, str], services: bytes
) -> None:
    for old in tmp_path.iterdir():
        old.unlink()
    for name, content in {**tables, "service.csv": services}.items():
        file_of(tmp_path, content if isinstance(content, bytes) else content.encode(), name)
    with suppress(FileRefused):
        assert json.dumps(joined(tmp_path, []))
