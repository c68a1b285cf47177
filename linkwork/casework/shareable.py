"""What of a case its patient’s practice may be told: never more than what is offered here.

Nothing goes where the person does not share with the practice. Where they do: conversations whose
note is marked as safe to share, needs, goals of an agreed plan, and onward referrals, each of them
only while the worker leaves it ticked. Never anything else of the record.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from linkwork.casework import successions
from linkwork.casework.cases import with_name
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import (
    CaseNeed,
    CloseReason,
    Contact,
    ContactKind,
    Correction,
    DeclineReason,
    Goal,
    Message,
    MessageKind,
    OnwardReferral,
    Organisation,
    Referral,
    ReferralSource,
    SnomedCode,
    SupportCase,
)

NO_PRACTICE = "No GP practice is recorded for this person, so nothing can be sent."
FROM_PRACTICES = frozenset({ReferralSource.GP, ReferralSource.OTHER_PRIMARY_CARE})
NOTHING_OF = {
    CloseReason.DIED: "Nothing is sent after a death.",
    CloseReason.OPENED_IN_ERROR: "A case that was opened in error is not reported.",
    DeclineReason.WITHDRAWN: "The practice took this referral back itself.",
}
NOT_A_TALK = (ContactKind.ATTEMPT, ContactKind.STRUCK)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What a worker ticked: keys of contacts, goals and onward referrals, and codes of needs."""

    contacts: frozenset[str] = frozenset()
    needs: frozenset[str] = frozenset()
    goals: frozenset[str] = frozenset()
    onward: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Offer:
    """Everything of a case that may be shared, and what the practice was told before."""

    contacts: Sequence[Contact]
    needs: Sequence[CaseNeed]
    goals: Sequence[Goal]
    onward: Sequence[OnwardReferral]
    told: frozenset[str]
    """Keys of the contacts that an earlier message told of, as they still are."""
    corrected: frozenset[str]
    """Keys of those it told of and that were corrected since."""
    struck: Sequence[Contact]
    """Those it told of and that were struck out since, which no message has said yet."""
    kept_back: int
    """How many conversations are not marked as safe to share."""

    @property
    def usual(self) -> Chosen:
        """What is ticked to begin with: no conversation a second time, and of the needs only
        those that came up in a conversation which is safe to share.
        """
        shared = {code for contact in self.contacts for code in contact.needs}
        return Chosen(
            frozenset(c.key for c in self.contacts) - self.told,
            frozenset(str(n.need) for n in self.needs if n.need in shared),
            frozenset(g.key for g in self.goals),
            frozenset(o.key for o in self.onward),
        )


def practice_of(case: SupportCase) -> Organisation | None:
    """The practice that referred last and stands by it, else the one the person is with.

    One that closed gives way to the practice that took it over.
    """
    own = [r.practice for r in case.referrals if is_from_practice(r)]
    practice = own[-1] if own else case.person.practice
    return successions.today_of(practice) if practice else None


def is_from_practice(referral: Referral) -> bool:
    """Whether a practice sent it and has not taken it back."""
    sent = referral.source in FROM_PRACTICES and referral.practice_id is not None
    return sent and referral.withdrawn_at is None


def obstacle(case: SupportCase) -> str | None:
    """Why the practice may be told nothing, in a sentence; None where it may."""
    reason = case.close_reason or case.decline_reason
    if case.person.died_on is not None:
        return NOTHING_OF[CloseReason.DIED]
    if reason in NOTHING_OF:
        return NOTHING_OF[reason]
    if not case.share_with_gp:
        return "This person does not share with their GP practice, so nothing is sent."
    if practice_of(case) is None:
        return NO_PRACTICE
    return None


def offer(case: SupportCase) -> Offer:
    """Everything that may be shared now, oldest conversation first.

    Of a case that was opened in error nothing is, and all that was told is taken back.
    """
    every = (
        select(Contact)
        .where(Contact.case_id == case.id)
        .options(with_name(Contact.worker))
        .order_by(Contact.at, Contact.id)
    )
    sent = _sent(case)
    if case.close_reason is CloseReason.OPENED_IN_ERROR:
        told = _all(every.where(Contact.key.in_(sent))) if sent else []
        return Offer([], [], [], [], frozenset(), frozenset(), told, 0)
    struck = every.where(Contact.struck_at.is_not(None))
    talks = every.where(Contact.struck_at.is_(None), Contact.kind.not_in(NOT_A_TALK))
    flagged = talks.where(Contact.share_with_gp)
    kept_back = talks.where(~Contact.share_with_gp).with_only_columns(func.count()).order_by(None)
    needs = select(CaseNeed).where(CaseNeed.case_id == case.id)
    goals = select(Goal).where(Goal.case_id == case.id, Goal.set_aside_at.is_(None))
    onward = (
        select(OnwardReferral)
        .where(OnwardReferral.case_id == case.id, OnwardReferral.cancelled_at.is_(None))
        .options(joinedload(OnwardReferral.service))
    )
    corrected = _corrected(case, sent)
    return Offer(
        contacts=_all(flagged),
        needs=_all(needs.order_by(CaseNeed.importance.desc(), CaseNeed.id)),
        goals=_all(goals.order_by(Goal.position, Goal.id)) if case.plan_agreed_at else [],
        onward=_all(onward.order_by(OnwardReferral.id)),
        told=frozenset(sent) - corrected,
        corrected=corrected,
        struck=_all(struck.where(Contact.key.in_(sent))) if sent else [],
        kept_back=db.session.scalar(kept_back) or 0,
    )


