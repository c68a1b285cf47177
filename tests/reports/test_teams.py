"""The team: what is on each caseload, and when each was supervised, but never what was said."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from linkwork.capacity.assumptions import Assumptions
from linkwork.capacity.calendar import FinancialYear
from linkwork.capacity.targets import Scope
from linkwork.casework import posts as staff
from linkwork.casework.posts import Staffing
from linkwork.database import db
from linkwork.models import OrganisationKind, Role, Supervision, SupervisionKind
from linkwork.reports import frames, teams
from linkwork.reports.basis import Basis
from tests.cast import case, organisation, user
from tests.conftest import NOW, TODAY
from tests.records import post
from tests.statements import watching

BASIS = Basis(FinancialYear.containing(TODAY), TODAY, Scope.ALL)


@pytest.fixture
def pcn(app: Flask) -> Any:
    made = organisation("Northside PCN", OrganisationKind.PCN)
    db.session.flush()
    return made


def worker(pcn: Any, name: str) -> Any:
    made = user(name, pcn, Role.LINK_WORKER)
    db.session.flush()
    post(made)
    return made


def held(with_: Any, on: date, next_due_on: date) -> None:
    usual = {"kind": SupervisionKind.PEER, "recorded_by_id": with_.id, "with_whom": "Jo Vale"}
    made = Supervision(worker_id=with_.id, held_on=on, next_due_on=next_due_on, **usual)
    db.session.add(made)
    db.session.flush()


def team(pcn: Any, assumptions: Assumptions | None = None) -> teams.Team:
    staffing = staff.of_pcns([pcn.id]).get(pcn.id, Staffing())
    cases = frames.open_cases([pcn.id])
    supervision = teams.supervised(staffing, cases, BASIS)
    return teams.of_staffing(
        staffing, cases, BASIS.year, TODAY, Scope.ALL,
        assumptions=assumptions or Assumptions(), supervision=supervision,
    )  # fmt: skip


def test_supervision_is_told_by_its_days_as_of_the_date(pcn: Any) -> None:
    amina, ben, cath = (worker(pcn, name) for name in ("Amina Okafor", "Ben Harte", "Cath Doyle"))
    held(amina, date(2026, 3, 31), date(2026, 5, 1))
    held(amina, date(2026, 4, 1), date(2026, 5, 1))
    held(amina, date(2026, 11, 2), date(2026, 11, 30))
    held(amina, TODAY + timedelta(days=1), date(2027, 1, 8))
    held(ben, date(2026, 10, 1), TODAY - timedelta(days=1))
    found = {one.name: one for one in team(pcn).workers}
    assert found[amina.name].supervision == "2 November 2026, next due 30 November 2026"
    assert found[amina.name].supervised.times_text == "2 times this year"
    assert found[ben.name].supervision == "1 October 2026, was due 17 November 2026"
    assert found[cath.name].supervision == teams.NONE_RECORDED


@pytest.mark.one_engine
def test_whoever_has_a_case_but_no_post_is_of_the_team_and_all_are_found_by_one_query(
    pcn: Any,
) -> None:
    bank = user("Dana Wick", pcn, Role.LINK_WORKER)
    case(pcn, worker=bank, first_conversation_at=NOW)
    held(bank, date(2026, 10, 1), TODAY)
    cases = frames.open_cases([pcn.id])
    with watching() as statements:
        found = teams.supervised(Staffing(), cases, BASIS)
    assert len(statements) == 1
    assert (found[bank.id].is_overdue, found[bank.id].times) == (False, 1)


@pytest.mark.one_engine
def test_a_pcn_without_anybody_has_no_supervision(pcn: Any) -> None:
    assert teams.supervised(Staffing(), [], BASIS) == {}
    assert team(pcn).workers == ()


@pytest.mark.one_engine
def test_load_and_capacity_rest_on_what_is_assumed(pcn: Any) -> None:
    amina = worker(pcn, "Amina Okafor")
    case(pcn, worker=amina, first_conversation_at=NOW)
    assumed = Assumptions(open_cases=20, people_per_wte=100, people_per_wte_low=80)
    found = team(pcn, assumed)
    assert found.workers[0].load.limit == 20
    assert found.capacity.value == pytest.approx(1.25 * (found.capacity_low.value or 0))
    assert found.capacity.value < team(pcn).capacity.value
