"""Floods: a public form that is sent too often is slowed, in every process and by no outsider.

What is kept is a keyed hash of the network address and the day, for a day. One sender is refused
after a while; a whole PCN never, or one sender could close the form for everybody there: what
comes above the limit of a PCN is kept, and read last.
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
PER_SITE_OF_IPV6 = 30
PER_PCN = 100
HOUSEHOLD, SITE = 64, 48
"""Bits of an IPv6 network: what one household is given, and the most one customer is given."""
TOO_OFTEN = (
    "This form has been sent too often today, perhaps by others who share your connection. "
    "Nothing you typed is lost. Try again tomorrow, or ask at your GP practice for a link worker."
)


class TooOften(RuleBroken):
    """Too much was sent from one network address in a day."""


def count(address: str, pcn_id: int, *, in_danger: bool = False, at: datetime) -> bool:
    """Count one sending from a network address to a PCN; say whether there are too many.

    Raises ``TooOften`` where too many came from the address, but never for words of danger.
    """
    db.session.execute(delete(PublicAttempt).where(PublicAttempt.at <= at - WINDOW))
    senders = {_hash(network, at): most for network, most in _networks(address).items()}
    pcn = _hash(f"PCN {pcn_id}", at)
    subjects = [*senders, pcn]
    query = select(PublicAttempt.subject, func.count()).group_by(PublicAttempt.subject)
    found = db.session.execute(query.where(PublicAttempt.subject.in_(subjects)))
    sent: dict[str, int] = dict(found.all())
    too_often = any(sent.get(subject, 0) >= most for subject, most in senders.items())
    if too_often and not in_danger:
        raise TooOften(TOO_OFTEN)
    db.session.add_all(PublicAttempt(subject=subject, at=at) for subject in subjects)
    return too_often or sent.get(pcn, 0) >= PER_PCN


def _networks(address: str) -> dict[str, int]:
    """Whose address it may be, and how much each may send in a day.

    Of IPv6, a household has as many addresses as it likes in one network, and a customer of a
    provider as many of those as it likes in a larger one. An IPv4 address may be written as IPv6.
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return {address: PER_ADDRESS}
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is None:
            limits = {HOUSEHOLD: PER_ADDRESS, SITE: PER_SITE_OF_IPV6}
            return {_within(parsed, bits): most for bits, most in limits.items()}
        parsed = parsed.ipv4_mapped
    return {str(parsed): PER_ADDRESS}


def _within(address: ipaddress.IPv6Address, bits: int) -> str:
    return str(ipaddress.ip_network((address, bits), strict=False))


def _hash(subject: str, at: datetime) -> str:
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, f"{at:%Y-%m-%d} {subject}".encode(), hashlib.sha256).hexdigest()
