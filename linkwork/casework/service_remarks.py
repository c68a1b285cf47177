"""Remarks: what somebody who uses the directory found wrong in an entry, for its editors."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from linkwork import audit
from linkwork.audit import Event
from linkwork.casework import service_merges
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import Service, ServiceRemark, User
from linkwork.permissions import Permission, may

MOST_OPEN = 20
TOO_MANY = (
    "You have already told the editors of {} things here that they have not looked at yet. "
    "Ring them instead."
)


def say(service: Service, words: str, *, by: User, at: datetime) -> ServiceRemark:
    """Tell the editors what is wrong with an entry. The same words twice are said once.

    Raises ``RuleBroken`` without words, and where there are too many of one user’s already.
    """
    words = words.strip()
    if not words:
        raise RuleBroken("Say in a few words what is wrong.")
    mine = [one for one in of_service(service) if one.by_id == by.id]
    same = next((one for one in mine if one.words == words), None)
    if same is not None:
        return same
    if len(mine) >= MOST_OPEN:
        raise RuleBroken(TOO_MANY.format(len(mine)))
    made = ServiceRemark(service=service, words=words, by=by, at=at)
    db.session.add(made)
    audit.record(Event.SERVICE_REMARKED, made, by=by)
    return made


def settle(remark: ServiceRemark, *, by: User, at: datetime) -> None:
    """Note that an editor looked at a remark, and put right what had to be."""
    if remark.settled_at is None:
        remark.settled_at, remark.settled_by_id = at, by.id
    audit.record(Event.REMARK_SETTLED, remark, by=by)


def of_service(service: Service) -> Sequence[ServiceRemark]:
    """What is said to be wrong with an entry, or with one that was merged into it, oldest first."""
    everywhere = ServiceRemark.service_id.in_(service_merges.all_of(service))
    query = select(ServiceRemark).where(everywhere, ServiceRemark.settled_at.is_(None))
    query = query.options(joinedload(ServiceRemark.by)).order_by(ServiceRemark.id)
    return db.session.scalars(query).unique().all()


def open_(user: User) -> Sequence[ServiceRemark]:
    """Every remark that no editor has looked at, oldest first; none for those who do not edit."""
    if not may(user, Permission.EDIT_DIRECTORY):
        return []
    query = select(ServiceRemark).where(ServiceRemark.settled_at.is_(None))
    both = joinedload(ServiceRemark.by), joinedload(ServiceRemark.service)
    return db.session.scalars(query.options(*both).order_by(ServiceRemark.id)).unique().all()
