"""Needs with nowhere to send people: told in tens, with the reasons."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask

from linkwork.capacity.calendar import FinancialYear
from linkwork.capacity.targets import Scope
from linkwork.database import db
from linkwork.models import CloseReason, Gap, GapReason, Need, OrganisationKind, Role
from linkwork.reports import nowhere
from linkwork.reports.basis import Basis
from tests.cast import case, organisation, user

BASIS = Basis(FinancialYear(2026), date(2026, 11, 18), Scope.ALL)
JUNE = datetime(2026, 6, 1, 9, tzinfo=UTC)


@pytest.fixture
def pcn(app: Flask) -> Any:
    made = organisation("Northside PCN", OrganisationKind.PCN)
    made.worker = user("Amina Okafor", made, Role.LINK_WORKER)
    db.session.flush()
    return made


def missed(pcn: Any, need: Need, reason: GapReason, times: int = 1, **facts: Any) -> None:
    usual = {"organisation_id": pcn.id, "user_id": pcn.worker.id, "at": JUNE}
    for _ in range(times):
        db.session.add(Gap(need=need, reason=reason, **{**usual, **facts}))
    db.session.flush()


def told(pcn: Any) -> list[tuple[str, str, str]]:
    return [(line.label, line.times, line.why) for line in nowhere.of_pcn(pcn, BASIS).lines]


def test_needs_are_told_in_tens_and_from_ten_times_on_with_the_commonest_reason_first(
    pcn: Any,
) -> None:
    missed(pcn, Need.HOUSING, GapReason.NONE, 4)
    missed(pcn, Need.HOUSING, GapReason.FULL, 9)
    missed(pcn, Need.WORK, GapReason.TRAVEL, 9)
    missed(pcn, Need.FOOD, GapReason.NONE, 2)
    missed(pcn, Need.FOOD, GapReason.FULL, 1)
    assert told(pcn) == [
        ("Housing", "10 or more", "What there is has no place; There is none"),
        ("Finding work", "Fewer than 10", ""),
        ("Food", "Fewer than 10", ""),
    ]


@pytest.mark.one_engine
def test_what_was_taken_back_or_in_error_or_of_another_year_or_pcn_is_not_counted(pcn: Any) -> None:
    wrong = case(pcn, closed_at=JUNE, close_reason=CloseReason.OPENED_IN_ERROR)
    other = organisation("Southside PCN", OrganisationKind.PCN)
    db.session.flush()
    missed(pcn, Need.FOOD, GapReason.NONE, undone_at=JUNE)
    missed(pcn, Need.FOOD, GapReason.NONE, case_id=wrong.id)
    missed(pcn, Need.FOOD, GapReason.NONE, at=datetime(2026, 3, 31, 22, 59, tzinfo=UTC))
    missed(pcn, Need.FOOD, GapReason.NONE, at=datetime(2026, 11, 19, 0, 0, tzinfo=UTC))
    missed(pcn, Need.FOOD, GapReason.NONE, organisation_id=other.id)
    assert told(pcn) == []
    missed(pcn, Need.FOOD, GapReason.NONE, case_id=case(pcn).id)
    assert told(pcn) == [("Food", "Fewer than 10", "")]
