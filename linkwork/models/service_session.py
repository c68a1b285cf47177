"""When services meet, in narrow rows: a row for each day of the week a schedule may fall on.

Worked out with the facets, so that "open now" and "next" are short scans. A row that is ``exact``
is the whole rule, every week; of any other the schedule itself must be asked. What nobody could
read with certainty, and what is not running, has no rows: it is never said to be open.
"""

from collections.abc import Iterator, Sequence
from datetime import date, time
from typing import Any

from sqlalchemy import Connection, ForeignKey, delete, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from linkwork.database import Base
from linkwork.models import row_writing
from linkwork.models.service import Schedule, Service, ServiceStatus
from linkwork.timetable.recurrence import codes

MIDNIGHT = 24 * 60
COLUMNS = (
    "id service_id freq interval byday bymonthday dtstart opens_at closes_at valid_from valid_to "
    "closed_byday closed_on term_time_only by_appointment".split()
)


class ServiceSession(Base):
    """One day of the week on which a schedule may fall. Hours are minutes since midnight."""

    __tablename__ = "service_session"
    __table_args__ = ({"sqlite_with_rowid": False},)

    day: Mapped[int] = mapped_column(primary_key=True)
    """0 for Monday."""
    opens: Mapped[int] = mapped_column(primary_key=True)
    """1440 where no hour is said, so that it comes last."""
    service_id: Mapped[int] = mapped_column(
        ForeignKey("service.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    schedule_id: Mapped[int] = mapped_column(primary_key=True)
    closes: Mapped[int]
    has_hours: Mapped[bool]
    exact: Mapped[bool]
    sure: Mapped[bool]
    """Neither by appointment nor in term time only."""
    first_on: Mapped[date | None]
    last_on: Mapped[date | None]


def write(connection: Connection, service_ids: Sequence[int]) -> None:
    """Work out when these services meet again."""
    connection.execute(delete(ServiceSession).where(ServiceSession.service_id.in_(service_ids)))
    rows = [row for one in connection.execute(_schedules(service_ids)) for row in _rows(one)]
    row_writing.add(connection, ServiceSession.__table__, rows)


def _schedules(service_ids: Sequence[int]) -> Any:
    certain = or_(Schedule.doubt.is_(None), Schedule.reading == Service.times_confirmed)
    columns = [getattr(Schedule, name) for name in COLUMNS]
    return (
        select(*columns, Service.opens_on.label("begins_on"), Service.ends_on)
        .join(Service, Service.id == Schedule.service_id)
        .where(Schedule.service_id.in_(service_ids))
        .where(certain, Service.status == ServiceStatus.ACTIVE)
    )


def _rows(schedule: Any) -> Iterator[dict[str, Any]]:
    named = codes(schedule.byday)
    plain = not any((schedule.bymonthday, schedule.closed_byday, schedule.closed_on))
    every_week = schedule.freq in (None, "WEEKLY", "DAILY") and (schedule.interval or 1) == 1
    hours = _minutes(schedule.opens_at), _minutes(schedule.closes_at)
    known = hours[0] is not None and hours[1] is not None
    firsts = (schedule.dtstart, schedule.valid_from, schedule.begins_on)
    lasts = (schedule.valid_to, schedule.ends_on)
    row = {
        "service_id": schedule.service_id,
        "schedule_id": schedule.id,
        "opens": MIDNIGHT if hours[0] is None else hours[0],
        "closes": MIDNIGHT if hours[1] is None or hours[1] == MIDNIGHT - 1 else hours[1],
        "has_hours": known,
        "exact": plain and every_week and not any(ordinal for ordinal, _ in named),
        "sure": not (schedule.term_time_only or schedule.by_appointment),
        "first_on": max((day for day in firsts if day), default=None),
        "last_on": min((day for day in lasts if day), default=None),
    }
    yield from ({**row, "day": day} for day in _days(schedule, {day for _, day in named}))


def _days(schedule: Any, named: set[int]) -> set[int]:
    if named:
        return named
    if schedule.freq == "WEEKLY" and schedule.dtstart:
        return {schedule.dtstart.weekday()}
    comes_round = schedule.bymonthday or (schedule.freq == "MONTHLY" and schedule.dtstart)
    return set(range(7)) if schedule.freq == "DAILY" or comes_round else set()


def _minutes(at: time | None) -> int | None:
    return None if at is None else at.hour * 60 + at.minute
