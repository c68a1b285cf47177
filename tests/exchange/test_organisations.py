"""Practices, PCNs, boards and list sizes come in from the published files, and come in once."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, event, select

from linkwork.database import db
from linkwork.errors import FileRefused
from linkwork.models import ListSize, Organisation, OrganisationKind
from tests.exchange.ods_files import (
    FEN,
    LISTS,
    MAP,
    MOOR,
    ON,
    Files,
    brought_in,
    history,
    list_size,
    organisation,
)
from tests.paths import SHARED_DATA

ODS = SHARED_DATA / "ods"
real_files = pytest.mark.skipif(not ODS.exists(), reason="shared data absent")


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


@contextmanager
def counted() -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield statements
    event.remove(Engine, "before_cursor_execute", note)


def test_practices_belong_to_pcns_and_pcns_to_boards_with_their_region(
    app: Flask, files: Files
) -> None:
    report = brought_in(files.map(MAP))
    practice = organisation("Z10001")
    assert (practice.kind, practice.name) == (OrganisationKind.PRACTICE, "CANAL STREET")
    assert practice.parent is organisation("Z00001")
    assert practice.postcode == "ZZ1 3BD"
    board = organisation("Z00001").parent
    assert board is not None
    assert (board.ods_code, board.name, board.region) == ("QZZ", "Moorvale", "North West")
    assert history("Z10001") == [("Z00001", "2022-01-01", None)]
    assert report.added == {"boards": 2, "PCNs": 2, "practices": 4}


def test_a_practice_in_no_pcn_is_kept_without_one_and_named(app: Flask, files: Files) -> None:
    report = brought_in(files.map(MAP))
    assert organisation("Z10004").parent is None
    assert "Practices in no PCN; kept without one (1): Z10004." in report.lines()


def test_the_list_of_a_pcn_is_the_sum_of_its_practices_and_who_lacks_one_is_named(
    app: Flask, files: Files
) -> None:
    report = brought_in(files.map(MAP), files.lists([*LISTS, "01JAN2021,GP,Z99999,ALL,ALL,9"]))
    assert list_size("Z00001") == 6903
    assert list_size("Z00002") is None
    assert db.session.scalars(select(ListSize.as_of)).first() == date(2021, 1, 1)
    assert report.lines()[-3:] == [
        "List sizes of organisations not in the map (1): Z99999.",
        "Practices without a list size; their PCN’s lacks them (2): Z10003, Z10004.",
        "PCNs without a list size, so without a share (1): Z00002.",
    ]


def test_list_sizes_per_pcn_are_taken_as_they_are_with_the_month_of_their_header(
    app: Flask, files: Files
) -> None:
    lists = files.lists(["Z00001,Central,70200"], "pcn_code,pcn_name,registered_patients_2021_03")
    brought_in(files.map(MAP), lists)
    assert list_size("Z00001") == 70_200
    assert db.session.scalars(select(ListSize.as_of)).all() == [date(2021, 3, 1)]


def test_only_the_rows_for_everybody_are_a_list_size(app: Flask, files: Files) -> None:
    parts = ["01JAN2021,GP,Z10001,MALE,0_4,9", "01JAN2021,CCG,Z10001,ALL,ALL,777"]
    brought_in(files.map(MAP), files.lists([*parts, *LISTS]))
    assert list_size("Z10001") == 5903


@pytest.mark.parametrize("patients", ["*", "-1", "1.5", "99999999", "", "²"])
def test_a_list_size_that_is_no_number_is_left_out_and_its_line_named(
    app: Flask, files: Files, patients: str
) -> None:
    report = brought_in(
        files.map(MAP), files.lists([*LISTS, f"01JAN2021,GP,Z10003,ALL,ALL,{patients}"])
    )
    assert list_size("Z10003") is None
    assert "List sizes that are no number of patients, or for no code (1): line 4." in (
        report.lines()
    )


def test_a_second_import_of_the_same_files_changes_nothing(app: Flask, files: Files) -> None:
    brought_in(files.map(MAP), files.lists(LISTS))
    with counted() as statements:
        report = brought_in(files.map(MAP), files.lists(LISTS))
    assert report.changes_nothing
    assert report.unchanged == {"boards": 2, "PCNs": 2, "practices": 4, "list sizes": 3}
    # Before every commit it is asked whether somebody is to be counted anew.
    wanted = [s for s in statements if "count_due" not in s]
    about_them = [s for s in wanted if "organisation" in s or "list_size" in s]
    assert not [s for s in about_them if not s.startswith("SELECT")]


def test_a_pcn_across_two_boards_is_put_in_the_one_with_most_practices(
    app: Flask, files: Files
) -> None:
    report = brought_in(files.map([*MAP, MAP[0].replace("Z10001", "Z10005").replace(MOOR, FEN)]))
    parent = organisation("Z00001").parent
    assert parent is not None
    assert parent.ods_code == "QZZ"
    assert (
        "PCNs across two boards; put in the one with most practices (1): Z00001." in report.lines()
    )


@pytest.mark.parametrize(
    ("row", "says"),
    [
        ("X,01Jan2022,,NO CODE,,Z00001,CENTRAL PCN,,,", "line 6"),
        ("X,01Jan2022,Z10009,,,Z00001,CENTRAL PCN,,,", "line 6"),
        ("X,01Jan2022,Z10009,NAME,,=1+1,CENTRAL PCN,,,", "Rows whose PCN code is no code"),
        ("X,01Jan2022,Z10001,OTHER,,Z00002,NORTH PCN,,,", "listed again differently"),
    ],
)
def test_a_row_that_cannot_be_used_is_left_out_and_named(
    app: Flask, files: Files, row: str, says: str
) -> None:
    report = brought_in(files.map([*MAP, row]))
    assert report.added["practices"] == 4
    assert any(says in line for line in report.lines())


def test_a_code_known_as_something_else_is_left_alone_and_named(app: Flask, files: Files) -> None:
    trust = Organisation(kind=OrganisationKind.TRUST, name="Moorvale Trust", ods_code="Z10001")
    db.session.add(trust)
    report = brought_in(files.map(MAP))
    assert organisation("Z10001").name == "Moorvale Trust"
    assert "Stored already as something other than practices (1): Z10001." in report.lines()


def test_a_map_of_another_year_is_read_by_the_meaning_of_its_headers(
    app: Flask, files: Files
) -> None:
    head = "Practice Code;Practice Name;PCN Code;PCN Name;ICB Code;ICB Name;Region name"
    brought_in(files.map(["", "Z10001;CANAL STREET;Z00001;CENTRAL PCN;QZZ;Moorvale;North"], head))
    assert organisation("Z10001").parent is organisation("Z00001")
    assert history("Z10001") == [("Z00001", str(ON), None)]


def test_a_file_that_looks_cut_short_is_refused_and_changes_nothing(
    app: Flask, files: Files
) -> None:
    ten = [MAP[0].replace("Z10001", f"Z1000{n}") for n in range(10)]
    brought_in(files.map(ten), files.lists([f"01JAN2021,GP,Z1000{n},ALL,ALL,5" for n in range(10)]))
    renamed = [row.replace("CANAL", "LOCK") for row in ten]
    with pytest.raises(FileRefused, match="has 7 practices, and 10 are stored already"):
        brought_in(files.map(renamed[:7]))
    with pytest.raises(FileRefused, match="has 2 list sizes, and 10 are stored already"):
        brought_in(files.map(renamed), files.lists(LISTS))
    assert organisation("Z10000").name == "CANAL STREET"
    assert brought_in(files.map(ten[:8])).changes_nothing


def test_the_refusal_of_the_wrong_file_says_what_it_is(app: Flask, files: Files) -> None:
    lists, right = files.lists(LISTS), files.map(MAP)
    with pytest.raises(FileRefused, match=r"lists\.csv is a table of list sizes, and a practice-"):
        brought_in(lists)
    with pytest.raises(FileRefused, match=r"map\.csv is a practice-to-PCN map, and a table of"):
        brought_in(right, right)
    assert db.session.scalars(select(Organisation)).all() == []


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([], "no practice in it"),
        ([MAP[0].replace("01Jan2022", "05Dec2026")], "is dated 5 December 2026, which is still"),
    ],
)
def test_the_refusal_of_a_map_says_what_is_wrong_with_it(
    app: Flask, files: Files, rows: list[str], says: str
) -> None:
    with pytest.raises(FileRefused, match=says):
        brought_in(files.map(rows))


@real_files
def test_the_real_files_come_in_within_seconds_and_few_statements(app: Flask) -> None:
    files = ODS / "gp-reg-pat-prac-map_2022-01.csv", ODS / "gp-reg-pat-prac-all_2021.csv"
    began = time.monotonic()
    with counted() as statements:
        report = brought_in(*files)
    assert time.monotonic() - began < 20
    assert len(statements) < 60
    assert report.added == {"boards": 42, "PCNs": 1254, "practices": 6527, "list sizes": 7777}
    assert len(report.left_out.because["Practices in no PCN; kept without one"]) == 68
    assert brought_in(*files).changes_nothing
    by_pcn = brought_in(files[0], ODS / "pcn_list_sizes_2021-01.csv")
    assert by_pcn.unchanged["list sizes"] == 1254
