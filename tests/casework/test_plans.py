"""Plans: agreed by talking, given to the person, reviewed when they said."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from linkwork.casework import contacts, goals, plans, today
from linkwork.casework.contacts import Conversation
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import (
    AuditEntry,
    CaseState,
    CloseReason,
    ContactMode,
    CopyHow,
    Plan,
    SupportCase,
    TodayList,
    User,
)
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW, TODAY

DAY = timedelta(days=1)
REVIEW = TODAY + 42 * DAY


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    """A case with a conversation three days ago and a goal."""
    made = make.case(cast.northside, worker=cast.amina, first_conversation_at=NOW - 3 * DAY)
    goals.write(made, "I want to sing again", by=cast.amina, at=NOW)
    return made


@pytest.fixture
def plan(case: SupportCase, cast: Cast) -> Plan:
    return agree(case, cast)


def agree(case: SupportCase, cast: Cast, **how: Any) -> Plan:
    given = {"on": TODAY, "review_on": REVIEW, "by": cast.amina, "now": NOW, **how}
    return plans.agree(case, **given)


def events() -> list[str]:
    db.session.commit()
    found = db.session.scalars(select(AuditEntry.event).order_by(AuditEntry.number))
    return [event for event in found if event.startswith("plan")]


def test_a_plan_that_is_agreed_moves_the_case_on(case: SupportCase, cast: Cast) -> None:
    for _ in range(2):
        plan = agree(case, cast)
    assert (case.state, case.plan_agreed_at) == (CaseState.PLANNED, plan.agreed_at)
    assert (plan.agreed_by_id, plan.review_on) == (cast.amina.id, REVIEW)
    assert events() == ["plan.agreed"]


def test_a_plan_is_agreed_on_the_day_it_was(case: SupportCase, cast: Cast) -> None:
    plan = agree(case, cast, on=TODAY - 2 * DAY)
    assert plan.agreed_at.date() == TODAY - 2 * DAY
    # On the day of the first conversation it comes after it.
    afternoon = NOW + timedelta(hours=5)
    other = make.case(cast.northside, worker=cast.amina, first_conversation_at=afternoon)
    goals.write(other, "Company", by=cast.amina, at=NOW)
    assert agree(other, cast, now=afternoon + timedelta(hours=1)).agreed_at == afternoon


@pytest.mark.parametrize("ticked_days_ago", [0, 2])
def test_the_first_agreement_counts_wherever_it_was_noted(
    case: SupportCase, cast: Cast, ticked_days_ago: int
) -> None:
    said = Conversation(mode=ContactMode.PHONE, minutes=20, notes="Talked.", plan_agreed=True)
    at = NOW - ticked_days_ago * DAY
    contacts.record(case, said, by=cast.amina, at=at, now=NOW)
    plan = agree(case, cast, on=TODAY - DAY)
    assert case.plan_agreed_at == min(at, plan.agreed_at)


@pytest.mark.parametrize(
    ("how", "problem"),
    [
        ({"on": TODAY + DAY}, "in the future"),
        ({"on": TODAY - 4 * DAY}, "before the first conversation"),
        ({"review_on": TODAY}, "after today"),
        ({"review_on": TODAY + timedelta(days=367)}, "within a year"),
    ],
)
def test_a_plan_with_a_day_that_makes_no_sense_is_refused(
    case: SupportCase, cast: Cast, how: dict[str, date], problem: str
) -> None:
    with pytest.raises(RuleBroken, match=problem):
        agree(case, cast, **how)
    assert case.plan_agreed_at is None


def test_a_plan_needs_a_conversation_and_a_goal_and_an_open_case(
    case: SupportCase, cast: Cast
) -> None:
    (goal,) = goals.of_case(case)
    goals.set_aside(goal, "Not now", by=cast.amina, at=NOW)
    with pytest.raises(RuleBroken, match="at least one goal"):
        agree(case, cast)
    goals.take_up(goal, by=cast.amina)
    begun, case.first_conversation_at = case.first_conversation_at, None
    with pytest.raises(RuleBroken, match="Record a conversation first"):
        agree(case, cast)
    case.first_conversation_at = begun
    case.closed_at, case.close_reason = NOW, CloseReason.MOVED
    with pytest.raises(RuleBroken, match="closed"):
        agree(case, cast)


def test_an_agreed_plan_is_changed_by_a_review_only(
    case: SupportCase, plan: Plan, cast: Cast
) -> None:
    with pytest.raises(RuleBroken, match="already agreed"):
        agree(case, cast, review_on=REVIEW + DAY)


def test_a_copy_is_given_in_the_way_they_need(plan: Plan, cast: Cast) -> None:
    for _ in range(2):
        plans.give_copy(plan, CopyHow.LARGE_PRINT, by=cast.amina, at=NOW)
    assert (plan.copy_how, plan.copy_given_at) == (CopyHow.LARGE_PRINT, NOW)
    plans.give_copy(plan, CopyHow.LARGE_PRINT, by=cast.amina, at=NOW + DAY)
    assert plan.copy_given_at == NOW + DAY
    assert events() == ["plan.agreed", "plan.copied", "plan.copied"]


def test_a_review_says_what_changed_and_when_the_next_is(plan: Plan, cast: Cast) -> None:
    later = NOW + 42 * DAY
    following = REVIEW + 42 * DAY
    for _ in range(2):
        plans.review(plan, "Nothing", review_on=following, by=cast.ben, at=later)
    assert (plan.reviewed_at, plan.review_on) == (later, following)
    plans.review(plan, "All done", review_on=None, by=cast.amina, at=later + DAY)
    found = plans.of_case(plan.case)
    assert found is not None
    assert [review.what_changed for review in found.reviews] == ["All done", "Nothing"]
    assert found.reviews[1].by.name == "Ben Harte"
    assert found.review_on is None
    assert events() == ["plan.agreed", "plan.reviewed", "plan.reviewed"]


def test_a_review_without_words_or_with_a_day_that_is_past_is_refused(
    plan: Plan, cast: Cast
) -> None:
    with pytest.raises(RuleBroken, match="Say what changed"):
        plans.review(plan, " ", review_on=None, by=cast.amina, at=NOW)
    with pytest.raises(RuleBroken, match="after today"):
        plans.review(plan, "More", review_on=TODAY, by=cast.amina, at=NOW)
    plan.case.closed_at, plan.case.close_reason = NOW, CloseReason.MOVED
    with pytest.raises(RuleBroken, match="closed"):
        plans.review(plan, "More", review_on=REVIEW, by=cast.amina, at=NOW)
    with pytest.raises(RuleBroken, match="closed"):
        plans.give_copy(plan, CopyHow.POST, by=cast.amina, at=NOW)


def test_a_review_comes_up_on_its_day_for_the_worker_of_the_case_only(
    plan: Plan, cast: Cast
) -> None:
    def due(who: User, days: int = 0) -> list[Any]:
        listings = today.day(who, at=NOW + (REVIEW - TODAY) + days * DAY).listings
        found = [one.rows for one in listings if one.on_list is TodayList.REVIEW]
        return [row.case for rows in found for row in rows]

    assert not due(cast.amina, -1)
    assert due(cast.amina) == [plan.case]
    assert not due(cast.ben)
    plan.case.closed_at, plan.case.close_reason = NOW, CloseReason.MOVED
    assert not due(cast.amina)
