"""What is kept of people started, and what a recount finds: in SQL, and in plain Python.

kept()                   the rows as they are kept
recount()                the rows as SQL finds them in the cases
assert_kept_is_right()   both are the same, and what plain Python makes of the cases
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import select

from linkwork.capacity import counting
from linkwork.capacity.calendar import FinancialYear
from linkwork.capacity.counting import Start
from linkwork.capacity.targets import Scope
from linkwork.casework import counted_starts
from linkwork.database import db
from linkwork.models import (
    CloseReason,
    Contact,
    ContactKind,
    CountDue,
    CountedStart,
    Post,
    SupportCase,
)
from linkwork.reports import frames

YEAR = FinancialYear(2026)


def kept() -> list[tuple[Any, ...]]:
    query = select(*(CountedStart.__table__.c[name] for name in counted_starts.COLUMNS))
    return sorted(map(tuple, db.session.execute(query)), key=repr)


def recount() -> list[tuple[Any, ...]]:
    found = db.session.execute(counted_starts.recounted())
    return sorted(((*row[:6], bool(row[6]), row[7]) for row in found), key=repr)


def assert_kept_is_right(*years: FinancialYear) -> None:
    """What is kept is what SQL finds in the cases, and what plain Python makes of them."""
    assert db.session.scalars(select(CountDue.person_id)).all() == []
    assert kept() == recount()
    pcns = {case.organisation for case in _all_cases()}
    plainly = list(_plainly())
    for year in years or (YEAR,):
        for scope in Scope:
            pure = counting.count(plainly, year, year.end, scope)
            for pcn in pcns:
                assert frames.counted(pcn, year, year.end, scope) == pure.of(pcn.ods_code or "")
    db.session.rollback()


def _all_cases() -> list[SupportCase]:
    return list(db.session.scalars(select(SupportCase)).unique())


def _plainly() -> Iterator[Start]:
    for case in _all_cases():
        at, code = case.first_conversation_at, case.organisation.ods_code or ""
        if at is not None and case.close_reason is not CloseReason.OPENED_IN_ERROR:
            yield Start(case.person_id, code, at, _is_additional(case))


def _is_additional(case: SupportCase) -> bool:
    at = case.first_conversation_at
    assert at is not None
    talked = select(Contact.worker_id).where(
        Contact.case_id == case.id, Contact.at == at, Contact.kind == ContactKind.CONVERSATION
    )
    worker = min(db.session.scalars(talked), default=case.worker_id)
    on = counting.london_date(at)
    held = select(Post).where(Post.worker_id == worker, Post.additional)
    return any(
        post.organisation_id == case.organisation_id
        and post.start_on <= on
        and (post.end_on is None or on <= post.end_on)
        for post in db.session.scalars(held).unique()
        if post.start_on
    )
