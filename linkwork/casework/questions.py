"""Questions: a practice asks the link worker about its own referral, and reads the answer."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from linkwork import audit
from linkwork.audit import Event
from linkwork.casework import notifications
from linkwork.casework.cases import hold, must_live, with_name
from linkwork.casework.following import Followed
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import CloseReason, NoticeKind, Question, Referral, SupportCase, User


def ask(followed: Followed, body: str, *, by: User, at: datetime) -> Question:
    """Ask the link worker about a referral. Raises ``RuleBroken`` where support has ended."""
    referral = followed.referral
    hold(referral.case)
    if followed.ended_at is not None:
        raise RuleBroken("This referral has ended. Refer again if the patient needs support.")
    asked = Question(
        referral=referral, case=referral.case, body=body, asked_by_id=by.id, asked_at=at
    )
    db.session.add(asked)
    audit.record(Event.QUESTION_ASKED, asked, by=by, person_id=referral.person_id)
    if referral.case.worker is not None:
        kind = NoticeKind.MESSAGE_FROM_PRACTICE
        notifications.tell(referral.case.worker, kind, case=referral.case, at=at)
    return asked


def answer(question: Question, words: str, *, by: User, at: datetime) -> None:
    """Answer a practice’s question. The practice reads it beside its referral.

    Raises ``RuleBroken`` where it was answered before, the person died or shares nothing with their
    practice, or there should have been no case.
    """
    hold(question.case)
    db.session.refresh(question, with_for_update={"of": Question})
    must_live(question.case)
    if question.case.close_reason is CloseReason.OPENED_IN_ERROR:
        raise RuleBroken("This case was opened in error, so nothing is told of it any more.")
    if not question.case.share_with_gp:
        raise RuleBroken(
            "This person does not want their practice to be told anything. Ask them first, "
            "and change what is shared on their case."
        )
    if question.answer is not None:
        raise RuleBroken("This question was answered before.")
    question.answer, question.answered_by_id, question.answered_at = words, by.id, at
    audit.record(Event.QUESTION_ANSWERED, question, by=by, person_id=question.case.person_id)


def of_referral(referral: Referral) -> Sequence[Question]:
    """What was asked about a referral, oldest first."""
    query = select(Question).where(Question.referral_id == referral.id)
    names = (with_name(Question.asked_by), with_name(Question.answered_by))
    return db.session.scalars(query.options(*names).order_by(Question.id)).unique().all()


def of_case(case: SupportCase) -> Sequence[Question]:
    """What practices asked about a case, newest first."""
    query = select(Question).where(Question.case_id == case.id)
    names = (with_name(Question.asked_by), with_name(Question.answered_by))
    return db.session.scalars(query.options(*names).order_by(Question.id.desc())).unique().all()
