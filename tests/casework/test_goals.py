"""Goals: the person’s own words, kept with their history, and what is done towards them."""

from datetime import date, datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy import select

from linkwork.casework import goal_actions, goals, today
from linkwork.database import db
from linkwork.errors import ChangedMeanwhile, RuleBroken
from linkwork.models import (
    ActionOwner,
    AuditEntry,
    CloseReason,
    Goal,
    GoalAction,
    SupportCase,
    TodayList,
    User,
)
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW, TODAY

DAY = timedelta(days=1)
PERSON, WORKER, OTHER = ActionOwner.PERSON, ActionOwner.WORKER, ActionOwner.OTHER


@pytest.fixture
def case(cast: Cast) -> SupportCase:
    return make.case(cast.northside, worker=cast.amina, first_conversation_at=NOW - 5 * DAY)


@pytest.fixture
def goal(case: SupportCase, cast: Cast) -> Goal:
    return goals.write(case, "I want to sing again", by=cast.amina, at=NOW)


def events() -> list[str]:
    db.session.commit()
    return list(db.session.scalars(select(AuditEntry.event).order_by(AuditEntry.number)))


def words(case: SupportCase) -> list[str]:
    return [goal.words for goal in goals.of_case(case)]


def test_goals_stand_in_the_order_they_were_written(case: SupportCase, cast: Cast) -> None:
    for said in ("one", "two", "three", "two"):  # the last by a double press
        goals.write(case, said, by=cast.amina, at=NOW)
    assert words(case) == ["one", "two", "three"]
    assert events() == ["goal.written"] * 3


def test_a_plan_has_twenty_goals_at_most(case: SupportCase, cast: Cast) -> None:
    for number in range(20):
        goals.write(case, f"goal {number}", by=cast.amina, at=NOW)
    with pytest.raises(RuleBroken, match="Set one aside"):
        goals.write(case, "one more", by=cast.amina, at=NOW)
    goals.set_aside(goals.of_case(case)[0], "Not now", by=cast.amina, at=NOW)
    goals.write(case, "one more", by=cast.amina, at=NOW)


def test_a_goal_without_words_is_refused(case: SupportCase, goal: Goal, cast: Cast) -> None:
    with pytest.raises(RuleBroken, match="own words"):
        goals.write(case, " \n", by=cast.amina, at=NOW)
    with pytest.raises(RuleBroken, match="own words"):
        goals.reword(goal, "", seen=1, by=cast.amina, at=NOW)


def test_old_words_stay_readable_with_who_wrote_them(goal: Goal, cast: Cast) -> None:
    later = NOW + DAY
    goals.reword(goal, "I want to sing in a choir", seen=1, by=cast.ben, at=later)
    goals.reword(goal, "I want to sing in a choir", seen=1, by=cast.ben, at=later)  # twice
    (whole,) = goals.of_case(goal.case, whole=True)
    assert (whole.words, whole.written_by.name) == ("I want to sing in a choir", "Ben Harte")
    (old,) = whole.wordings
    assert (old.words, old.written_by.name, old.written_at) == (
        "I want to sing again",
        "Amina Okafor",
        NOW,
    )
    assert events() == ["goal.written", "goal.reworded"]


def test_two_who_reword_a_goal_at_once_are_told_and_nothing_is_overwritten(
    goal: Goal, cast: Cast
) -> None:
    goals.reword(goal, "Amina’s words", seen=1, by=cast.amina, at=NOW)
    with pytest.raises(ChangedMeanwhile, match="“Amina’s words”"):
        goals.reword(goal, "Ben’s words", seen=1, by=cast.ben, at=NOW)
    goals.reword(goal, "Ben’s words", seen=2, by=cast.ben, at=NOW)  # chosen knowingly
    (whole,) = goals.of_case(goal.case, whole=True)
    assert [old.words for old in whole.wordings] == ["Amina’s words", "I want to sing again"]


