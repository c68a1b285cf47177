"""An import shows what it would change, and then changes that, all of it, or nothing."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from linkwork.casework import services, sources
from linkwork.database import db
from linkwork.errors import FileRefused, RuleBroken
from linkwork.exchange import imports
from linkwork.models import (
    AuditEntry,
    DirectoryImport,
    HoldReason,
    ImportChange,
    ImportPart,
    ImportState,
    Service,
    ServiceChange,
    service_text,
)
from tests.exchange.feeds import AT, ON, bring_in, file_of, key, service

LATER = AT + timedelta(days=1)


def received(folder: Path, *records: Any, source: str = "Feed", by: Any = None) -> DirectoryImport:
    file = file_of(folder, {"services": list(records)})
    return imports.receive(file, file.name, sources.named(source), by=by, at=AT)


def previewed(folder: Path, *records: Any, source: str = "Feed") -> DirectoryImport:
    import_ = received(folder, *records, source=source)
    imports.preview(import_, at=AT, today=ON)
    db.session.commit()
    return import_


def applied(import_: DirectoryImport, **how: Any) -> bool:
    told = {"shown": import_.shown, "by": None, "at": LATER, "today": ON, **how}
    return imports.apply(import_, **told)


def changes(import_: DirectoryImport, kind: str = "changed") -> list[ImportChange]:
    query = select(ImportChange).where(ImportChange.import_id == import_.id)
    found = db.session.scalars(query.order_by(ImportChange.id)).all()
    return [change for change in found if change.kind == kind]


def stored(number: int = 1) -> Service:
    return db.session.scalars(select(Service).where(Service.key == key(number))).one()


def counted(model: type[Any]) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_a_preview_writes_no_service(app: Flask, tmp_path: Path) -> None:
    import_ = previewed(tmp_path, service(1), service(2, status="sleeping"))
    assert (import_.state, import_.rows, import_.added) == (ImportState.PREVIEWED, 2, 1)
    assert counted(Service) == 0
    (left_out,) = changes(import_, "quarantined")
    assert (left_out.position, left_out.name) == (2, "status")
    assert "is not one of" in left_out.details[0]["reason"]


def test_what_was_shown_is_applied_and_the_file_forgotten(app: Flask, tmp_path: Path) -> None:
    import_ = previewed(tmp_path, service(1), service(2))
    assert counted(ImportPart) == 1
    assert applied(import_)
    assert (import_.state, counted(Service), counted(ImportPart)) == (ImportState.APPLIED, 2, 0)
    assert (import_.source.last_rows, import_.source.last_seen_at) == (2, LATER)


def test_a_change_is_shown_field_by_field(app: Flask, tmp_path: Path) -> None:
    bring_in(tmp_path, service(1), service(2))
    elsewhere = {"services": service(2)["service_at_locations"]}
    elsewhere["services"][0]["location"]["addresses"][0]["address_1"] = "2 Mill Lane"
    import_ = previewed(
        tmp_path,
        service(
            1,
            email="a@plots.example",
            schedules=[],
            cost_options=[{"option": "A session", "amount": "3"}],
            service_at_locations=elsewhere["services"],
        ),
        service(2),
    )
    (change,) = changes(import_)
    said = {one["field"]: (one["old"], one["new"]) for one in change.details}
    assert sorted(said) == ["costs", "email", "places_at", "schedules"]
    assert said["email"] == (None, "a@plots.example")
    assert said["costs"][1] == [{"option": "A session", "amount": "3.00", "currency": "GBP"}]
    assert said["schedules"][1] == []
    assert [p["address"] for p in said["places_at"][0]] == ["1 Mill Lane"]


def test_two_entries_at_one_place_both_change_with_it(app: Flask, tmp_path: Path) -> None:
    numbers = range(1, 502)  # more than one batch, so that the first is written before the last
    bring_in(tmp_path, *(service(n) for n in numbers))
    moved = [service(n) for n in numbers]
    for one in moved:
        one["service_at_locations"][0]["location"]["name"] = "Mill Lane Hall"
    import_ = previewed(tmp_path, *moved)
    assert import_.changed == 501
    assert applied(import_)
    assert counted(ServiceChange) == 501


def test_the_history_of_an_entry_has_what_its_feed_changed(app: Flask, tmp_path: Path) -> None:
    bring_in(tmp_path, service(1), service(2))
    assert counted(ServiceChange) == 0
    assert applied(previewed(tmp_path, service(1, name="Orchard"), service(2)))
    (step,) = db.session.scalars(select(ServiceChange)).all()
    assert (step.source, step.changes) == ("Feed", {"name": ["Allotment 1", "Orchard"]})


def test_new_identifiers_of_parts_change_nothing(app: Flask, tmp_path: Path) -> None:
    bring_in(tmp_path, service(1))
    renamed = service(1)
    renamed["schedules"][0]["id"] = "s-2"
    renamed["cost_options"][0]["id"] = "c-2"
    report = bring_in(tmp_path, renamed)
    assert (report.changed, report.unchanged, stored().version) == (0, 1, 1)
    assert stored().schedules[0].source_id == "s-2"


@pytest.mark.parametrize("part", ["schedules", "costs", "places_at", "terms", "provider"])
def test_a_part_changed_by_hand_is_left_alone(app: Flask, tmp_path: Path, part: str) -> None:
    bring_in(tmp_path, service(1))
    entry = stored()
    setattr(entry, part, None if part == "provider" else [])
    entry.edited_fields = [part]
    db.session.commit()
    bring_in(tmp_path, service(1, description="New words.", url="https://plots.example"))
    db.session.expire_all()
    entry = stored()
    assert (entry.description, bool(getattr(entry, part))) == ("New words.", False)


def test_an_entry_made_one_with_another_stays_so(app: Flask, tmp_path: Path) -> None:
    bring_in(tmp_path, service(1), service(2))
    entry = stored(1)
    entry.merged_into_id, entry.listed = stored(2).id, False
    db.session.commit()
    import_ = previewed(tmp_path, service(1, name="Orchard"), service(2))
    assert (import_.changed, import_.unchanged) == (0, 2)
    assert applied(import_)
    entry = stored(1)
    assert (entry.name, entry.listed, entry.last_seen_at) == ("Allotment 1", False, LATER)
    assert entry.merged_into_id == stored(2).id
    again = previewed(tmp_path, service(2))
    assert again.gone == 0


def test_what_somebody_changed_meanwhile_is_shown_before_it_is_overwritten(
    app: Flask, cast: Any, tmp_path: Path
) -> None:
    bring_in(tmp_path, service(1))
    import_ = previewed(tmp_path, service(1, name="Orchard", description="Trees."))
    seen = import_.shown
    services.edit(stored(), {"name": "Our orchard"}, version=1, by=cast.editor, at=AT)
    db.session.commit()
    assert applied(import_, shown=seen) is False
    assert (stored().name, stored().description) == ("Our orchard", "Gardening for beginners.")
    assert import_.state is ImportState.PREVIEWED
    assert import_.shown != seen
    (change,) = changes(import_)
    assert [one["field"] for one in change.details] == ["description"]
    assert applied(import_)
    assert (stored().name, stored().description) == ("Our orchard", "Trees.")


def test_a_change_that_has_nothing_to_do_with_it_does_not_stop_an_import(
    app: Flask, cast: Any, tmp_path: Path
) -> None:
    bring_in(tmp_path, service(1))
    import_ = previewed(tmp_path, service(1, name="Orchard"))
    services.verify(stored(), by=cast.editor, at=AT)
    db.session.commit()
    assert applied(import_)
    assert (stored().name, stored().verified_at) == ("Orchard", AT)


def test_an_import_is_applied_once(app: Flask, cast: Any, tmp_path: Path) -> None:
    import_ = previewed(tmp_path, service(1))
    assert applied(import_, by=cast.editor)
    with pytest.raises(RuleBroken, match=f"applied already by {cast.editor.name}"):
        applied(import_)
    with pytest.raises(RuleBroken, match="applied already"):
        imports.abandon(import_, by=cast.editor, at=AT)


def test_an_abandoned_import_cannot_be_applied(app: Flask, cast: Any, tmp_path: Path) -> None:
    import_ = previewed(tmp_path, service(1))
    imports.abandon(import_, by=cast.editor, at=AT)
    with pytest.raises(RuleBroken, match="abandoned by"):
        applied(import_)
    assert (counted(Service), counted(ImportPart)) == (0, 0)


def test_the_same_file_sent_twice_is_one_import(app: Flask, tmp_path: Path) -> None:
    first = previewed(tmp_path, service(1))
    assert received(tmp_path, service(1)) is first
    assert received(tmp_path, service(2)) is not first
    assert received(tmp_path, service(1), source="Other") is not first


def test_a_service_twice_in_one_file_goes_in_once(app: Flask, tmp_path: Path) -> None:
    import_ = previewed(tmp_path, service(1), service(1, name="Again"))
    assert (import_.added, import_.quarantined) == (1, 1)
    assert applied(import_)
    assert stored().name == "Allotment 1"


def test_services_of_another_source_are_left_to_it(app: Flask, tmp_path: Path) -> None:
    bring_in(tmp_path, service(1))
    import_ = previewed(tmp_path, service(1, name="Mine"), source="Other")
    assert (import_.changed, import_.quarantined) == (0, 1)
    assert "came from “Feed”" in changes(import_, "quarantined")[0].details[0]["reason"]


def test_a_file_that_breaks_off_changes_nothing(app: Flask, tmp_path: Path) -> None:
    whole = file_of(tmp_path, {"services": [service(n) for n in range(1, 900)]})
    broken = file_of(tmp_path, whole.read_bytes()[:-200])
    import_ = imports.receive(broken, "x.json", sources.named("Feed"), by=None, at=AT)
    with pytest.raises(FileRefused, match="breaks off"):
        imports.preview(import_, at=AT, today=ON)


def test_a_held_import_is_applied_with_a_reason_only(app: Flask, cast: Any, tmp_path: Path) -> None:
    assert applied(previewed(tmp_path, *(service(n) for n in range(1, 11))))
    import_ = previewed(tmp_path, *(service(n) for n in range(1, 8)))
    assert (import_.state, import_.held_for) == (ImportState.HELD, HoldReason.SHRUNK)
    assert (import_.rows, import_.rows_before, import_.gone) == (7, 10, 3)
    with pytest.raises(RuleBroken, match="Say why"):
        applied(import_, by=cast.editor)
    assert applied(import_, by=cast.editor, reason="Three of them closed.")
    assert (counted(Service), stored(9).last_seen_at, stored(1).last_seen_at) == (10, LATER, LATER)


def test_a_source_from_before_imports_were_kept_is_measured_by_its_entries(
    app: Flask, tmp_path: Path
) -> None:
    bring_in(tmp_path, *(service(n) for n in range(1, 11)))
    source = sources.named("Feed")
    source.last_rows = None
    assert previewed(tmp_path, service(1)).held_for is HoldReason.SHRUNK


def test_an_import_nobody_decides_is_abandoned_in_time(app: Flask, tmp_path: Path) -> None:
    import_ = previewed(tmp_path, service(1))
    assert imports.purge(at=AT + timedelta(days=29)) == 0
    assert imports.purge(at=AT + timedelta(days=31)) == 1
    assert (import_.state, counted(ImportPart)) == (ImportState.ABANDONED, 0)
    assert counted(ImportChange) == 1
    imports.purge(at=AT + timedelta(days=61))
    assert counted(ImportChange) == 0


def test_an_import_that_is_cut_short_leaves_nothing_half_done(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_ = previewed(tmp_path, *(service(n) for n in range(1, 502)))
    batches: list[Any] = []

    def killed(some: Any, **_: Any) -> None:
        batches.append(some)
        if len(batches) == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(service_text, "reindex", killed)
    with pytest.raises(KeyboardInterrupt):
        applied(import_)
    db.session.rollback()
    monkeypatch.undo()
    assert (len(batches), counted(Service), import_.state) == (2, 0, ImportState.PREVIEWED)
    assert applied(import_)
    assert counted(Service) == 501


def test_every_step_leaves_an_entry_in_the_trail(app: Flask, cast: Any, tmp_path: Path) -> None:
    import_ = received(tmp_path, service(1), by=cast.editor)
    imports.preview(import_, at=AT, today=ON)
    applied(import_, by=cast.editor)
    db.session.commit()
    events = db.session.scalars(select(AuditEntry.event).order_by(AuditEntry.number)).all()
    assert list(events) == ["directory_import.received", "directory.imported"]
