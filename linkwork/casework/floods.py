"""Floods: a public form that is sent too often is slowed, in every process and by no outsider.

What is kept is a keyed hash of the network address and the day, for a day.
"""

import hashlib
import hmac
import ipaddress
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import delete, func, select

from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import PublicAttempt

WINDOW = timedelta(days=1)
PER_ADDRESS = 10
PER_SITE = 300
SITE = "site"
TOO_OFTEN = (
    "This form has been sent too often today, perhaps by others who share your connection. "
    "Nothing you typed is lost. Try again tomorrow, or ask at your GP practice for a link worker."
)


class TooOften(RuleBroken):
    """Too much was sent from one network address, or to the whole site, in a day."""


def count(address: str, *, at: datetime) -> None:
    """Count one sending from a network address. Raises ``TooOften`` where there were too many."""
    db.session.execute(delete(PublicAttempt).where(PublicAttempt.at <= at - WINDOW))
    subjects = {_hash(_network(address), at): PER_ADDRESS, _hash(SITE, at): PER_SITE}
    query = select(PublicAttempt.subject, func.count()).group_by(PublicAttempt.subject)
    found = db.session.execute(query.where(PublicAttempt.subject.in_(subjects)))
    sent: dict[str, int] = dict(found.all())
    if any(sent.get(subject, 0) >= most for subject, most in subjects.items()):
        raise TooOften(TOO_OFTEN)
    db.session.add_all(PublicAttempt(subject=subject, at=at) for subject in subjects)


def _network(address: str) -> str:
    """Whose address it is: of IPv6, one household has as many as it likes in one network."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return str(parsed)
    return str(ipaddress.ip_network((parsed, 64), strict=False))


def _hash(subject: str, at: datetime) -> str:
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, f"{at:%Y-%m-%d} {subject}".encode(), hashlib.sha256).hexdigest()
