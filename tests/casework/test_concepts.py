"""Services described anew after the words were changed, in steps that can be broken off."""

import pytest
from sqlalchemy import select

from linkwork.casework import concepts, offers
from linkwork.casework.lexicon import lexicon
from linkwork.database import db
from linkwork.models import Service
from tests import cast as make
from tests.cast import Cast


def behind(name: str, **facts: object) -> Service:
    service: Service = make.service(name, **{"concepts": {}, "needs": [], **facts})
    service.described_by = None
    db.session.flush()
    return service


def test_what_was_broken_off_goes_on_where_it_stopped(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(concepts, "BATCH", 2)
    for number in range(5):
        behind(f"Allotment {number}")
    first = next(concepts.apply())
    assert (first.done, first.of, first.changed) == (2, 5, 2)
    assert concepts.waiting() == 3
    assert [step.done for step in concepts.apply()] == [2, 3]
    assert concepts.waiting() == 0
    marks = set(db.session.scalars(select(Service.described_by)))
    assert marks == {lexicon().mark}


def test_no_service_counts_as_edited_and_the_kept_directory_is_read_again(cast: Cast) -> None:
    service = behind("Debt advice")
    version = service.version
    assert offers.directory().offers[0].concepts == {}
    list(concepts.apply())
    db.session.refresh(service)
    assert service.version == version
    assert "debt" in offers.directory().offers[0].concepts


def test_needs_follow_the_concepts_unless_somebody_stated_them(cast: Cast) -> None:
    worked_out = behind("Debt advice")
    stated = behind("Debt advice too", needs=["food"])
    edited = behind("Debt advice as well", edited_fields=["needs"])
    list(concepts.apply())
    for service in (worked_out, stated, edited):
        db.session.refresh(service)
    assert worked_out.needs == ["money_debt"]
    assert stated.needs == ["food"]
    assert edited.needs == []
