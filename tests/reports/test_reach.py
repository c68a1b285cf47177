"""Who is reached, by deprivation: each person once, and no small number."""

from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask

from linkwork.capacity.calendar import FinancialYear
from linkwork.database import db
from linkwork.models import CloseReason, OrganisationKind
from linkwork.reports import reach
from tests.cast import case, organisation, person
from tests.conftest import TODAY

YEAR = FinancialYear.containing(TODAY)
STARTED = datetime(2026, 6, 1, 9, tzinfo=UTC)


@pytest.fixture
def pcn(app: Flask) -> Any:
    made = organisation("Northside PCN", OrganisationKind.PCN)
    db.session.flush()
    return made


def started(pcn: Any, decile: int | None, times: int = 1, **facts: Any) -> None:
    for _ in range(times):
        whom = person(deprivation_decile=decile)
        case(pcn, person=whom, **{"first_conversation_at": STARTED, **facts})


def rows(pcn: Any) -> list[str]:
    return [people for _, people in reach.by_deprivation(pcn.id, YEAR, TODAY).rows]


def test_people_are_counted_by_fifth_and_each_of_them_once(pcn: Any) -> None:
    started(pcn, 1, 9)
    started(pcn, 2, 9)
    started(pcn, 10, 8)
    for _ in range(9):
        twice = person(deprivation_decile=5)
        case(pcn, person=twice, first_conversation_at=STARTED)
        case(pcn, person=twice, first_conversation_at=STARTED)
    started(pcn, None, 12)
    assert rows(pcn) == ["18", "0", "9", "0", "8", "12"]


def test_a_small_number_is_withheld_and_so_is_what_would_give_it_away(pcn: Any) -> None:
    started(pcn, 1, 9)
    started(pcn, 10, 1)
    assert rows(pcn)[4] == "7 or fewer"
    assert rows(pcn)[0] == "Withheld"


def test_other_years_errors_and_other_pcns_are_not_counted(pcn: Any) -> None:
    started(pcn, 1, 8, first_conversation_at=datetime(2026, 3, 31, 22, tzinfo=UTC))
    started(pcn, 1, 8, closed_at=STARTED, close_reason=CloseReason.OPENED_IN_ERROR)
    started(organisation("Southside PCN", OrganisationKind.PCN), 1, 8)
    started(pcn, None, 8)
    assert rows(pcn) == ["0", "0", "0", "0", "0", "8"]
    assert not reach.by_deprivation(pcn.id, YEAR, TODAY).is_known
