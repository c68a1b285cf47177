"""What the public asks for: taken in once, kept apart from every record, checked by a link worker.

Nothing here looks at who is known: whoever asks gets the same answer, whoever it is about.
"""

import hashlib
import hmac
import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload

from linkwork import access, audit
from linkwork.audit import Event
from linkwork.casework import floods, notifications, people, public_places, referrals
from linkwork.casework.people import Identity
from linkwork.casework.referrals import Referrer, Request
from linkwork.database import db
from linkwork.errors import NotYours, RuleBroken
from linkwork.matching import crisis_words
from linkwork.models import (
    DiscardReason,
    NoticeKind,
    Organisation,
    OrganisationKind,
    Person,
    PublicReferral,
    Referral,
    ReferralSource,
    Role,
    User,
    UserRole,
)

MOST_SHOWN = 100
SAME_WITHIN = timedelta(days=7)
KEPT_DISCARDED = timedelta(days=30)
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without those that are mistaken for each other
NO_CONSENT = (
    "Tick that the person agrees. We can only help somebody who wants it. "
    "If they have not been asked, ask them first."
)
HAS_DIED = (
    "This person is recorded as having died, so nothing can be opened for them. If the request is "
    "about somebody else, choose “Somebody new”. If the death was recorded by mistake, ask a "
    "supervisor to take it back on their last case."
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody typed on the public page."""

    identity: Identity
    source: ReferralSource
    note: str
    reasons: Sequence[str] = ()
    email: str | None = None
    address: str | None = None
    safe_to_contact: str | None = None
    referrer: Referrer | None = None
    share_with_gp: bool = False
    consented: bool = False
    suspect: bool = False

    @property
    def crisis(self) -> tuple[str, ...]:
        """The words of danger in it."""
        return crisis_words(f"{self.note} {self.safe_to_contact or ''}")


def ask(
    asked: Asked, *, place: Organisation, once: str, network_address: str, at: datetime, on: date
) -> PublicReferral:
    """Take in what somebody asks, for the link workers of the PCN of ``place`` to look at.

    The same text again within a week is the same request, which is answered once more and not
    kept twice; ``once`` names the filling-in, for two presses at the same moment. What is more
    than a PCN is ever asked in a day is kept and read last. Raises ``RuleBroken`` without
    agreement, and ``floods.TooOften``, which nobody in danger meets.
    """
    if not asked.consented:
        raise RuleBroken(NO_CONSENT)
    people.check_date_of_birth(asked.identity.date_of_birth, on=on)
    pcn = public_places.pcn_of(place, on=on)
    if pcn is None:
        raise NotYours("Organisation")
    content = _hash(asked, pcn)
    again = _asked_before(content, at)
    if again is not None:
        return again
    too_many = floods.count(network_address, pcn.id, in_danger=bool(asked.crisis), at=at)
    _forget_discarded(at)
    made = _made(asked, place, pcn, at)
    made.suspect = asked.suspect or too_many
    made.content, made.token = content, hashlib.sha256(f"{content} {once}".encode()).hexdigest()
    return _kept_once(made)


def to_check(user: User) -> Sequence[PublicReferral]:
    """What nobody has looked at yet, in the user’s PCNs: words of danger first, then the oldest."""
    query = access.public_referrals(user).where(PublicReferral.checked_at.is_(None))
    order = (PublicReferral.crisis.desc(), PublicReferral.suspect, PublicReferral.received_at)
    names = joinedload(PublicReferral.practice)
    rows = query.options(names).order_by(*order, PublicReferral.id).limit(MOST_SHOWN)
    return db.session.scalars(rows).unique().all()


def count_to_check(user: User) -> int:
    """How many requests of the public wait for somebody to look at them."""
    query = access.public_referrals(user).where(PublicReferral.checked_at.is_(None))
    return db.session.scalar(select(func.count()).select_from(query.subquery())) or 0


def open(asked: PublicReferral, *, by: User) -> None:  # noqa: A001 - the verb of the trade
    """Note that somebody opened a request to read it."""
    audit.record(Event.PUBLIC_OPENED, asked, by=by)


def accept(
    asked: PublicReferral, *, person: Person | None, by: User, at: datetime, on: date
) -> Referral:
    """Make a request a referral: of ``person``, or of somebody new where that is None.

    Nobody is recognised here: a link worker has looked and said who it is. Raises ``RuleBroken``
    where a colleague was first, and where the person has died. A record that was merged since it
    was shown leads to the one that was kept.
    """
    if person is not None:
        person = people.hold_kept(person)
    _hold_unchecked(asked)
    if person is not None and person.died_on is not None:
        raise RuleBroken(HAS_DIED)
    if person is None:
        person = _new_person(asked, on)
    referral = referrals.receive(
        identity_of(asked),
        Request(asked.note, asked.reasons, consented=True, share_with_gp=asked.share_with_gp),
        pcn=asked.organisation,
        practice=None,
        source=asked.source,
        by=by,
        at=at,
        on=on,
        referrer=Referrer(
            asked.referrer_name or asked.name, asked.referrer_relation, asked.referrer_contact
        ),
        person=person,
        asked_at=asked.received_at,
    )
    asked.referral, asked.checked_at, asked.checked_by_id = referral, at, by.id
    audit.record(Event.PUBLIC_ACCEPTED, asked, by=by, person_id=person.id)
    return referral


def discard(asked: PublicReferral, reason: DiscardReason, *, by: User, at: datetime) -> None:
    """Say that a request becomes no referral. It is deleted 30 days later."""
    _hold_unchecked(asked)
    asked.discard_reason, asked.checked_at, asked.checked_by_id = reason, at, by.id
    audit.record(Event.PUBLIC_DISCARDED, asked, by=by, reason=reason)
    _forget_discarded(at)


def identity_of(asked: PublicReferral) -> Identity:
    """Who it is about, as it was typed."""
    return Identity(
        family_name=asked.family_name,
        given_name=asked.given_name,
        date_of_birth=asked.date_of_birth,
        phone=asked.phone,
        postcode=asked.postcode,
    )


def _made(asked: Asked, place: Organisation, pcn: Organisation, at: datetime) -> PublicReferral:
    who, asking = asked.identity, asked.referrer
    is_practice = place.kind is OrganisationKind.PRACTICE
    return PublicReferral(
        reference=_new_reference(),
        organisation_id=pcn.id,
        practice_id=place.id if is_practice else None,
        source=asked.source,
        given_name=who.given_name,
        family_name=who.family_name,
        date_of_birth=who.date_of_birth,
        phone=who.phone,
        email=asked.email,
        address=asked.address,
        postcode=who.postcode,
        safe_to_contact=asked.safe_to_contact,
        reasons=list(asked.reasons),
        note=asked.note,
        referrer_name=asking.name if asking else None,
        referrer_relation=asking.relation if asking else None,
        referrer_contact=asking.contact if asking else None,
        share_with_gp=asked.share_with_gp,
        crisis=bool(asked.crisis),
        suspect=asked.suspect,
        received_at=at,
    )


def _kept_once(made: PublicReferral) -> PublicReferral:
    token = made.token
    try:
        with db.session.begin_nested():
            db.session.add(made)
    except IntegrityError:  # the other press was first by a moment
        query = select(PublicReferral).where(PublicReferral.token == token)
        return db.session.scalars(query).one()
    audit.record(Event.PUBLIC_ASKED, made, by=None, source=made.source)
    kind = NoticeKind.PUBLIC_DANGER if made.crisis else NoticeKind.PUBLIC_REQUEST
    for reader in _readers(made.organisation_id):
        notifications.tell(reader, kind, at=made.received_at)
    return made


def _readers(pcn_id: int) -> Sequence[User]:
    """Who works cases at a PCN, employed there or by one of its practices."""
    holding = select(UserRole.user_id).where(UserRole.role.in_([Role.LINK_WORKER, Role.SUPERVISOR]))
    there = or_(Organisation.id == pcn_id, Organisation.parent_id == pcn_id)
    query = select(User).join(Organisation, Organisation.id == User.organisation_id)
    return db.session.scalars(query.where(User.id.in_(holding), there)).unique().all()


def _asked_before(content: str, at: datetime) -> PublicReferral | None:
    query = select(PublicReferral).where(
        PublicReferral.content == content,
        PublicReferral.received_at > at - SAME_WITHIN,
        PublicReferral.discard_reason.is_(None),
    )
    return db.session.scalar(query.order_by(PublicReferral.id).limit(1))


def _hash(asked: Asked, pcn: Organisation) -> str:
    """A keyed hash of what was typed, the same for the same words however they are spaced."""
    said: dict[str, Any] = {**asdict(asked), "suspect": None, "pcn": pcn.id}
    plain = " ".join(json.dumps(said, sort_keys=True, default=str).casefold().split())
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, plain.encode(), hashlib.sha256).hexdigest()


def _new_reference() -> str:
    letters = [secrets.choice(LETTERS) for _ in range(8)]
    return "".join(letters[:4]) + "-" + "".join(letters[4:])


def _new_person(asked: PublicReferral, on: date) -> Person:
    person = people.record_new(identity_of(asked), practice=asked.practice, on=on)
    person.email, person.address = asked.email, asked.address
    person.safe_to_contact = asked.safe_to_contact
    return person


def _hold_unchecked(asked: PublicReferral) -> None:
    db.session.flush()
    db.session.refresh(asked, with_for_update={"of": PublicReferral})
    if asked.checked_at is not None:
        whose = asked.checked_by.name if asked.checked_by else "A colleague"
        raise RuleBroken(f"{whose} has dealt with this request already.")


def _forget_discarded(at: datetime) -> None:
    query = select(PublicReferral).where(
        PublicReferral.discard_reason.is_not(None),
        PublicReferral.checked_at <= at - KEPT_DISCARDED,
    )
    for old in db.session.scalars(query.limit(MOST_SHOWN)).unique():
        audit.record(Event.PUBLIC_FORGOTTEN, old, by=None)
        db.session.delete(old)
