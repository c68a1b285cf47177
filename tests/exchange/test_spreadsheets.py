"""Spreadsheets are read as a person sees them, within limits, or refused in a sentence."""

import csv
import io
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linkwork.errors import FileRefused
from linkwork.exchange import delimited, sheet_limits, spreadsheets, xlsx, zipped_xml
from linkwork.exchange.spreadsheets import Sheet, is_spreadsheet
from tests.exchange.sheet_files import (
    CLOCK,
    DATE,
    PERCENT,
    PHONE,
    POUNDS,
    ods,
    ods_cell,
    ods_table,
    sheet_xml,
    zipped,
)
from tests.exchange.sheet_files import (
    xlsx as workbook,
)

HEADER = ["Name", "Postcode", "When"]
CHOIR = ["Choir", "M1 6AB", "Monday 10am"]


def read(path: Path, content: str | bytes | None = None, sheet: str | None = None) -> Sheet:
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return spreadsheets.read(path, path.name, sheet=sheet)


def rows(sheet: Sheet) -> list[tuple[str, ...]]:
    return [cells for _, cells in sheet.rows]


def refusal(path: Path, content: str | bytes | None = None) -> str:
    with pytest.raises(FileRefused) as refused:
        list(read(path, content).rows)
    return str(refused.value)


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
    sheet = read(tmp_path / "a.csv", "Choir,M1 6AB,0161 496 0123\nWalk,M2 3CD,0161 496 0124\n")
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


BOMB = (
    '<!DOCTYPE a [<!ENTITY x "hahaha"><!ENTITY y "&x;&x;&x;&x;&x;&x;">]>',
    '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
    '<!DOCTYPE a SYSTEM "http://evil.example/a.dtd">',
)


@pytest.mark.parametrize("before", BOMB)
def test_a_workbook_that_declares_entities_is_refused(tmp_path: Path, before: str) -> None:
    sheet = workbook(tmp_path / "a.xlsx", {"A": sheet_xml([HEADER, CHOIR], before=before)})
    shared = workbook(
        tmp_path / "b.xlsx",
        {
            "A": sheet_xml([HEADER, CHOIR]).replace(
                't="inlineStr"><is><t>Choir</t></is>', 't="s"><v>0</v>'
            )
        },
        **{"xl/sharedStrings.xml": f"{before}<sst/>"},
    )
    table = ods(tmp_path / "a.ods", ods_table("A", [HEADER, CHOIR]), before=before)
    for path in (sheet, shared, table):
        assert "document type" in refusal(path)


def test_a_zip_bomb_is_refused_however_small_it_says_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zipped_xml, "MOST_UNPACKED_BYTES", 1_000_000)
    xml = sheet_xml([HEADER, CHOIR]).replace("<sheetData>", "<sheetData>" + " " * 2_000_000)
    assert "unpacks to more than 1 MB" in refusal(workbook(tmp_path / "a.xlsx", {"A": xml}))
    table = ods_table("A", [HEADER, CHOIR]) + " " * 2_000_000
    assert "unpacks to more than 1 MB" in refusal(ods(tmp_path / "a.ods", table))


def test_a_million_columns_are_refused_in_every_kind_of_file(tmp_path: Path) -> None:
    wide = ",".join(f"c{number}" for number in range(600))
    assert "more than 500 columns" in refusal(tmp_path / "a.csv", f"{wide}\n{wide}\n")
    assert "characters" in refusal(tmp_path / "b.csv", "x," * 1_000_000)
    far = sheet_xml([HEADER, CHOIR]).replace('r="C2"', 'r="BDWGN2"')
    assert "more than 500 columns" in refusal(workbook(tmp_path / "a.xlsx", {"A": far}))
    cell = ods_cell("x", table_number_columns_repeated="1000000")
    table = ods_table("A", [HEADER, CHOIR]).replace(
        "</table:table-row></table:table>", f"{cell}</table:table-row></table:table>"
    )
    assert "more than 500 columns" in refusal(ods(tmp_path / "a.ods", table))


