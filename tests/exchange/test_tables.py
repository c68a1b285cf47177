"""Tables are recognised by what their headers mean, and refused in a sentence otherwise."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from linkwork.errors import FileRefused
from linkwork.exchange import tables
from linkwork.exchange.tables import Layout, read, year_and_month

FRUIT = Layout(
    "list of fruit",
    {"code": ("fruit_code", "code"), "weight": ("weight", "grams"), "note": ("note",)},
    ("code", "weight"),
)


def written(folder: Path, content: str | bytes) -> Path:
    file = folder / "fruit.csv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return file


def rows(folder: Path, content: str | bytes) -> list[dict[str, str]]:
    return [row for _, row in read(written(folder, content), [FRUIT]).rows]


def refusal(folder: Path, content: str | bytes) -> str:
    with pytest.raises(FileRefused) as refused:
        rows(folder, content)
    return str(refused.value)


@pytest.mark.parametrize(
    "content",
    [
        "FRUIT_CODE,WEIGHT\nA1,20\n",
        "Weight;Fruit code\r\n20;A1\r\n",
        "Fruit-Code\tGrams 2021-01\nA1\t20\n",
        "code|weight\n A1 | 20 \n\n",
        "Fruit of the year\nPrinted on Monday, in England\n\nCode,Weight\nA1,20\n",
        '"code","weight"\n"A1","20"',
    ],
)
def test_a_table_is_read_whatever_its_order_case_separator_or_title(
    tmp_path: Path, content: str
) -> None:
    assert rows(tmp_path, content) == [{"code": "A1", "weight": "20"}]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_a_table_is_read_in_the_encodings_spreadsheets_write(tmp_path: Path, encoding: str) -> None:
    content = "code,weight,note\nA1,20,Crème brûlée’s\n".encode(encoding)
    assert rows(tmp_path, content)[0]["note"] == "Crème brûlée’s"


def test_the_preferred_name_of_a_column_wins(tmp_path: Path) -> None:
    assert rows(tmp_path, "code,fruit code,weight\nno,yes,1\n")[0]["code"] == "yes"


def test_of_two_columns_of_the_same_name_the_first_is_read(tmp_path: Path) -> None:
    assert rows(tmp_path, "code,code,weight\nyes,no,1\n")[0]["code"] == "yes"


def test_a_row_that_ends_early_has_empty_text_for_the_rest(tmp_path: Path) -> None:
    assert rows(tmp_path, "code,weight,note\nA1\n") == [{"code": "A1", "weight": "", "note": ""}]


def test_rows_know_the_line_they_stand_on(tmp_path: Path) -> None:
    content = 'Title\ncode,weight\nA1,1\n\n"A\n2",2\nA3,3\n'
    numbers = [line for line, _ in read(written(tmp_path, content), [FRUIT]).rows]
    assert numbers == [3, 6, 7]


def test_the_refusal_of_another_file_says_what_is_missing_and_what_was_found(
    tmp_path: Path,
) -> None:
    assert refusal(tmp_path, "code,colour\nA1,red\n") == (
        "fruit.csv is not a list of fruit: it has no column for weight."
        " Its columns are: code, colour."
    )


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"PK\x03\x04rest of a workbook", "is a workbook or an archive"),
        (b"code,weight\nA1\0,20\n", "is not text"),
        ("code,weight\n" + "x" * 30_000, "a line of more than 20,000 characters"),
        ('code,weight\n"' + ("x" * 90 + "\n") * 2_000, "cannot be read after line"),
        (b"\xff\xfe", "is not a list of fruit"),
        (b"%PDF-1.4 and so on", "Its columns are: %PDF-1.4 and so on."),
    ],
)
def test_the_refusal_of_what_is_no_table_says_why(
    tmp_path: Path, content: str | bytes, says: str
) -> None:
    assert says in refusal(tmp_path, content)


def test_the_refusal_of_a_file_beyond_the_limits_says_which(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "MOST_ROWS", 2)
    assert "more than 2 rows" in refusal(tmp_path, "code,weight\n" + "A1,1\n" * 3)
    monkeypatch.setattr(tables, "MOST_BYTES", 10)
    assert "is larger than 0 MB" in refusal(tmp_path, "code,weight\n")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("registered_patients_2021_01", (2021, 1)),
        ("Patients 2019", (2019, 1)),
        ("patients 2021-13", None),
        ("patients", None),
    ],
)
def test_a_header_may_end_with_the_month_it_is_true_of(
    header: str, expected: tuple[int, int] | None
) -> None:
    assert year_and_month(header) == expected


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(content=st.binary(max_size=300) | st.text(max_size=300).map(str.encode))
def test_whatever_a_file_holds_it_is_read_or_refused(tmp_path: Path, content: bytes) -> None:
    try:
        found, said = rows(tmp_path, content), "fruit.csv "
    except FileRefused as refused:
        found, said = [], str(refused)
    assert said.startswith("fruit.csv ")
    assert all(set(row) <= set(FRUIT.columns) for row in found)
