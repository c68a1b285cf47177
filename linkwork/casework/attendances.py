"""Attendances: on which dates somebody came or did not, and the first session that is booked.

The first visit of an onward referral, and whether its case is connected, follow from them.
"""

from datetime import date, datetime, time

from sqlalchemy import func, select

from linkwork import audit, clock
from linkwork.audit import Event
from linkwork.casework import answers
from linkwork.casework.answers import SaidAlready
from linkwork.casework.onward_referrals import hold_sent
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import Absent, Attendance, OnwardReferral, SupportCase, User

NOON = time(12)


def note(
    onward: OnwardReferral,
    *,
    on: date,
    came: bool,
    reason: Absent | None = None,
    by: User | None,
    now: datetime,
) -> None:
    """Note whether they came on a date; said again of one date, it is put right.

    ``by`` is None where the provider says so through the link. Raises ``RuleBroken`` for a day to
    come or one before they agreed, and ``SaidAlready`` for what is noted already.
    """
    hold_sent(onward)
    if on > clock.london(now).date():
        raise RuleBroken("The visit cannot be in the future. Check its date.")
    if onward.agreed_at is not None and on < clock.london(onward.agreed_at).date():
        raise RuleBroken("The visit cannot be before the person agreed to go.")
    _write_down_the_first(onward)
    row = _row(onward, on)
    if (row.came, row.reason) == (came, reason):
        raise SaidAlready("This is noted already.")
    row.came, row.reason, row.said_by, row.said_at = came, reason, by, now
    _follow(onward, now)
    via = {} if by else {"via": "link"}
    of = onward.case.person_id
    audit.record(Event.ONWARD_ATTENDED, onward, by=by, person_id=of, came=came, **via)
    if by is None:
        answers.tell_worker(onward, at=now)


def book(onward: OnwardReferral, on: date, *, by: User, at: datetime) -> None:
    """Note when their first session is, or is to be after all.

    Raises ``RuleBroken`` where they have been there, or for a day that cannot be.
    """
    hold_sent(onward)
    if onward.first_attended_at is not None:
        raise RuleBroken("They have been there already, so no first session can be booked.")
    answers.check_first_session(onward, on, at=at)
    if onward.first_session_on == on:
        raise SaidAlready("This is noted already.")
    onward.first_session_on = on
    audit.record(Event.ONWARD_BOOKED, onward, by=by, person_id=onward.case.person_id)


def _row(onward: OnwardReferral, on: date) -> Attendance:
    found = next((row for row in onward.attendances if row.held_on == on), None)
    if found is None:
        found = Attendance(held_on=on)
        onward.attendances.append(found)
    return found


def _write_down_the_first(onward: OnwardReferral) -> None:
    """A first visit that was noted before dates were: so that later ones do not replace it."""
    at = onward.first_attended_at
    if at is None or any(row.came for row in onward.attendances):
        return
    row = _row(onward, clock.london(at).date())
    row.came, row.said_by_id, row.said_at = True, onward.made_by_id, at


def _follow(onward: OnwardReferral, now: datetime) -> None:
    days = [row.held_on for row in onward.attendances if row.came]
    onward.first_attended_at = _moment(onward, min(days), now) if days else None
    db.session.flush()
    visits = select(func.min(OnwardReferral.first_attended_at)).where(
        OnwardReferral.case_id == onward.case_id
    )
    case: SupportCase = onward.case
    case.connected_at = db.session.scalar(visits)


def _moment(onward: OnwardReferral, on: date, now: datetime) -> datetime:
    """Noon of the day, as nobody notes the hour; never before they agreed, and never to come."""
    known = onward.first_attended_at
    if known is not None and clock.london(known).date() == on:
        return known
    at = min(clock.utc(datetime.combine(on, NOON)), now)
    return at if onward.agreed_at is None else max(at, onward.agreed_at)
