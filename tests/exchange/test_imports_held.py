"""What keeps an import from doing harm: order, limits, and a person who looks first."""

import os
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from linkwork.casework import sources
from linkwork.database import db
from linkwork.errors import FileRefused
from linkwork.exchange import (
    directory_entries,
    import_changes,
    import_fetching,
    import_reading,
    imports,
)
from linkwork.models import DirectoryImport, HoldReason, ImportState, OnwardReferral, Service
from tests import cast as make
from tests.exchange.feeds import AT, ON, bring_in, file_of, service
from tests.exchange.test_imports import applied, changes, previewed, stored


def test_a_source_is_held_before_all_other_imports_are_kept_out(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_ = previewed(tmp_path, service(1))
    order: list[str] = []
    monkeypatch.setattr(sources, "hold", lambda _: order.append("source"))
    monkeypatch.setattr(directory_entries, "alone", lambda: order.append("alone"))
    applied(import_)
    assert order == ["source", "alone"]


@pytest.fixture
def visited(app: Flask, tmp_path: Path, cast: Any) -> Service:
    """An entry that somebody is on their way to, beside one that nobody is."""
    told = {"email": "a@plots.example"}
    bring_in(tmp_path, service(1, **told), service(2, **told))
    entry = stored(1)
    case = make.case(cast.northside, worker=cast.amina)
    make.onward_referral(case, by=cast.amina, service=entry)
    db.session.commit()
    return entry


def by_schedule(folder: Path, *records: Any, **how: Any) -> DirectoryImport:
    file = file_of(folder, {"services": list(records)})
    told = {"by": None, "at": AT, "is_scheduled": True, **how}
    import_ = imports.receive(file, file.name, sources.named("Feed"), **told)
    imports.preview(import_, at=AT, today=ON)
    db.session.commit()
    return import_


@pytest.mark.parametrize("is_partial", [False, True])
@pytest.mark.parametrize("change", [{"email": "b@elsewhere.example"}, {"email": None}])
def test_a_feed_does_not_redirect_referrals_by_itself(
    visited: Service, tmp_path: Path, change: dict[str, Any], is_partial: bool
) -> None:
    import_ = by_schedule(tmp_path, service(1, **change), service(2), is_partial=is_partial)
    assert (import_.state, import_.held_for) == (ImportState.HELD, HoldReason.CONTACTS)
    assert [one.service_key for one in import_changes.redirected(import_)] == [visited.key]


def test_where_nobody_is_on_their_way_a_feed_may_say_how_to_reach_them(
    visited: Service, tmp_path: Path
) -> None:
    same = service(1, email="a@plots.example", description="New words.")
    import_ = by_schedule(tmp_path, same, service(2, email="b@elsewhere.example"))
    assert (import_.state, import_.changed) == (ImportState.PREVIEWED, 2)


def test_a_referral_that_has_ended_holds_nothing_up(visited: Service, tmp_path: Path) -> None:
    (onward,) = db.session.scalars(select(OnwardReferral)).all()
    onward.ended_at = AT
    import_ = by_schedule(tmp_path, service(1, email="b@elsewhere.example"), service(2))
    assert import_.state is ImportState.PREVIEWED


@pytest.mark.one_engine
def test_of_rows_that_cannot_be_used_the_first_are_kept(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_changes, "MOST_KEPT", 3)
    import_ = previewed(tmp_path, service(1), *[0] * 9)
    assert (import_.rows, import_.quarantined, len(changes(import_, "quarantined"))) == (10, 9, 3)
    assert applied(import_)


@pytest.mark.one_engine
def test_a_file_without_end_is_refused(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_reading, "MOST_ROWS", 5)
    assert previewed(tmp_path, *[0] * 5).quarantined == 5
    with pytest.raises(FileRefused, match="more than"):
        previewed(tmp_path, *[0] * 6)


@pytest.mark.one_engine
def test_what_is_fetched_does_not_go_where_a_link_leads(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / f"linkwork-feeds-{os.environ.get('USER', 'user')}").symlink_to(elsewhere)
    source = sources.named("Feed")
    db.session.flush()
    assert elsewhere not in import_fetching.folder_of(source).resolve().parents
