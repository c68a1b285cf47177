"""Writing a letter to a practice: from what a worker ticked to the words a practice reads."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from linkwork import clock
from linkwork.casework.following import ENDINGS
from linkwork.casework.letters import Activity, Letter, Party, Patient, Section, clean, day, line
from linkwork.casework.shareable import Offer, is_from_practice
from linkwork.models import (
    NEED_LABELS,
    CaseNeed,
    CloseReason,
    Contact,
    Goal,
    MessageKind,
    OnwardDecline,
    OnwardOutcome,
    OnwardReferral,
    OnwardState,
    Organisation,
    Referral,
    ReferralSource,
    SnomedCode,
    SupportCase,
    User,
)
from linkwork.models.contact import MODE_LABELS

SOURCES = {
    ReferralSource.SELF: "The patient asked for support",
    ReferralSource.FAMILY: "Somebody close to the patient asked for support",
    ReferralSource.OUTREACH: "The patient was met at an outreach session",
}
STATES = {
    OnwardState.AGREED: "agreed with the patient, not referred yet",
    OnwardState.SENT: "referred, waiting for an answer",
    OnwardState.WAITLISTED: "on its waiting list",
    OnwardState.ACCEPTED: "has a place",
    OnwardState.ATTENDING: "going",
    OnwardState.DECLINED: "not going",
    OnwardState.ENDED: "finished",
}
WHY_NOT = {
    OnwardDecline.FULL: "it is full",
    OnwardDecline.NOT_ELIGIBLE: "it is not for them",
    OnwardDecline.PERSON_CHANGED_MIND: "the patient changed their mind",
    OnwardDecline.COST: "it costs too much",
    OnwardDecline.TRAVEL: "getting there is too hard",
    OnwardDecline.ACCESS: "it is not accessible to them",
    OnwardDecline.CLOSED: "it has closed",
}
OUTCOMES = {
    OnwardOutcome.HELPED: "it helped",
    OnwardOutcome.DID_NOT_HELP: "it did not help",
    OnwardOutcome.NEVER_WENT: "they never went",
    OnwardOutcome.STOPPED_GOING: "they stopped going",
    OnwardOutcome.NOT_KNOWN: "how it went is not known",
}
DETAILS = {
    "stepped_up_to": "Support now from",
    "told": "Who was told",
    "handed_over_to": "Handed over to",
}


def letter(
    case: SupportCase,
    kind: MessageKind,
    practice: Organisation,
    picked: Offer,
    *,
    note: str | None,
    code: SnomedCode | None,
    writer: User,
    at: datetime,
) -> Letter:
    """Write the letter of what was ``picked``, under the headings that have something to say."""
    referral = _referral(case, practice)
    since = referral.referred_at if referral and _is_of(referral, practice) else None
    activities = [_activity(onward) for onward in picked.onward]
    came = {
        "Referral": [*_referred(case, referral, practice, since)],
        "Consent": [*_consented(referral)],
    }
    return Letter(
        kind=kind,
        written_on=_on(at),
        practice=Party(line(practice.name), practice.ods_code),
        sender=Party(line(case.organisation.name), case.organisation.ods_code),
        worker=line(writer.name),
        patient=_patient(case),
        referred_on=_on(referral.referred_at if referral else case.opened_at),
        by_practice=since is not None,
        code=code,
        sections=_sections(case, kind, picked, clean(note), came, activities),
        activities=activities,
        contact_keys=[contact.key for contact in picked.contacts],
        struck_keys=[contact.key for contact in picked.struck],
    )


def _sections(
    case: SupportCase,
    kind: MessageKind,
    picked: Offer,
    note: str,
    came: dict[str, list[str]],
    activities: Sequence[Activity],
) -> list[Section]:
    """The headings in the order of the standard, but for those with nothing to say."""
    if case.close_reason is CloseReason.OPENED_IN_ERROR:
        came = {}
    parts = {
        "From the link worker": [note] if note else [],
        "Corrections": [*_corrections(case, picked.struck)],
        "About me": [*_about_me(picked.contacts)],
        **came,
        "Contacts": [_talk(contact, picked.corrected) for contact in picked.contacts],
        "Needs and concerns": [_need(need) for need in picked.needs],
        "Plan": [*_planned(case, picked.goals)],
        "Support offered": [f"{activity.name}: {activity.words}" for activity in activities],
        "Outcomes": _outcomes(case, kind),
        "Closure": [*_closure(case, kind)],
    }
    return [Section(title, lines) for title, lines in parts.items() if lines]


def _patient(case: SupportCase) -> Patient:
    person = case.person
    return Patient(
        family_name=line(person.family_name),
        given_name=line(person.given_name),
        born_on=person.date_of_birth.isoformat(),
        nhs_number=person.nhs_number,
        phone=line(person.phone) or None,
    )


def _referral(case: SupportCase, practice: Organisation) -> Referral | None:
    """The practice’s own first referral of the case, else the first there was."""
    standing = [referral for referral in case.referrals if referral.withdrawn_at is None]
    own = (referral for referral in standing if _is_of(referral, practice))
    return next(own, standing[0] if standing else None)


def _is_of(referral: Referral, practice: Organisation) -> bool:
    return referral.practice_id == practice.id and is_from_practice(referral)


def _referred(
    case: SupportCase, referral: Referral | None, practice: Organisation, since: datetime | None
) -> Iterator[str]:
    if referral is not None:
        said = SOURCES.get(referral.source, "Another organisation referred the patient")
        who = f"Referred by {line(practice.name)}" if since else said
        yield f"{who} on {_day(referral.referred_at)}."
    talked = case.first_conversation_at
    # What happened before this practice referred is not told: it may not know of it.
    if talked is not None and (since is None or talked >= since):
        yield f"First conversation on {_day(talked)}."


def _consented(referral: Referral | None) -> Iterator[str]:
    if referral is not None:
        yield (
            f"The patient agreed to the referral on {_day(referral.consented_at)}, "
            "and to their GP practice being told."
        )


def _about_me(contacts: Iterable[Contact]) -> Iterator[str]:
    for contact in contacts:
        if clean(contact.what_matters):
            yield f"What matters ({_day(contact.at)}): {clean(contact.what_matters)}"
        if clean(contact.strengths):
            yield f"Strengths ({_day(contact.at)}): {clean(contact.strengths)}"


def _talk(contact: Contact, corrected: frozenset[str]) -> str:
    how = f"{_day(contact.at)}, {MODE_LABELS[contact.mode].lower()}, {line(contact.worker.name)}"
    if contact.key in corrected:
        how += " (corrected: please use this, not what we told you before)"
    return f"{how}: {clean(contact.notes)}" if clean(contact.notes) else how


def _corrections(case: SupportCase, struck: Iterable[Contact]) -> Iterator[str]:
    if case.close_reason is not CloseReason.OPENED_IN_ERROR:
        yield from map(_taken_back, struck)
        return
    yield "Please disregard everything we told you of this patient: it was recorded in error."
    if case.coded_in_gp_record_at is not None:
        yield f"Please take the code SNOMED CT {SnomedCode.REFERRED} out of the GP record again."


def _taken_back(contact: Contact) -> str:
    return (
        f"Please disregard what we told you of the conversation on {_day(contact.at)}: "
        "it was recorded in error."
    )


def _need(need: CaseNeed) -> str:
    return NEED_LABELS[need.need] + (" (better now)" if need.resolved_at else "")


def _planned(case: SupportCase, goals: Sequence[Goal]) -> Iterator[str]:
    if goals and case.plan_agreed_at:
        yield f"Agreed on {_day(case.plan_agreed_at)}. What the patient wants:"
        yield from (f"{clean(goal.words)}{' (met)' if goal.met_at else ''}" for goal in goals)


def _activity(onward: OnwardReferral) -> Activity:
    words = STATES.get(onward.state, str(onward.state).replace("_", " "))
    why = WHY_NOT.get(onward.decline_reason) if onward.decline_reason else None
    outcome = OUTCOMES.get(onward.outcome) if onward.outcome else None
    if onward.state is OnwardState.DECLINED and why:
        words = f"{words}, because {why}"
    if onward.state is OnwardState.ENDED and outcome:
        words = f"{words}, {outcome}"
    moments = [onward.agreed_at, onward.sent_at, onward.waitlisted_at, onward.accepted_at]
    moments += [onward.first_attended_at, onward.declined_at, onward.ended_at]
    known = [moment for moment in moments if moment] or [onward.created_at]
    return Activity(
        name=line(onward.service.name),
        state=str(onward.state),
        words=words,
        began_on=_on(min(known)),
        changed_on=_on(max(known)),
        why=why,
        outcome=str(onward.outcome) if onward.outcome else None,
    )


def _outcomes(case: SupportCase, kind: MessageKind) -> list[str]:
    words = clean(case.close_summary) if kind is MessageKind.CLOSING else ""
    return [words] if words else []


def _closure(case: SupportCase, kind: MessageKind) -> Iterator[str]:
    ended, reason = case.closed_at or case.declined_at, case.close_reason or case.decline_reason
    if kind not in (MessageKind.CLOSING, MessageKind.DECLINED) or ended is None or reason is None:
        return
    yield f"{'Ended on' if case.closed_at else 'Declined on'} {_day(ended)}. {ENDINGS[reason]}"
    for name, title in DETAILS.items():
        if clean(case.close_details.get(name)):
            yield f"{title}: {line(case.close_details[name])}"


def _on(at: datetime) -> str:
    return clock.london(at).date().isoformat()


def _day(at: datetime) -> str:
    return day(clock.london(at).date())