@pytest.mark.one_engine
def test_any_order_can_be_had_one_goal_at_a_time(case: SupportCase, cast: Cast) -> None:
    made = [goals.write(case, said, by=cast.amina, at=NOW) for said in "abc"]
    for wanted in permutations(made):
        for place, goal in enumerate(wanted, start=1):
            goals.order(goal, place=place, by=cast.amina)
            goals.order(goal, place=place, by=cast.amina)
        assert words(case) == [goal.words for goal in wanted]
    settled = len(events())
    for place, goal in enumerate(goals.of_case(case), start=1):
        goals.order(goal, place=place, by=cast.amina)
    assert len(events()) == settled  # where nothing moves, nothing is noted


@pytest.mark.parametrize(("place", "after"), [(-3, "cab"), (1, "cab"), (3, "abc"), (99, "abc")])
@pytest.mark.one_engine
def test_a_place_beyond_the_ends_is_the_end(
    case: SupportCase, cast: Cast, place: int, after: str
) -> None:
    made = [goals.write(case, said, by=cast.amina, at=NOW) for said in "abc"]
    goals.order(made[2], place=place, by=cast.amina)
    assert "".join(words(case)) == after


def test_a_goal_is_met_once_and_may_be_taken_up_again(goal: Goal, cast: Cast) -> None:
    for _ in range(2):
        goals.meet(goal, by=cast.amina, at=NOW)
    with pytest.raises(RuleBroken, match="Undo that"):
        goals.set_aside(goal, "Not now", by=cast.amina, at=NOW)
    with pytest.raises(RuleBroken, match="Undo that"):
        goals.reword(goal, "Other words", seen=1, by=cast.amina, at=NOW)
    for _ in range(2):
        goals.take_up(goal, by=cast.amina)
    assert (goal.met_at, goal.is_open) == (None, True)
    assert events() == ["goal.written", "goal.met", "goal.taken_up"]


def test_a_goal_is_set_aside_with_a_reason(goal: Goal, cast: Cast) -> None:
    with pytest.raises(RuleBroken, match="Say why"):
        goals.set_aside(goal, " ", by=cast.amina, at=NOW)
    for _ in range(2):
        goals.set_aside(goal, "Her voice is sore", by=cast.amina, at=NOW)
    with pytest.raises(RuleBroken, match="set aside"):
        goals.meet(goal, by=cast.amina, at=NOW)
    with pytest.raises(RuleBroken, match="set aside"):
        goal_actions.add(goal, "Phone the choir", owner=PERSON, by=cast.amina, at=NOW)
    goals.take_up(goal, by=cast.amina)
    assert (goal.set_aside_at, goal.set_aside_why) == (None, None)
    assert events() == ["goal.written", "goal.set_aside", "goal.taken_up"]


def test_nothing_changes_in_the_goals_of_a_closed_case(goal: Goal, cast: Cast) -> None:
    action = goal_actions.add(goal, "Phone the choir", owner=PERSON, by=cast.amina, at=NOW)
    goal.case.closed_at, goal.case.close_reason = NOW, CloseReason.MOVED
    verbs = [
        lambda: goals.write(goal.case, "More", by=cast.amina, at=NOW),
        lambda: goals.reword(goal, "More", seen=1, by=cast.amina, at=NOW),
        lambda: goals.order(goal, place=1, by=cast.amina),
        lambda: goals.meet(goal, by=cast.amina, at=NOW),
        lambda: goals.set_aside(goal, "Why", by=cast.amina, at=NOW),
        lambda: goals.take_up(goal, by=cast.amina),
        lambda: goal_actions.add(goal, "More", owner=PERSON, by=cast.amina, at=NOW),
        lambda: goal_actions.done(action, by=cast.amina, at=NOW),
        lambda: goal_actions.undo(action, by=cast.amina),
        lambda: goal_actions.remove(action, by=cast.amina, at=NOW),
    ]
    for verb in verbs:
        with pytest.raises(RuleBroken, match="This case is closed"):
            verb()


