"""Signposts: counted with one press, taken back with another, and never about anybody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from linkwork import access, audit, clock
from linkwork.audit import Event
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import Need, Service, Signpost, User

DOUBLE = timedelta(seconds=10)
"""The same thing pressed again within this time by the same user is a finger that slipped."""
UNDO = timedelta(minutes=10)
COMMON_SINCE = timedelta(days=90)
COMMON = 6
MOST_COUNTED = 50


@dataclass(frozen=True, slots=True)
class Count:
    """How often people were told about one thing."""

    service: Service | None
    need: Need | None
    times: int


def record(
    *,
    service: Service | None = None,
    need: Need | None = None,
    again: bool = False,
    by: User,
    at: datetime,
) -> Signpost:
    """Count that somebody was told about an activity, or where to turn for a need.

    Pressed twice within ``DOUBLE`` it is counted once, unless ``again`` says that it was meant.
    Raises ``RuleBroken`` where neither or both are named.
    """
    if (service is None) == (need is None):
        raise RuleBroken("Choose an activity or a need.")
    # Two presses in one moment stand in line here, so that the second finds the first.
    db.session.execute(select(User.id).where(User.id == by.id).with_for_update(key_share=True))
    earlier = None if again else _just_now(service, need, by, at)
    if earlier is not None:
        return earlier
    made = Signpost(organisation_id=by.organisation_id, user_id=by.id, need=need, at=at)
    made.service = service
    db.session.add(made)
    said = {"need": need} if need else {"service": service.key if service else None}
    audit.record(Event.SIGNPOST_COUNTED, made, by=by, **said)
    return made


def undo(signpost: Signpost, *, by: User, at: datetime) -> None:
    """Take a signpost back, within ``UNDO``, where one made it oneself. Twice is once."""
    if signpost.user_id != by.id:
        raise RuleBroken("Only whoever counted this can take it back.")
    if signpost.undone_at is not None:
        return
    if at - signpost.at > UNDO:
        raise RuleBroken("This was counted more than ten minutes ago, so it stays.")
    signpost.undone_at = at
    audit.record(Event.SIGNPOST_UNDONE, signpost, by=by)


def undoable(user: User, *, at: datetime) -> Sequence[Signpost]:
    """What a user counted in the last ten minutes and may take back, the newest first."""
    query = (
        access.signposts(user)
        .where(Signpost.user_id == user.id, Signpost.undone_at.is_(None), Signpost.at >= at - UNDO)
        .options(joinedload(Signpost.service))
        .order_by(Signpost.at.desc(), Signpost.id.desc())
        .limit(5)
    )
    return db.session.scalars(query).unique().all()


def common(user: User, *, at: datetime) -> Sequence[Service]:
    """The activities the user’s practice told people about most in 90 days: at most six."""
    times = (
        access.signposts(user)
        .where(Signpost.undone_at.is_(None), Signpost.at >= at - COMMON_SINCE)
        .where(Signpost.service_id.is_not(None))
        .group_by(Signpost.service_id)
        .with_only_columns(
            Signpost.service_id,
            func.count().label("times"),
            func.max(Signpost.at).label("last_at"),
        )
        .subquery()
    )
    query = (
        access.services(user)
        .join(times, times.c.service_id == Service.id)
        .options(joinedload(Service.provider))
        .order_by(times.c.times.desc(), times.c.last_at.desc(), Service.id)
        .limit(COMMON)
    )
    return db.session.scalars(query).unique().all()


def this_month(user: User, *, on: date) -> list[Count]:
    """How often the user’s practice told people about what since the month began, most first."""
    start = clock.utc(datetime.combine(on.replace(day=1), time()))
    rows = db.session.execute(
        access.signposts(user)
        .where(Signpost.undone_at.is_(None), Signpost.at >= start)
        .group_by(Signpost.service_id, Signpost.need)
        .with_only_columns(Signpost.service_id, Signpost.need, func.count().label("times"))
        .order_by(func.count().desc(), Signpost.service_id, Signpost.need)
        .limit(MOST_COUNTED)
    ).all()
    numbers = [row.service_id for row in rows if row.service_id]
    named = {s.id: s for s in db.session.scalars(select(Service).where(Service.id.in_(numbers)))}
    return [Count(named.get(row.service_id), row.need, row.times) for row in rows]


def _just_now(
    service: Service | None, need: Need | None, by: User, at: datetime
) -> Signpost | None:
    query = select(Signpost).where(
        Signpost.user_id == by.id,
        Signpost.undone_at.is_(None),
        Signpost.at > at - DOUBLE,
        Signpost.service_id == (service.id if service else None),
        Signpost.need == need,
    )
    return db.session.scalar(query.order_by(Signpost.id.desc()).limit(1))
