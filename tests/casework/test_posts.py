"""Who is at work on a date, and who is paid for."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from linkwork.capacity.targets import Scope
from linkwork.casework import posts
from linkwork.casework.posts import Staffing
from linkwork.database import db
from linkwork.models import Absence, AbsenceKind, Post, PostState

ON = date(2026, 11, 18)
DAY_BEFORE = date(2026, 11, 17)


def post(cast: Any, worker: Any, **facts: Any) -> None:
    usual = {"organisation_id": cast.northside.id, "worker_id": worker and worker.id,
             "wte": Decimal("1.00"), "start_on": date(2024, 1, 8), "end_on": None,
             "additional": False, "state": PostState.STARTED}  # fmt: skip
    db.session.add(Post(**{**usual, **facts}))


def staffing(cast: Any) -> Staffing:
    db.session.commit()
    return posts.of_pcns([cast.northside.id, cast.southside.id])[cast.northside.id]


@pytest.mark.parametrize(
    ("facts", "at_work", "funded"),
    [
        ({}, 1.0, 1.0),
        ({"end_on": ON}, 1.0, 1.0),
        ({"end_on": DAY_BEFORE, "state": PostState.ENDED}, 0.0, 0.0),
        ({"end_on": DAY_BEFORE}, 0.0, 0.0),
        ({"state": PostState.ENDED}, 0.0, 0.0),
        ({"start_on": date(2026, 12, 1), "state": PostState.APPOINTED}, 0.0, 0.0),
        ({"start_on": date(2026, 12, 1)}, 0.0, 0.0),
        ({"start_on": ON}, 1.0, 1.0),
        ({"worker_id": None, "start_on": date(2026, 12, 1), "state": PostState.APPROVED}, 0.0, 0.0),
        ({"start_on": None, "state": PostState.APPOINTED}, 0.0, 1.0),
        ({"worker_id": None, "start_on": None, "state": PostState.ADVERTISED}, 0.0, 1.0),
        ({"wte": Decimal("0.55")}, 0.55, 0.55),
    ],
)
def test_a_post_counts_at_work_and_funded(
    cast: Any, facts: dict[str, Any], at_work: float, funded: float
) -> None:
    post(cast, cast.amina, **facts)
    found = staffing(cast)
    assert found.in_post_wte(ON, Scope.ALL) == at_work
    assert found.funded_wte(ON, Scope.ALL) == funded
    assert found.in_post_wte(ON, Scope.ADDITIONAL) == 0
    assert found.funded_wte(ON, Scope.ADDITIONAL) == 0
    [added_up] = posts.wte_by_pcn(ON)
    assert (added_up.in_post, added_up.funded) == (at_work, funded)


def test_somebody_on_long_absence_is_paid_for_and_not_at_work(cast: Any) -> None:
    post(cast, cast.amina)
    away = {"worker_id": cast.amina.id, "kind": AbsenceKind.LONG_SICKNESS}
    db.session.add(Absence(**away, start_on=ON, end_on=date(2026, 12, 1)))
    found = staffing(cast)
    assert found.in_post_wte(DAY_BEFORE, Scope.ALL) == 1
    assert found.in_post_wte(ON, Scope.ALL) == 0
    assert found.funded_wte(ON, Scope.ALL) == 1
    assert found.absence_of(cast.amina.id, DAY_BEFORE) is None
    assert found.absence_of(cast.amina.id, ON) is not None
    assert found.absence_of(cast.amina.id, date(2026, 12, 2)) is None


def test_each_pcn_has_its_own_posts_and_absences(cast: Any) -> None:
    post(cast, cast.amina)
    post(cast, cast.cath, organisation_id=cast.southside.id)
    for worker in (cast.amina, cast.cath):
        away = {"worker_id": worker.id, "kind": AbsenceKind.SECONDMENT}
        db.session.add(Absence(**away, start_on=ON))
    found = staffing(cast)
    assert [name for _, name in found.posts] == ["Amina Okafor"]
    assert [absence.worker_id for absence in found.absences] == [cast.amina.id]
    assert found.name_of(cast.amina.id) == "Amina Okafor"


def test_a_pcn_without_a_post_is_absent(cast: Any) -> None:
    assert posts.of_pcns([cast.northside.id]) == {}


@pytest.mark.parametrize(
    ("held", "away", "expected"),
    [
        ([], [], 0.0),
        ([{}], [], 1.0),
        ([{}, {"wte": Decimal("0.40")}], [], 1.4),
        ([{"end_on": ON}], [], 1.0),
        ([{"end_on": DAY_BEFORE}], [], 0.0),
        ([{"state": PostState.ENDED}], [], 0.0),
        ([{"state": PostState.ENDED, "end_on": ON}], [], 1.0),
        ([{"state": PostState.APPOINTED}], [], 0.0),
        ([{"start_on": None}], [], 0.0),
        ([{}], [{"end_on": None}], 0.0),
        ([{}], [{"end_on": DAY_BEFORE}], 1.0),
        ([{}, {}], [{"end_on": ON}, {"end_on": None}], 0.0),
    ],
)
def test_the_wte_of_one_worker_is_the_same_asked_for_alone_or_with_something_else(
    cast: Any, held: list[dict[str, Any]], away: list[dict[str, Any]], expected: float
) -> None:
    for facts in held:
        post(cast, cast.amina, **facts)
    for facts in away:
        usual = {"worker_id": cast.amina.id, "kind": AbsenceKind.PARENTAL, "start_on": DAY_BEFORE}
        db.session.add(Absence(**{**usual, **facts}))
    post(cast, cast.ben)
    db.session.flush()
    amina = cast.amina.id
    assert posts.wte_of([amina], ON).get(amina, 0.0) == pytest.approx(expected)
    with_something_else = db.session.scalar(db.select(posts.wte_in_sql(amina, ON)))
    assert float(with_something_else) == pytest.approx(expected)