def test_an_action_is_added_done_undone_and_taken_off(goal: Goal, cast: Cast) -> None:
    action = [
        goal_actions.add(goal, "Phone", owner=PERSON, due_on=TODAY, by=cast.amina, at=NOW)
        for _ in range(2)
    ][1]
    for _ in range(2):
        goal_actions.done(action, by=cast.amina, at=NOW)
    assert (action.done_at, action.done_by_id) == (NOW, cast.amina.id)
    for _ in range(2):
        goal_actions.undo(action, by=cast.amina)
    assert (action.done_at, action.done_by_id) == (None, None)
    for _ in range(2):
        goal_actions.remove(action, by=cast.amina, at=NOW)
    assert list(goal.actions) == []
    with pytest.raises(RuleBroken, match="taken off"):
        goal_actions.done(action, by=cast.amina, at=NOW)
    assert events() == [
        "goal.written",
        "goal_action.added",
        "goal_action.done",
        "goal_action.undone",
        "goal_action.removed",
    ]
    assert db.session.scalars(select(GoalAction.what)).all() == ["Phone"]  # nothing is lost


def test_an_action_says_what_who_and_a_day_that_makes_sense(goal: Goal, cast: Cast) -> None:
    def add(what: str = "Phone", due_on: date | None = None, **how: Any) -> GoalAction:
        owner = how.pop("owner", PERSON)
        return goal_actions.add(
            goal, what, owner=owner, due_on=due_on, by=cast.amina, at=NOW, **how
        )

    for problem, wrong in {
        "Say what": {"what": " "},
        "Say who": {"owner": OTHER},
        "today or later": {"due_on": TODAY - DAY},
        "within a year": {"due_on": TODAY + timedelta(days=367)},
    }.items():
        with pytest.raises(RuleBroken, match=problem):
            add(**wrong)
    assert add(due_on=TODAY).owner_name is None
    assert add(owner=OTHER, owner_name="Ada, her niece").owner_name == "Ada, her niece"
    assert add("Write", owner_name="Ada, her niece").owner_name is None  # it is the person’s own
    for number in range(17):
        add(f"More {number}")
    with pytest.raises(RuleBroken, match="20 actions"):
        add("One too many")


def promised_today(who: User, at: datetime = NOW) -> list[Any]:
    """What Today asks of a worker because they promised it in a plan."""
    return [
        row.record
        for listing in today.day(who, at=at).listings
        if listing.on_list is TodayList.PLAN_ACTION
        for row in listing.rows
    ]


def test_what_the_worker_promised_comes_up_on_its_day_and_only_for_them(
    case: SupportCase, goal: Goal, cast: Cast
) -> None:
    def add(what: str, owner: ActionOwner, due_on: date | None) -> GoalAction:
        return goal_actions.add(goal, what, owner=owner, due_on=due_on, by=cast.amina, at=NOW)

    late, soon = add("Ring", WORKER, TODAY + DAY), add("Write", WORKER, TODAY)
    add("No day", WORKER, None)
    add("Hers", PERSON, TODAY)
    assert promised_today(cast.amina) == [soon]
    assert promised_today(cast.amina, NOW + DAY) == [soon, late]
    assert not promised_today(cast.ben, NOW + DAY)
    assert not promised_today(cast.cath, NOW + DAY)
    goal_actions.done(soon, by=cast.amina, at=NOW)
    goal_actions.remove(late, by=cast.amina, at=NOW)
    assert not promised_today(cast.amina, NOW + DAY)
    goal_actions.undo(soon, by=cast.amina)
    goals.meet(goal, by=cast.amina, at=NOW)
    assert not promised_today(cast.amina, NOW + DAY)


def test_two_promises_of_a_plan_count_its_case_once(
    case: SupportCase, goal: Goal, cast: Cast
) -> None:
    before = today.day(cast.amina, at=NOW).load
    for what in ("Ring", "Write"):
        goal_actions.add(goal, what, owner=WORKER, due_on=TODAY, by=cast.amina, at=NOW)
    assert [action.what for action in promised_today(cast.amina)] == ["Ring", "Write"]
    assert today.day(cast.amina, at=NOW).load == before


def test_what_was_promised_ends_with_the_case(case: SupportCase, goal: Goal, cast: Cast) -> None:
    goal_actions.add(goal, "Ring", owner=WORKER, due_on=TODAY, by=cast.amina, at=NOW)
    case.closed_at, case.close_reason = NOW, CloseReason.MOVED
    assert not promised_today(cast.amina)
