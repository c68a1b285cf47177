"""Checks: a provider says by a signed link, in one press, that its entry is still right.

Who holds the link was sent it at the address of the entry, so what they confirm counts as a
check, named as the provider’s own. What they say has changed changes nothing by itself: an editor
reads it. Nothing of anybody who was referred is behind the link.
"""

import hashlib
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from flask import current_app
from itsdangerous import BadSignature, Signer
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from linkwork import audit, clock
from linkwork.audit import Event
from linkwork.casework import answers, mail, service_merges, service_reviews
from linkwork.casework.answers import MOST_BY_LINK, MOST_PLACES, Room
from linkwork.casework.shared_links import LinkOver
from linkwork.database import db
from linkwork.errors import NotYours, RuleBroken
from linkwork.models import CapacityStatus, MailKind, Service, ServiceCheck, ServiceStatus, User

GOOD_FOR = timedelta(days=60)
ASK_AGAIN = timedelta(days=30)
"""A provider who does not answer is not asked more often."""
MOST_A_DAY = 20
MOST_WORDS = 1_000
SHOWN = 5
OVER = "This link has ended. Nothing was lost: we will send you a new one in time."
TOO_OFTEN = "This link was used too often. Ring or email whoever sent it to you instead."
Address = Callable[[ServiceCheck], str]


def ask(service: Service, *, by: User | None, at: datetime) -> ServiceCheck:
    """Make a link for the provider of an entry; ``by`` is None for the calendar.

    Earlier links of the entry end. Raises ``RuleBroken`` for one that was merged into another or
    has closed for good.
    """
    if service.merged_into_id is not None:
        raise RuleBroken("This entry was merged into another. Ask about that one.")
    if service.status is ServiceStatus.DEFUNCT:
        raise RuleBroken("This activity has closed for good. There is nobody to ask.")
    for earlier in _alive(service, at=at):
        earlier.revoked_at = at
    check = ServiceCheck(service=service, asked_at=at, expires_at=at + GOOD_FOR)
    check.asked_by_id = by.id if by else None
    db.session.add(check)
    audit.record(Event.CHECK_ASKED, check, by=by)
    return check


def email(check: ServiceCheck, address: Address, *, by: User | None, at: datetime) -> None:
    """Email the link to the address of the entry, once; ``address`` tells its URL.

    Raises ``RuleBroken`` where nothing is sent by email, or the entry has no usable address.
    """
    if not mail.is_on():
        raise RuleBroken("Linkwork sends no emails here. Pass the link on yourself.")
    if not check.service.email:
        raise RuleBroken("The activity has no email address. Ring them, or pass the link on.")
    _hold(check)
    if check.emailed_at is not None:
        return  # pressed twice at once
    mail.queue_link(check.service.email, MailKind.CHECK, address(check), at=at)
    check.emailed_at = at
    audit.record(Event.CHECK_EMAILED, check, by=by, via="email")


def ask_those_due(address: Address, *, at: datetime) -> int:
    """Email the providers of the entries that most need it, and say how many.

    At most ``MOST_A_DAY`` a day: those that are not fresh, that have an address, and that were not
    asked within ``ASK_AGAIN``; the most referred to and longest unchecked first.
    """
    if not mail.is_on():
        return 0
    midnight = clock.utc(datetime.combine(clock.london(at).date(), datetime.min.time()))
    today = select(func.count()).where(
        ServiceCheck.asked_by_id.is_(None), ServiceCheck.asked_at >= midnight
    )
    left = MOST_A_DAY - (db.session.scalar(today) or 0)
    asked = 0
    for service in _due(clock.london(at).date(), at=at)[: max(left, 0)]:
        try:
            with db.session.begin_nested():
                email(ask(service, by=None, at=at), address, by=None, at=at)
        except RuleBroken:
            continue  # its address is none: the queue of editors shows the entry
        asked += 1
    return asked


def token(check: ServiceCheck) -> str:
    """What the address of a link ends with."""
    return _signer().sign(check.key.encode()).decode()


def follow(given: str, *, at: datetime) -> ServiceCheck:
    """The check somebody came to answer; of an entry merged away, about the one that was kept.

    Raises ``NotYours`` for a link that was altered or never made, and ``LinkOver`` for one that
    was taken back or is too old.
    """
    try:
        key = _signer().unsign(given.encode()).decode()
    except (BadSignature, UnicodeError) as error:
        raise NotYours("ServiceCheck") from error
    query = select(ServiceCheck).where(ServiceCheck.key == key)
    check = db.session.scalar(query.options(joinedload(ServiceCheck.service)))
    if check is None:
        raise NotYours("ServiceCheck")
    if check.revoked_at is not None or check.expires_at <= at:
        raise LinkOver(OVER)
    return check


