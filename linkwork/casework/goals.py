"""Goals: written in the person’s own words, reworded, put in order, met or set aside."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import lazyload, selectinload

from linkwork import audit
from linkwork.audit import Event
from linkwork.casework.cases import hold, must_be_open
from linkwork.database import db
from linkwork.errors import ChangedMeanwhile, RuleBroken
from linkwork.models import Goal, GoalWording, SupportCase, User

MOST = 20
# A user for their name: without their roles and organisation.
BARE = (lazyload(User.grants), lazyload(User.organisation))
NO_WORDS = "Write the goal in the person’s own words."


def write(case: SupportCase, words: str, *, by: User, at: datetime) -> Goal:
    """Write down what the person wants, after the goals there are.

    The same words written twice are one goal. Raises ``RuleBroken`` where the case has ended or
    there are 20 open goals.
    """
    hold(case)
    must_be_open(case)
    if not words.strip():
        raise RuleBroken(NO_WORDS)
    present = _shown(case)
    for goal in present:
        if goal.words == words and goal.is_open:
            return goal
    if sum(goal.is_open for goal in present) >= MOST:
        raise RuleBroken(f"There are {MOST} goals already. Set one aside before you write another.")
    last = max((goal.position for goal in present), default=0)
    goal = Goal(case=case, position=last + 1, words=words, written_at=at, written_by_id=by.id)
    db.session.add(goal)
    audit.record(Event.GOAL_WRITTEN, goal, by=by, person_id=case.person_id)
    return goal


def reword(goal: Goal, words: str, *, seen: int, by: User, at: datetime) -> None:
    """Put a goal into better words; the old ones stay readable, with who wrote them.

    ``seen`` is the number of the wording it was changed from. Raises ``ChangedMeanwhile``, with
    the words as they are now, where a colleague was first.
    """
    _hold_open(goal)
    if not words.strip():
        raise RuleBroken(NO_WORDS)
    if words == goal.words:
        return
    if seen != goal.wording:
        raise ChangedMeanwhile(
            f"Somebody else changed this goal to “{goal.words}” while you were writing. "
            "Yours is kept below: save it to replace theirs, or go back to leave theirs."
        )
    db.session.add(
        GoalWording(
            goal_id=goal.id,
            words=goal.words,
            written_at=goal.written_at,
            written_by_id=goal.written_by_id,
        )
    )
    goal.words, goal.written_at, goal.written_by_id = words, at, by.id
    goal.wording += 1
    audit.record(Event.GOAL_REWORDED, goal, by=by, person_id=goal.case.person_id)


def order(goal: Goal, *, place: int, by: User) -> None:
    """Put a goal in a place among those of its case: 1 is the first, beyond the last is the last.

    Putting it where it is changes nothing, so a button pressed twice moves it once.
    """
    _hold_open(goal)
    present = _shown(goal.case)
    others = [other for other in present if other is not goal]
    index = max(0, min(place - 1, len(others)))
    wanted = [*others[:index], goal, *others[index:]]
    if wanted == present:
        return
    for position, one in enumerate(wanted, start=1):
        one.position = position
    audit.record(Event.GOAL_ORDERED, goal, by=by, person_id=goal.case.person_id, place=index + 1)


def meet(goal: Goal, *, by: User, at: datetime) -> None:
    """Say that the person has what they wanted. Saying it twice is saying it once."""
    _hold(goal)
    if goal.met_at is not None:
        return
    _must_be_taken_up(goal)
    goal.met_at = at
    audit.record(Event.GOAL_MET, goal, by=by, person_id=goal.case.person_id)


def set_aside(goal: Goal, why: str, *, by: User, at: datetime) -> None:
    """Leave a goal for now, with the reason. Doing it twice is doing it once."""
    _hold(goal)
    if goal.set_aside_at is not None:
        return
    if goal.met_at is not None:
        raise RuleBroken("This goal is met. Undo that before you set it aside.")
    if not why.strip():
        raise RuleBroken("Say why this goal is set aside.")
    goal.set_aside_at, goal.set_aside_why = at, why
    audit.record(Event.GOAL_SET_ASIDE, goal, by=by, person_id=goal.case.person_id)


def take_up(goal: Goal, *, by: User) -> None:
    """Work towards a goal again that was met or set aside: either was said too early."""
    _hold(goal)
    if goal.is_open:
        return
    goal.met_at = goal.set_aside_at = goal.set_aside_why = None
    audit.record(Event.GOAL_TAKEN_UP, goal, by=by, person_id=goal.case.person_id)


def of_case(case: SupportCase, *, whole: bool = False) -> Sequence[Goal]:
    """The goals of a case in their order; ``whole`` with what is done towards them."""
    query = select(Goal).where(Goal.case_id == case.id).order_by(Goal.position, Goal.id)
    if whole:
        query = query.options(selectinload(Goal.actions))
    return db.session.scalars(query).unique().all()


def _shown(case: SupportCase) -> list[Goal]:
    return list(of_case(case))


def _hold(goal: Goal) -> None:
    """Hold the case first, always, so that no two changes wait for each other."""
    hold(goal.case)
    db.session.refresh(goal)
    must_be_open(goal.case)


def _hold_open(goal: Goal) -> None:
    _hold(goal)
    _must_be_taken_up(goal)
    if goal.met_at is not None:
        raise RuleBroken("This goal is met. Undo that before you change it.")


def _must_be_taken_up(goal: Goal) -> None:
    if goal.set_aside_at is not None:
        raise RuleBroken("This goal was set aside. Take it up again first.")
