"""How things are written on a page: dates, ages, labels, and the address of a static file."""

import hashlib
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from flask import Flask, url_for

from linkwork import clock, paths
from linkwork.models import (
    COPY_LABELS,
    FEELING_LABELS,
    GAP_LABELS,
    NEED_LABELS,
    REJECT_LABELS,
    ROLE_LABELS,
    SUPERVISION_KIND_LABELS,
)
from linkwork.models.answer import AnswerKind
from linkwork.models.attendance import Absent
from linkwork.models.case import (
    CLOSE_LABELS,
    DECLINE_LABELS,
    CloseReason,
    CoverReason,
    DeclineReason,
)
from linkwork.models.contact import MODE_LABELS, OUTCOME_LABELS
from linkwork.models.message import MessageKind
from linkwork.models.onward_referral import OnwardDecline, OnwardOutcome, OnwardState
from linkwork.models.organisation import OrganisationKind
from linkwork.models.public_referral import DiscardReason
from linkwork.models.referral import ReferralSource, WithdrawReason
from linkwork.models.snooze import SNOOZE_LABELS

LABELS: dict[type, dict[Any, str]] = {
    OrganisationKind: {
        OrganisationKind.ICB: "Integrated care board",
        OrganisationKind.PCN: "PCN",
        OrganisationKind.PRACTICE: "GP practice",
        OrganisationKind.HUB_HOST: "Wellbeing hub host",
        OrganisationKind.NATIONAL: "National body",
    },
    CloseReason: {**CLOSE_LABELS},
    DeclineReason: {**DECLINE_LABELS},
    DiscardReason: {
        DiscardReason.NOT_REAL: "Not a real request",
        DiscardReason.TWICE: "Asked for twice",
        DiscardReason.NOT_AGREED: "The person does not want support",
        DiscardReason.NOT_REACHED: "Could not be reached",
        DiscardReason.NOT_OURS: "Lives outside our area",
    },
    WithdrawReason: {
        WithdrawReason.PATIENT_CHANGED_MIND: "The patient changed their mind",
        WithdrawReason.SENT_IN_ERROR: "It was sent in error",
        WithdrawReason.NO_LONGER_NEEDED: "It is no longer needed",
        WithdrawReason.OTHER_HELP: "The patient gets other help",
    },
    ReferralSource: {
        ReferralSource.GP: "GP",
        ReferralSource.OTHER_PRIMARY_CARE: "Nurse, pharmacist or others in primary care",
        ReferralSource.SELF: "The person",
        ReferralSource.FAMILY: "Family or friend",
        ReferralSource.OUTREACH: "Outreach",
        ReferralSource.OTHER_AGENCY: "Council, charity or another service",
    },
    CoverReason: {
        CoverReason.COVER: "I am covering for a colleague",
        CoverReason.DUTY_CALL: "The person or somebody about them has called",
        CoverReason.JOINT_WORK: "We are working with this person together",
        CoverReason.SUPERVISION: "Supervision",
        CoverReason.HANDOVER: "Handover",
    },
    OnwardOutcome: {
        OnwardOutcome.HELPED: "It helped",
        OnwardOutcome.DID_NOT_HELP: "It did not help",
        OnwardOutcome.NEVER_WENT: "They never went",
        OnwardOutcome.STOPPED_GOING: "They stopped going",
        OnwardOutcome.NOT_KNOWN: "We could not find out",
    },
    OnwardDecline: {
        OnwardDecline.FULL: "The activity is full",
        OnwardDecline.NOT_ELIGIBLE: "The activity is not for them",
        OnwardDecline.PERSON_CHANGED_MIND: "The person changed their mind",
        OnwardDecline.COST: "It costs too much",
        OnwardDecline.TRAVEL: "Getting there is too hard",
        OnwardDecline.ACCESS: "It is not accessible to them",
        OnwardDecline.CLOSED: "The activity has closed",
        OnwardDecline.NOT_REACHED: "They could not reach the person",
    },
    AnswerKind: {
        AnswerKind.ACCEPTED: "There is a place",
        AnswerKind.WAITLISTED: "On the waiting list",
        AnswerKind.DECLINED: "Cannot take them",
        AnswerKind.FINISHED: "It has finished",
        AnswerKind.STOPPED: "They stopped coming",
    },
    Absent: {
        Absent.UNWELL: "They were unwell",
        Absent.FORGOT: "They forgot",
        Absent.NERVOUS: "They were nervous about it",
        Absent.TRAVEL: "They could not get there",
        Absent.CHANGED_MIND: "They changed their mind",
        Absent.NOT_HELD: "It did not take place",
        Absent.NOT_KNOWN: "Not known",
    },
    OnwardState: {
        OnwardState.SENT: "Waiting for an answer",
        OnwardState.WAITLISTED: "On their waiting list",
        OnwardState.ATTENDING: "Going",
    },
    type(next(iter(COPY_LABELS))): COPY_LABELS,
    MessageKind: {
        MessageKind.STARTED: "Support has started",
        MessageKind.UPDATE: "How it is going",
        MessageKind.DECLINED: "Not taken on",
        MessageKind.CLOSING: "Support has ended",
    },
    type(next(iter(MODE_LABELS))): MODE_LABELS,
    type(next(iter(OUTCOME_LABELS))): OUTCOME_LABELS,
    type(next(iter(NEED_LABELS))): NEED_LABELS,
    type(next(iter(FEELING_LABELS))): FEELING_LABELS,
    type(next(iter(GAP_LABELS))): GAP_LABELS,
    type(next(iter(REJECT_LABELS))): REJECT_LABELS,
    type(next(iter(SUPERVISION_KIND_LABELS))): SUPERVISION_KIND_LABELS,
    type(next(iter(ROLE_LABELS))): ROLE_LABELS,
    type(next(iter(SNOOZE_LABELS))): SNOOZE_LABELS,
}


