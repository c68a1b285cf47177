"""Corrections: a contact is put right by whoever wrote it, and what it said before is kept."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from linkwork import access, audit
from linkwork.audit import Event
from linkwork.casework import alarms, concerns
from linkwork.casework.cases import hold, with_name
from linkwork.casework.contacts import must_be_possible
from linkwork.database import db
from linkwork.errors import ChangedMeanwhile, RuleBroken
from linkwork.models import (
    CaseNeed,
    Contact,
    ContactKind,
    ContactMode,
    Correction,
    Plan,
    SupportCase,
    User,
)
from linkwork.models.contact import TWO_WAY

Step = tuple[str | None, date | None]
TEXTS = ("what_matters", "notes", "strengths", "safety_action", "next_action")


@dataclass(frozen=True, slots=True)
class Wording:
    """What a contact is to say."""

    at: datetime
    mode: ContactMode
    minutes: int
    what_matters: str | None
    notes: str | None
    strengths: str | None
    share_with_gp: bool


def may_correct(contact: Contact, *, user: User) -> bool:
    """Whether ``user`` may put it right and read what it said: who wrote it, and supervisors."""
    if contact.worker_id == user.id:
        return True
    supervising = db.session.scalars(access.supervisors(contact.case)).unique()
    return any(supervisor.id == user.id for supervisor in supervising)


def correct(
    contact: Contact, wording: Wording, *, reason: str, seen: int, by: User, at: datetime
) -> Correction:
    """Let a contact say something else, and keep what it said.

    ``seen`` is the version that was read before. Raises ``ChangedMeanwhile`` where somebody has
    corrected it since, ``RuleBroken`` where nothing is changed, no reason is given, it is not
    theirs to change, or its moment cannot be.
    """
    _hold(contact, by)
    if contact.version != seen:
        raise ChangedMeanwhile(
            "This contact was corrected while you were writing. Both texts are below: "
            "make yours say what is right, then save it."
        )
    if not reason.strip():
        raise RuleBroken("Say why this is corrected.")
    must_be_possible(contact.case, wording.at, at)
    if not (wording.notes or wording.what_matters) and contact.kind is ContactKind.CONVERSATION:
        raise RuleBroken("Write down what was said, or what matters to the person.")
    changed = {k: v for k, v in asdict(wording).items() if getattr(contact, k) != v}
    if not changed:
        raise RuleBroken("Nothing was changed. Change what is wrong, or go back to the case.")
    kept, heard = _keep(contact, reason, by, at), alarms.words_in(contact)
    decided = _decided_step(contact.case)
    if "at" in changed:
        _move(contact, wording.at)
    _say(contact, changed)
    _recount(contact.case)
    _decide_again(contact.case, decided)
    audit.record(
        Event.CONTACT_CORRECTED,
        contact,
        by=by,
        person_id=contact.case.person_id,
        fields=sorted(changed),
    )
    alarms.listen(contact, heard=heard, by=by, at=at)
    return kept


def strike(contact: Contact, *, reason: str, by: User, at: datetime) -> None:
    """Take a contact out that was written about the wrong person. It then counts nowhere.

    What it said can still be read by its author and by supervisors. Raises ``RuleBroken`` where
    it is struck already, no reason is given, it is not theirs, a plan rests on it, or somebody
    fears for the person because of it.
    """
    _hold(contact, by)
    if not reason.strip():
        raise RuleBroken("Say why this does not belong here.")
    alarm = alarms.of_contact(contact)
    if alarm is not None and alarm.answered_at is None:
        raise RuleBroken("This note has words about danger. Say first what was done about them.")
    if concerns.open_from(contact):
        raise RuleBroken(
            "A safeguarding concern was raised from this contact and is open. Tell whoever was "
            "told that it is about somebody else, and close it with that outcome first."
        )
    case, needs = contact.case, contact.needs
    decided = _decided_step(case)
    _keep(contact, reason, by, at)
    _say(contact, {**dict.fromkeys(TEXTS), "next_action_on": None, "needs": []})
    _say(contact, {"minutes": 0, "travel_minutes": 0, "share_with_gp": False})
    contact.kind, contact.safety_concern = ContactKind.STRUCK, False
    contact.struck_at, contact.struck_by_id, contact.strike_reason = at, by.id, reason
    _agree_elsewhere(case, contact.at, None)
    _recount(case)
    _forget_needs(case, needs, contact.at)
    _decide_again(case, decided)
    audit.record(Event.CONTACT_STRUCK, contact, by=by, person_id=case.person_id)


def history(contact: Contact, *, by: User) -> list[Correction]:
    """What a contact said before, newest first; reading it is noted.

    Raises ``RuleBroken`` for anybody but its author and supervisors.
    """
    _must_be_theirs(contact, by)
    audit.record(Event.CONTACT_HISTORY_OPENED, contact, by=by, person_id=contact.case.person_id)
    query = select(Correction).where(Correction.contact_id == contact.id)
    named = query.options(with_name(Correction.corrected_by))
    return list(db.session.scalars(named.order_by(Correction.version.desc())))


def _hold(contact: Contact, by: User) -> None:
    hold(contact.case)
    db.session.refresh(contact)
    _must_be_theirs(contact, by)
    if contact.struck_at is not None:
        raise RuleBroken(
            "This contact was taken out already. Its reason is on the page of the case."
        )


def _must_be_theirs(contact: Contact, by: User) -> None:
    if not may_correct(contact, user=by):
        whose = contact.worker.name
        raise RuleBroken(f"Ask {whose}, who wrote this, or a supervisor: only they can do this.")


def _keep(contact: Contact, reason: str, by: User, at: datetime) -> Correction:
    said = {name: getattr(contact, name) for name in (*TEXTS, "mode", "minutes", "share_with_gp")}
    said |= {"at": contact.at.isoformat(), "needs": contact.needs}
    kept = Correction(contact=contact, version=contact.version, said=said, reason=reason)
    kept.corrected_at, kept.corrected_by = at, by
    db.session.add(kept)
    return kept


def _say(contact: Contact, wording: Mapping[str, Any]) -> None:
    for name, value in wording.items():
        setattr(contact, name, value)


def _move(contact: Contact, to: datetime) -> None:
    """Take along to another moment what the contact is known to have brought about."""
    case, was = contact.case, contact.at
    _agree_elsewhere(case, was, to)
    for need in case.needs:
        if need.seen_at == was and need.need in contact.needs:
            need.seen_at = to


def _agree_elsewhere(case: SupportCase, was: datetime, to: datetime | None) -> None:
    """A plan that was only ticked in a contact goes where that goes; one agreed by itself stays."""
    if case.plan_agreed_at != was:
        return
    agreed = db.session.scalar(select(Plan.agreed_at).where(Plan.case_id == case.id))
    if agreed != was:
        case.plan_agreed_at = min((at for at in (agreed, to) if at is not None), default=None)


def _recount(case: SupportCase) -> None:
    """When the person was first and last talked with, from the contacts as they are now."""
    db.session.flush()
    query = select(Contact.at, Contact.mode).where(
        Contact.case_id == case.id, Contact.kind == ContactKind.CONVERSATION
    )
    talks = db.session.execute(query).all()
    first = min((at for at, mode in talks if mode in TWO_WAY), default=None)
    begins = first is not None and case.first_conversation_at is None
    if begins and (case.accepted_at is None or case.declined_at is not None):
        raise RuleBroken("Accept the referral first: talking to somebody is taking them on.")
    agreed = case.plan_agreed_at
    if agreed is not None and (first is None or first > agreed):
        raise RuleBroken(
            "A plan was agreed after this conversation and before any other. Record the "
            "conversation in which it was agreed first, then come back to this one."
        )
    case.first_conversation_at = first
    case.last_contact_at = max((at for at, _ in talks), default=None)


def _forget_needs(case: SupportCase, needs: list[str], at: datetime) -> None:
    """Take off the case what only a contact that is struck had seen."""
    others = select(Contact.needs).where(Contact.case_id == case.id)
    seen = {code for codes in db.session.scalars(others) for code in codes}
    query = select(CaseNeed).where(CaseNeed.case_id == case.id, CaseNeed.seen_at == at)
    for need in db.session.scalars(query):
        if need.need in needs and need.need not in seen:
            case.needs.remove(need)
            db.session.delete(need)


def _decided_step(case: SupportCase) -> Step:
    """The next step as the contacts have it: the latest talk, or later try that named one, says."""
    db.session.flush()
    named = Contact.next_action.is_not(None) | Contact.next_action_on.is_not(None)
    query = select(Contact.next_action, Contact.next_action_on).where(
        Contact.case_id == case.id,
        Contact.kind != ContactKind.STRUCK,
        (Contact.kind == ContactKind.CONVERSATION) | named,
    )
    latest = db.session.execute(query.order_by(Contact.at.desc(), Contact.id.desc())).first()
    return (latest[0], latest[1]) if latest else (None, None)


def _decide_again(case: SupportCase, before: Step) -> None:
    """Where a contact had decided the next step, let the one decide that is the latest now."""
    if case.is_open and (case.next_action, case.next_action_on) == before:
        case.next_action, case.next_action_on = _decided_step(case)
