"""Rows become services whose identity lasts, with what they say where it belongs."""

from pathlib import Path
from typing import Any

import pytest

from linkwork.errors import FileRefused
from linkwork.exchange import column_mapping, oruk, spreadsheet_services, spreadsheets
from linkwork.exchange.row_values import ages, day, english, price, split
from linkwork.exchange.service_columns import SERVICES
from linkwork.exchange.spreadsheet_services import Record
from tests.exchange.sheet_files import sheet_xml, xlsx
from tests.paths import SHARED_DATA

COUNCIL = SHARED_DATA / "directory"
needs_council = pytest.mark.skipif(not COUNCIL.exists(), reason="shared data absent")


def mapping_for(path: Path) -> dict[str, Any]:
    sheet = spreadsheets.read(path, path.name)
    rows = [cells for _, cells in sheet.rows][:300]
    return column_mapping.mapping_of(column_mapping.guess(sheet.headers, rows, SERVICES))


def records(
    path: Path, content: str | None = None, source: str = "council", **more: Any
) -> list[Record]:
    if content is not None:
        path.write_text(content, encoding="utf-8")
    found = spreadsheet_services.records(
        path, path.name, mapping=mapping_for(path), source=source, **more
    )
    return list(found)


def one(path: Path, headers: str, row: str) -> Record:
    return records(path, f"{headers}\n{row}\n")[0]


def keys(found: list[Record]) -> list[str]:
    return [record["id"] for record in found]


def test_a_row_says_everything_where_the_standard_has_it(tmp_path: Path) -> None:
    record = one(
        tmp_path / "a.csv",
        "Activity,What happens,Organisation,Venue,Address,Town,Postcode,Tel,Email,Website,"
        "When,Cost,Type,Who is it for,Age range,Area,Languages,Lat,Lon,Referral method,Odd",
        "Choir,Singing,Arts Ltd,The hall,1 Road,Sale,m33 7wr,1614960123,a@b.example,b.example,"
        "Mon 10am,£3,Music; Singing,Women,18-65,Sale,English; Urdu,53.4,-2.3,Just come,x",
    )
    assert record["name"] == "Choir"
    assert record["organization"] == {"name": "Arts Ltd"}
    assert record["phones"] == [{"number": "01614960123"}]
    assert record["schedules"] == [{"description": "Mon 10am"}]
    assert record["cost_options"] == [{"amount": "3", "currency": "GBP"}]
    assert [a["taxonomy_term"]["name"] for a in record["attributes"]] == ["Music", "Singing"]
    assert (record["minimum_age"], record["maximum_age"]) == (18, 65)
    assert record["eligibility_description"] == "Women\nReferral method: Just come"
    assert record["service_areas"] == [{"name": "Sale"}]
    assert record["languages"] == [{"name": "English"}, {"name": "Urdu"}]
    assert record["columns"] == {"What happens": "Singing", "Odd": "x"}
    location = record["service_at_locations"][0]["location"]
    assert (location["name"], location["latitude"]) == ("The hall", "53.4")
    assert location["addresses"][0]["postal_code"] == "m33 7wr"
    read = oruk.read(record, 1)
    assert (read.service["status"], read.places[0]["postcode"]) == ("active", "M33 7WR")
    assert read.warnings == []


def test_what_says_nothing_is_nothing(tmp_path: Path) -> None:
    record = one(
        tmp_path / "a.csv",
        "Name,Description,Address,Postcode,Website,When,Cost,Type,Odd",
        "Choir,NA,-,Not known,N/A,Not known,NA,-,#N/A",
    )
    assert record == {"id": record["id"], "name": "Choir", "status": "active"}


def test_a_cell_that_was_made_harmless_is_what_it_was(tmp_path: Path) -> None:
    record = one(tmp_path / "a.csv", "Name,Phone,Status", "'=Choir,'+44 161 496 0123,Not running")
    assert (record["name"], record["status"]) == ("=Choir", "inactive")
    assert record["phones"] == [{"number": "+44 161 496 0123"}]


def test_the_same_file_again_gives_the_same_records(tmp_path: Path) -> None:
    content = "Name,Postcode,When\nChoir,M1 6AB,Mon\nBank,M1 6AB,Mon\nBank,M2 3DD,Tue\n"
    first, second = (records(tmp_path / f"{n}.csv", content) for n in "ab")
    assert first == second
    assert len({*keys(first)}) == 3
    assert {*keys(records(tmp_path / "c.csv", content, source="other"))}.isdisjoint(keys(first))


