"""Spreadsheets are read as a person sees them, within limits, or refused in a sentence."""

import csv
import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linkwork.exchange.spreadsheets import is_spreadsheet
from tests.exchange.sheet_files import (
    CHOIR,
    CLOCK,
    DATE,
    HEADER,
    PERCENT,
    PHONE,
    POUNDS,
    ods,
    ods_cell,
    ods_table,
    read,
    refusal,
    rows,
    sheet_xml,
    zipped,
)
from tests.exchange.sheet_files import (
    xlsx as workbook,
)


@pytest.mark.parametrize(
    "content",
    [
        "Name,Postcode,When\nChoir,M1 6AB,Monday 10am\n",
        "Name;Postcode;When\r\nChoir;M1 6AB;Monday 10am\r\n",
        "Name\tPostcode\tWhen\rChoir\tM1 6AB\tMonday 10am\r",
        "sep=|\nName|Postcode|When\nChoir|M1 6AB|Monday 10am",
        "Groups\nPrinted in May, here\n\nName,Postcode,When\nChoir,M1 6AB,Monday 10am\n",
        ',Name,,Postcode,When\n,Choir,,M1 6AB,"Monday 10am"\n,,,,\n',
        "\ufeffName,Postcode,When\r\nChoir,M1 6AB,Monday 10am\n\r\n",
    ],
)
def test_a_text_table_is_read_whatever_its_separator_line_ends_or_title(
    tmp_path: Path, content: str
) -> None:
    sheet = read(tmp_path / "groups.csv", content)
    assert (list(sheet.headers), rows(sheet)) == (HEADER, [tuple(CHOIR)])


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_a_text_table_is_read_in_the_encodings_spreadsheets_write(
    tmp_path: Path, encoding: str
) -> None:
    content = "Name,When\nCafé – O’Brien’s,Monday 10am\n".encode(encoding)
    assert rows(read(tmp_path / "groups.csv", content)) == [("Café – O’Brien’s", "Monday 10am")]


def test_a_file_put_together_from_two_encodings_keeps_both(tmp_path: Path) -> None:
    content = "Name,When\nCafé,Monday\n".encode() + "Crème,Tuesday\n".encode("cp1252")
    assert [name for name, _ in rows(read(tmp_path / "a.csv", content))] == ["Café", "Crème"]


def test_lines_are_counted_as_the_programme_of_the_user_counts_them(tmp_path: Path) -> None:
    sheet = read(
        tmp_path / "a.csv", 'Title\n\nName,When\n"Tea\nand talk",Monday\n\nChoir,Tuesday\n'
    )
    assert (sheet.header_line, [line for line, _ in sheet.rows]) == (3, [4, 7])


def test_headers_that_come_twice_or_are_empty_get_names_of_their_own(tmp_path: Path) -> None:
    sheet = read(tmp_path / "a.csv", "Name,Name,,Notes,\nChoir,Song,x,,\n")
    assert sheet.headers == ("Name", "Name (2)", "Column 3", "Notes")
    assert rows(sheet) == [("Choir", "Song", "x", "")]


def test_a_list_without_a_header_has_columns_all_the_same(tmp_path: Path) -> None:
    sheet = read(tmp_path / "a.csv", "Choir,M1 6AB,0161 496 0123\nWalk,M2 3DD,0161 496 0124\n")
    assert (sheet.header_line, sheet.headers) == (0, ("Column 1", "Column 2", "Column 3"))
    assert len(rows(sheet)) == 2


def test_a_workbook_says_what_a_person_sees(tmp_path: Path) -> None:
    cells = [
        ["Groups 2026"],
        [],
        ["Name", "From", "Phone", "Cost", "At", "Full", "Latitude"],
        [
            "Choir",
            (46344, DATE),
            (1614960123, PHONE),
            (3.5, POUNDS),
            (0.4375, CLOCK),
            (0.5, PERCENT),
            53.594458,
        ],
    ]
    sheet = read(workbook(tmp_path / "a.xlsx", {"Groups": sheet_xml(cells)}))
    assert (sheet.title, sheet.header_line) == ("Groups", 3)
    assert rows(sheet) == [
        ("Choir", "2026-11-18", "01614960123", "£3.50", "10:30", "50%", "53.594458")
    ]


def test_a_formula_shows_its_kept_value_and_is_never_worked_out(tmp_path: Path) -> None:
    formula = '<c r="B2" t="str"><f>HYPERLINK("http://evil.example","x")</f><v>Monday</v></c>'
    number = '<c r="C2"><f>1+2</f><v>3</v></c>'
    xml = sheet_xml([["Name", "When", "Cost"], ["Choir"]]).replace(
        "</c></row></sheetData>", f"</c>{formula}{number}</row></sheetData>"
    )
    assert rows(read(workbook(tmp_path / "a.xlsx", {"A": xml}))) == [("Choir", "Monday", "3")]


