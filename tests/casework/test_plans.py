"""Plans: agreed by talking, given to the person, reviewed when they said."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from linkwork.casework import contacts, goal_actions, goals, plans
from linkwork.casework.contacts import Conversation
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import (
    ActionOwner,
    AuditEntry,
    CaseState,
    CloseReason,
    ContactMode,
    CopyHow,
    Goal,
    GoalAction,
    GoalWording,
    Plan,
    PlanReview,
    SupportCase,
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


def test_a_review_is_due_on_its_day_for_the_worker_of_the_case_only(plan: Plan, cast: Cast) -> None:
    assert not plans.due(cast.amina, on=REVIEW - DAY)
    assert list(plans.due(cast.amina, on=REVIEW)) == [plan]
    assert not plans.due(cast.ben, on=REVIEW)
    assert not plans.due(cast.cath, on=REVIEW)
    assert not plans.due(cast.lead, on=REVIEW)
    plan.case.closed_at, plan.case.close_reason = NOW, CloseReason.MOVED
    assert not plans.due(cast.amina, on=REVIEW)


STEP = st.tuples(
    st.sampled_from(
        "write write reword order meet set_aside take_up add done undo remove"
        " agree copy review talk close".split()
    ),
    st.integers(0, 3),  # which of the records there are
    st.integers(-2, 60),  # a number a verb may want: a place, or days ahead
    st.sampled_from([0, 0, 1, 20]),  # days that pass before
)


class World:
    """One case, and its worker and a colleague who do things in any order."""

    def __init__(self, cast: Cast) -> None:
        self.cast, self.now = cast, NOW
        self.case = make.case(cast.northside, worker=cast.amina)

    def act(self, verb: str, which: int, number: int, passed: int) -> bool:
        """Let time pass and do a verb; whether there was anything to do it to."""
        self.now += passed * DAY
        model = (
            GoalAction
            if verb in ("done", "undo", "remove")
            else Plan
            if verb in ("copy", "review")
            else Goal
        )
        records = list(db.session.scalars(select(model).order_by(model.id)).unique())
        if not records and verb not in ("write", "agree", "talk", "close"):
            return False
        record: Any = records[which % len(records)] if records else None
        getattr(self, f"_{verb}")(record, number)
        return True

    def _ahead(self, days: int) -> date:
        return self.now.date() + days * DAY

    def _write(self, _: Any, number: int) -> None:
        goals.write(self.case, f"goal {number % 5}", by=self.cast.amina, at=self.now)

    def _reword(self, goal: Goal, number: int) -> None:
        seen = goal.wording - (number % 7 == 0)
        goals.reword(goal, f"words {number}", seen=seen, by=self.cast.ben, at=self.now)

    def _order(self, goal: Goal, number: int) -> None:
        goals.order(goal, place=number, by=self.cast.amina)

    def _meet(self, goal: Goal, _: int) -> None:
        goals.meet(goal, by=self.cast.amina, at=self.now)

    def _set_aside(self, goal: Goal, number: int) -> None:
        goals.set_aside(goal, "Why" * (number % 4), by=self.cast.amina, at=self.now)

    def _take_up(self, goal: Goal, _: int) -> None:
        goals.take_up(goal, by=self.cast.amina)

    def _add(self, goal: Goal, number: int) -> None:
        owner = list(ActionOwner)[number % 3]
        name = "Ada" if number % 2 else None
        due_on = self._ahead(number) if number % 4 else None
        goal_actions.add(
            goal, "Ring", owner=owner, owner_name=name, due_on=due_on, by=self.cast.ben, at=self.now
        )

    def _done(self, action: GoalAction, number: int) -> None:
        goal_actions.done(action, by=self.cast.amina if number % 2 else None, at=self.now)

    def _undo(self, action: GoalAction, _: int) -> None:
        goal_actions.undo(action, by=None)

    def _remove(self, action: GoalAction, _: int) -> None:
        goal_actions.remove(action, by=self.cast.amina, at=self.now)

    def _agree(self, _: Any, number: int) -> None:
        agree(self.case, self.cast, on=self._ahead(-1), review_on=self._ahead(number), now=self.now)

    def _copy(self, plan: Plan, number: int) -> None:
        plans.give_copy(plan, list(CopyHow)[number % 7], by=self.cast.amina, at=self.now)

    def _review(self, plan: Plan, number: int) -> None:
        review_on = self._ahead(number) if number % 3 else None
        plans.review(plan, "Same", review_on=review_on, by=self.cast.amina, at=self.now)

    def _talk(self, _: Any, number: int) -> None:
        said = Conversation(
            mode=ContactMode.PHONE, minutes=20, notes="Talked.", plan_agreed=number > 50
        )
        at = self.now - (number % 3) * DAY
        contacts.record(self.case, said, by=self.cast.amina, at=at, now=self.now)

    def _close(self, _: Any, number: int) -> None:
        if number > 50:
            self.case.closed_at, self.case.close_reason = self.now, CloseReason.MOVED


def broken_rules(case: SupportCase) -> list[str]:
    """What is not as it must always be, in words."""
    found = goals.of_case(case, whole=True)
    plan = plans.of_case(case)
    begun, agreed = case.first_conversation_at, case.plan_agreed_at
    kept = {
        "goals stand in one order": len({g.position for g in found}) == len(found),
        "each wording is kept": all(len(g.wordings) == g.wording - 1 for g in found),
        "no goal is met and set aside": all(not (g.met_at and g.set_aside_at) for g in found),
        "set aside has a reason": all(bool(g.set_aside_at) == bool(g.set_aside_why) for g in found),
        "open goals are few": sum(g.is_open for g in found) <= goals.MOST,
        "somebody else has a name": all(
            (action.owner is ActionOwner.OTHER) == (action.owner_name is not None)
            for goal in found
            for action in goal.actions
        ),
        "who did it did it": all(a.done_at or not a.done_by_id for g in found for a in g.actions),
        "a plan comes after talking": plan is None
        or (begun is not None and agreed is not None and begun <= agreed <= plan.agreed_at),
        "the last review is the last": plan is None
        or plan.reviewed_at == (plan.reviews[0].at if plan.reviews else None),
    }
    return [rule for rule, holds in kept.items() if not holds]


def everything() -> list[Any]:
    """All that is kept of plans, for comparing."""
    tables = [m.__table__ for m in (Goal, GoalAction, GoalWording, Plan, PlanReview)]
    return [db.session.execute(select(t).order_by(t.c.id)).all() for t in tables]


@pytest.mark.one_engine
@given(steps=st.lists(STEP, min_size=12, max_size=30))
@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_the_rules_of_a_plan_hold_after_any_sequence_of_verbs(
    cast: Cast, steps: list[tuple[str, int, int, int]]
) -> None:
    outer = db.session.begin_nested()
    world = World(cast)
    for step in [("talk", 0, 0, 0), ("write", 0, 0, 0), *steps]:
        before, noted = everything(), entries()
        try:
            with db.session.begin_nested():
                world.act(*step)
        except RuleBroken:
            assert (everything(), entries()) == (before, noted), f"{step[0]} was refused and done"
        db.session.expire_all()
        if everything() != before:
            assert entries() > noted, f"{step[0]} left no entry"
        assert broken_rules(world.case) == []
    outer.rollback()
    db.session.info.pop("afterwards", None)


def entries() -> int:
    """Entries written, and those that wait for the commit."""
    written = db.session.scalar(select(func.count()).select_from(AuditEntry)) or 0
    return written + len(db.session.info.get("afterwards", []))