def declined_code(case: SupportCase) -> SnomedCode | None:
    """*Social prescribing declined* says that the patient declined: only then is it coded."""
    declined = case.decline_reason is DeclineReason.PERSON_DECLINED
    return SnomedCode.DECLINED if declined else None


def check(case: SupportCase, kind: MessageKind) -> Organisation:
    """The practice that may be told this now; raises ``RuleBroken`` where none may.

    An update may always take back what was told in error, to whoever was told.
    """
    misled = told_in_error(case) if kind is MessageKind.UPDATE else None
    if misled is not None:
        return misled
    practice, stopped = practice_of(case), obstacle(case)
    if stopped or practice is None:
        raise RuleBroken(stopped or NO_PRACTICE)
    if kind is MessageKind.DECLINED and case.declined_at is None:
        raise RuleBroken("This referral was not declined.")
    if kind is MessageKind.CLOSING and case.closed_at is None:
        raise RuleBroken("This case is open. Close it to send the last message.")
    if kind in (MessageKind.STARTED, MessageKind.UPDATE):
        if not case.is_open:
            raise RuleBroken("This case has ended. Open it again first.")
        if case.first_conversation_at is None and not _takes_back(case, kind):
            raise RuleBroken("Record a conversation first: until then there is nothing to tell.")
    return practice


def told_in_error(case: SupportCase) -> Organisation | None:
    """The practice that was told of a case before it proved to be opened in error.

    None where nobody was, where it has been told since, or where no more may be said.
    """
    if case.close_reason is not CloseReason.OPENED_IN_ERROR or case.closed_at is None:
        return None
    if case.person.died_on is not None or not case.share_with_gp:
        return None
    query = select(Message).where(Message.case_id == case.id, Message.kind != MessageKind.DECLINED)
    last = db.session.scalars(query.order_by(Message.id.desc()).limit(1)).first()
    return last.practice if last is not None and last.sent_at < case.closed_at else None


def may_update(case: SupportCase) -> bool:
    """Whether there is something to tell the practice now, or to take back."""
    if told_in_error(case) is not None:
        return True
    if obstacle(case) is not None or not case.is_open:
        return False
    return case.first_conversation_at is not None or _takes_back(case, MessageKind.UPDATE)


def _takes_back(case: SupportCase, kind: MessageKind) -> bool:
    return kind is MessageKind.UPDATE and bool(offer(case).struck)


def picked(everything: Offer, chosen: Chosen | None, kind: MessageKind) -> Offer:
    """What was ticked of what may be shared; of a referral that was declined, nothing."""
    if kind is MessageKind.DECLINED:
        chosen = Chosen()
    chosen = chosen or everything.usual
    return Offer(
        [c for c in everything.contacts if c.key in chosen.contacts],
        [n for n in everything.needs if str(n.need) in chosen.needs],
        [g for g in everything.goals if g.key in chosen.goals],
        [o for o in everything.onward if o.key in chosen.onward],
        everything.told,
        everything.corrected,
        [] if kind is MessageKind.DECLINED else everything.struck,
        everything.kept_back,
    )


def _sent(case: SupportCase) -> dict[str, datetime]:
    """By the key of each contact a message told of: when. Not those it took back."""
    query = select(Message.contents, Message.sent_at).where(Message.case_id == case.id)
    told: dict[str, datetime] = {}
    for kept, sent_at in db.session.execute(query.order_by(Message.id)):
        told |= dict.fromkeys(kept["contact_keys"], sent_at)
        for key in kept["struck_keys"]:
            told.pop(key, None)
    return told


def _corrected(case: SupportCase, sent: dict[str, datetime]) -> frozenset[str]:
    """The keys of those that were corrected after a message last told of them."""
    query = (
        select(Contact.key, func.max(Correction.corrected_at))
        .join(Correction.contact)
        .where(Contact.case_id == case.id, Contact.key.in_(sent))
        .group_by(Contact.key)
    )
    rows = db.session.execute(query).all() if sent else []
    return frozenset(key for key, corrected_at in rows if corrected_at > sent[key])


def _all(query: Any) -> Sequence[Any]:
    """The records as they are now, whatever was read of them before."""
    db.session.flush()
    fresh = query.execution_options(populate_existing=True)
    return db.session.scalars(fresh).unique().all()
