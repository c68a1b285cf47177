"""Alarms: a note has words about danger, and stays marked until somebody says what was done."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, lazyload

from linkwork import access, audit, clock
from linkwork.audit import Event
from linkwork.casework import concerns, snoozes
from linkwork.casework.cases import hold
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.matching import crisis_words
from linkwork.models import Alarm, AlarmAnswer, Concern, Contact, ContactKind, SupportCase, User

MOST_SHOWN = 200
SHORTEST_ACCOUNT = 10


def words_in(contact: Contact) -> tuple[str, ...]:
    """The words about danger in what a contact says, as written, once each."""
    texts = (contact.what_matters, contact.notes, contact.strengths)
    return crisis_words("\n".join(filter(None, texts)))


def in_referrals(case: SupportCase, *, besides: Contact | None = None) -> tuple[str, ...]:
    """The words about danger in what referrals of a case say, until somebody went after them.

    That is whoever records a conversation, ``besides`` the one that is just being recorded, or
    raises a concern after the referral came.
    """
    said = {one: crisis_words(one.note or "") for one in case.referrals}
    if not any(said.values()):
        return ()
    since = _went_after(case, besides)
    found = (words for one, words in said.items() if since is None or since < one.received_at)
    return tuple(dict.fromkeys(word for words in found for word in words))


def _went_after(case: SupportCase, besides: Contact | None) -> datetime | None:
    talked = select(func.max(func.coalesce(Contact.recorded_at, Contact.at))).where(
        Contact.case_id == case.id,
        Contact.kind == ContactKind.CONVERSATION,
    )
    if besides is not None:
        talked = talked.where(Contact.id != besides.id)
    raised = select(func.max(Concern.raised_at)).where(Concern.case_id == case.id)
    moments = (db.session.scalar(talked), db.session.scalar(raised))
    return max((moment for moment in moments if moment is not None), default=None)


def stand_open(case: SupportCase) -> tuple[str, ...]:
    """The words about danger in a case that nobody has answered: no list is shown until then."""
    written = (word for alarm in of_case(case) for word in words_in(alarm.contact) or ("danger",))
    return tuple(dict.fromkeys((*in_referrals(case), *written)))


def listen(
    contact: Contact,
    *,
    heard: Iterable[str] = (),
    also: Iterable[str] = (),
    by: User,
    at: datetime,
) -> Alarm | None:
    """Raise an alarm where a contact has words about danger and no concern was raised with it.

    A contact has at most one that nobody answered. After an answer only words that are new raise
    another: not those ``heard``, which it had before it was corrected. Words that were ``also``
    said beside it, or in the referral, count as its own.
    """
    known = of_contact(contact)
    if known is not None and known.answered_at is None:
        return known
    before = {word.casefold() for word in heard} if known is not None else set()
    new = {word.casefold() for word in (*words_in(contact), *also)} - before
    if contact.safety_concern or not new:
        return known
    alarm = Alarm(case_id=contact.case_id, contact_id=contact.id, raised_at=at)
    db.session.add(alarm)
    audit.record(Event.ALARM_RAISED, alarm, by=by, person_id=contact.case.person_id)
    return alarm


def of_contact(contact: Contact) -> Alarm | None:
    """The latest alarm of one contact, answered or not."""
    query = select(Alarm).where(Alarm.contact_id == contact.id).order_by(Alarm.id.desc())
    return db.session.scalars(query.limit(1)).first()


def answer(
    alarm: Alarm,
    found: AlarmAnswer,
    account: str | None,
    *,
    told: str | None = None,
    told_at: datetime | None = None,
    step: str | None = None,
    by: User,
    at: datetime,
) -> None:
    """Say what was found and done. A danger becomes a safeguarding concern.

    ``step`` is done today, in place of whatever was next. Raises ``RuleBroken`` where somebody
    answered already, or nothing is said of why nobody is in danger, or as ``raise_concern`` does.
    """
    hold(alarm.case)
    db.session.refresh(alarm)
    if alarm.answered_at is not None:
        raise RuleBroken("A colleague has answered this already. See the page of the case.")
    if found is AlarmAnswer.CONCERN:
        concerns.raise_concern(
            alarm.case,
            what=account,
            told=told,
            told_at=told_at or at,
            contact=alarm.contact,
            by=by,
            at=at,
        )
    elif len((account or "").strip()) < SHORTEST_ACCOUNT:
        raise RuleBroken("Say how you know that nobody is in danger.")
    alarm.answer, alarm.account = found, account
    alarm.answered_at, alarm.answered_by_id = at, by.id
    if step and alarm.case.is_open:
        alarm.case.next_action, alarm.case.next_action_on = step, clock.london(at).date()
        snoozes.end_of(alarm.case, at=at)
    audit.record(
        Event.ALARM_ANSWERED, alarm, by=by, person_id=alarm.case.person_id, answer=found.value
    )


def of_case(case: SupportCase) -> Sequence[Alarm]:
    """What nobody has answered yet in a case, oldest first."""
    query = select(Alarm).where(Alarm.case_id == case.id, Alarm.answered_at.is_(None))
    return db.session.scalars(query.order_by(Alarm.raised_at, Alarm.id)).all()


def unanswered(user: User) -> Sequence[Alarm]:
    """What nobody has answered yet in the cases ``user`` may see, oldest first; at most 200.

    With the person and the worker of each case loaded, for a list.
    """
    mine = access.cases(user).with_only_columns(SupportCase.id)
    query = (
        select(Alarm)
        .where(Alarm.answered_at.is_(None), Alarm.case_id.in_(mine))
        .options(
            joinedload(Alarm.case).joinedload(SupportCase.person),
            joinedload(Alarm.case)
            .joinedload(SupportCase.worker)
            .options(lazyload(User.grants), lazyload(User.organisation)),
        )
        .order_by(Alarm.raised_at, Alarm.id)
        .limit(MOST_SHOWN)
    )
    return db.session.scalars(query).unique().all()
