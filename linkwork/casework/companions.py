"""Companions: who goes along the first time, when, and that they did."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import or_
from sqlalchemy.orm import contains_eager, joinedload

from linkwork import access, audit, clock
from linkwork.audit import Event
from linkwork.casework.answers import check_first_session
from linkwork.casework.onward_referrals import MOST_LISTED, hold_open
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import OnwardReferral, SupportCase, User


def arrange(
    onward: OnwardReferral,
    *,
    on: date,
    user: User | None = None,
    name: str | None = None,
    by: User,
    at: datetime,
) -> None:
    """Note who goes along and when: a user, or the name of a volunteer or a peer.

    Raises ``RuleBroken`` where nobody is named, they went already, or the day has passed.
    """
    hold_open(onward)
    if onward.first_attended_at is not None or onward.accompanied_at is not None:
        raise RuleBroken("They have been there already, so nobody needs to go along.")
    if user is None and not name:
        raise RuleBroken("Say who goes along.")
    if on < clock.london(at).date():
        raise RuleBroken("Going along must be today or later. Check its date.")
    check_first_session(onward, on, at=at)
    onward.needs_accompanying = True
    onward.companion, onward.companion_name = user, None if user else name
    onward.accompanied_on = on
    _noted(onward, "arranged", by)


def went_along(onward: OnwardReferral, *, by: User, at: datetime) -> None:
    """Note that whoever was to go along did.

    Raises ``RuleBroken`` where nothing was arranged, or its day has not come.
    """
    hold_open(onward)
    _must_be_arranged(onward)
    if onward.accompanied_on is not None and onward.accompanied_on > clock.london(at).date():
        raise RuleBroken("The day they go along has not come yet.")
    onward.accompanied_at = at
    _noted(onward, "done", by)


def call_off(onward: OnwardReferral, *, by: User) -> None:
    """Nobody goes along after all. Raises ``RuleBroken`` where nothing was arranged."""
    hold_open(onward)
    _must_be_arranged(onward)
    onward.companion = onward.companion_name = onward.accompanied_on = None
    _noted(onward, "called_off", by)


def going_along(user: User, *, on: date) -> Sequence[OnwardReferral]:
    """What a user is to go along to, or somebody is for one of their own people, up to a day.

    The earliest first, at most 50, with service and person; those of days gone by wait for
    ``went_along`` or ``call_off``.
    """
    query = (
        access.onward_referrals(user)
        .join(OnwardReferral.case)
        .where(
            or_(SupportCase.worker_id == user.id, OnwardReferral.companion_id == user.id),
            OnwardReferral.is_open,
            OnwardReferral.accompanied_on <= on,
            OnwardReferral.accompanied_at.is_(None),
        )
        .options(
            contains_eager(OnwardReferral.case).joinedload(SupportCase.person),
            joinedload(OnwardReferral.service),
            joinedload(OnwardReferral.companion),
        )
        .order_by(OnwardReferral.accompanied_on, OnwardReferral.id)
        .limit(MOST_LISTED)
    )
    return db.session.scalars(query).unique().all()


def perhaps(user: User) -> Sequence[User]:
    """Who of us could go along: the link workers of the user’s own PCNs."""
    return db.session.scalars(access.colleagues(user)).unique().all()


def _must_be_arranged(onward: OnwardReferral) -> None:
    if onward.accompanied_on is None or onward.accompanied_at is not None:
        raise RuleBroken("Nobody is to go along. Say first who does, and when.")


def _noted(onward: OnwardReferral, step: str, by: User) -> None:
    of = onward.case.person_id
    audit.record(Event.ONWARD_ACCOMPANIED, onward, by=by, person_id=of, step=step)
