"""Reports kept as they were: made once, sealed, found again; what they say is never changed."""

import json
import zlib
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Select, bindparam, or_, select

from linkwork import access, audit
from linkwork.capacity.calendar import FinancialYear, london_date
from linkwork.capacity.targets import Scope
from linkwork.database import db, new_key
from linkwork.errors import NotYours, RuleBroken
from linkwork.models import (
    KeptReport,
    Organisation,
    OrganisationKind,
    Post,
    SupportCase,
    User,
)
from linkwork.permissions import merged_into

NOT_YET = "That day is still to come. Keep a report for today or an earlier day."
MOST_LISTED = 120
"""How many that somebody chose to keep are listed; those of the months always are."""
ONCE_IN = timedelta(days=1)
SEALED_AS = "kept report"
"""Tells this seal from others of the same key: none can be passed off as one of these."""


def keep(
    pcn: Organisation,
    says: dict[str, Any],
    *,
    scope: Scope,
    as_of: date,
    people: int,
    by: User | None,
    at: datetime,
    month_on: date | None = None,
) -> KeptReport:
    """Keep what a report ``says`` and seal it; ``people`` is the people started that it gives.

    ``month_on`` is the month it is the regular report of. What ``by`` kept of the same PCN, scope
    and day within a day is given back as it is. Raises RuleBroken for a day to come.
    """
    if as_of > london_date(at):
        raise RuleBroken(NOT_YET)
    if by and (before := _just_kept(pcn, scope, as_of, by=by, at=at)):
        return before
    written = json.dumps(says, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    kept = KeptReport(
        key=new_key(),  # the seal is of it too
        organisation_id=pcn.id,
        scope=scope,
        as_of=as_of,
        month_on=month_on,
        kept_at=at,
        kept_by_id=by.id if by else None,
        people=people,
        content=zlib.compress(written.encode()),
    )
    kept.seal = _seal_of(kept)
    db.session.add(kept)
    db.session.flush()
    audit.record(
        audit.Event.REPORT_KEPT, kept, by=by, scope=scope.value, as_of=as_of.isoformat(),
        seal=kept.seal,
    )  # fmt: skip
    return kept


def is_whole(kept: KeptReport) -> bool:
    """Whether a kept report is still what was sealed."""
    return kept.seal == _seal_of(kept)


def said(kept: KeptReport) -> dict[str, Any]:
    """What a report says, as it was kept. Raises RuleBroken where it was changed since."""
    if not is_whole(kept):
        raise RuleBroken("This report was changed after it was kept, so it is not shown.")
    found: dict[str, Any] = json.loads(zlib.decompress(kept.content))
    return found


def of_pcn(pcn: Organisation) -> Sequence[KeptReport]:
    """The reports of a PCN and of those that merged into it, the newest first."""
    of_them = KeptReport.organisation_id.in_(_merged(pcn))
    order = (KeptReport.as_of.desc(), KeptReport.kept_at.desc(), KeptReport.scope, KeptReport.id)
    chosen = select(KeptReport.id).where(of_them, KeptReport.month_on.is_(None))
    listed = KeptReport.id.in_(chosen.order_by(*order).limit(MOST_LISTED))
    query = select(KeptReport).where(of_them, or_(KeptReport.month_on.is_not(None), listed))
    return db.session.scalars(query.order_by(*order)).all()


def one(pcn: Organisation, key: str, *, user: User) -> KeptReport:
    """One of them. Raises NotYours for one of another PCN."""
    kept = access.find(KeptReport, key, user=user)
    if kept.organisation_id not in set(db.session.scalars(_merged(pcn))):
        raise NotYours(KeptReport.__name__)
    return kept


def newest(pcn: Organisation, year: FinancialYear, scope: Scope, to: date) -> KeptReport | None:
    """The report of a PCN that was kept last for a day of ``year`` up to ``to``. One query.

    Only of a day that was over when it was kept: any other had more to come.
    """
    days = {"first_on": year.start, "last_on": min(to, year.end)}
    found = db.session.scalars(_of_days(), {"pcn_id": pcn.id, "scope": scope, **days})
    return next((kept for kept in found if london_date(kept.kept_at) > kept.as_of), None)


@cache
def _of_days() -> Select[KeptReport]:
    """Reports of a PCN for some days, the one kept last first, put together once."""
    return (
        select(KeptReport)
        .where(
            KeptReport.organisation_id == bindparam("pcn_id"),
            KeptReport.scope == bindparam("scope"),
            KeptReport.as_of.between(bindparam("first_on"), bindparam("last_on")),
        )
        .order_by(KeptReport.kept_at.desc(), KeptReport.id.desc())
    )


def without_month(month: date, scope: Scope, *, most: int) -> Sequence[Organisation]:
    """PCNs in use whose regular report of a month is still to be kept, at most so many."""
    kept = select(KeptReport.id).where(
        KeptReport.organisation_id == Organisation.id,
        KeptReport.scope == scope,
        KeptReport.month_on == month,
    )
    working = (
        select(Post.id).where(Post.organisation_id == Organisation.id).exists(),
        select(SupportCase.id).where(SupportCase.organisation_id == Organisation.id).exists(),
    )
    query = select(Organisation).where(
        Organisation.kind == OrganisationKind.PCN,
        Organisation.is_open(month),
        or_(*working),
        ~kept.exists(),
    )
    return db.session.scalars(query.order_by(Organisation.id).limit(most)).all()


def _just_kept(
    pcn: Organisation, scope: Scope, as_of: date, *, by: User, at: datetime
) -> KeptReport | None:
    query = select(KeptReport).where(
        KeptReport.organisation_id == pcn.id,
        KeptReport.scope == scope,
        KeptReport.as_of == as_of,
        KeptReport.kept_by_id == by.id,
        KeptReport.kept_at > at - ONCE_IN,
    )
    found = db.session.scalars(query.order_by(KeptReport.id.desc()))
    return next(filter(is_whole, found), None)


def _merged(pcn: Organisation) -> Any:
    return merged_into(select(Organisation.id).where(Organisation.id == pcn.id))


def _seal_of(kept: KeptReport) -> str:
    month = kept.month_on.isoformat() if kept.month_on else ""
    facts = [
        SEALED_AS,
        kept.key,
        kept.organisation_id,
        kept.scope.value,
        kept.as_of.isoformat(),
        month,
        kept.kept_at.isoformat(),
        kept.kept_by_id,
        kept.people,
    ]
    return audit.sealed(json.dumps(facts).encode() + b"\n" + kept.content)
