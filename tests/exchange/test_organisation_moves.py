"""A practice that moves keeps its past, and an older or corrected map does no harm."""

from pathlib import Path

import pytest
from flask import Flask

from tests.exchange.ods_files import MAP, Files, brought_in, history, organisation


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


def test_a_practice_that_moves_keeps_its_past(app: Flask, files: Files) -> None:
    brought_in(files.map(MAP))
    moved = [row.replace("01Jan2022", "01Jul2022") for row in MAP]
    moved[1] = moved[1].replace("Z00001,CENTRAL PCN", "Z00002,NORTH PCN")
    report = brought_in(files.map(moved))
    assert report.changed["practices"] == 1
    assert organisation("Z10002").parent is organisation("Z00002")
    assert history("Z10002") == [
        ("Z00001", "2022-01-01", "2022-06-30"),
        ("Z00002", "2022-07-01", None),
    ]
    assert history("Z10001") == [("Z00001", "2022-01-01", None)]


def test_an_older_map_does_not_undo_a_move(app: Flask, files: Files) -> None:
    brought_in(files.map(MAP))
    older = [row.replace("01Jan2022", "01Jan2021") for row in MAP]
    older[1] = older[1].replace("Z00001,CENTRAL PCN", "Z00002,NORTH PCN")
    report = brought_in(files.map(older))
    assert organisation("Z10002").parent is organisation("Z00001")
    assert history("Z10002") == [("Z00001", "2022-01-01", None)]
    assert "Moved since the date of this file; left where it is (1): Z10002." in report.lines()


def test_a_correction_on_the_same_date_leaves_no_trace_of_the_mistake(
    app: Flask, files: Files
) -> None:
    brought_in(files.map(MAP))
    brought_in(files.map([MAP[0], MAP[1].replace("Z00001,CENTRAL", "Z00002,NORTH"), *MAP[2:]]))
    assert history("Z10002") == [("Z00002", "2022-01-01", None)]


def test_a_practice_that_leaves_its_pcn_for_none_has_an_end_to_its_past(
    app: Flask, files: Files
) -> None:
    brought_in(files.map(MAP))
    left = [row.replace("01Jan2022", "01Jul2022") for row in MAP]
    left[2] = left[2].replace("Z00002,NORTH PCN", "U,Unallocated")
    brought_in(files.map(left))
    assert organisation("Z10003").parent is None
    assert history("Z10003") == [("Z00002", "2022-01-01", "2022-06-30")]


def test_a_new_name_is_a_change_and_what_is_no_longer_listed_is_named_and_kept(
    app: Flask, files: Files
) -> None:
    brought_in(files.map([*MAP, MAP[0].replace("Z10001", "Z10005")]))
    report = brought_in(files.map([MAP[0].replace("CANAL STREET", "CANAL ST"), *MAP[1:]]))
    assert organisation("Z10001").name == "CANAL ST"
    assert report.changed["practices"] == 1
    assert "Stored practices not in the map; left as they are (1): Z10005." in report.lines()
    assert organisation("Z10005").parent is organisation("Z00001")
