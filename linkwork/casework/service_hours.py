"""Which services meet now, today, or next: worked out from their schedules, never guessed.

What is closed for a while, has not begun, may be shut (a bank holiday of which nothing is said) or
has times that nobody could read with certainty is never said to be open.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, Subquery, false, or_, select

from linkwork import clock
from linkwork.database import db
from linkwork.matching import wording
from linkwork.models import Schedule, Service, ServiceFacet, ServiceSession, ServiceStatus
from linkwork.timetable import occurrences
from linkwork.timetable.occurrences import Caveat, Occurrence
from linkwork.timetable.recurrence import Times

DAYS_AHEAD = 14
FEW = 300
AT_ONCE = 60
CAVEATS = {
    Caveat.TERM_TIME: "in term time",
    Caveat.APPOINTMENT: "by appointment",
    Caveat.BANK_HOLIDAY: "a bank holiday: ask first",
}


def meeting(when: str, *, at: datetime) -> ColumnElement[bool]:
    """That a service, as a facet, meets "now", or "today" and is not over yet.

    A rule that is not the same every week is asked here, one by one; the others are in SQL.
    """
    today, minute = _local(at)
    if occurrences.is_bank_holiday(today):
        return false()  # who knows what is open
    sessions = _of_the_day(today).where(ServiceSession.sure, ServiceSession.closes > minute)
    if when == "now":
        sessions = sessions.where(ServiceSession.has_hours, ServiceSession.opens <= minute)
    asked = sessions.with_only_columns(ServiceSession.schedule_id, ServiceSession.service_id)
    rows = db.session.execute(asked.where(ServiceSession.exact.is_(False))).all()
    falling = _falling((row.schedule_id for row in rows), today)
    found = {row.service_id for row in rows if row.schedule_id in falling}
    every_week = sessions.where(ServiceSession.exact).with_only_columns(ServiceSession.service_id)
    # With "+ 0" the rows are found by the other filters, and only held against these lists.
    number = ServiceFacet.service_id + 0
    return or_(number.in_(every_week), number.in_(found))


def in_order(
    chosen: Select[Any], total: int, *, at: datetime, skipped: int, most: int
) -> list[int]:
    """Numbers of ``most`` of these services after ``skipped``, those that meet next first.

    Services of which no time is known to come within two weeks follow, in the order of ``chosen``.
    """
    wanted = skipped + most
    of_them = chosen.subquery("of_them")
    in_all = select(of_them.c.service_id).order_by(
        *(of_them.c[name] for name in ("stale", "name", "service_id"))
    )
    few = db.session.scalars(in_all).all() if total <= FEW else None
    met: dict[int, None] = {}
    for number in _day_by_day(of_them if few is None else few, at):
        met.setdefault(number)
        if len(met) == wanted:
            return list(met)[skipped:]
    for number in db.session.scalars(in_all.limit(wanted + len(met))) if few is None else few:
        met.setdefault(number)
    return list(met)[skipped:wanted]


def _day_by_day(of_them: Any, at: datetime) -> Iterator[int]:
    """The services in the order of their next session, looked up as far as is asked for."""
    today, minute = _local(at)
    for ahead in range(DAYS_AHEAD):
        day = today + timedelta(days=ahead)
        query = _of_the_day(day)
        if not ahead:
            query = query.where(ServiceSession.opens > minute)
        if isinstance(of_them, Subquery):
            query = query.join(of_them, of_them.c.service_id == ServiceSession.service_id)
            query = query.order_by(ServiceSession.opens, of_them.c.name)
        else:
            query = query.where(ServiceSession.service_id.in_(of_them))
        yield from _in_turn(query.order_by(ServiceSession.opens, ServiceSession.schedule_id), day)


def _in_turn(query: Select[Any], day: date) -> Iterator[int]:
    """The services of a query of sessions that do meet on a day, the earliest first."""
    columns = ServiceSession.service_id, ServiceSession.schedule_id, ServiceSession.exact
    asked: Any = query.with_only_columns(*columns)
    unsure = occurrences.is_bank_holiday(day)
    skipped, size = 0, AT_ONCE
    while rows := db.session.execute(asked.limit(size).offset(skipped)).all():
        falling = _falling((row.schedule_id for row in rows if unsure or not row.exact), day)
        for row in rows:
            if row.schedule_id in falling or (row.exact and not unsure):
                yield row.service_id
        if len(rows) < size:
            break
        skipped, size = skipped + size, size * 8


def _of_the_day(day: date) -> Select[Any]:
    """The sessions that a weekday and the dates they hold between allow on a day."""
    first, last = ServiceSession.first_on, ServiceSession.last_on
    return select(ServiceSession).where(
        ServiceSession.day == day.weekday(),
        or_(first.is_(None), first <= day),
        or_(last.is_(None), last >= day),
    )


def _falling(schedule_ids: Iterable[int], day: date) -> frozenset[int]:
    """Those of these schedules that are open on a day, by their own rules."""
    ids = list(schedule_ids)
    if not ids:
        return frozenset()
    query = select(*RULE).where(Schedule.id.in_(ids))
    rows = db.session.execute(query)
    return frozenset(row.id for row in rows if occurrences.between([row], day, day))


RULE = [
    getattr(Schedule, name)
    for name in (
        "id freq interval byday bymonthday dtstart opens_at closes_at valid_from valid_to "
        "closed_byday closed_on closed_bank_holidays term_time_only by_appointment"
    ).split()
]


def _local(at: datetime) -> tuple[date, int]:
    local = clock.london(at)
    return local.date(), local.hour * 60 + local.minute


def is_open(service: Service, *, at: datetime) -> bool:
    """Whether a service is certainly open at a moment."""
    if service.status is not ServiceStatus.ACTIVE or not _is_of_the_time(service, at):
        return False
    return occurrences.is_open(_sure(service), at) is True


def next_words(service: Service, *, at: datetime) -> str:
    """When it meets next: "Tomorrow, 10am to 12 noon"; empty where no time to come is known."""
    if service.status is not ServiceStatus.ACTIVE:
        return ""
    found = next_of(_sure(service), at=at, not_before=service.opens_on, until=service.ends_on)
    return words_of(found, at=at)


def next_of(
    schedules: Sequence[Times],
    *,
    at: datetime,
    not_before: date | None,
    until: date | None,
    suits: Callable[[Occurrence], bool] | None = None,
) -> Occurrence | None:
    """When schedules that are sure meet next; None where no time to come is known.

    ``suits`` passes over the times that are not somebody’s.
    """
    return occurrences.next_session(schedules, at, not_before=not_before, until=until, suits=suits)


def words_of(found: Occurrence | None, *, at: datetime) -> str:
    """A time to come in words: "Tomorrow, 10am to 12 noon"; empty where there is none."""
    return _words(found, clock.london(at).date()) if found else ""


def _sure(service: Service) -> list[Schedule]:
    confirmed = service.times_confirmed
    return [
        one
        for one in service.schedules
        if one.doubt is None or (confirmed and one.reading == confirmed)
    ]


def _is_of_the_time(service: Service, at: datetime) -> bool:
    today = clock.london(at).date()
    begun = service.opens_on is None or service.opens_on <= today
    return begun and (service.ends_on is None or today <= service.ends_on)


def _words(found: Occurrence, today: date) -> str:
    ahead = (found.on - today).days
    weekday = wording.DAYS[found.on.weekday()]
    day = {0: "Today", 1: "Tomorrow"}.get(ahead, f"{weekday} {found.on.day} {found.on:%B}")
    hours = [wording.clock(one) for one in (found.opens_at, found.closes_at) if one]
    if len(hours) == 1:
        hours = [f"{'from' if found.opens_at else 'until'} {hours[0]}"]
    said = [day, *([" to ".join(hours)] if hours else []), *(CAVEATS[one] for one in found.caveats)]
    return ", ".join(said)
