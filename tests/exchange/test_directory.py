"""A directory comes in as a whole or not at all, once, and never over an editor’s corrections."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, event, func, select

from linkwork.casework import services
from linkwork.database import db
from linkwork.errors import FileRefused
from linkwork.exchange.directory import import_directory
from linkwork.models import (
    AuditEntry,
    Service,
    service_text,
)
from tests.exchange.feeds import AT, ON, bring_in, file_of, key, service
from tests.paths import SHARED_DATA

REAL = SHARED_DATA / "directory" / "gm_oruk_3.0_services.json"


def stored(number: int = 1) -> Service:
    found = db.session.scalar(select(Service).where(Service.key == key(number)))
    assert found is not None
    return found


def how_many() -> int:
    return db.session.scalar(select(func.count()).select_from(Service)) or 0


@contextmanager
def counted() -> Iterator[list[str]]:
    said: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        said.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    yield said
    event.remove(Engine, "before_cursor_execute", note)


def test_a_service_comes_in_with_all_its_parts(app: Flask, tmp_path: Path) -> None:
    report = bring_in(tmp_path, service())
    assert (report.added, report.quarantined, report.warnings) == (1, [], [])
    found = stored()
    assert (found.name, found.source, found.last_seen_at) == ("Allotment 1", "Feed", AT)
    assert found.provider is not None
    assert found.provider.name == "Green Fingers"
    assert [(s.byday, str(s.opens_at), str(s.closes_at)) for s in found.schedules] == [
        ("TU,TH", "10:00:00", "12:30:00")
    ]
    assert [(c.option, c.amount) for c in found.costs] == [("A session", Decimal("2.50"))]
    (place,) = [link.location for link in found.places_at]
    assert (place.postcode, place.latitude, place.accessibility) == (
        "ZZ2 3FY",
        53.46,
        ["Step-free"],
    )
    assert [link.term.name for link in found.terms] == ["Nature"]


def test_what_a_service_is_about_is_heard_in_its_words(app: Flask, tmp_path: Path) -> None:
    bring_in(tmp_path, service(name="Debt advice", description="Help with debt and benefits."))
    assert "money_debt" in stored().needs
    assert stored().concepts


def test_the_same_file_again_changes_nothing(app: Flask, tmp_path: Path) -> None:
    bring_in(tmp_path, service(1), service(2))
    again = bring_in(tmp_path, service(1), service(2), at=AT + timedelta(days=1))
    assert (again.added, again.changed, again.unchanged) == (0, 0, 2)
    assert stored().last_seen_at == AT + timedelta(days=1)
    assert stored().version == 1


def test_what_changed_at_the_source_changes_here(app: Flask, tmp_path: Path) -> None:
    bring_in(tmp_path, service())
    report = bring_in(tmp_path, service(name="Orchard", schedules=[], cost_options=[]))
    assert (report.added, report.changed) == (0, 1)
    found = stored()
    assert (found.name, found.schedules, found.costs, found.version) == ("Orchard", [], [], 2)
    assert list(service_text.matches("orchard")) == [found.id]
    assert service_text.matches("allotment") == {}


def test_what_an_editor_corrected_survives_the_next_file(
    app: Flask, cast: Any, tmp_path: Path
) -> None:
    bring_in(tmp_path, service())
    corrected = {"name": "Mill Lane plots", "needs": ["loneliness"]}
    services.edit(stored(), corrected, version=1, by=cast.editor, at=AT)
    report = bring_in(tmp_path, service(name="Allotments", description="New words."))
    assert report.changed == 1
    found = stored()
    assert (found.name, found.description) == ("Mill Lane plots", "New words.")
    assert found.needs == ["loneliness"]


def test_a_check_by_an_editor_survives_the_next_file(app: Flask, cast: Any, tmp_path: Path) -> None:
    bring_in(tmp_path, service())
    services.verify(stored(), by=cast.editor, at=AT)
    bring_in(tmp_path, service(name="Allotments"))
    assert (stored().name, stored().verified_at) == ("Allotments", AT)


def test_nothing_is_deleted_because_a_file_no_longer_has_it(app: Flask, tmp_path: Path) -> None:
    bring_in(tmp_path, service(1), service(2))
    report = bring_in(tmp_path, service(1), at=AT + timedelta(days=1))
    assert report.gone == ["Allotment 2"]
    assert (how_many(), stored(2).last_seen_at) == (2, AT)


def test_a_row_that_went_bad_is_not_gone(app: Flask, tmp_path: Path) -> None:
    bring_in(tmp_path, service(1))
    report = bring_in(tmp_path, service(1, status="sleeping"))
    assert (report.gone, report.quarantined_total) == ([], 1)


def test_a_service_of_another_list_is_left_to_it(app: Flask, tmp_path: Path) -> None:
    bring_in(tmp_path, service())
    report = bring_in(tmp_path, service(name="Mine"), source="Other")
    assert "came from “Feed”" in report.quarantined[0].reason
    assert stored().name == "Allotment 1"


def test_an_import_leaves_one_entry_with_its_counts(app: Flask, cast: Any, tmp_path: Path) -> None:
    bring_in(tmp_path, service(1), service(2, status=""), by=cast.editor)
    db.session.commit()
    entry = db.session.scalars(
        select(AuditEntry).where(AuditEntry.event == "directory.imported")
    ).one()
    assert entry.user_id == cast.editor.id
    assert (entry.details["added"], entry.details["quarantined"]) == (1, 1)


def test_the_report_reads_as_text(app: Flask, tmp_path: Path) -> None:
    bring_in(tmp_path, service(9))
    said = list(
        bring_in(tmp_path, service(1), service(2, id="x"), service(3, minimum_age="old")).lines()
    )
    assert said[0] == "Feed: 2 added, 0 changed, 0 unchanged."
    assert "  Row 2, id: “x” is not a UUID." in said
    assert f"  Row 3 ({key(3)}), minimum_age: “old” is not a number." in said
    assert "  Allotment 9" in said


def test_a_file_without_a_name_for_its_source_is_refused(app: Flask, tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="Name the source"):
        bring_in(tmp_path, service(), source="  ")


def test_a_refused_file_leaves_nothing_behind(app: Flask, tmp_path: Path) -> None:
    bring_in(tmp_path, service(1))
    db.session.commit()
    whole = file_of(tmp_path, {"services": [service(n, name="New") for n in range(1, 900)]})
    broken = file_of(tmp_path, whole.read_bytes()[:-200])
    with pytest.raises(FileRefused, match="breaks off"):
        import_directory(broken, source="Feed", by=None, at=AT, today=ON)
    db.session.commit()
    assert (how_many(), stored().name) == (1, "Allotment 1")
    assert service_text.matches("new") == {}


def test_a_thousand_services_take_a_handful_of_statements(app: Flask, tmp_path: Path) -> None:
    with counted() as statements:
        bring_in(tmp_path, *(service(n) for n in range(1, 1001)))
    assert len(statements) < 100
    with counted() as statements:
        bring_in(tmp_path, *(service(n) for n in range(1, 1001)))
    assert len(statements) < 18


@pytest.mark.skipif(not REAL.exists(), reason="shared data absent")
def test_the_real_directory_comes_in_within_seconds_and_once(app: Flask) -> None:
    began = time.perf_counter()
    first = import_directory(REAL, source="GM", by=None, at=AT, today=ON)
    assert time.perf_counter() - began < 20  # seconds; about one on a quiet machine
    assert (first.added, first.quarantined_total) == (1596, 0)
    again = import_directory(REAL, source="GM", by=None, at=AT, today=ON)
    assert (again.added, again.changed, again.unchanged, again.gone) == (0, 0, 1596, [])
