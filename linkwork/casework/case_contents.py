"""What hangs on a case, found in one query: its page asks only for what there is."""

from typing import Any

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm.attributes import set_committed_value

from linkwork.casework.cases import with_name
from linkwork.database import db
from linkwork.models import (
    Alarm,
    Concern,
    Draft,
    Goal,
    Handover,
    Message,
    PersonMerge,
    Question,
    SupportCase,
    Task,
    User,
    Visit,
)

# The lists that a case itself leads to.
RELATED = ("concerns", "goals", "handovers", "visits")


def bring_in(case: SupportCase, *, user: User) -> frozenset[str]:
    """Say which nouns have something in a case that ``user`` opened, and spare it the others.

    Every list of a case that is empty counts as read, and costs no query when it is shown.
    """
    there = _there(case, user)
    for name in RELATED:
        if name not in there:
            set_committed_value(case, name, [])
    if "handovers" in there:
        set_committed_value(case, "handovers", _handovers(case))
    return there


def _there(case: SupportCase, user: User) -> frozenset[str]:
    plain: dict[str, type[Any]] = {
        "concerns": Concern,
        "goals": Goal,
        "handovers": Handover,
        "messages": Message,
        "questions": Question,
        "visits": Visit,
    }
    conditions: dict[str, ColumnElement[bool]] = {
        **{name: model.case_id == case.id for name, model in plain.items()},
        "alarms": and_(Alarm.case_id == case.id, Alarm.answered_at.is_(None)),
        "drafts": and_(
            Draft.case_id == case.id, Draft.user_id == user.id, Draft.contact_id.is_(None)
        ),
        "merges": and_(PersonMerge.kept_id == case.person_id, PersonMerge.undone_at.is_(None)),
        "tasks": and_(Task.case_id == case.id, Task.is_open),
    }
    columns = (exists().where(condition).label(name) for name, condition in conditions.items())
    row = db.session.execute(select(*columns)).mappings().one()
    return frozenset(name for name, found in row.items() if found)


def _handovers(case: SupportCase) -> list[Handover]:
    query = select(Handover).where(Handover.case_id == case.id).order_by(Handover.id)
    names = (with_name(Handover.giver), with_name(Handover.taker))
    return list(db.session.scalars(query.options(*names)).unique())
