"""Whatever is done to a plan and in whatever order, the rules of a plan hold.

A verb either changes something and leaves an entry in the audit trail, or it changes nothing.
"""

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
from tests.conftest import NOW

DAY = timedelta(days=1)
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
        days = {"on": self._ahead(-1), "review_on": self._ahead(number)}
        plans.agree(self.case, **days, by=self.cast.amina, now=self.now)

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
