"""Following a referral: what the practice that sent it may know of it.

A practice sees what it wrote itself and the stage its referral has reached, and nothing that
tells whether the person was known before: what happened in a case before this practice referred
to it does not exist for the practice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import aliased, contains_eager

from linkwork import access, permissions
from linkwork.casework import people
from linkwork.casework.people import Identity
from linkwork.database import db
from linkwork.errors import NotYours, RuleBroken
from linkwork.models import (
    CaseState,
    CloseReason,
    DeclineReason,
    Message,
    Referral,
    SupportCase,
    User,
)
from linkwork.models.case import STATES

PAGE = 25
MOST_FOUND = 25
MOST_SEARCHED = 2_000
# A practice follows its referral by stage; what is said in conversations is not its business.
STAGES = {
    CaseState.NEW: "Received",
    CaseState.WAITING: "Accepted",
    CaseState.STARTED: "Being supported",
    CaseState.PLANNED: "Being supported",
    CaseState.CONNECTED: "Going to an activity",
    CaseState.PAUSED: "Paused",
    CaseState.DECLINED: "Not taken on",
    CaseState.CLOSED: "Support has ended",
}
# Why it ended, and what the practice may do. None of them says what else is known of the patient.
ENDINGS: dict[CloseReason | DeclineReason, str] = {
    CloseReason.PLAN_COMPLETED: "The plan is completed.",
    CloseReason.PERSON_ENDED: "The patient chose to stop. You can refer again if they ask.",
    CloseReason.NO_CONTACT: (
        "The patient could not be reached in three tries. "
        "Check the phone number with them before you refer again."
    ),
    CloseReason.STEPPED_UP: "The patient needs more than social prescribing can give.",
    CloseReason.MOVED: "The patient moved away.",
    CloseReason.DIED: "The patient died.",
    CloseReason.REDIRECTED: "Another service supports the patient.",
    CloseReason.OPENED_IN_ERROR: "This was opened in error.",
    DeclineReason.PERSON_DECLINED: "The patient did not want support.",
    DeclineReason.NOT_ELIGIBLE: "The patient is outside the criteria of this service.",
    DeclineReason.OTHER_SERVICE_FITS: "Another service fits better. Talk to the link worker.",
    DeclineReason.UNSAFE: "The patient needs clinical or crisis help first.",
    DeclineReason.DUPLICATE: "No new case was needed.",
    DeclineReason.WITHDRAWN: "Your practice took it back.",
}


TAKEN_BACK = "Taken back"
_STILL_OPEN = and_(SupportCase.is_open, Referral.withdrawn_at.is_(None))


class Tab(StrEnum):
    """The two halves of a practice’s list."""

    OPEN = "open"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Followed:
    """A referral as its practice sees it. ``since`` is when the practice first knew of the case."""

    referral: Referral
    since: datetime

    @property
    def patient(self) -> Identity:
        """The patient as the practice wrote them; never what others know."""
        person, wrote = self.referral.person, self.referral.received
        born = wrote.get("date_of_birth")
        return Identity(
            family_name=wrote.get("family_name") or person.family_name,
            given_name=wrote.get("given_name") or person.given_name,
            date_of_birth=date.fromisoformat(born) if born else person.date_of_birth,
            nhs_number=wrote.get("nhs_number") if wrote else person.nhs_number,
            phone=wrote.get("phone"),
            postcode=wrote.get("postcode"),
        )

    @property
    def state(self) -> CaseState:
        """What became of the case since the practice knew of it."""
        if self.referral.withdrawn_at is not None:
            return CaseState.DECLINED
        case = self.referral.case
        reached = (state for name, state in STATES if self._seen(getattr(case, name)))
        return next(reached, CaseState.NEW)

    @property
    def stage(self) -> str:
        """Where the referral stands, in the words a practice sees."""
        return TAKEN_BACK if self.referral.withdrawn_at is not None else STAGES[self.state]

    @property
    def accepted_at(self) -> datetime | None:
        """When a link worker took it on."""
        return self._seen(self.referral.case.accepted_at)

    @property
    def started_at(self) -> datetime | None:
        """When the first conversation took place."""
        return self._seen(self.referral.case.first_conversation_at)

    @property
    def going_at(self) -> datetime | None:
        """When the patient first went to an activity."""
        return self._seen(self.referral.case.connected_at)

    @property
    def ended_at(self) -> datetime | None:
        """When it was taken back, declined or support ended."""
        case = self.referral.case
        return self.referral.withdrawn_at or case.closed_at or case.declined_at

    @property
    def can_be_withdrawn(self) -> bool:
        """Whether the practice may still take it back: it knows of nobody’s acceptance."""
        return self.accepted_at is None and self.ended_at is None

    @property
    def ending(self) -> str:
        """Why it ended; nothing where the patient shares nothing with the practice."""
        case = self.referral.case
        if self.referral.withdrawn_at is not None:
            return ENDINGS[DeclineReason.WITHDRAWN]
        reason = case.close_reason or case.decline_reason
        return ENDINGS[reason] if reason and case.share_with_gp else ""

    @property
    def worker(self) -> str | None:
        """The link worker’s name, once the referral is accepted."""
        case = self.referral.case
        known = self.accepted_at and case.share_with_gp and not self.referral.withdrawn_at
        return case.worker.name if known and case.worker else None

    def _seen(self, moment: datetime | None) -> datetime | None:
        """Where this practice’s referral opened the case, all of it came of that referral."""
        opened_it = self.since <= self.referral.case.opened_at
        return moment if moment is not None and (opened_it or moment >= self.since) else None


@dataclass(frozen=True, slots=True)
class Sent:
    """One page of a practice’s referrals, and how many each tab holds."""

    referrals: Sequence[Followed]
    counts: dict[Tab, int]


def sent_by(user: User, tab: Tab, *, page: int) -> Sent:
    """A page of the referrals that the user’s practice sent, newest first."""
    query = (
        _followed(user)
        .where(_STILL_OPEN if tab is Tab.OPEN else ~_STILL_OPEN)
        .order_by(Referral.referred_at.desc(), Referral.id.desc())
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    return Sent(_all(query), _counts(user))


def search(user: User, words: str) -> Sequence[Followed]:
    """The practice’s own referrals of a patient, by name or whole NHS number, newest first.

    Looks at what the practice wrote, so that a name known elsewhere finds nothing. Raises
    ``RuleBroken`` where there is nothing to look for.
    """
    parts = [part for part in map(people.folded, words.replace(",", " ").split()) if part]
    if not parts:
        raise RuleBroken("Type a name, or a whole NHS number.")
    query = _followed(user).order_by(Referral.referred_at.desc(), Referral.id.desc())
    found = [f for f in _all(query.limit(MOST_SEARCHED)) if _is_about(f.patient, parts)]
    return found[:MOST_FOUND]


def sent_since(user: User, since: datetime) -> Sequence[Followed]:
    """Everything that the user’s practice sent since a moment, newest first."""
    query = _followed(user).where(Referral.referred_at >= since)
    return _all(query.order_by(Referral.referred_at.desc(), Referral.id.desc()))


def told_of(followed: Followed, user: User) -> Sequence[Message]:
    """What link workers wrote to the user’s practice about a referral, newest first."""
    query = access.messages(user).where(
        Message.case_id == followed.referral.case_id,
        permissions.of_own_practice(user, Message.practice_id),
        Message.sent_at >= followed.since,
    )
    return db.session.scalars(query.order_by(Message.id.desc()).limit(PAGE)).unique().all()


def follow(key: str, user: User) -> Followed:
    """One of the practice’s own referrals; raises ``NotYours`` for anything else."""
    found = _all(_followed(user).where(Referral.key == key))
    if not found:
        raise NotYours("Referral")
    return found[0]


def _own(user: User) -> Select[Any]:
    return access.referrals(user).where(permissions.of_own_practice(user, Referral.practice_id))


def _followed(user: User) -> Select[Any]:
    earlier = aliased(Referral)
    since = select(func.min(earlier.referred_at)).where(
        earlier.case_id == Referral.case_id, permissions.of_own_practice(user, earlier.practice_id)
    )
    return (
        _own(user)
        .add_columns(since.scalar_subquery())
        .join(Referral.case)
        .join(Referral.person)
        .options(
            contains_eager(Referral.case).joinedload(SupportCase.worker),
            contains_eager(Referral.person),
        )
    )


def _all(query: Select[Any]) -> list[Followed]:
    rows = db.session.execute(query).unique()
    return [Followed(referral, since) for referral, since in rows]


def _counts(user: User) -> dict[Tab, int]:
    query = (
        _own(user)
        .join(Referral.case)
        .with_only_columns(_STILL_OPEN, func.count())
        .group_by(_STILL_OPEN)
    )
    found = {bool(is_open): number for is_open, number in db.session.execute(query)}
    return {Tab.OPEN: found.get(True, 0), Tab.ENDED: found.get(False, 0)}


def _is_about(patient: Identity, parts: list[str]) -> bool:
    number = "".join(parts)
    if number.isdigit():
        return number == patient.nhs_number
    name = people.folded(f"{patient.given_name}{patient.family_name}")
    return all(part in name for part in parts)
