"""Opening times that were read only in part: who is to look at them, and that somebody did."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, exists, or_

from linkwork import access, audit
from linkwork.audit import Event
from linkwork.casework.schedule_words import is_doubtful
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import Schedule, Service, User, service_text

MOST_SHOWN = 200
NOTHING_TO_CONFIRM = "Nobody doubts the times of this activity. There is nothing to confirm."


def needs_confirming(service: Service) -> bool:
    """Whether an editor has yet to say that its times are right as we show them."""
    return any(is_doubtful(service, one) for one in service.schedules)


def unconfirmed(user: User) -> Sequence[Service]:
    """Listed services whose times an editor should look at, at most 200, A to Z."""
    doubtful = exists().where(
        Schedule.service_id == Service.id,
        Schedule.doubt.is_not(None),
        or_(Service.times_confirmed.is_(None), Schedule.reading != Service.times_confirmed),
    )
    query = access.services(user).where(Service.listed, doubtful)
    return db.session.scalars(query.order_by(Service.name, Service.id).limit(MOST_SHOWN)).all()


def confirm(service: Service, *, by: User, at: datetime) -> None:
    """Note that the days and hours as they were read, or as the feed gives them, are right.

    It holds until the feed says something else. Raises ``RuleBroken`` where nothing is in doubt.
    """
    reading = next((one.reading for one in service.schedules if is_doubtful(service, one)), None)
    if reading is None:
        raise RuleBroken(NOTHING_TO_CONFIRM)
    service.times_confirmed = reading
    service.times_confirmed_at, service.times_confirmed_by_id = at, by.id
    db.session.flush()
    service_text.reindex([service.id])
    audit.record(Event.TIMES_CONFIRMED, service, by=by)


def why_doubted(service: Service) -> str:
    """Why its times are in doubt, in a sentence for an editor; empty where they are not."""
    kinds = {one.doubt for one in service.schedules if is_doubtful(service, one)}
    if "differs" in kinds:
        return "The days and hours of the list are not those of its words."
    if "refused" in kinds:
        return "The times could not be read from the words of the provider."
    return "Some of the words about the times could not be read." if kinds else ""


def not_read(service: Service) -> list[str]:
    """What could not be read of the words in doubt, or why none of them could."""
    doubtful = (one for one in service.schedules if is_doubtful(service, one))
    return list(dict.fromkeys(one.unread for one in doubtful if one.unread))


def read_as(service: Service) -> list[Schedule]:
    """The times in doubt that stand to be confirmed: those that have a day."""
    return [one for one in service.schedules if one.byday and is_doubtful(service, one)]


def are_no_guess() -> ColumnElement[bool]:
    """Whether the days of a schedule are its source's, or read for sure, or confirmed here."""
    confirmed = exists().where(
        Service.id == Schedule.service_id, Service.times_confirmed == Schedule.reading
    )
    return or_(Schedule.from_words.is_(False), Schedule.doubt.is_(None), confirmed)
