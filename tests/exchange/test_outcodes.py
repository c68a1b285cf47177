"""The outward-code table is built from Code-Point Open."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from linkwork.exchange.outcodes import centres, place_at, write

ROW = '"{}",{},{},{},"E92000001","","","","",""\n'


def code_point(path: Path, *rows: tuple[str, int, int, int]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("Doc/licence.txt", "terms")
        archive.writestr("Data/CSV/m.csv", "".join(ROW.format(*row) for row in rows))
    return path


def test_a_grid_reference_becomes_degrees_to_within_ten_metres() -> None:
    tower = place_at(533_600, 180_500)  # the Tower of London
    assert tower.latitude == pytest.approx(51.50793, abs=1e-3)
    assert tower.longitude == pytest.approx(-0.07613, abs=1e-3)


def test_the_true_origin_is_where_the_survey_put_it() -> None:
    origin = place_at(400_000, -100_000)
    assert origin.latitude == pytest.approx(49.00068, abs=1e-4)
    assert origin.longitude == pytest.approx(-2.00105, abs=1e-3)


def test_the_centre_is_the_mean_of_the_postcodes_that_have_a_place(tmp_path: Path) -> None:
    source = code_point(
        tmp_path / "codepo.zip",
        ("M1 1AA", 10, 384_000, 398_000),
        ("M1 1AB", 10, 384_200, 398_200),
        ("M1 1AC", 90, 0, 0),
        ("M2 1AA", 10, 383_000, 398_000),
    )
    found = centres(source)
    assert list(found) == ["M1", "M2"]
    assert found["M1"] == place_at(384_100, 398_100)


def test_the_table_has_a_header_and_five_decimals() -> None:
    out = io.StringIO()
    write({"M1": place_at(384_100, 398_100)}, out)
    header, row = out.getvalue().splitlines()
    assert header == "code,latitude,longitude"
    assert [len(number.split(".")[1]) for number in row.split(",")[1:]] == [5, 5]
