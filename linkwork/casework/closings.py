"""Closings: a case ends in one go, with every open answer given and its practice told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from linkwork import audit
from linkwork.audit import Event
from linkwork.casework import answers, cases, episodes, messages, onward_referrals
from linkwork.casework.answers import Said
from linkwork.casework.cases import hold
from linkwork.casework.shareable import Chosen
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import (
    AnswerKind,
    CaseNeed,
    CloseReason,
    DeclineReason,
    Message,
    MessageKind,
    Need,
    OnwardDecline,
    OnwardOutcome,
    OnwardReferral,
    SupportCase,
    User,
)

CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Closing:
    """Why a case ends, what became of everything that was open, and where the person goes."""

    reason: CloseReason
    summary: str | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    """By the key of an onward referral, one of ``choices`` for it."""
    resolved: frozenset[Need] | None = None
    """The needs that are better now, and no others; None leaves them as they are."""
    stepped_up_to: str | None = None
    told: str | None = None
    handed_over: bool | None = None
    handed_over_to: str | None = None


def choices(onward: OnwardReferral) -> Sequence[tuple[str, OnwardOutcome | OnwardDecline | None]]:
    """What can be said of an open onward referral at the close: a code, and what it stands for."""
    ended = onward_referrals.endings(onward)
    possible: list[tuple[str, OnwardOutcome | OnwardDecline | None]] = [
        (f"ended:{outcome}", outcome) for outcome in OnwardOutcome if outcome in ended
    ]
    if onward.first_attended_at is None:
        possible += [(f"declined:{reason}", reason) for reason in OnwardDecline]
        possible.append((CANCELLED, None))
    return possible


def close(
    case: SupportCase,
    closing: Closing,
    *,
    chosen: Chosen | None = None,
    seen: str | None = None,
    by: User,
    at: datetime,
) -> Message | None:
    """Answer what is open, end the episode, and tell the practice, where it may be told.

    Returns the message. Raises ``RuleBroken`` where an answer or a detail that the reason asks for
    is missing, and ``messages.ReadFirst`` where the message is not the one that was ``seen``.
    """
    if closing.reason is not CloseReason.DIED:
        hold(case)
        cases.must_be_open(case)
        _answer_all(case, closing.answers, by, at)
        if closing.resolved is not None:
            _resolve(case, closing.resolved, by, at)
    details = _details(closing)
    episodes.close(case, closing.reason, summary=closing.summary, by=by, at=at)
    case.close_details = details
    if messages.obstacle(case) is not None:
        return None
    return messages.send(case, MessageKind.CLOSING, chosen=chosen, seen=seen, by=by, at=at)


def decline(
    case: SupportCase, reason: DeclineReason, *, note: str | None = None, by: User, at: datetime
) -> Message | None:
    """Say no to a referral, and tell the practice why, where it may be told."""
    episodes.decline(case, reason, by=by, at=at)
    if messages.obstacle(case) is not None:
        return None
    return messages.send(case, MessageKind.DECLINED, note=note, by=by, at=at)


def _details(closing: Closing) -> dict[str, str]:
    if closing.reason is CloseReason.STEPPED_UP:
        if not closing.stepped_up_to or not closing.told:
            raise RuleBroken("Say where they get more help now, and whom you told.")
        return {"stepped_up_to": closing.stepped_up_to, "told": closing.told}
    if closing.reason is CloseReason.MOVED:
        if closing.handed_over is None or (closing.handed_over and not closing.handed_over_to):
            raise RuleBroken("Say whether you handed them over to another PCN, and to which.")
        return {"handed_over_to": closing.handed_over_to or "Nobody: not handed over"}
    return {}


def _answer_all(case: SupportCase, given: Mapping[str, str], by: User, at: datetime) -> None:
    for onward in episodes.unanswered(case):
        if onward.key in given:
            _answer(onward, given[onward.key], by, at)


def _answer(onward: OnwardReferral, code: str, by: User, at: datetime) -> None:
    if code not in {possible for possible, _ in choices(onward)}:
        raise RuleBroken(
            f"Something changed about {onward.service.name} meanwhile. Choose what became of it."
        )
    sort, _, which = code.partition(":")
    if sort == "ended":
        onward_referrals.end(onward, OnwardOutcome(which), by=by, at=at)
    elif sort == "declined":
        said = Said(AnswerKind.DECLINED, decline_reason=OnwardDecline(which))
        answers.give(onward, said, by=by, at=at)
    else:
        onward_referrals.cancel(onward, by=by, at=at)


def _resolve(case: SupportCase, resolved: frozenset[Need], by: User, at: datetime) -> None:
    """Keep which needs are better now; one that was better before and is not any more, too."""
    changed = 0
    known = select(CaseNeed).where(CaseNeed.case_id == case.id)
    for need in db.session.scalars(known.execution_options(populate_existing=True)):
        if (need.resolved_at is not None) != (need.need in resolved):
            need.resolved_at = at if need.need in resolved else None
            changed += 1
    if changed:
        audit.record(Event.NEEDS_RESOLVED, case, by=by, changed=changed)
