"""Section 10: what link workers have cost to date, and for each person started."""

from datetime import date
from decimal import Decimal
from typing import Any

from linkwork.capacity.assumptions import Assumptions
from linkwork.capacity.calendar import FinancialYear
from linkwork.capacity.targets import Scope
from linkwork.casework.posts import Staffing
from linkwork.models import Absence, AbsenceKind, Post, PostState
from linkwork.reports import money
from linkwork.reports.basis import Basis
from linkwork.reports.money import Money

YEAR = FinancialYear(2025)
SEPTEMBER = date(2025, 9, 30)
LONG_AGO = date(2020, 1, 1)


def post(worker_id: int | None, wte: str, additional: bool = True, **facts: Any) -> Post:
    usual = {"start_on": LONG_AGO, "end_on": None, "state": PostState.STARTED}
    return Post(worker_id=worker_id, wte=Decimal(wte), additional=additional, **{**usual, **facts})


VACANCY = post(None, "1.0", start_on=None, state=PostState.ADVERTISED)
AWAY = Absence(worker_id=2, kind=AbsenceKind.PARENTAL, start_on=LONG_AGO, end_on=None)
STAFFING = Staffing(
    ((post(1, "1.0"), "Amina"), (post(2, "0.5"), "Ben"), (post(3, "0.6", False), "Cath"),
     (VACANCY, "")),
    (AWAY,),
)  # fmt: skip


def spent(scope: Scope, cost: float | None = 36_428, started: int = 100) -> Money:
    basis, assumed = Basis(YEAR, SEPTEMBER, scope), Assumptions(cost_per_wte=cost)
    return money.of_pcn(basis, assumptions=assumed, staffing=STAFFING, started=started)


def test_section_10_who_is_away_is_paid_and_a_vacancy_is_not() -> None:
    # 1.5 WTE for 126 of 253 working days.
    found = spent(Scope.ADDITIONAL)
    assert found.spent.text() == "27,213"
    assert found.per_person.text() == "272"
    assert found.each_at_capacity.text() == "146"
    assert found.sentence == (
        "£27,213 to date, at £36,428 a year for each WTE; £146 if each started 250 a year."
    )


def test_section_10_the_scope_decides_whose_pay_is_counted() -> None:
    assert spent(Scope.ALL).spent.text() == "38,098"


def test_section_10_nobody_started_is_a_dash_and_no_cost_says_what_to_do() -> None:
    assert spent(Scope.ALL, started=0).per_person.text() == "-"
    without = spent(Scope.ALL, cost=None)
    assert (without.spent.text(), without.per_person.text()) == ("-", "-")
    assert without.sentence.endswith("Fill it in on the page of assumptions.")


def test_section_10_the_reference_points_are_printed() -> None:
    assert spent(Scope.ALL).references == (
        "Reimbursed for one WTE at most: £34,113 in 2019/20 and £36,428 in 2022/23."
    )
