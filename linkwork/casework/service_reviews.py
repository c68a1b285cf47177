"""The queue of the editors: which entries of the directory to look at next, and why.

What people and providers say is wrong comes first, oldest first. Then come entries whose times are
in doubt or that end soon, and entries nobody has checked for 90 days, by how many people were
referred there within a year times how long ago the entry was checked.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import CTE, ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import aliased, joinedload

from linkwork import clock
from linkwork.casework import service_merges, service_remarks, timetables
from linkwork.casework.service_words import fresh_since
from linkwork.database import db
from linkwork.models import OnwardReferral, Service, ServiceCheck, ServiceStatus, User
from linkwork.permissions import Permission, may

NEVER_DAYS = 365
"""How long ago an entry counts as checked that nobody ever checked."""
SOON = timedelta(days=30)
YEAR = timedelta(days=365)
MOST_SHOWN = 50
RUNNING = (ServiceStatus.ACTIVE, ServiceStatus.TEMPORARILY_CLOSED)


@dataclass(frozen=True, slots=True)
class Weighed:
    """An entry that is not fresh: its weight, referrals within a year, and days unchecked."""

    service_id: int
    weight: float
    referrals: int
    unchecked_days: int | None


@dataclass(frozen=True, slots=True)
class Row:
    """An entry of the queue with the reasons why it stands there."""

    service: Service
    reasons: tuple[str, ...]
    referrals: int


def queue(user: User, *, on: date) -> Sequence[Row]:
    """At most fifty entries to look at, the most urgent first; none for those who do not edit."""
    if not may(user, Permission.EDIT_DIRECTORY):
        return []
    reasons: dict[int, list[str]] = {}
    for remark in service_remarks.open_(user):
        number = service_merges.kept_instead_of(remark.service).id
        reasons.setdefault(number, []).append("Somebody says something is wrong")
    for check in objections(user):
        number = service_merges.kept_instead_of(check.service).id
        reasons.setdefault(number, []).append("The provider says something has changed")
    for service in _to_open_again(on):
        again = f"Was to open again on {service.closed_until:%-d %B %Y}"
        reasons.setdefault(service.id, []).append(again)
    for service in _ending(on):
        reasons.setdefault(service.id, []).append(f"Ends on {service.ends_on:%-d %B %Y}")
    for service in timetables.unconfirmed(user):
        reasons.setdefault(service.id, []).append("Its times are in doubt")
    referrals: dict[int, int] = {}
    for one in weighed(on, true()):
        reasons.setdefault(one.service_id, []).append(_unchecked(one))
        referrals[one.service_id] = one.referrals
    return _rows({key: reasons[key] for key in list(reasons)[:MOST_SHOWN]}, referrals)


def weighed(on: date, among: ColumnElement[bool]) -> Sequence[Weighed]:
    """The entries that run, are listed and are not fresh, heaviest first; at most fifty.

    The weight is (referrals within a year + 1) times the days since the last check, and 365 days
    where there was none.
    """
    into = _merged_into()
    counted_for = func.coalesce(into.c.kept_id, OnwardReferral.service_id)
    used = (
        select(counted_for.label("service_id"), func.count().label("referrals"))
        .outerjoin(into, into.c.service_id == OnwardReferral.service_id)
        .where(OnwardReferral.sent_at >= _midnight(on - YEAR))
        .group_by(counted_for)
        .subquery()
    )
    referrals = func.coalesce(used.c.referrals, 0)
    query = (
        select(Service.id, Service.verified_at, referrals.label("referrals"))
        .outerjoin(used, used.c.service_id == Service.id)
        .where(_is_stale(on), _runs(on), among)
    )
    found = (
        _weigh(row.id, row.verified_at, row.referrals, on) for row in db.session.execute(query)
    )
    return heapq.nsmallest(MOST_SHOWN, found, key=lambda one: (-one.weight, one.service_id))


def objections(user: User) -> Sequence[ServiceCheck]:
    """What providers said has changed and no editor has read, oldest first."""
    if not may(user, Permission.EDIT_DIRECTORY):
        return []
    query = select(ServiceCheck).where(
        ServiceCheck.words.is_not(None), ServiceCheck.settled_at.is_(None)
    )
    both = query.options(joinedload(ServiceCheck.service)).order_by(ServiceCheck.words_at)
    return db.session.scalars(both.limit(MOST_SHOWN)).unique().all()


def _unchecked(one: Weighed) -> str:
    if one.unchecked_days is None:
        return "Nobody ever checked it"
    return f"Not checked for {one.unchecked_days} days"


def _weigh(service_id: int, verified_at: datetime | None, referrals: int, on: date) -> Weighed:
    days = None if verified_at is None else (on - clock.london(verified_at).date()).days
    weight = (referrals + 1) * float(NEVER_DAYS if days is None else days)
    return Weighed(service_id, weight, referrals, days)


def _rows(reasons: dict[int, list[str]], referrals: dict[int, int]) -> Sequence[Row]:
    query = select(Service).where(Service.id.in_(reasons)).options(joinedload(Service.provider))
    found = {service.id: service for service in db.session.scalars(query).unique()}
    return [
        Row(found[key], tuple(dict.fromkeys(why)), referrals.get(key, 0))
        for key, why in reasons.items()
    ]


def _ending(on: date) -> Sequence[Service]:
    soon = Service.ends_on.between(on, on + SOON)
    query = select(Service).where(soon, _runs(on)).order_by(Service.ends_on, Service.id)
    return db.session.scalars(query.limit(MOST_SHOWN)).unique().all()


def _to_open_again(on: date) -> Sequence[Service]:
    """Entries that are still closed for a while, though the day they gave is there."""
    is_due = and_(Service.status == ServiceStatus.TEMPORARILY_CLOSED, Service.closed_until <= on)
    query = select(Service).where(is_due, _runs(on)).order_by(Service.closed_until, Service.id)
    return db.session.scalars(query.limit(MOST_SHOWN)).unique().all()


def _merged_into() -> CTE:
    """Every merged entry with the one it was merged into, the one that was merged into, and so on.

    The last of them stands for all; those between are merged themselves and in no queue.
    """
    each = aliased(Service)
    first = select(Service.id.label("service_id"), Service.merged_into_id.label("kept_id"))
    found = first.where(Service.merged_into_id.is_not(None)).cte("merged_into", recursive=True)
    further = select(found.c.service_id, each.merged_into_id).join(each, each.id == found.c.kept_id)
    return found.union(further.where(each.merged_into_id.is_not(None)))


def _is_stale(on: date) -> ColumnElement[bool]:
    return or_(Service.verified_at.is_(None), Service.verified_at < _midnight(fresh_since(on)))


def _runs(on: date) -> ColumnElement[bool]:
    goes_on = or_(Service.ends_on.is_(None), Service.ends_on >= on)
    return and_(
        Service.listed, Service.merged_into_id.is_(None), Service.status.in_(RUNNING), goes_on
    )


def _midnight(day: date) -> datetime:
    return clock.utc(datetime.combine(day, time()))
