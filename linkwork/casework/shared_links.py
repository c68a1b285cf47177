"""Shared links: one page for somebody without an account, for a time, until taken back.

The address holds a random key and its signature with the site’s secret: a copy of the database
alone opens nothing, and a changed address is an unknown one.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import current_app
from itsdangerous import BadSignature, Signer
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from linkwork import audit
from linkwork.audit import Event
from linkwork.casework import mail
from linkwork.casework.cases import must_live
from linkwork.database import db
from linkwork.errors import NotYours, RuleBroken
from linkwork.models import LinkPurpose, MailKind, OnwardReferral, SharedLink, SupportCase, User

GOOD_FOR = {LinkPurpose.PLAN: timedelta(days=90), LinkPurpose.ANSWER: timedelta(days=60)}
MAILS = {LinkPurpose.PLAN: MailKind.PLAN, LinkPurpose.ANSWER: MailKind.ANSWER}
OVER = "This link has ended. Ask whoever sent it to you for a new one."


class LinkOver(RuleBroken):
    """The link was taken back, or its time has passed."""


def make(
    case: SupportCase,
    purpose: LinkPurpose,
    *,
    onward: OnwardReferral | None = None,
    by: User,
    at: datetime,
) -> SharedLink:
    """Make a link, good for ``GOOD_FOR`` its purpose. Earlier ones go on working.

    Raises ``RuleBroken`` where the person died.
    """
    must_live(case)
    link = SharedLink(
        purpose=purpose,
        case=case,
        onward_referral=onward,
        made_by_id=by.id,
        expires_at=at + GOOD_FOR[purpose],
    )
    db.session.add(link)
    audit.record(Event.LINK_MADE, link, by=by, person_id=case.person_id, purpose=purpose)
    return link


def token(link: SharedLink) -> str:
    """What the address of a link ends with."""
    return _signer(link.purpose).sign(link.key.encode()).decode()


def follow(given: str, purpose: LinkPurpose, *, at: datetime) -> SharedLink:
    """The link somebody came with.

    Raises ``NotYours`` for one that was altered or never made, and ``LinkOver`` for one that was
    taken back or is too old.
    """
    try:
        key = _signer(purpose).unsign(given.encode()).decode()
    except (BadSignature, UnicodeError) as error:
        raise NotYours("SharedLink") from error
    query = select(SharedLink).where(SharedLink.key == key, SharedLink.purpose == purpose)
    link = db.session.scalar(query.options(joinedload(SharedLink.case)))
    if link is None:
        raise NotYours("SharedLink")
    if link.revoked_at is not None or link.expires_at <= at:
        raise LinkOver(OVER)
    return link


def revoke(link: SharedLink, *, by: User | None, at: datetime) -> None:
    """Take a link back: from now on it opens nothing. Doing it twice is doing it once."""
    if link.revoked_at is None:
        link.revoked_at = at
        mail.stop(link.case, at=at, of=token(link))
        audit.record(Event.LINK_REVOKED, link, by=by, person_id=link.case.person_id)


def email(link: SharedLink, to: str, url: str, *, by: User, at: datetime) -> bool:
    """Email a link, and return whether it was: not where the same still waits to be sent.

    The case is held. Raises ``RuleBroken`` where nothing is sent by email, the person died, or
    ``to`` is no address.
    """
    must_live(link.case)
    if not mail.is_on():
        raise RuleBroken("Linkwork sends no emails here. Pass the link on yourself.")
    if mail.waits(link.case, to, url):
        return False
    mail.queue_link(to, MAILS[link.purpose], url, case=link.case, at=at)
    audit.record(Event.LINK_EMAILED, link, by=by, person_id=link.case.person_id, via="email")
    return True


def of_case(case: SupportCase, purpose: LinkPurpose, *, at: datetime) -> Sequence[SharedLink]:
    """The links of a case that still open something, newest first."""
    query = select(SharedLink).where(
        SharedLink.case_id == case.id,
        SharedLink.purpose == purpose,
        SharedLink.revoked_at.is_(None),
        SharedLink.expires_at > at,
    )
    return db.session.scalars(query.order_by(SharedLink.id.desc())).all()


def stop(case: SupportCase, *, by: User, at: datetime) -> None:
    """Take back every link of a case: its person died, or it was opened in error."""
    query = select(SharedLink).where(SharedLink.case_id == case.id, SharedLink.revoked_at.is_(None))
    for link in db.session.scalars(query.order_by(SharedLink.id)):
        revoke(link, by=by, at=at)


def _signer(purpose: LinkPurpose) -> Signer:
    secret = current_app.config["SECRET_KEY"]
    return Signer(
        secret,
        salt=f"linkwork.link.{purpose}",
        key_derivation="hmac",
        digest_method=hashlib.sha256,
    )