def label(value: Any) -> str:
    """A code in plain words: its label where one is written down, else the code made readable."""
    if value is None:
        return "Not recorded"
    known = LABELS.get(type(value), {})
    plain: str = known.get(value) or str(value).replace("_", " ").capitalize()
    return plain


def need_label(code: str) -> str:
    """The label of a need’s code; the code itself where it is not one of ours."""
    return {str(need): text for need, text in NEED_LABELS.items()}.get(code, code)


def day(value: date | datetime) -> str:
    """10 November 2026."""
    local = clock.london(value) if isinstance(value, datetime) else value
    return f"{local.day} {local:%B %Y}"


def day_short(value: date | datetime) -> str:
    """10 Nov 2026."""
    local = clock.london(value) if isinstance(value, datetime) else value
    return f"{local.day} {local:%b %Y}"


def moment(value: datetime) -> str:
    """10 November 2026, 11:20, on an English clock."""
    local = clock.london(value)
    return f"{day(local)}, {local:%H:%M}"


def hour(value: datetime) -> str:
    """11:20, on an English clock."""
    return f"{clock.london(value):%H:%M}"


def ago(value: date | datetime) -> str:
    """How long ago in whole days, weeks or months, as a person would say it."""
    then = clock.london(value).date() if isinstance(value, datetime) else value
    days = (clock.today() - then).days
    if days < 0:
        return f"in {_many(-days, 'day')}"
    if days == 0:
        return "today"
    if days == 1:
        return "yesterday"
    if days < 14:
        return f"{_many(days, 'day')} ago"
    return f"{_many(days // 7, 'week')} ago" if days < 90 else f"{_many(days // 30, 'month')} ago"


def due(value: date) -> str:
    """When something is due, as a person would say it: "Overdue by 2 days", "Due Thursday"."""
    days = (value - clock.today()).days
    if days < 0:
        return f"Overdue by {_many(-days, 'day')}"
    if days < 2:
        return ("Due today", "Due tomorrow")[days]
    return f"Due {weekday(value)}"


def weekday(value: date) -> str:
    """The day of the week within the next six days, "Thursday"; else "26 November 2026"."""
    return f"{value:%A}" if 0 < (value - clock.today()).days < 7 else day(value)


def age(born_on: date, today: date) -> int:
    """Whole years lived; somebody born on 29 February has their birthday on 1 March."""
    return today.year - born_on.year - ((today.month, today.day) < (born_on.month, born_on.day))


def _many(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


@lru_cache
def _fingerprint(filename: str) -> str:
    return hashlib.sha256((paths.STATIC / filename).read_bytes()).hexdigest()[:12]


def asset(filename: str) -> str:
    """The address of a static file, which changes when the file does."""
    return url_for("static", filename=filename, v=_fingerprint(filename))


def init_app(app: Flask) -> None:
    """Give the templates their filters."""
    app.jinja_env.filters.update(
        label=label,
        need_label=need_label,
        day=day,
        due=due,
        weekday=weekday,
        day_short=day_short,
        moment=moment,
        hour=hour,
        ago=ago,
        many=_many,
    )
    app.jinja_env.globals.update(asset=asset, age=age)
