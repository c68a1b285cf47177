"""Spreadsheets that are bombs, broken or something else are refused in a sentence, in bounds."""

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linkwork.errors import FileRefused
from linkwork.exchange import delimited, sheet_limits, xlsx, zipped_xml
from linkwork.exchange.spreadsheets import is_spreadsheet
from tests.exchange.sheet_files import (
    CHOIR,
    DATE,
    HEADER,
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


def test_more_cells_than_any_list_has_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zipped_xml, "MOST_ELEMENTS", 1_000)
    xml = sheet_xml([HEADER, CHOIR]).replace(
        "</row></sheetData>", f"{'<c/>' * 2_000}</row></sheetData>"
    )
    assert "more cells" in refusal(workbook(tmp_path / "a.xlsx", {"A": xml}))


def shared(path: Path, *texts: str, times: int = 2) -> Path:
    """A workbook whose rows all point to the last of these shared texts."""
    told = "".join(f"<si><t>{text}</t></si>" for text in texts)
    cell = f'<c t="s"><v>{len(texts) - 1}</v></c>'
    rows = f"<row>{cell * 3}</row>" * times
    return workbook(
        path,
        {"A": f"<worksheet><sheetData>{rows}</sheetData></worksheet>"},
        **{"xl/sharedStrings.xml": f"<sst>{told}</sst>"},
    )


def test_shared_texts_are_counted_by_the_memory_they_take(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zipped_xml, "MOST_KEPT_BYTES", 1_000_000)
    plain, wide = "x" * 9_999 + "y", "x" * 9_999 + "\U0001f600"
    assert len(rows(read(shared(tmp_path / "a.xlsx", *[plain] * 60)))) == 2
    assert "more text" in refusal(shared(tmp_path / "b.xlsx", *[wide] * 60))


def test_a_workbook_may_keep_fifty_megabytes_in_memory_and_no_more(tmp_path: Path) -> None:
    wide = "x" * 39_999 + "\U0001f600"
    assert "more text" in refusal(shared(tmp_path / "a.xlsx", *[wide] * 400))


def test_one_long_text_that_many_cells_share_counts_in_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zipped_xml, "MOST_CHARACTERS", 1_000_000)
    long = "x" * 1_000
    assert len(rows(read(shared(tmp_path / "a.xlsx", long, times=300)))) == 300
    assert "more text" in refusal(shared(tmp_path / "b.xlsx", long, times=400))
    assert "more text" in refusal(shared(tmp_path / "c.xlsx", "x" * 20_000, times=30))


def test_names_and_formats_without_end_are_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zipped_xml, "MOST_KEPT_BYTES", 100_000)
    sheet, many = {"A": sheet_xml([HEADER, CHOIR])}, "x" * 1_000
    formats = "".join(f'<numFmt numFmtId="{n}" formatCode="{many}"/>' for n in range(200))
    styles = {"xl/styles.xml": f"<styleSheet>{formats}</styleSheet>"}
    assert "more text" in refusal(workbook(tmp_path / "a.xlsx", sheet, **styles))
    tables = [ods_table(f"{many} {number}", [HEADER, CHOIR]) for number in range(200)]
    assert "more text" in refusal(ods(tmp_path / "a.ods", "".join(tables)))


def test_a_part_that_unpacks_to_far_more_than_a_sheet_does_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zipped_xml, "PLAIN_BYTES", 1_000_000)
    xml = sheet_xml([HEADER, CHOIR]).replace("<sheetData>", "<sheetData>" + " " * 2_000_000)
    assert "far more than a list does" in refusal(workbook(tmp_path / "a.xlsx", {"A": xml}))


def test_a_tag_without_end_is_not_waited_for(tmp_path: Path) -> None:
    text = sheet_xml([HEADER, CHOIR]).replace("Choir", "Choir " * 400_000)
    assert len(rows(read(workbook(tmp_path / "a.xlsx", {"A": text})))) == 1
    tag = sheet_xml([HEADER, CHOIR]).replace("<sheetData>", f'<sheetData a="{"x" * 2_000_000}">')
    assert "damaged" in refusal(workbook(tmp_path / "b.xlsx", {"A": tag}))


def test_a_binary_workbook_is_named_as_that(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.xlsb", {"xl/workbook.bin": b"\x00"})
    assert is_spreadsheet(path, path.name)
    assert "XLSB" in refusal(path)


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