def about(check: ServiceCheck) -> Service:
    """The entry that a check is about now."""
    return service_merges.kept_instead_of(check.service)


def confirm(check: ServiceCheck, room: Room, *, at: datetime) -> None:
    """Keep that the provider says all of its entry is right, and what it says of its places.

    The same once more on one day changes nothing. Raises ``RuleBroken`` for a number of places
    that cannot be, and after 50 answers through the link.
    """
    if room.places is not None and not 0 <= room.places <= MOST_PLACES:
        raise RuleBroken(f"Places left must be a number from 0 to {MOST_PLACES:,}.")
    _hold(check)
    if _is_confirmed(check, room, at):
        return
    _count(check)
    answers.keep_as_said(about(check), Room(room.status, room.places, still_right=True), at)
    check.confirmed_at = at
    audit.record(Event.CHECK_CONFIRMED, check, by=None, via="link")


def object_(check: ServiceCheck, words: str, *, at: datetime) -> None:
    """Keep what the provider says has changed, for an editor; said again, it replaces the words.

    Raises ``RuleBroken`` without words or with too many, and after 50 answers through the link.
    """
    words = words.strip()
    if not 0 < len(words) <= MOST_WORDS:
        raise RuleBroken(f"Say what has changed, in at most {MOST_WORDS:,} characters.")
    _hold(check)
    if check.words == words and check.settled_at is None:
        return
    _count(check)
    check.words, check.words_at = words, at
    check.settled_at = check.settled_by_id = None
    audit.record(Event.CHECK_OBJECTED, check, by=None, via="link")


def settle(check: ServiceCheck, *, by: User, at: datetime) -> None:
    """Note that an editor read what the provider said, and put right what had to be."""
    if check.settled_at is None:
        check.settled_at, check.settled_by_id = at, by.id
        audit.record(Event.CHECK_SETTLED, check, by=by)


def of_service(service: Service) -> Sequence[ServiceCheck]:
    """The last five times its provider was asked, newest first."""
    query = select(ServiceCheck).where(ServiceCheck.service_id.in_(service_merges.all_of(service)))
    newest = query.options(joinedload(ServiceCheck.asked_by)).order_by(ServiceCheck.id.desc())
    return db.session.scalars(newest.limit(SHOWN)).unique().all()


def objections_to(service: Service) -> Sequence[ServiceCheck]:
    """What its provider said has changed, and no editor has read, oldest first."""
    query = select(ServiceCheck).where(
        ServiceCheck.service_id.in_(service_merges.all_of(service)),
        ServiceCheck.words.is_not(None),
        ServiceCheck.settled_at.is_(None),
    )
    return db.session.scalars(query.order_by(ServiceCheck.words_at)).all()


def opens(check: ServiceCheck, *, at: datetime) -> bool:
    """Whether its link still opens anything."""
    return check.revoked_at is None and check.expires_at > at


def _alive(service: Service, *, at: datetime) -> Sequence[ServiceCheck]:
    query = select(ServiceCheck).where(
        ServiceCheck.service_id == service.id,
        ServiceCheck.revoked_at.is_(None),
        ServiceCheck.expires_at > at,
    )
    return db.session.scalars(query).all()


def _hold(check: ServiceCheck) -> None:
    db.session.refresh(check, with_for_update={"of": ServiceCheck})


def _count(check: ServiceCheck) -> None:
    if check.times_answered >= MOST_BY_LINK:
        raise RuleBroken(TOO_OFTEN)
    check.times_answered += 1


def _is_confirmed(check: ServiceCheck, room: Room, at: datetime) -> bool:
    """Whether the provider said just this today."""
    last, service = check.confirmed_at, about(check)
    if last is None or clock.london(last).date() != clock.london(at).date():
        return False
    if room.status is None:
        return True
    is_full = room.status is CapacityStatus.NO_CAPACITY or room.places == 0
    said = (CapacityStatus.NO_CAPACITY, 0) if is_full else (room.status, room.places)
    return said == (service.capacity_status, service.places)


def _due(on: date, *, at: datetime) -> Sequence[Service]:
    lately = select(ServiceCheck.service_id).where(ServiceCheck.asked_at > at - ASK_AGAIN)
    reachable = Service.email.is_not(None) & (Service.email != "") & Service.id.not_in(lately)
    weighed = service_reviews.weighed(on, reachable)[:MOST_A_DAY]
    found = {s.id: s for s in db.session.scalars(
        select(Service).where(Service.id.in_([one.service_id for one in weighed]))
    ).unique()}  # fmt: skip
    return [found[one.service_id] for one in weighed]


def _signer() -> Signer:
    return Signer(
        current_app.config["SECRET_KEY"],
        salt="linkwork.link.check",
        key_derivation="hmac",
        digest_method=hashlib.sha256,
    )
