"""Columns are guessed by their names and by what is in them, and remembered as they were chosen."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linkwork.exchange import column_mapping, directory_sheets
from linkwork.exchange.column_contents import is_nothing, shares
from linkwork.exchange.column_mapping import Certainty, Guess, guess, mapping_of
from linkwork.exchange.column_names import Content
from linkwork.exchange.person_columns import PEOPLE
from linkwork.exchange.service_columns import SERVICES

SEEN = {
    Content.POSTCODE: ["M1 6AB", "wa15 6pl", "M14"],
    Content.PHONE: ["0161 496 0123", "+44 7700 900123", "1614960123", "(0161) 496 0000 ext 5"],
    Content.EMAIL: ["hello@choir.example", "a.b@c.example"],
    Content.WEB: ["https://choir.example/a?b=1", "www.choir.example", "choir.org.uk"],
    Content.NHS_NUMBER: ["999 000 0018", "9990000026", "999-000-0034"],
    Content.DATE: ["12/3/1951", "2026-11-18", "18 Nov 2026", "18-Nov-2026"],
    Content.LATITUDE: ["53.594458", "51.5072"],
    Content.LONGITUDE: ["-2.58651", "0.1276"],
    Content.TIMES: ["Wednesday 10am - 4pm", "Mon-Fri 9:30-12.30", "Tues 2pm"],
    Content.MONEY: ["Free", "£3.50 per session", "£2", "GBP 4"],
    Content.YES_NO: ["Yes", "n", "TRUE"],
    Content.AGES: ["16+", "8-12 years", "Over 55", "All ages"],
    Content.PRACTICE_CODE: ["P84012", "A81001"],
    Content.AREA_CODE: ["E08000003", "W06000015"],
}


@pytest.mark.parametrize("kind", SEEN)
def test_what_is_in_a_column_is_known_whatever_its_header(kind: Content) -> None:
    assert shares(SEEN[kind])[kind] == 1
    words = shares(["Bring a friend", "Tea and talk", "Everybody is welcome"])
    assert words[kind] == 0


@pytest.mark.parametrize(
    "text", ["", "NA", "n/a", "Not known", "NOT KNOWN", "-", "–", "#N/A", " . "]
)
def test_a_cell_can_say_nothing(text: str) -> None:
    assert is_nothing(text)


@pytest.mark.parametrize("text", ["Nan’s kitchen", "No", "None of the above", "0", "Nairn"])
def test_a_cell_that_says_something_is_not_taken_for_nothing(text: str) -> None:
    assert not is_nothing(text)


def guessed(headers: list[str], *rows: list[str]) -> dict[str, Guess]:
    return {one.header: one for one in guess(headers, rows, SERVICES)}


def test_a_usual_header_is_sure_and_says_what_is_seen() -> None:
    found = guessed(["Post Code"], ["M1 6AB"], ["NA"])["Post Code"]
    assert (found.meaning, found.certainty) == ("postcode", Certainty.SURE)
    assert (
        found.reason == "The header is “Post Code”, and 100% of what is in it looks like postcodes."
    )
    assert found.examples == ("M1 6AB",)


def test_a_column_is_known_by_what_is_in_it() -> None:
    found = guessed(["Name", "Wo", "X1"], ["Choir", "M1 6AB", "0161 496 0123"])
    assert (found["Wo"].meaning, found["X1"].meaning) == ("postcode", "phone")
    assert {found[header].certainty for header in ("Wo", "X1")} == {Certainty.LIKELY}


def test_a_header_that_what_is_in_it_contradicts_is_not_believed() -> None:
    found = guessed(["Name", "Phone", "Tel"], ["Choir", "hello@choir.example", "0161 496 0123"])
    assert (found["Tel"].meaning, found["Tel"].certainty) == ("phone", Certainty.SURE)
    assert found["Phone"].meaning == "email"


def test_an_ambiguous_header_is_read_by_what_is_in_it() -> None:
    assert guessed(["Name", "Contact"], ["Choir", "01614960123"])["Contact"].meaning == "phone"
    assert guessed(["Name", "Contact"], ["Choir", "Jo Bell"])["Contact"].meaning is None
    assert guessed(["Organisation", "Tel"], ["Choir", "1"])["Organisation"].meaning == "name"
    found = guessed(["Organisation", "Activity"], ["Arts", "Choir"])
    assert (found["Organisation"].meaning, found["Activity"].meaning) == ("provider", "name")


def test_several_columns_can_make_an_address_and_no_two_a_name() -> None:
    headers = ["Name", "Name (2)", "Address line 1", "Address line 2", "Town"]
    mapping = mapping_of(guess(headers, [["Choir", "Song", "1 Road", "Village", "Town"]], SERVICES))
    assert mapping["address"] == ["Address line 1", "Address line 2"]
    assert mapping["city"] == "Town"
    assert mapping["name"] == "Name"
    assert mapping[column_mapping.UNUSED] == ["Name (2)"]


def test_the_table_that_linkwork_itself_gives_out_is_understood() -> None:
    mapping = mapping_of(guess(directory_sheets.HEADERS, [], SERVICES))
    assert mapping == {
        "name": "Activity",
        "status": "Status",
        "description": "What it is",
        "provider": "Provider",
        "times": "When",
        "address": "Where",
        "postcode": "Postcode",
        "eligibility": "For whom",
        "cost": "Cost",
        "languages": "Languages",
        "accessibility": "Access",
        "route": "How to refer",
        "email": "Email",
        "phone": "Phone",
        "url": "Website",
        "checked_on": "Last checked",
        "id": "Id",
        "unused": ["Listed", "Needs", "Channels", "Room", "Ends on"],
    }


def test_codes_of_areas_are_no_area() -> None:
    found = guessed(["Name", "Area", "Area code"], ["Choir", "Bolton", "E08000001"])
    assert (found["Area"].meaning, found["Area code"].meaning) == ("area", None)


def test_a_search_of_a_gp_system_is_understood() -> None:
    headers = [
        "NHS Number",
        "Family Name",
        "Calling Name",
        "Date of Birth",
        "Gender",
        "Postcode",
        "Mobile Telephone",
        "Usual GP's Organisation Code",
    ]
    row = ["999 000 0018", "Pike", "Ada", "12-Mar-1951", "F", "M1 6AB", "07700 900123", "P84012"]
    found = guess(headers, [row], PEOPLE)
    assert [one.meaning for one in found] == [
        "nhs_number",
        "family_name",
        "preferred_name",
        "date_of_birth",
        "gender",
        "postcode",
        "mobile",
        "practice_code",
    ]
    assert {one.certainty for one in found} <= {Certainty.SURE, Certainty.LIKELY}
    assert column_mapping.problems(mapping_of(found), PEOPLE) == []


def test_what_is_needed_and_what_is_there_twice_is_named() -> None:
    assert column_mapping.problems({"phone": "Tel"}, SERVICES) == [
        "Choose the column for “Name of the activity”."
    ]
    assert column_mapping.problems({"name": ["A", "B"]}, SERVICES) == [
        "Only one column can be “Name of the activity”: “A” and “B” both are."
    ]
    wrong = column_mapping.problems({"family_name": "A", "date_of_birth": "B"}, PEOPLE)
    assert wrong == ["Choose a column for “First name” or “Likes to be called”."]


def test_a_mapping_fits_a_file_with_the_same_columns_in_any_order() -> None:
    mapping = {"name": "Name", "address": ["Road", "Town"], "unused": ["Notes"], "sheet": "A"}
    assert column_mapping.fits(mapping, ["Town", "Road", "Notes", "Name"])
    assert not column_mapping.fits(mapping, ["Town", "Notes", "Name"])
    assert column_mapping.missing(mapping, ["Town", "Notes", "Name"]) == ["Road"]
    assert not column_mapping.fits(mapping, ["Town", "Road", "Notes", "Name", "New"])
    assert not column_mapping.fits({}, ["Name"])
    assert column_mapping.fits(mapping, ["Town", "Road", "Name"]), "nothing is read from Notes"


def test_what_was_remembered_is_suggested_before_what_is_guessed() -> None:
    guesses = guess(["Name", "Phone", "Ring", "Web"], [], SERVICES)
    remembered = {"name": "Name", "phone": "Ring", "unused": ["Web"]}
    assert column_mapping.suggested(guesses, remembered) == ["name", "", "phone", ""]
    assert column_mapping.suggested(guesses, {}) == ["name", "phone", "", "url"]


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.text(max_size=30), min_size=1, max_size=8, unique=True),
    st.lists(st.lists(st.text(max_size=40), max_size=8), max_size=5),
)
def test_any_columns_can_be_guessed_and_no_header_is_lost(
    headers: list[str], rows: list[list[str]]
) -> None:
    for vocabulary in (SERVICES, PEOPLE):
        found = guess(headers, rows, vocabulary)
        mapping = mapping_of(found)
        assert [one.header for one in found] == headers
        kept = [h for code in mapping for h in column_mapping.headers_of(mapping, code)]
        assert sorted(kept) == sorted(headers)
        assert column_mapping.fits(mapping, headers)
        for code in mapping.keys() - {"unused"}:
            assert vocabulary.by_code[code].many or isinstance(mapping[code], str)
