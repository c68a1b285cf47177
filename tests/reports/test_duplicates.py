"""Possible duplicates among the people counted: how many, and what they could take off at most."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from flask import Flask

from linkwork.capacity.calendar import FinancialYear
from linkwork.capacity.targets import Scope
from linkwork.database import db
from linkwork.models import CloseReason, OrganisationKind
from linkwork.reports import duplicates
from linkwork.reports.basis import Basis
from tests.cast import case, organisation, person

BASIS = Basis(FinancialYear(2026), date(2026, 11, 18), Scope.ALL)
STARTED = datetime(2026, 6, 1, 9, tzinfo=UTC)


@pytest.fixture
def pcn(app: Flask) -> Any:
    made = organisation("Northside PCN", OrganisationKind.PCN)
    db.session.flush()
    return made


def started(pcn: Any, given: str, family: str, **facts: Any) -> None:
    usual = {"nhs_number": None, "postcode": None, "phone": None}
    of = {key: facts.pop(key) for key in ("close_reason", "closed_at") if key in facts}
    case(pcn, person=person(given, family, **{**usual, **facts}),
         **{"first_conversation_at": STARTED, **of})  # fmt: skip


def test_three_records_of_one_person_are_three_pairs_and_at_most_two_fewer(pcn: Any) -> None:
    for given in ("Margaret", "Maggie", "Peggy"):
        started(pcn, given, "Quill")
    started(pcn, "Ivo", "Marsh")
    found = duplicates.of_pcn(pcn, BASIS)
    assert (found.pairs, found.fewer) == (3, 2)
    assert found.text == "3 possible duplicates, at most -2"


@pytest.mark.one_engine
def test_two_pairs_apart_take_off_two(pcn: Any) -> None:
    for given, born in (("Rosa", date(1950, 1, 9)), ("Ivo", date(1961, 7, 2))):
        for _ in range(2):
            started(pcn, given, "Quill", date_of_birth=born)
    assert duplicates.of_pcn(pcn, BASIS) == duplicates.Duplicates(2, 2)


@pytest.mark.one_engine
def test_twins_and_strangers_are_not_duplicates(pcn: Any) -> None:
    started(pcn, "Rosa", "Quill", nhs_number="9990000018")
    started(pcn, "Ivo", "Quill", nhs_number="9990000026")
    started(pcn, "Rosa", "Quill", date_of_birth=date(1988, 5, 30))
    assert duplicates.of_pcn(pcn, BASIS).sentence == ""


@pytest.mark.one_engine
def test_only_people_who_are_counted_are_compared(pcn: Any) -> None:
    started(pcn, "Rosa", "Quill")
    error = {"closed_at": STARTED, "close_reason": CloseReason.OPENED_IN_ERROR}
    started(pcn, "Rosa", "Quill", **error)
    started(organisation("Southside PCN", OrganisationKind.PCN), "Rosa", "Quill")
    of = person("Rosa", "Quill", nhs_number=None)
    case(pcn, person=of, first_conversation_at=datetime(2026, 3, 31, 22, 59, tzinfo=UTC))
    assert duplicates.of_pcn(pcn, BASIS).pairs == 0


@pytest.mark.one_engine
def test_two_cases_of_one_person_are_no_duplicate(pcn: Any) -> None:
    twice = person("Rosa", "Quill")
    case(pcn, person=twice, first_conversation_at=STARTED)
    case(pcn, person=twice, first_conversation_at=STARTED)
    assert duplicates.of_pcn(pcn, BASIS).pairs == 0
