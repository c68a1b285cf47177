"""The link by which a provider answers one onward referral without an account."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from linkwork import audit
from linkwork.audit import Event
from linkwork.casework import shared_links
from linkwork.casework.onward_referrals import hold_sent, hold_whole
from linkwork.database import db
from linkwork.errors import NotYours, RuleBroken
from linkwork.models import LinkPurpose, OnwardReferral, SharedLink, SupportCase, User

SHOWN = 10


def follow(given: str, *, at: datetime) -> SharedLink:
    """The link a provider came with, with its onward referral and all a page of it shows.

    Raises ``NotYours`` for one that was altered, made for something else or never made, and
    ``LinkOver`` for one that was taken back or is too old.
    """
    link = shared_links.follow(given, LinkPurpose.ANSWER, at=at)
    query = (
        select(OnwardReferral)
        .where(OnwardReferral.id == link.onward_referral_id)
        .options(
            joinedload(OnwardReferral.service),
            joinedload(OnwardReferral.case).joinedload(SupportCase.person),
            joinedload(OnwardReferral.case).joinedload(SupportCase.worker),
            selectinload(OnwardReferral.answers),
            selectinload(OnwardReferral.attendances),
        )
    )
    link.onward_referral = db.session.scalar(query)
    if link.onward_referral is None:
        raise NotYours("SharedLink")
    return link


def reveal(link: SharedLink, *, by: User | None, at: datetime) -> None:
    """Note that whoever holds the link asked for the person’s details and is shown them.

    ``by`` is None for a provider; one of us who tries the link is noted, and not taken for one.
    Raises ``RuleBroken`` where there is nothing to be done for the person any more.
    """
    onward = link.onward_referral
    if onward is None or not is_alive(onward):
        raise RuleBroken("There is nothing more to do about this referral.")
    if by is None:
        link.last_opened_at = at
    person_id = link.case.person_id
    audit.record(Event.ONWARD_REVEALED, onward, by=by, person_id=person_id, via="link")


def is_alive(onward: OnwardReferral) -> bool:
    """Whether a provider still has to do with the person."""
    return onward.is_open and onward.case.is_open


def of(onward: OnwardReferral) -> Sequence[SharedLink]:
    """The links that were made for an onward referral, newest first: the last ten."""
    query = select(SharedLink).where(
        SharedLink.onward_referral_id == onward.id, SharedLink.purpose == LinkPurpose.ANSWER
    )
    return db.session.scalars(query.order_by(SharedLink.id.desc()).limit(SHOWN)).all()


def opens(link: SharedLink, *, at: datetime) -> bool:
    """Whether a link still opens anything."""
    return link.revoked_at is None and link.expires_at > at


def present(onward: OnwardReferral, *, at: datetime) -> SharedLink:
    """The newest link that opens something; raises ``RuleBroken`` where there is none."""
    for link in of(onward):
        if opens(link, at=at):
            return link
    raise RuleBroken("The link has ended. Make a new one first.")


def renew(onward: OnwardReferral, *, by: User, at: datetime) -> SharedLink:
    """Make a new link; every earlier one ends."""
    hold_sent(onward)
    end_all(onward, by=by, at=at)
    return shared_links.make(onward.case, LinkPurpose.ANSWER, onward=onward, by=by, at=at)


def email(
    onward: OnwardReferral, address: Callable[[SharedLink], str], *, by: User, at: datetime
) -> bool:
    """Email the link to the activity, and return whether it was; ``address`` tells its URL.

    Not where the same still waits to be sent. Raises ``RuleBroken`` where there is no link, no
    email address, or nothing is sent by email.
    """
    hold_sent(onward)
    link = present(onward, at=at)
    return shared_links.email(link, onward.service.email or "", address(link), by=by, at=at)


def take_back(onward: OnwardReferral, *, by: User, at: datetime) -> None:
    """End every link, also of what was answered with a no or is finished.

    Raises ``RuleBroken`` where none opens anything.
    """
    hold_whole(onward)
    if not end_all(onward, by=by, at=at):
        raise RuleBroken("The link has ended already.")


def end_all(onward: OnwardReferral, *, by: User, at: datetime) -> int:
    """End every link that opens something, and return how many did. The case is held."""
    alive = [link for link in of(onward) if opens(link, at=at)]
    for link in alive:
        shared_links.revoke(link, by=by, at=at)
    return len(alive)
