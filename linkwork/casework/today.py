"""Today: what wants a worker, in lists, each row one step from what settles it.

A case is in one list at most; what is in it, a task or a plan, may be in another. Nothing here
changes anything; what is put off is in ``snoozes``.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import contains_eager

from linkwork import access, clock
from linkwork.capacity import load as loads
from linkwork.capacity.load import Load
from linkwork.capacity.starts import next_free_start
from linkwork.casework import (
    companions,
    goal_actions,
    onward_referrals,
    posts,
    snoozes,
    supervisions,
    tasks,
)
from linkwork.database import db
from linkwork.models import (
    Contact,
    ContactKind,
    GoalAction,
    Plan,
    Snooze,
    SupportCase,
    TodayList,
    User,
)

SHOWN = 10
TARGET_WAIT = timedelta(weeks=4)
"""How long somebody may wait for a first conversation (docs/capacity.md, "Waiting list")."""
EARLY_CONTACTS = (1, 2)
MOST = 200


@dataclass(frozen=True, slots=True)
class Row:
    """One thing to do. ``record`` is what it is about: the case,
    something in it, or oneself: then there is no case.
    """

    on_list: TodayList
    record: Any
    case: SupportCase | None
    due: date | None = None
    """Since when it waits, or when it was due."""
    talks: int = 0
    """Conversations so far."""

    @property
    def subject(self) -> str:
        """The key by which the row is put off."""
        return str(self.record.key)


@dataclass(frozen=True, slots=True)
class _Held:
    """An open case of a worker’s: its conversations, tries, plan, and what is promised in that."""

    case: SupportCase
    talks: int
    tries: int
    plan: Plan | None
    wte: float
    """The worker’s WTE: the same on every case, so that it need not be asked for."""
    promised: list[GoalAction] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Listing:
    """One list: the rows shown of it, and how many there are in all."""

    on_list: TodayList
    rows: Sequence[Row]
    total: int


@dataclass(frozen=True, slots=True)
class Day:
    """A worker’s day. ``load`` is None for somebody without a post who has nobody."""

    load: Load | None
    free_on: date | None
    listings: Sequence[Listing]
    put_off: Sequence[Snooze]

    @property
    def total(self) -> int:
        """How many rows want something, over all lists."""
        return sum(listing.total for listing in self.listings)


def day(user: User, *, at: datetime, everything_of: TodayList | None = None) -> Day:
    """The day of ``user``: at most 10 rows a list, or all (up to 200) of ``everything_of``."""
    on = clock.london(at).date()
    held = _held(user, on)
    put_off = snoozes.of(user, on=on)
    waiting, waiting_total = _waiting(user, at)
    rows = [*_of_cases(held, at), *waiting, *_tasks(user, on), *_going_along(user, on)]
    rows += [*(_onward(user, on) if held else ()), *_supervision(user, on)]
    hidden = {(one.on_list, one.subject) for one in put_off}
    shown = [row for row in rows if (row.on_list, row.subject) not in hidden]
    unseen = max(0, waiting_total - len(waiting))
    listings = [_listing(kind, shown, unseen, everything_of) for kind in TodayList]
    load, free_on = _room(user, held, on)
    return Day(load, free_on, [one for one in listings if one.total], put_off)


def _listing(
    kind: TodayList, rows: Sequence[Row], unseen: int, everything_of: TodayList | None
) -> Listing:
    own = [row for row in rows if row.on_list is kind]
    total = len(own) + (unseen if kind is TodayList.OVER_TARGET else 0)
    return Listing(kind, own[: MOST if kind is everything_of else SHOWN], total)


def _held(user: User, on: date) -> Sequence[_Held]:
    """The open cases of ``user``, each with what is counted of it and its plan.

    One query: what was promised in a plan repeats its case, which is put together again here.
    """
    promised = goal_actions.promised(until=on).subquery()
    counted = select(func.count()).where(Contact.case_id == SupportCase.id)
    talks = counted.where(Contact.kind == ContactKind.CONVERSATION).scalar_subquery()
    tries = counted.where(Contact.kind == ContactKind.ATTEMPT).scalar_subquery()
    query = (
        access.cases(user)
        .add_columns(talks, tries, Plan, GoalAction, posts.wte_in_sql(user.id, on))
        .join(SupportCase.person)
        .outerjoin(Plan, Plan.case_id == SupportCase.id)
        .outerjoin(promised, promised.c.case_id == SupportCase.id)
        .outerjoin(GoalAction, GoalAction.id == promised.c.id)
        .options(contains_eager(SupportCase.person))
        .where(SupportCase.worker_id == user.id, SupportCase.is_open)
        .where(SupportCase.accepted_at.is_not(None))
        .order_by(SupportCase.next_action_on, SupportCase.id, GoalAction.due_on, GoalAction.id)
    )
    found: dict[int, _Held] = {}
    for case, said, tried, plan, action, wte in db.session.execute(query).unique():
        held = found.setdefault(case.id, _Held(case, said, tried, plan, float(wte)))
        held.promised.extend([action] if action else [])
    return list(found.values())


def _of_cases(held: Sequence[_Held], at: datetime) -> list[Row]:
    """The rows of one’s own cases, in the order each list is read in."""
    on = clock.london(at).date()
    rows = [
        row
        for one in held
        for row in (
            *_of_case(one.case, one.talks, one.tries, at),
            *(_planned(one, on) if one.case.paused_at is None else ()),
        )
    ]
    newest = [row for row in rows if row.on_list is TodayList.NEW]
    newest.sort(key=lambda row: row.record.accepted_at, reverse=True)
    rest = [row for row in rows if row.on_list is not TodayList.NEW]
    return [*newest, *sorted(rest, key=lambda row: row.due or date.min)]  # what is oldest first


def _of_case(case: SupportCase, talks: int, tries: int, at: datetime) -> list[Row]:
    """The one list a case belongs to, if any: not yet spoken to, then due, then not booked."""
    on = clock.london(at).date()
    opened_on, due_on = clock.london(case.opened_at).date(), case.next_action_on
    is_due = _is_due(case, on)
    if case.paused_at is not None:
        return [Row(TodayList.CALL_BACK, case, case, due_on, talks)] if is_due else []
    if case.first_conversation_at is None and case.opened_at <= at - TARGET_WAIT:
        return [Row(TodayList.OVER_TARGET, case, case, opened_on)]
    if case.first_conversation_at is None and not tries:
        return [Row(TodayList.NEW, case, case, clock.london(case.accepted_at or at).date())]
    if is_due:
        return [Row(TodayList.CALL_BACK, case, case, due_on, talks)]
    if due_on is None and (talks in EARLY_CONTACTS or case.first_conversation_at is None):
        return [Row(TodayList.NOTHING_BOOKED, case, case, None, talks)]
    return []


def _is_due(case: SupportCase, on: date) -> bool:
    return case.next_action_on is not None and case.next_action_on <= on


def _planned(held: _Held, on: date) -> Iterator[Row]:
    """What a plan brings: what was promised in it, and its review."""
    for action in held.promised:
        yield Row(TodayList.PLAN_ACTION, action, held.case, action.due_on)
    if held.plan is not None and held.plan.review_on is not None and held.plan.review_on <= on:
        yield Row(TodayList.REVIEW, held.case, held.case, held.plan.review_on)


def _waiting(user: User, at: datetime) -> tuple[Sequence[Row], int]:
    """People of the PCN nobody has taken on, over the target; and how many there are."""
    query = (
        access.cases(user)
        .add_columns(func.count().over())
        .join(SupportCase.person)
        .options(contains_eager(SupportCase.person))
        .where(SupportCase.is_open, SupportCase.accepted_at.is_(None))
        .where(SupportCase.opened_at <= at - TARGET_WAIT)
        .order_by(SupportCase.opened_at, SupportCase.id)
        .limit(MOST)
    )
    found = db.session.execute(query).unique().all()
    rows = [
        Row(TodayList.OVER_TARGET, case, case, clock.london(case.opened_at).date())
        for case, _ in found
    ]
    return rows, found[0][1] if found else 0


def _tasks(user: User, on: date) -> Iterator[Row]:
    for task in tasks.due(user, on=on):
        yield Row(TodayList.TASK, task, task.case, task.due_on)


def _going_along(user: User, on: date) -> Iterator[Row]:
    for record in companions.going_along(user, on=on):
        yield Row(TodayList.GOING_ALONG, record, record.case, record.accompanied_on)


def _onward(user: User, on: date) -> Iterator[Row]:
    """What became of the onward referrals of one’s own cases."""
    for record in onward_referrals.silent(user, on=on):
        asked_at = record.chased_at or record.sent_at or record.created_at
        yield Row(TodayList.SILENT, record, record.case, clock.london(asked_at).date())
    for record in onward_referrals.perhaps_gone(user, on=on):
        yield Row(TodayList.PERHAPS_GONE, record, record.case, record.first_session_on)


def _supervision(user: User, on: date) -> Iterator[Row]:
    found = supervisions.due(user, on=on)
    if found is not None:
        yield Row(TodayList.SUPERVISION, user, None, found.next_due_on)


def _room(user: User, held: Sequence[_Held], on: date) -> tuple[Load | None, date | None]:
    """The load of ``user``, and the next day on which they could start with somebody new."""
    cases = [one.case for one in held]
    wte = held[0].wte if held else posts.wte_of([user.id], on).get(user.id, 0.0)
    if not wte and not cases:
        return None, None
    load = loads.load([loads.Complexity(case.complexity.value) for case in cases], wte)
    unspoken = [c.next_action_on for c in cases if not c.first_conversation_at and not c.paused_at]
    booked = [day for day in unspoken if day is not None and day > on]
    return load, next_free_start(load, booked, len(unspoken) - len(booked), on=on)
