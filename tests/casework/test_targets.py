"""Shares of the national targets are fixed once a year and add up exactly."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from linkwork.capacity.calendar import FinancialYear
from linkwork.casework import targets
from linkwork.database import db
from linkwork.models import AuditEntry, ListSize, Organisation, OrganisationKind, TargetShare
from tests.cast import organisation

YEAR = FinancialYear(2026)
AT = datetime(2026, 4, 2, 9, 0, tzinfo=UTC)
LATER = datetime(2026, 9, 2, 9, 0, tzinfo=UTC)


def pcn(code: str, patients: int | None, as_of: date = date(2026, 1, 1), **facts: Any) -> Any:
    made = organisation(f"PCN {code}", OrganisationKind.PCN, ods_code=code, **facts)
    db.session.flush()
    if patients is not None:
        db.session.add(ListSize(organisation_id=made.id, as_of=as_of, patients=patients))
        db.session.flush()
    return made


def people(target: str = "A") -> dict[str, int | None]:
    query = select(TargetShare).where(TargetShare.target == target)
    rows = db.session.scalars(query).all()
    codes = {row.id: row.ods_code for row in db.session.scalars(select(Organisation))}
    return {str(codes[row.organisation_id]): row.people for row in rows}


def freeze(at: datetime = AT) -> list[TargetShare]:
    fixed = targets.freeze_shares(YEAR, by=None, at=at)
    db.session.commit()
    return fixed


@pytest.fixture
def four(app: Flask) -> None:
    for code, patients in (("Z1", 52_000), ("Z2", 31_000), ("Z3", 74_000), ("Z4", 43_000)):
        pcn(code, patients)


def test_shares_of_both_targets_follow_list_size(four: None) -> None:
    assert len(freeze()) == 8
    assert people("A") == {"Z1": 108, "Z2": 65, "Z3": 154, "Z4": 90}
    assert people("B") == {"Z1": 346, "Z2": 207, "Z3": 493, "Z4": 287}


def test_a_share_says_what_it_was_worked_out_from(four: None) -> None:
    row = freeze()[0]
    assert (row.year, row.method, row.frozen_at) == (2026, "list", AT)
    assert row.inputs == {
        "total": 125_000,
        "national_list": 60_025_000,
        "list_size": 52_000,
        "as_of": "2026-01-01",
    }


def test_what_is_fixed_does_not_move_with_the_list(four: None) -> None:
    freeze()
    db.session.add(ListSize(organisation_id=_id("Z1"), as_of=date(2026, 7, 1), patients=99_000))
    assert freeze(LATER) == []
    assert people()["Z1"] == 108
    assert len(db.session.scalars(select(AuditEntry)).all()) == 1


def test_the_newest_list_size_counts(app: Flask) -> None:
    made = pcn("Z1", 40_000, date(2025, 1, 1))
    db.session.add(ListSize(organisation_id=made.id, as_of=date(2026, 1, 1), patients=52_000))
    freeze()
    assert people() == {"Z1": 108}


def test_a_pcn_without_a_list_size_is_named_and_gets_its_share_when_there_is_one(
    four: None,
) -> None:
    made = pcn("Z5", None)
    without = [row for row in freeze() if row.people is None]
    assert {row.organisation_id for row in without} == {made.id}
    assert without[0].inputs["reason"] == "no list size"
    assert freeze() == []
    db.session.add(ListSize(organisation_id=made.id, as_of=date(2026, 5, 1), patients=50_000))
    assert [row.people for row in freeze(LATER)] == [104, 333]
    assert people() == {"Z1": 108, "Z2": 65, "Z3": 154, "Z4": 90, "Z5": 104}


def test_a_pcn_that_comes_later_gets_its_share_out_of_the_rest_of_england(four: None) -> None:
    freeze()
    pcn("Z6", 60_025_000 - 200_000)
    freeze(LATER)
    assert sum(number or 0 for number in people().values()) == 125_000
    assert people()["Z1"] == 108


def test_when_the_lists_are_more_than_england_the_whole_target_is_shared_among_them(
    app: Flask,
) -> None:
    pcn("Z1", 50_000_000)
    pcn("Z2", 30_000_000)
    freeze()
    assert people() == {"Z1": 78_125, "Z2": 46_875}


def test_a_pcn_that_has_closed_gets_no_share(app: Flask) -> None:
    pcn("Z1", 52_000, closed_on=date(2026, 4, 2))
    pcn("Z2", 52_000, closed_on=date(2026, 4, 3))
    freeze()
    assert people() == {"Z2": 108}


def test_without_a_pcn_there_is_nothing_to_fix(app: Flask) -> None:
    assert freeze() == []


def _id(code: str) -> int:
    query = select(Organisation.id).where(Organisation.ods_code == code)
    return db.session.scalars(query).one()