def test_a_corrected_address_is_the_same_service_where_its_name_is_its_own(tmp_path: Path) -> None:
    before = records(tmp_path / "a.csv", "Name,Address,Postcode\nChoir,1 Road,M1 6AB\n")
    after = records(tmp_path / "b.csv", "Name,Address,Postcode\nCHOIR ,2 Road,M2 3DD\n")
    assert keys(before) == keys(after)
    assert oruk.digest(before[0]) != oruk.digest(after[0])


def test_a_row_with_its_own_number_may_change_its_name(tmp_path: Path) -> None:
    before = records(tmp_path / "a.csv", "Ref,Name\nS1,Choir\nS2,Choir\n")
    after = records(tmp_path / "b.csv", "Ref,Name\nS2,Chorus\nS1,Song\n")
    assert keys(before) == [*reversed(keys(after))]


def test_rows_of_one_name_are_told_apart_by_as_little_as_it_takes(tmp_path: Path) -> None:
    head = "Name,Postcode,Address,Times\n"
    before = records(tmp_path / "a.csv", head + "Bank,M1 6AB,1 Road,Mon\nBank,M2 3DD,2 Road,Tue\n")
    after = records(tmp_path / "b.csv", head + "Bank,m2 3dd,3 Street,Fri\nBank,M1 6AB,1 Road,Mon\n")
    assert keys(before) == [*reversed(keys(after))]
    same_place = records(
        tmp_path / "c.csv", head + "Bank,M1 6AB,1 Road,Mon\nBank,M1 6AB,1 Road,Tue\n"
    )
    assert len({*keys(same_place)}) == 2


def test_a_second_row_of_a_name_takes_nothing_from_the_first(tmp_path: Path) -> None:
    head, bank = "Name,Postcode,Times\n", "Bank,M1 6AB,Mon\n"
    (first,) = keys(records(tmp_path / "a.csv", head + bank))
    two = head + "Bank,M2 3DD,Tue\n" + bank
    second, again = keys(records(tmp_path / "b.csv", two, known={first: "M1 6AB"}))
    assert again == first != second
    known = {first: "M1 6AB", second: "M2 3DD"}
    assert keys(records(tmp_path / "c.csv", two, known=known)) == [second, first]
    alone = records(tmp_path / "d.csv", head + "Bank,M2 3DD,Fri\n", known={second: "M2 3DD"})
    assert keys(alone) == [second], "and when the first goes, the second stays who it is"


def test_of_rows_that_are_nowhere_else_none_takes_the_place_of_another(tmp_path: Path) -> None:
    head, bank = "Name,Postcode,Times\n", "Bank,M1 6AB,Mon\n"
    (first,) = keys(records(tmp_path / "a.csv", head + bank))
    both = head + bank + "Bank,M1 6AB,Tue\n"
    assert first not in keys(records(tmp_path / "b.csv", both, known={first: "M1 6AB"}))
    elsewhere = head + "Bank,M3 3DD,Mon\nBank,M4 3DD,Tue\n"
    assert first not in keys(records(tmp_path / "c.csv", elsewhere, known={first: "M1 6AB"}))


def test_a_row_that_is_there_twice_keeps_one_identity(tmp_path: Path) -> None:
    found = records(tmp_path / "a.csv", "Name,Postcode\nBank,M1 6AB\nBank,M1 6AB\n")
    assert len({*keys(found)}) == 1


def test_a_record_knows_its_line_and_a_row_moved_down_has_not_changed(tmp_path: Path) -> None:
    first = records(tmp_path / "a.csv", "Name,When\nChoir,Mon\n")[0]
    moved = records(tmp_path / "b.csv", "List\n\nName,When\n\nChoir,Mon\n")[0]
    assert (first.line, moved.line) == (2, 5)
    assert oruk.digest(first) == oruk.digest(moved)