def test_more_rows_than_any_list_has_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (delimited, xlsx):
        monkeypatch.setattr(module, "MOST_ROWS", 200)
    content = "Name,When\n" + "Choir,Monday\n" * 300
    assert sheet_limits.MOST_ROWS == 100_000
    assert "100,000 rows" in refusal(tmp_path / "a.csv", content)
    many = sheet_xml([["Name", "When"], *[["Choir", "Monday"]] * 300])
    assert "100,000 rows" in refusal(workbook(tmp_path / "a.xlsx", {"A": many}))


def test_a_row_repeated_a_million_times_is_refused(tmp_path: Path) -> None:
    table = ods_table("A", [HEADER, CHOIR, CHOIR]).replace(
        "<table:table-row>", '<table:table-row table:number-rows-repeated="1000000">'
    )
    assert "rows" in refusal(ods(tmp_path / "a.ods", table))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf \r\n,,,\r\n", "is empty"),
        (b"Name,When\n", "no table"),
        (b"\x00\x01\x02\x03binary\x00", "not text"),
        (b"Name,When\nChoir,Mon\x00day\n", "not text"),
        (b"PK\x03\x04 and then nothing", "damaged"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old kind"),
        (b'Name,When\nChoir,"Monday\nWalk,Tuesday\nTea,Friday\n', "line 2 that is never closed"),
        (b'Name,When\nChoir,"' + b"Monday\n" * 30_000, "never closed"),
        (b"x" * 300_000, "characters"),
    ],
)
def test_what_is_no_table_is_refused_with_what_to_do(
    tmp_path: Path, content: bytes, expected: str
) -> None:
    assert expected in refusal(tmp_path / "a.csv", content)


def test_a_workbook_that_breaks_off_is_refused(tmp_path: Path) -> None:
    whole = workbook(tmp_path / "a.xlsx", {"A": sheet_xml([HEADER, CHOIR])}).read_bytes()
    for part in (len(whole) // 3, len(whole) - 30):
        assert "damaged" in refusal(tmp_path / "b.xlsx", whole[:part])
    broken = workbook(tmp_path / "c.xlsx", {"A": sheet_xml([HEADER, CHOIR])[:-30]})
    assert "damaged" in refusal(broken)
    deep = sheet_xml([HEADER, CHOIR]).replace("<sheetData>", "<a>" * 5_000 + "<sheetData>")
    assert "damaged" in refusal(workbook(tmp_path / "d.xlsx", {"A": deep}))


def test_a_workbook_with_thousands_of_parts_is_refused(tmp_path: Path) -> None:
    parts: dict[str, str | bytes] = {f"xl/{number}.xml": b"" for number in range(5_001)}
    path = zipped(tmp_path / "a.xlsx", {"xl/workbook.xml": "<workbook/>", **parts})
    assert "parts" in refusal(path)


def test_a_part_with_a_password_is_named_as_that(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"A": sheet_xml([HEADER, CHOIR])})
    whole = bytearray(path.read_bytes())
    for place in range(len(whole) - 4):
        if whole[place : place + 4] == b"PK\x01\x02":
            whole[place + 8] |= 1
    assert "password" in refusal(path, bytes(whole))


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


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.binary(max_size=300))
def test_any_bytes_are_a_table_or_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    is_spreadsheet(path, path.name)
    with suppress(FileRefused):
        sheet = read(path)
        assert all(len(cells) == len(sheet.headers) for cells in rows(sheet))


@settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.data())
def test_a_workbook_changed_anywhere_is_a_table_or_refused(
    tmp_path: Path, data: st.DataObject
) -> None:
    cells = [HEADER, CHOIR, [46344, (46344, DATE), "x"]]
    xml = bytearray(sheet_xml(cells, merged="A2:A3").encode("ascii"))
    for _ in range(data.draw(st.integers(1, 6))):
        xml[data.draw(st.integers(0, len(xml) - 1))] = data.draw(st.integers(9, 126))
    path = workbook(tmp_path / "a.xlsx", {"A": bytes(xml).decode("ascii")})
    with suppress(FileRefused):
        rows(read(path))
