"""Plans of the demo: goals in people’s own words, what was agreed towards them, and reviews."""

from datetime import date, datetime, timedelta
from random import Random
from typing import Any

from linkwork.demo.content import content
from linkwork.demo.days import Days, in_office_hours
from linkwork.demo.rows import Rows
from linkwork.models import ActionOwner, CopyHow, Goal, GoalAction, Plan, PlanReview, SupportCase

MOST_GOALS = 2
REVIEW_DAYS = (28, 63)
LATELY_DAYS = 14
COPIES = (CopyHow.PRINTED, CopyHow.PRINTED, CopyHow.LARGE_PRINT, CopyHow.EMAIL, CopyHow.EASY_READ)


class Plans:
    """Writes the plan of every case in which one was agreed."""

    def __init__(self, rows: Rows, days: Days) -> None:
        # Luck of its own, so that what else happens in the demo does not depend on plans.
        self._rows, self._days, self._rng = rows, days, Random(1948)  # noqa: S311
        self._said = content("plans")

    def write(self, needs: dict[int, list[str]]) -> None:
        """Write the plans of the cases kept so far; ``needs`` has each case’s, by its number."""
        for case in self._rows.of(SupportCase):
            if case["plan_agreed_at"] is not None:
                self._plan(case)
                self._goals(case, needs[case["id"]])

    def _plan(self, case: dict[str, Any]) -> None:
        agreed_at, rng = case["plan_agreed_at"], self._rng
        given = rng.random() < 0.8
        plan_id = self._rows.add(
            Plan,
            agreed_at,
            case_id=case["id"],
            agreed_at=agreed_at,
            agreed_by_id=case["worker_id"],
            copy_given_at=agreed_at if given else None,
            copy_how=rng.choice(COPIES) if given else None,
            review_on=None,
            reviewed_at=None,
        )
        plan = self._rows.of(Plan)[-1]
        plan["review_on"] = self._review(case, plan_id, plan, agreed_at)

    def _review(
        self, case: dict[str, Any], plan_id: int, plan: dict[str, Any], since: datetime
    ) -> date | None:
        """Hold the reviews that time allows; return the day of the next, if there is one."""
        until = case["closed_at"] or self._days.cutoff
        due = self._days.after(since.date(), self._rng.randint(*REVIEW_DAYS))
        while due < until.date() and not self._put_off(due):
            at = in_office_hours(due, self._rng)
            due = self._days.after(due, self._rng.randint(*REVIEW_DAYS))
            self._rows.add(
                PlanReview,
                at,
                plan_id=plan_id,
                at=at,
                by_id=case["worker_id"],
                what_changed=self._rng.choice(self._said["reviews"]),
                review_on=due,
            )
            plan["reviewed_at"] = at
        return due if case["closed_at"] is None else None

    def _put_off(self, due: date) -> bool:
        """Whether nobody has got round to it yet: one for the list of what is due."""
        lately = due > self._days.today - timedelta(days=LATELY_DAYS)
        return lately and self._rng.random() < 0.4

    def _goals(self, case: dict[str, Any], needs: list[str]) -> None:
        chosen = [self._rng.choice(self._said["goals"][need]) for need in needs[:MOST_GOALS]]
        for position, goal in enumerate(chosen, start=1):
            closed, luck = case["closed_at"], self._rng.random()
            met = closed if closed is not None and luck < 0.7 else None
            aside = closed if closed is not None and luck > 0.9 else None
            goal_id = self._rows.add(
                Goal,
                case["plan_agreed_at"],
                case_id=case["id"],
                position=position,
                words=goal["words"],
                written_at=case["plan_agreed_at"],
                written_by_id=case["worker_id"],
                met_at=met,
                set_aside_at=aside,
                set_aside_why=self._rng.choice(self._said["set_aside"]) if aside else None,
            )
            for action in goal["actions"]:
                self._action(case, goal_id, action)

    def _action(self, case: dict[str, Any], goal_id: int, action: dict[str, Any]) -> None:
        agreed_at, rng = case["plan_agreed_at"], self._rng
        due = self._days.after(agreed_at.date(), rng.randint(5, 25))
        done_at = agreed_at + timedelta(days=rng.randint(2, 24))
        until = case["closed_at"] or self._days.cutoff
        overdue_for_long = due < self._days.today - timedelta(days=LATELY_DAYS)
        done = done_at < until and (overdue_for_long or rng.random() < 0.75)
        self._rows.add(
            GoalAction,
            agreed_at,
            goal_id=goal_id,
            what=action["what"],
            owner=ActionOwner(action["owner"]),
            owner_name=action.get("owner_name"),
            due_on=due if action["owner"] == "worker" or rng.random() < 0.5 else None,
            done_at=done_at if done else None,
            done_by_id=case["worker_id"] if done else None,
            removed_at=None,
        )
