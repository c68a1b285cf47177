"""Tasks: promised, done, put off, called off, and gone with the case."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from linkwork.casework import allocation, tasks
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import AuditEntry, SnoozeReason, SupportCase, Task
from tests import cast as make
from tests.cast import Cast
from tests.conftest import NOW, TODAY
from tests.statements import at_once, dawdle

DAY = timedelta(days=1)


def mine(cast: Cast, **facts: Any) -> SupportCase:
    return make.case(cast.northside, worker=cast.amina, **facts)


def promise(cast: Cast, case: SupportCase, due_on: date = TODAY, owner: Any = None) -> Task:
    whose = owner or cast.amina
    return tasks.promise(case, "Send the form", due_on, owner=whose, by=cast.amina, at=NOW)


def put_off(cast: Cast, task: Task, days: int) -> None:
    why = SnoozeReason.AWAY
    tasks.put_off(task, TODAY + days * DAY, reason=why, by=cast.amina, at=NOW)


def events() -> list[str]:
    db.session.commit()
    return list(db.session.scalars(select(AuditEntry.event).order_by(AuditEntry.number)))


def test_what_was_promised_is_there_until_it_is_done(cast: Cast) -> None:
    case = mine(cast)
    task = promise(cast, case)
    assert list(tasks.of_case(case)) == [task]
    for _ in range(2):
        tasks.done(task, by=cast.ben, at=NOW)
    assert (task.done_by_id, tasks.of_case(case)) == (cast.ben.id, [])
    assert events() == ["task.promised", "task.done"]


def test_a_task_is_called_off_once_and_stays_so(cast: Cast) -> None:
    task = promise(cast, mine(cast))
    for _ in range(2):
        tasks.cancel(task, by=cast.amina, at=NOW)
    with pytest.raises(RuleBroken, match="called off"):
        tasks.done(task, by=cast.amina, at=NOW)
    assert events() == ["task.promised", "task.cancelled"]


def test_what_is_done_cannot_be_called_off_or_moved(cast: Cast) -> None:
    task = promise(cast, mine(cast))
    tasks.done(task, by=cast.amina, at=NOW)
    with pytest.raises(RuleBroken, match="done already"):
        tasks.cancel(task, by=cast.amina, at=NOW)
    with pytest.raises(RuleBroken, match="done already"):
        put_off(cast, task, 3)


def test_a_task_moves_to_a_later_day_with_its_reason_in_the_trail(cast: Cast) -> None:
    task = promise(cast, mine(cast))
    put_off(cast, task, 3)
    assert task.due_on == TODAY + 3 * DAY
    with pytest.raises(RuleBroken, match="later day"):
        put_off(cast, task, 2)
    assert events()[-1] == "task.put_off"


@pytest.mark.parametrize("days", [-1, 367])
def test_a_task_is_due_today_or_within_a_year(cast: Cast, days: int) -> None:
    with pytest.raises(RuleBroken, match=r"Choose (today|a day within a year)"):
        promise(cast, mine(cast), TODAY + days * DAY)


def test_nobody_elsewhere_is_promised_anything(cast: Cast) -> None:
    case = mine(cast)
    cast.ben.disabled_at = NOW
    for other in (cast.cath, cast.dev, cast.ben):
        with pytest.raises(RuleBroken, match="who works in the PCN"):
            promise(cast, case, owner=other)


def test_nothing_is_promised_in_a_case_that_has_ended(cast: Cast) -> None:
    with pytest.raises(RuleBroken, match="closed"):
        promise(cast, mine(cast, closed_at=NOW))


def test_when_a_case_ends_what_was_promised_is_called_off(cast: Cast) -> None:
    case = mine(cast)
    kept, over = promise(cast, case), promise(cast, case)
    tasks.done(over, by=cast.amina, at=NOW)
    tasks.stop(case, by=cast.amina, at=NOW)
    assert (kept.cancelled_at, over.cancelled_at) == (NOW, None)


def test_what_was_promised_goes_with_the_case(cast: Cast) -> None:
    case = mine(cast)
    own, supervisors = promise(cast, case), promise(cast, case, owner=cast.supervisor)
    over = promise(cast, case)
    tasks.done(over, by=cast.amina, at=NOW)
    allocation.allocate(case, cast.ben, by=cast.supervisor, at=NOW)
    owners = {task: task.owner_id for task in db.session.scalars(select(Task)).unique()}
    ben, amina, supervisor = cast.ben.id, cast.amina.id, cast.supervisor.id
    assert owners == {own: ben, supervisors: supervisor, over: amina}


def test_a_task_done_and_called_off_at_once_is_one_of_the_two(
    cast: Cast, make_app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    task = promise(cast, mine(cast))
    db.session.commit()
    task_id, user_id = task.id, cast.amina.id
    dawdle(monkeypatch, tasks, "_must_be_open")

    def act(verb: Any) -> Any:
        def run(_: Any) -> str:
            found, by = db.session.get(Task, task_id), db.session.get(type(cast.amina), user_id)
            try:
                verb(found, by=by, at=NOW)
            except RuleBroken:
                return "refused"
            db.session.commit()
            return "carried out"

        return run

    assert sorted(at_once(make_app, act(tasks.done), act(tasks.cancel))) == [
        "carried out",
        "refused",
    ]
