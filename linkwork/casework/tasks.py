"""Tasks: what somebody promised to do in a case, done, put off to another day, or called off."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import contains_eager

from linkwork import access, audit, clock
from linkwork.audit import Event
from linkwork.casework.cases import hold, is_there, must_be_open, with_name
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import SnoozeReason, SupportCase, Task, User

FARTHEST = timedelta(days=366)
SHOWN = 50


def promise(
    case: SupportCase, what: str, due_on: date, *, owner: User, by: User, at: datetime
) -> Task:
    """Note something that ``owner`` will do for the person by a day.

    Raises ``RuleBroken`` where the case has ended, the day is past or more than a year away, or
    the owner does not work in the PCN of the case.
    """
    hold(case)
    must_be_open(case)
    _must_be_ahead(due_on, at)
    if not is_there(owner, case):
        raise RuleBroken("Choose somebody who works in the PCN of this case.")
    task = Task(case=case, owner_id=owner.id, what=what, due_on=due_on)
    task.promised_at, task.promised_by_id = at, by.id
    db.session.add(task)
    audit.record(Event.TASK_PROMISED, task, by=by, person_id=case.person_id, owner=owner.id)
    return task


def done(task: Task, *, by: User, at: datetime) -> None:
    """Note that a task is done. Doing it twice is doing it once."""
    _hold(task)
    if task.done_at is not None:
        return
    _must_be_open(task)
    task.done_at, task.done_by_id = at, by.id
    audit.record(Event.TASK_DONE, task, by=by, person_id=task.case.person_id)


def put_off(task: Task, due_on: date, *, reason: SnoozeReason, by: User, at: datetime) -> None:
    """Move a task to a later day, with the reason. Raises ``RuleBroken`` for a day not later."""
    _hold(task)
    _must_be_open(task)
    _must_be_ahead(due_on, at)
    if due_on <= task.due_on:
        raise RuleBroken("Choose a later day than the one it is due on.")
    days, task.due_on = (due_on - task.due_on).days, due_on
    who = task.case.person_id
    audit.record(Event.TASK_PUT_OFF, task, by=by, person_id=who, reason=reason, days=days)


def cancel(task: Task, *, by: User, at: datetime) -> None:
    """Call a task off: it is not needed any more. Doing it twice is doing it once."""
    _hold(task)
    if task.cancelled_at is not None:
        return
    _must_be_open(task)
    _call_off(task, by, at)


def stop(case: SupportCase, *, by: User, at: datetime) -> None:
    """Call off everything still promised in a case the caller holds: the case has ended."""
    query = select(Task).where(Task.case_id == case.id, Task.is_open).order_by(Task.id)
    fresh = query.with_for_update(of=Task).execution_options(populate_existing=True)
    for task in db.session.scalars(fresh).all():
        _call_off(task, by, at)


def of_case(case: SupportCase) -> Sequence[Task]:
    """What is still to be done in a case, the soonest first; at most 50."""
    query = select(Task).where(Task.case_id == case.id, Task.is_open)
    query = query.options(with_name(Task.owner)).order_by(Task.due_on, Task.id).limit(SHOWN)
    return db.session.scalars(query).unique().all()


def due(user: User, *, on: date) -> Sequence[Task]:
    """What ``user`` promised and is due on a day or was before it, the longest overdue first."""
    query = open_of(user).join(SupportCase.person)
    query = query.options(contains_eager(Task.case).contains_eager(SupportCase.person))
    query = query.where(Task.due_on <= on).order_by(Task.due_on, Task.id)
    return db.session.scalars(query).unique().all()


def open_of(user: User) -> Select[Task]:
    """The open tasks of a user in cases that are open and in their PCNs."""
    seen = access.cases(user).with_only_columns(SupportCase.id)
    return (
        select(Task)
        .join(Task.case)
        .where(Task.owner_id == user.id, Task.is_open, SupportCase.is_open)
        .where(Task.case_id.in_(seen))
    )


def _hold(task: Task) -> None:
    """The case first, as every verb does; then the task as it stands now."""
    hold(task.case)
    db.session.refresh(task)


def _must_be_open(task: Task) -> None:
    must_be_open(task.case)
    if task.done_at is not None:
        raise RuleBroken("This task is done already.")
    if task.cancelled_at is not None:
        raise RuleBroken("This task was called off.")


def _must_be_ahead(due_on: date, at: datetime) -> None:
    today = clock.london(at).date()
    if due_on < today:
        raise RuleBroken("Choose today or a later day.")
    if due_on > today + FARTHEST:
        raise RuleBroken("Choose a day within a year. Check the date.")


def _call_off(task: Task, by: User, at: datetime) -> None:
    task.cancelled_at, task.cancelled_by_id = at, by.id
    audit.record(Event.TASK_CANCELLED, task, by=by, person_id=task.case.person_id)
