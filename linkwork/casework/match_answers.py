"""What became of suggestions: turned down with a reason, taken up, or to be talked about.

Arriving and staying are not kept here: ``reports.quality`` reads them from what came of the onward
referral. Nothing is counted by who noted it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from linkwork import audit, clock
from linkwork.audit import Event
from linkwork.casework import interests, limits
from linkwork.casework.cases import hold
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import (
    MatchAnswer,
    MatchAnswerKind,
    OnwardReferral,
    RejectReason,
    Service,
    SupportCase,
    User,
)
from linkwork.models.match_answer import LONGEST_WORDS

MOST_LISTED = 500
MOST_DISCUSSED = 20
BANDS = frozenset({"good", "possible"})
LONGEST_RANK = 3
REJECTED, TO_DISCUSS = MatchAnswerKind.REJECTED, MatchAnswerKind.TO_DISCUSS


@dataclass(frozen=True, slots=True)
class Shown:
    """How a suggestion stood when it was answered: its band, and its place from 1 on."""

    band: str
    rank: int

    @classmethod
    def read(cls, text: str) -> "Shown | None":
        """What an address says, such as ``good-3``; None where it says nothing of a match."""
        band, _, rank = text.partition("-")
        known = band in BANDS and rank.isascii() and rank.isdigit() and len(rank) <= LONGEST_RANK
        return cls(band, int(rank)) if known and int(rank) else None

    @property
    def words(self) -> str:
        """The same, to be put into an address."""
        return f"{self.band}-{self.rank}"


def reject(
    case: SupportCase,
    service: Service,
    reason: RejectReason,
    *,
    words: str | None = None,
    shown: Shown | None = None,
    by: User,
    at: datetime,
) -> MatchAnswer:
    """Note that an activity is no good for this person, and why; said again, it is put right.

    ``words`` are kept where the reason is another than those that are known, at most 200
    characters. Raises ``RuleBroken`` where the case has ended.
    """
    hold(case)
    _must_be_open(case)
    kept = _kept(reason, words)
    for earlier in _standing(case, service):
        if (earlier.kind, earlier.reason, earlier.words) == (REJECTED, reason, kept):
            return earlier
        _replace(earlier, by, at)
    made = _answer(case, service, REJECTED, shown, by, at)
    made.reason, made.words = reason, kept
    db.session.add(made)
    audit.record(
        Event.MATCH_REJECTED, made, by=by, person_id=case.person_id, reason=reason,
        service=service.key,
    )  # fmt: skip
    return made


def discuss(
    case: SupportCase, service: Service, *, shown: Shown | None = None, by: User, at: datetime
) -> MatchAnswer:
    """Note that an activity is to be talked about with the person. What stands already, stays.

    Raises ``RuleBroken`` where the case has ended.
    """
    hold(case)
    _must_be_open(case)
    for earlier in _standing(case, service):
        return earlier
    made = _answer(case, service, TO_DISCUSS, shown, by, at)
    db.session.add(made)
    audit.record(Event.MATCH_TO_DISCUSS, made, by=by, person_id=case.person_id, service=service.key)
    return made


def take_back(answer: MatchAnswer, *, by: User, at: datetime) -> None:
    """Take back that an activity was turned down, or was to be talked about. Twice is once.

    Raises ``RuleBroken`` where it was taken up: that is taken back with its onward referral.
    """
    hold(answer.case)
    db.session.refresh(answer)
    if answer.kind is MatchAnswerKind.ACCEPTED:
        raise RuleBroken("This was taken up. Take its onward referral back instead.")
    _must_be_open(answer.case)
    if answer.taken_back_at is not None:
        return
    answer.taken_back_at = at
    audit.record(Event.MATCH_TAKEN_BACK, answer, by=by, person_id=answer.case.person_id)


def accept(
    onward: OnwardReferral, *, shown: Shown | None = None, by: User, at: datetime
) -> MatchAnswer:
    """Note that a suggestion was taken up, with the onward referral that was agreed for it.

    What was said against it before no longer stands.
    """
    hold(onward.case)
    for earlier in _standing(onward.case, onward.service):
        _replace(earlier, by, at)
    made = _answer(onward.case, onward.service, MatchAnswerKind.ACCEPTED, shown, by, at)
    made.onward_referral = onward
    db.session.add(made)
    audit.record(Event.MATCH_ACCEPTED, made, by=by, person_id=onward.case.person_id)
    return made


def withdraw(onward: OnwardReferral, *, at: datetime) -> None:
    """Let a suggestion count as not taken up: its onward referral was cancelled and never sent.

    Part of the cancelling, which is what the audit trail has. The case is held.
    """
    query = select(MatchAnswer).where(
        MatchAnswer.onward_referral_id == onward.id, MatchAnswer.taken_back_at.is_(None)
    )
    for answer in db.session.scalars(query):
        answer.taken_back_at = at


def rejected(case: SupportCase) -> Sequence[MatchAnswer]:
    """What was turned down in a case and not put back, newest first, with its service: at most 500.

    One query.
    """
    newest = (MatchAnswer.at.desc(), MatchAnswer.id.desc())
    query = _of_kind(case, REJECTED).order_by(*newest).limit(MOST_LISTED)
    return db.session.scalars(query).unique().all()


def to_discuss(case: SupportCase) -> Sequence[MatchAnswer]:
    """What is to be talked about in a case, oldest first, with its service: at most 20."""
    oldest = (MatchAnswer.at, MatchAnswer.id)
    query = _of_kind(case, TO_DISCUSS).order_by(*oldest).limit(MOST_DISCUSSED)
    return db.session.scalars(query).unique().all()


def is_answered(case: SupportCase, service: Service) -> bool:
    """Whether an activity was turned down, or is to be talked about, and that still stands."""
    return bool(_standing(case, service))


def _replace(earlier: MatchAnswer, by: User, at: datetime) -> None:
    """Let an answer no longer stand, nor the limit that came with “tried before”."""
    earlier.taken_back_at = at
    if earlier.reason is RejectReason.TRIED_BEFORE:
        limits.once_more(earlier.case, earlier.service, by=by, on=clock.london(at).date())


def _of_kind(case: SupportCase, kind: MatchAnswerKind) -> Select[MatchAnswer]:
    query = select(MatchAnswer).options(joinedload(MatchAnswer.service))
    return query.where(
        MatchAnswer.case_id == case.id,
        MatchAnswer.kind == kind,
        MatchAnswer.taken_back_at.is_(None),
    )


def _standing(case: SupportCase, service: Service) -> Sequence[MatchAnswer]:
    """What stands of a service in a case and another answer ends: one at most, but for mishaps."""
    query = select(MatchAnswer).where(
        MatchAnswer.case_id == case.id,
        MatchAnswer.service_id == service.id,
        MatchAnswer.kind.in_([REJECTED, TO_DISCUSS]),
        MatchAnswer.taken_back_at.is_(None),
    )
    return db.session.scalars(query.order_by(MatchAnswer.id)).all()


def _answer(
    case: SupportCase,
    service: Service,
    kind: MatchAnswerKind,
    shown: Shown | None,
    by: User,
    at: datetime,
) -> MatchAnswer:
    known = service.concepts or {}
    return MatchAnswer(
        case=case,
        service=service,
        by_id=by.id,
        at=at,
        kind=kind,
        band=shown.band if shown else None,
        rank=shown.rank if shown else None,
        concepts=sorted(interests.confirmed(case).keys() & known.keys()),
    )


def _kept(reason: RejectReason, words: str | None) -> str | None:
    said = (words or "").strip()[:LONGEST_WORDS]
    return said or None if reason is RejectReason.OTHER else None


def _must_be_open(case: SupportCase) -> None:
    if not case.is_open:
        raise RuleBroken("This case has ended. Open it again first.")
