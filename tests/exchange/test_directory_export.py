"""The directory as a file: what is in it, harmless to open, and the same when it comes in again."""

import csv
import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from linkwork.casework import services
from linkwork.database import db
from linkwork.exchange import dialects, directory_export, directory_tables, oruk
from linkwork.exchange.directory import import_directory
from linkwork.exchange.formulas import neutral, neutral_for_programs, plain
from linkwork.models import AuditEntry, Service
from tests.cast import Cast
from tests.conftest import NOW, TODAY
from tests.exchange.feeds import bring_in, key, service
from tests.exchange.generated import RECORDS
from tests.exchange.test_oruk_out import out
from tests.paths import SHARED_DATA
from tests.statements import watching

REAL = SHARED_DATA / "directory" / "gm_oruk_3.0_services.json"
FORMULAS = ("=1+1", "+44", "-2", "@SUM(A1)", "\t=1", "'=1", "''=1", "plain", "'quoted'", "")


def saved(kind: str, folder: Path) -> Path:
    """The directory as a file of this kind."""
    file = folder / f"out.{kind}"
    with file.open("wb") as to:
        directory_export.export(kind, select(Service), to, by=None)
    return file


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_is_made_harmless_and_can_be_had_back(text: str) -> None:
    assert plain(neutral(text)) == text
    assert not neutral(text).startswith(("=", "+", "-", "@", "\t"))


@given(st.text())
def test_any_cell_can_be_had_back(text: str) -> None:
    assert plain(neutral(text)) == text
    assert plain(neutral_for_programs(text)) == text


@settings(deadline=None, max_examples=15, suppress_health_check=list(HealthCheck))
@given(st.lists(RECORDS, min_size=1, max_size=3, unique_by=lambda one: one["id"]))
def test_what_leaves_as_tables_comes_in_the_same(sources: list[dict[str, Any]]) -> None:
    records = [out(source) for source in sources]
    package = io.BytesIO()
    assert directory_tables.write(records, package) == len(records)
    with Saved(package) as file:
        back = [one for one in dialects.records(file) if isinstance(one, dict)]
    assert [parts(one) for one in back] == [parts(one) for one in records]


def parts(source: dict[str, Any]) -> dict[str, Any]:
    """What an import makes of a record, but for what the tables have no column for."""
    record = oruk.read(source, 1)
    record.service.pop("raw")
    for place in record.places:
        place.pop("raw")
    names = ("service", "provider", "places", "schedules", "costs", "areas", "terms")
    return {name: getattr(record, name) for name in names}


class Saved:
    """A file that holds these bytes, for as long as it is needed."""

    def __init__(self, content: io.BytesIO) -> None:
        from tempfile import TemporaryDirectory

        self._folder = TemporaryDirectory()
        self.file = Path(self._folder.name) / "tabular.zip"
        self.file.write_bytes(content.getvalue())

    def __enter__(self) -> Path:
        return self.file

    def __exit__(self, *_: object) -> None:
        self._folder.cleanup()


@pytest.mark.skipif(not REAL.exists(), reason="shared data absent")
@pytest.mark.one_engine
def test_the_real_directory_leaves_and_comes_in_again_unchanged(app: Flask, tmp_path: Path) -> None:
    import_directory(REAL, source="GM", by=None, at=NOW, today=TODAY)
    file = saved("json", tmp_path)
    before = json.loads(file.read_bytes())["services"]
    again = import_directory(file, source="GM", by=None, at=NOW, today=TODAY)
    assert (again.added, again.changed, again.quarantined, again.gone) == (0, 0, [], [])
    assert json.loads(saved("json", tmp_path).read_bytes())["services"] == before
    tables = dialects.records(saved("zip", tmp_path))
    assert [parts(one) for one in tables if isinstance(one, dict)] == list(map(parts, before))


def test_only_listed_activities_leave_in_the_standard(
    app: Flask, cast: Cast, tmp_path: Path
) -> None:
    bring_in(tmp_path, service(1), service(2))
    second = db.session.scalar(select(Service).where(Service.key == key(2)))
    assert second is not None
    services.unlist(second, by=cast.editor, at=NOW)
    written = json.loads(saved("json", tmp_path).read_bytes())
    assert [one["id"] for one in written["services"]] == [key(1)]
    with zipfile.ZipFile(saved("zip", tmp_path)) as package:
        rows = list(csv.DictReader(io.StringIO(package.read("services.csv").decode())))
        described = json.loads(package.read("datapackage.json"))
    assert [row["id"] for row in rows] == [key(1)]
    assert {"services.csv", "locations.csv", "taxonomy_terms.csv"} <= {
        resource["path"] for resource in described["resources"]
    }
    rows = sheet(saved("csv", tmp_path))
    assert [(row["Id"], row["Listed"]) for row in rows] == [(key(1), "yes"), (key(2), "no")]


def sheet(file: Path) -> list[dict[str, str]]:
    """The rows of a CSV sheet by their headers."""
    text = file.read_bytes().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_sheet_says_it_in_words_and_calculates_nothing(app: Flask, tmp_path: Path) -> None:
    bring_in(tmp_path, service(name="=cmd()", description="+ tea\r\nand cake"))
    (row,) = sheet(saved("csv", tmp_path))
    assert (row["Activity"], row["When"]) == (
        "'=cmd()",
        "Tuesdays and Thursdays, 10am to 12:30pm",
    )
    assert row["What it is"].startswith("'+ tea")
    with zipfile.ZipFile(saved("xlsx", tmp_path)) as book:
        cells = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in cells
    assert "=cmd()" in cells


def test_an_export_of_a_large_directory_asks_little_and_is_noted(
    app: Flask, cast: Cast, tmp_path: Path
) -> None:
    bring_in(tmp_path, *(service(number) for number in range(1, 31)))
    db.session.commit()
    with watching() as asked, (tmp_path / "all.json").open("wb") as to:
        assert directory_export.export("json", select(Service), to, by=cast.editor) == 30
    assert len(asked) <= 9
    db.session.commit()
    entry = db.session.scalars(select(AuditEntry).order_by(AuditEntry.number.desc())).first()
    assert entry is not None
    assert (entry.event, entry.user_id) == ("directory.exported", cast.editor.id)
    assert db.session.scalar(select(func.count()).select_from(Service)) == 30
