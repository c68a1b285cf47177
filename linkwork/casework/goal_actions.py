"""What is done towards a goal: by the person, their worker or somebody else, and by when."""

from datetime import date, datetime, timedelta

from sqlalchemy import Select, select

from linkwork import audit, clock
from linkwork.audit import Event
from linkwork.casework.cases import hold, must_be_open
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import ActionOwner, Goal, GoalAction, User

MOST = 20
FARTHEST = timedelta(days=366)


def add(
    goal: Goal,
    what: str,
    *,
    owner: ActionOwner,
    owner_name: str | None = None,
    due_on: date | None = None,
    by: User,
    at: datetime,
) -> GoalAction:
    """Agree that somebody does something; the same said twice is one action.

    Raises ``RuleBroken`` for a goal that is met or set aside, somebody else without a name, a day
    that is past or more than a year ahead, or the 21st action of a goal.
    """
    _hold_goal(goal)
    if not what.strip():
        raise RuleBroken("Say what will be done.")
    name = owner_name if owner is ActionOwner.OTHER else None
    if owner is ActionOwner.OTHER and not name:
        raise RuleBroken("Say who will do it.")
    _must_be_ahead(due_on, clock.london(at).date())
    for action in goal.actions:
        same = (action.what, action.owner, action.owner_name, action.due_on)
        if same == (what, owner, name, due_on) and action.done_at is None:
            return action
    if len(goal.actions) >= MOST:
        raise RuleBroken(f"This goal has {MOST} actions. Take one off before you add another.")
    action = GoalAction(goal=goal, what=what, owner=owner, owner_name=name, due_on=due_on)
    db.session.add(action)
    audit.record(
        Event.ACTION_ADDED, action, by=by, person_id=goal.case.person_id, owner=owner.value
    )
    return action


def done(action: GoalAction, *, by: User | None, at: datetime) -> None:
    """Say that it was done; ``by`` is None where the person said so. Twice is once."""
    _hold(action)
    if action.done_at is not None:
        return
    action.done_at, action.done_by_id = at, by.id if by else None
    audit.record(Event.ACTION_DONE, action, by=by, person_id=action.goal.case.person_id)


def undo(action: GoalAction, *, by: User | None) -> None:
    """Say that it was not done after all."""
    _hold(action)
    if action.done_at is None:
        return
    action.done_at = action.done_by_id = None
    audit.record(Event.ACTION_UNDONE, action, by=by, person_id=action.goal.case.person_id)


def remove(action: GoalAction, *, by: User, at: datetime) -> None:
    """Take an action off the plan. Doing it twice is doing it once."""
    hold(action.goal.case)
    db.session.refresh(action)
    must_be_open(action.goal.case)
    if action.removed_at is not None:
        return
    action.removed_at = at
    audit.record(Event.ACTION_REMOVED, action, by=by, person_id=action.goal.case.person_id)
    db.session.flush()
    db.session.expire(action.goal, ["actions"])


def promised(*, until: date) -> Select[int, int]:
    """What workers promised in plans and have not done, due by ``until``: ``id`` and ``case_id``.

    Whose cases are meant is for the query it becomes a part of to say.
    """
    return (
        select(GoalAction.id, Goal.case_id)
        .join(GoalAction.goal)
        .where(
            Goal.met_at.is_(None),
            Goal.set_aside_at.is_(None),
            GoalAction.owner == ActionOwner.WORKER,
            GoalAction.done_at.is_(None),
            GoalAction.removed_at.is_(None),
            GoalAction.due_on <= until,
        )
    )


def _hold_goal(goal: Goal) -> None:
    hold(goal.case)
    db.session.refresh(goal)
    must_be_open(goal.case)
    if goal.met_at is not None:
        raise RuleBroken("This goal is met. Undo that before you add to it.")
    if goal.set_aside_at is not None:
        raise RuleBroken("This goal was set aside. Take it up again first.")


def _hold(action: GoalAction) -> None:
    """Hold the case first, always, so that no two changes wait for each other."""
    hold(action.goal.case)
    db.session.refresh(action)
    must_be_open(action.goal.case)
    if action.removed_at is not None:
        raise RuleBroken("This action was taken off the plan.")


def _must_be_ahead(due_on: date | None, today: date) -> None:
    if due_on is not None and due_on < today:
        raise RuleBroken("The day for an action must be today or later.")
    if due_on is not None and due_on > today + FARTHEST:
        raise RuleBroken("The day for an action must be within a year. Check its date.")