def test_a_column_for_each_day_says_which_day(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Name,Monday,Tuesday\nChoir,10am-noon,NA\n")
    mapping = {"name": "Name", "times": ["Monday", "Tuesday"]}
    found = next(spreadsheet_services.records(path, "a.csv", mapping=mapping, source="s"))
    assert found["schedules"] == [{"description": "Monday 10am-noon"}]


def test_a_file_that_lost_a_column_is_refused_by_name(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Name,When\nChoir,Mon\n")
    mapping = {"name": "Name", "postcode": "Postcode"}
    with pytest.raises(FileRefused, match="no column “Postcode”"):
        list(spreadsheet_services.records(path, "a.csv", mapping=mapping, source="s"))


def test_the_sheet_that_was_chosen_is_read(tmp_path: Path) -> None:
    few = sheet_xml([["Name", "Phone"], ["Tea", "0161 496 0123"]])
    many = sheet_xml([["Name", "Phone"], *[[f"Choir {n}", "0161 496 0123"] for n in range(9)]])
    path = xlsx(tmp_path / "a.xlsx", {"Few": few, "Many": many})
    mapping = {"name": "Name", "phone": "Phone", "sheet": "Few"}
    found = spreadsheet_services.records(path, "a.xlsx", mapping=mapping, source="s")
    assert [record["name"] for record in found] == ["Tea"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("Free", {"option": "Free", "amount": 0, "currency": "GBP"}),
        ("£3.50", {"amount": "3.50", "currency": "GBP"}),
        ("4", {"amount": "4", "currency": "GBP"}),
        ("£2 per session", {"option": "£2 per session", "amount": "2", "currency": "GBP"}),
        ("£2 or £3", {"option": "£2 or £3"}),
        ("Free, then £5 a month", {"option": "Free, then £5 a month"}),
        ("Ask us", {"option": "Ask us"}),
    ],
)
def test_a_price_has_an_amount_where_the_words_name_one(
    words: str, expected: dict[str, Any]
) -> None:
    assert price(words) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("16+", (16, None)),
        ("8-12 years", (8, 12)),
        ("Ages 5 to 11", (5, 11)),
        ("Over 55", (55, None)),
        ("over 55s", (55, None)),
        ("under 18", (None, 17)),
        ("18 and over", (18, None)),
        ("All ages", (None, None)),
        ("5-11 (siblings welcome)", (None, None)),
        ("999+", (None, None)),
        (None, (None, None)),
    ],
)
def test_ages_are_read_where_that_is_all_the_words_say(words: str | None, expected: object) -> None:
    assert ages(words) == expected


def test_days_come_before_months_and_a_lost_nought_comes_back() -> None:
    assert [day(text) for text in ("12/03/1951", "1951-03-12 00:00", "12-Mar-1951", "soon")] == [
        *["1951-03-12"] * 3,
        "soon",
    ]
    assert english("1614960123") == "01614960123"
    assert english("0161 496 0123") == "0161 496 0123"
    assert split("Music; Singing | Art\nArt, craft") == ["Music", "Singing", "Art", "Art, craft"]


# The guesses, labelled by hand: what each column of the four files means.
LABELLED: dict[str, dict[str, Any]] = {
    "gm_food_banks": {
        "name": "Name",
        "route": "Referral method",
        "times": "Opening times",
        "address": "Address",
        "postcode": "Postcode",
        "url": "Website",
        "area": "Area name",
        "unused": ["Contact", "Area code"],
    },
    "gm_libraries": {
        "name": "name",
        "address": "address",
        "postcode": "postcode",
        "category": "type",
        "email": "email",
        "url": "website",
        "area": "area_name",
        "longitude": "lon",
        "latitude": "lat",
        "unused": ["area_code"],
    },
    "trafford_mental_health_services": {
        "name": "name",
        "description": "description",
        "address": "address",
        "postcode": "postcode",
        "phone": "telephone",
        "url": "website",
    },
    "sports_clubs": {
        "name": "name",
        "category": "category",
        "address": "address",
        "postcode": "postcode",
    },
}
COUNTS = {
    "gm_food_banks": (171, 0),
    "gm_libraries": (141, 0),
    "trafford_mental_health_services": (60, 1),
    "sports_clubs": (140, 0),
}


@needs_council
@pytest.mark.parametrize("name", LABELLED)
def test_the_columns_of_real_lists_are_guessed_right(name: str) -> None:
    assert mapping_for(COUNCIL / f"{name}.csv") == LABELLED[name]


@needs_council
@pytest.mark.parametrize("name", COUNTS)
def test_every_row_of_real_lists_can_be_used(name: str) -> None:
    found = [oruk.read(record, record.line) for record in records(COUNCIL / f"{name}.csv")]
    warnings = [warning for record in found for warning in record.warnings]
    assert (len(found), len(warnings)) == COUNTS[name]
    assert len({record.key for record in found}) == len(found)
    assert {warning.position for warning in warnings} <= {50}, "a postcode of one digit too many"