def test_a_value_merged_over_rows_stands_in_each_of_them(tmp_path: Path) -> None:
    cells: list[list[str | None]] = [
        ["Provider", "Name"],
        ["Arts", "Choir"],
        [None, "Walk"],
        [None, "Tea"],
    ]
    xml = sheet_xml(cells, merged="A2:A3")  # type: ignore[arg-type]
    found = rows(read(workbook(tmp_path / "a.xlsx", {"A": xml})))
    assert found == [("Arts", "Choir"), ("Arts", "Walk"), ("", "Tea")]


def test_of_several_sheets_the_table_is_taken_and_the_others_can_be_asked_for(
    tmp_path: Path,
) -> None:
    notes = sheet_xml([["Please read"], ["This list is old"]])
    few = sheet_xml([["Colour", "Meaning"], ["Red", "Full"]])
    path = workbook(
        tmp_path / "a.xlsx",
        {"Key": few, "Groups": sheet_xml([HEADER, CHOIR, CHOIR]), "Read me": notes},
    )
    assert read(path).title == "Groups"
    assert read(path).sheets[:2] == ("Key", "Groups")
    assert read(path, sheet="Key").headers == ("Colour", "Meaning")
    assert read(path, sheet="Gone").title == "Groups"


def test_a_sheet_that_is_hidden_is_not_what_a_person_sees(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        {"Old": sheet_xml([HEADER, *[CHOIR] * 9]), "New": sheet_xml([HEADER, CHOIR])},
    )
    hidden = path.read_bytes()
    with zipfile.ZipFile(io.BytesIO(hidden)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    book = parts["xl/workbook.xml"].replace(b'name="Old"', b'name="Old" state="hidden"')
    sheet = read(zipped(tmp_path / "b.xlsx", {**parts, "xl/workbook.xml": book}))
    assert (sheet.title, sheet.sheets) == ("New", ("New",))


def test_an_opendocument_sheet_says_what_a_person_sees(tmp_path: Path) -> None:
    extra = (
        ods_cell("18/11/26", office_value_type="date", office_date_value="2026-11-18")
        + ods_cell("01614960123", office_value_type="float", office_value="1614960123")
        + ods_cell("53.59", office_value_type="float", office_value="53.594458")
        + '<table:table-cell table:number-columns-repeated="16000"/>'
    )
    table = ods_table("A", [["Title"], ["Name", "From", "Phone", "Latitude"], ["Choir"]]).replace(
        "</table:table-row></table:table>",
        extra
        + '</table:table-row><table:table-row table:number-rows-repeated="1048000"/></table:table>',
    )
    sheet = read(ods(tmp_path / "a.ods", table))
    assert rows(sheet) == [("Choir", "2026-11-18", "01614960123", "53.594458")]


def test_a_comment_stuck_to_a_cell_is_not_what_the_cell_says(tmp_path: Path) -> None:
    table = ods_table("A", [["Name", "When"], ["Choir", "Monday"]]).replace(
        "<text:p>Monday",
        "<office:annotation><text:p>Ask Jo</text:p></office:annotation><text:p>Monday",
    )
    assert rows(read(ods(tmp_path / "a.ods", table))) == [("Choir", "Monday")]


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.csv", b"Name,When\nChoir,Monday\n", True),
        ("list", b"Name;When\nChoir;Monday\n", True),
        ("a.json", b'{"services": []}', False),
        ("a.csv", b'\xef\xbb\xbf[{"name": "Choir"}]', False),
        ("a.xls", b"<html><table><tr><td>Name</td></tr></table></html>", False),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", True),
        ("a.csv", b"", False),
        ("a.pdf", b"%PDF-1.7, a; b", False),
    ],
)
def test_a_spreadsheet_is_known_by_what_is_in_it(
    tmp_path: Path, name: str, content: bytes, expected: bool
) -> None:
    (tmp_path / name).write_bytes(content)
    assert is_spreadsheet(tmp_path / name, name) is expected


def test_a_zip_of_other_things_is_no_spreadsheet(tmp_path: Path) -> None:
    package = zipped(tmp_path / "tables.zip", {"services.csv": "id,name\n1,Choir\n"})
    assert not is_spreadsheet(package, "tables.zip")
    assert "zip file" in refusal(package)
    assert is_spreadsheet(ods(tmp_path / "a.ods", ods_table("A", [HEADER, CHOIR])), "a.ods")
    assert not is_spreadsheet(tmp_path, "folder.csv")


CELLS = st.text(
    st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"], exclude_characters="\x85\ufeff"),
    max_size=12,
).map(str.strip)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=8),
    st.sampled_from("utf-8 utf-16".split()),
)
def test_every_row_of_every_table_is_given_back(
    tmp_path: Path, table: list[tuple[str, str]], encoding: str
) -> None:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerows([("Name", "Postcode"), ("Always", "M1 6AB"), *table])
    sheet = read(tmp_path / "a.csv", text.getvalue().encode(encoding))
    assert sheet.headers == ("Name", "Postcode")
    assert rows(sheet) == [("Always", "M1 6AB"), *[row for row in table if any(row)]]
