"""Rows of a search become people, or are left out with their line, the field and the reason."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linkwork.errors import FileRefused
from linkwork.exchange import column_mapping, people_files, spreadsheets
from linkwork.exchange.people_files import PeopleFile
from linkwork.exchange.person_columns import PEOPLE
from linkwork.models import Organisation, OrganisationKind
from tests.conftest import TODAY
from tests.exchange.sheet_files import DATE, PHONE, sheet_xml, xlsx

BIRCH = Organisation(name="Birch Road Surgery", kind=OrganisationKind.PRACTICE, ods_code="P84012")
PRACTICES = people_files.practices([BIRCH])
USUAL = {
    "NHS Number": "999 000 0018",
    "Family Name": "Pike",
    "Given Name": "Ada",
    "Date of Birth": "12-Mar-1951",
    "Usual GP's Organisation Code": "P84012",
}


def read(path: Path, content: str, place: Organisation | None = None) -> PeopleFile:
    path.write_text(content, encoding="utf-8")
    return read_file(path, place)


def read_file(path: Path, place: Organisation | None = None) -> PeopleFile:
    sheet = spreadsheets.read(path, path.name, vocabulary=PEOPLE)
    guesses = column_mapping.guess(sheet.headers, [cells for _, cells in sheet.rows], PEOPLE)
    return people_files.read(
        path,
        path.name,
        mapping=column_mapping.mapping_of(guesses),
        practices=PRACTICES,
        place=place,
        on=TODAY,
    )


def one(path: Path, place: Organisation | None = None, **changes: str) -> PeopleFile:
    """A list of the usual person with changes, by header; underscores are spaces."""
    cells = USUAL | {name.replace("_", " "): value for name, value in changes.items()}
    content = "\n".join(",".join(f'"{cell}"' for cell in row) for row in (cells, cells.values()))
    return read(path / "search.csv", content, place)


def faults(found: PeopleFile) -> list[tuple[int, str, str]]:
    return [(row.position, row.field, row.reason) for row in found.quarantined]


def test_a_person_is_read_with_what_a_referral_needs(tmp_path: Path) -> None:
    found = one(
        tmp_path,
        Calling_Name="Addie",
        Gender="F",
        Postcode="m16ab",
        Mobile_Telephone="7700900123",
        Email="ada@example.org",
        Main_Language="Urdu",
        Reason="Lonely",
        House_Name="The Mill",
        Town="Sale",
    )
    (person,) = found.listed
    who = person.identity
    assert (who.given_name, who.family_name, who.date_of_birth) == (
        "Ada",
        "Pike",
        date(1951, 3, 12),
    )
    assert (who.nhs_number, who.phone, who.postcode, who.gender) == (
        "9990000018",
        "07700900123",
        "M1 6AB",
        "female",
    )
    assert (person.place, person.note, person.line) == (BIRCH, "Lonely", 2)
    assert person.facts == {
        "preferred_name": "Addie",
        "address": "The Mill, Sale",
        "email": "ada@example.org",
        "language": "Urdu",
    }
    assert found.warnings == found.quarantined == []


@pytest.mark.parametrize(
    ("changes", "field", "reason"),
    [
        ({"NHS_Number": "999 000 0019"}, "NHS Number", "cannot be an NHS number"),
        ({"NHS_Number": "99900"}, "NHS Number", "cannot be an NHS number"),
        ({"Family_Name": ""}, "Family Name", "is missing."),
        ({"Given_Name": "12"}, "Given Name", "is missing."),
        ({"Family_Name": "x" * 101}, "Family Name", "has more than 100 characters."),
        ({"Date_of_Birth": ""}, "Date of Birth", "is missing."),
        ({"Date_of_Birth": "31/02/1951"}, "Date of Birth", "is not a date"),
        ({"Date_of_Birth": "1/1/2027"}, "Date of Birth", "must be in the past"),
        ({"Date_of_Birth": "1/1/1850"}, "Date of Birth", "within the last 120 years"),
        ({"Date_of_Death": "1/1/2026"}, "Date of Death", "having died"),
        ({"Consent": "No"}, "Consent", "does not say that they agreed"),
        ({"Consent": ""}, "Consent", "does not say that they agreed"),
        ({"Consent": "1/1/2027"}, "Consent", "does not say that they agreed"),
    ],
)
def test_a_row_that_cannot_be_used_says_its_line_field_and_reason(
    tmp_path: Path, changes: dict[str, str], field: str, reason: str
) -> None:
    found = one(tmp_path, **changes)
    assert found.listed == []
    ((line, where, why),) = faults(found)
    assert (line, where) == (2, field)
    assert reason in why


@pytest.mark.parametrize("agreed", ["Yes", "y", "TRUE", "Given", "3/11/2026"])
def test_a_row_that_says_they_agreed_is_taken(tmp_path: Path, agreed: str) -> None:
    assert len(one(tmp_path, Consent=agreed).listed) == 1


def test_a_part_that_cannot_be_used_is_left_out_and_said(tmp_path: Path) -> None:
    found = one(tmp_path, Postcode="nowhere", Mobile="ask son", Email="no", Telephone="01619600123")
    assert {warning.field for warning in found.warnings} == {"Postcode", "Mobile", "Email"}
    (person,) = found.listed
    assert (person.identity.phone, person.identity.postcode, person.facts) == (
        "01619600123",
        None,
        {},
    )
    said = " ".join(str(warning) for warning in found.warnings)
    assert not any(word in said for word in ("nowhere", "son"))


def test_a_person_who_is_there_twice_is_taken_once(tmp_path: Path) -> None:
    rows = [[*USUAL], [*USUAL.values()], [*USUAL.values()]]
    found = read(tmp_path / "a.csv", "\n".join(",".join(row) for row in rows))
    assert (len(found.listed), faults(found)[0][0]) == (1, 3)


@pytest.mark.parametrize(("given", "family"), [("Na", "Nan"), ("None", "Nil"), ("O’Brien", "Ng")])
def test_people_are_called_what_they_are_called(tmp_path: Path, given: str, family: str) -> None:
    (person,) = one(tmp_path, Given_Name=given, Family_Name=family).listed
    assert (person.identity.given_name, person.identity.family_name) == (given, family)


def test_where_a_person_is_a_patient_is_said_by_code_by_name_or_for_all(tmp_path: Path) -> None:
    code = "Usual_GP's_Organisation_Code"
    assert one(tmp_path, **{code: "p84012"}).listed[0].place is BIRCH
    assert one(tmp_path, **{code: "", "Practice_Name": "Birch  Road surgery"}).listed
    assert one(tmp_path, **{code: ""}, place=BIRCH).listed
    assert faults(one(tmp_path, **{code: ""}))[0][2] == "is missing."
    assert "your PCNs" in faults(one(tmp_path, **{code: "Z99999"}, place=BIRCH))[0][2]


def test_a_workbook_is_read_as_it_is_seen(tmp_path: Path) -> None:
    row: list[Any] = [9990000018, "Pike", "Ada", (18699, DATE), "P84012", (7700900123, PHONE)]
    cells = [["Search: lonely"], [], [*USUAL, "Mobile Telephone"], row]
    found = read_file(xlsx(tmp_path / "a.xlsx", {"Report": sheet_xml(cells)}))
    who = found.listed[0].identity
    assert (who.nhs_number, who.date_of_birth, who.phone) == (
        "9990000018",
        date(1951, 3, 12),
        "07700900123",
    )


def test_a_practice_is_not_guessed_where_two_have_its_name(tmp_path: Path) -> None:
    twins = [
        Organisation(name=name, kind=OrganisationKind.PRACTICE, ods_code=code)
        for name, code in (("Park  Surgery", "P84001"), ("Park Surgery", "P84002"))
    ]
    found = people_files.practices([BIRCH, *twins])
    path = tmp_path / "a.csv"
    lines = ("P84002,", ",park surgery", ",Birch Road  Surgery")
    rows = [f"Pike,Ada,1/1/195{n},{where}" for n, where in enumerate(lines)]
    path.write_text("\n".join(["Family Name,Given Name,Date of Birth,Code,Practice", *rows]))
    mapping = {
        "family_name": "Family Name",
        "given_name": "Given Name",
        "date_of_birth": "Date of Birth",
        "practice_code": "Code",
        "practice_name": "Practice",
    }
    read = people_files.read(path, "a.csv", mapping=mapping, practices=found, place=None, on=TODAY)
    assert [one.place for one in read.listed] == [twins[1], BIRCH]
    assert [(one.position, one.reason) for one in read.quarantined] == [(3, people_files.SEVERAL)]


def test_a_list_that_lost_a_column_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("Family Name,Given Name,Date of Birth\nPike,Ada,1/1/1950\n")
    mapping = {"family_name": "Family Name", "date_of_birth": "DOB"}
    with pytest.raises(FileRefused, match="no column DOB"):
        people_files.read(
            path, "a.csv", mapping=mapping, practices=PRACTICES, place=BIRCH, on=TODAY
        )


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(st.lists(st.text(max_size=15), min_size=5, max_size=5), min_size=1, max_size=5))
def test_every_row_of_any_list_is_taken_or_left_out_with_a_reason(
    tmp_path: Path, rows: list[list[str]]
) -> None:
    rows = [["".join(c for c in cell if c not in '",\r\n\0') for cell in row] for row in rows]
    lines = [[*USUAL], [*USUAL.values()], *rows]
    found = read(tmp_path / "a.csv", "\n".join(",".join(f'"{c}"' for c in row) for row in lines))
    filled = sum(any(cell.strip() for cell in row) for row in rows)
    assert 1 <= len(found.listed) + len(found.quarantined) <= filled + 1
    assert all(row.field and row.reason.endswith(".") for row in found.quarantined)
