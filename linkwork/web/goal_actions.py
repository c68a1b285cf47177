"""What is done towards a goal: done, not done after all, taken off."""

from flask import Blueprint, flash, redirect, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import joinedload

from linkwork import access, clock
from linkwork.access import Permission, me, requires
from linkwork.casework import goal_actions
from linkwork.models import Goal, GoalAction
from linkwork.web.cases import opened
from linkwork.web.paging import local_address
from linkwork.web.plans import at_goal

bp = Blueprint("goal_actions", __name__, url_prefix="/goal-actions/<key>")
WITH_CASE = (joinedload(GoalAction.goal).joinedload(Goal.case),)


@bp.post("/done")
@requires(Permission.WORK_CASES)
def done(key: str) -> ResponseReturnValue:
    action = _opened(key)
    goal_actions.done(action, by=me(), at=clock.now())
    return redirect(local_address(request.args.get("next")) or at_goal(action.goal), 303)


@bp.post("/undo")
@requires(Permission.WORK_CASES)
def undo(key: str) -> ResponseReturnValue:
    action = _opened(key)
    goal_actions.undo(action, by=me())
    return redirect(at_goal(action.goal), 303)


@bp.post("/remove")
@requires(Permission.WORK_CASES)
def remove(key: str) -> ResponseReturnValue:
    action = _opened(key)
    goal_actions.remove(action, by=me(), at=clock.now())
    flash("Taken off the plan.")
    return redirect(at_goal(action.goal), 303)


def _opened(key: str) -> GoalAction:
    """The action, once its case may be opened."""
    found = access.find(GoalAction, key, user=me(), options=WITH_CASE)
    opened(found.goal.case.key)
    return found
