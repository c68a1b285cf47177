"""Answers to onward referrals: by the provider through a link, or noted by who spoke to them.

What was said is kept row by row; the onward referral holds what holds now. An answer can be
changed until the person has been there, or has gone on to something else.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

from linkwork import audit, clock
from linkwork.audit import Event
from linkwork.casework import notifications, onward_referrals, service_changes, service_merges
from linkwork.casework.cases import must_be_open
from linkwork.casework.service_changes import Changed
from linkwork.casework.service_facts import differs, plain
from linkwork.database import db
from linkwork.errors import ChangedMeanwhile, RuleBroken
from linkwork.models import (
    Answer,
    AnswerKind,
    CapacityStatus,
    NoticeKind,
    OnwardDecline,
    OnwardReferral,
    Service,
    User,
)

FURTHEST = timedelta(days=365)
MOST_WEEKS = 104
MOST_PLACES = 9999
MOST_BY_LINK = 50
ROOM = ("capacity_status", "places")
TOO_OFTEN = "This was answered too often through the link. Ring the link worker instead."
OVER = frozenset({AnswerKind.FINISHED, AnswerKind.STOPPED})
MEANWHILE = (
    "Somebody else answered while you were reading. What they said is shown here: "
    "change it only if it is wrong."
)


class SaidAlready(RuleBroken):
    """The same was answered before: there is nothing to do."""


@dataclass(frozen=True, slots=True)
class Said:
    """One answer: what, and what goes with it."""

    kind: AnswerKind
    decline_reason: OnwardDecline | None = None
    first_session_on: date | None = None
    wait_weeks: int | None = None
    words: str | None = None
    given_by: str | None = None


@dataclass(frozen=True, slots=True)
class Room:
    """What a provider says of its places, and whether the rest of its entry is still right."""

    status: CapacityStatus | None = None
    places: int | None = None
    still_right: bool = False


def give(
    onward: OnwardReferral,
    said: Said,
    *,
    by: User | None,
    at: datetime,
    read: int | None = None,
) -> Answer:
    """Note an answer; ``by`` is None where the provider gave it through the link.

    ``read`` is how many answers there were when the page was opened. Raises ``SaidAlready`` for
    the answer there is, ``ChangedMeanwhile`` where somebody else answered since, and
    ``RuleBroken`` where it can no longer be changed, its date or weeks cannot be, or after 50
    answers through the link.
    """
    onward_referrals.hold_whole(onward)
    if _is_said(onward, said):
        raise SaidAlready("This answer is noted already.")
    if read is not None and read != len(onward.answers):
        raise ChangedMeanwhile(MEANWHILE)
    if by is None and sum(told.by_id is None for told in onward.answers) >= MOST_BY_LINK:
        raise RuleBroken(TOO_OFTEN)
    _must_be_possible(onward, said, by, at)
    _stand(onward, said, at)
    answer = Answer(onward_referral=onward, at=at, by=by, **asdict(said))
    db.session.add(answer)
    _told(onward, by, at, said.kind)
    if by is None and said.decline_reason is OnwardDecline.FULL:
        keep_as_said(onward.service, Room(CapacityStatus.NO_CAPACITY), at)
    return answer


def can_change(onward: OnwardReferral, user: User | None) -> bool:
    """Whether yes, wait or no may still be said, or said otherwise."""
    try:
        _must_be_changeable(onward, user)
    except RuleBroken:
        return False
    return True


def say_room(onward: OnwardReferral, room: Room, *, at: datetime) -> None:
    """Keep what a provider says of its places, as theirs and as of now.

    ``still_right`` also renews the freshness of the entry: none of us has checked it, and the
    entry says so. Raises ``RuleBroken`` for a number of places that cannot be, or where the
    provider has no more to do with the person.
    """
    if not onward.is_open and not can_change(onward, None):
        raise RuleBroken(onward_referrals.FINISHED)
    if room == Room():
        return
    if room.places is not None and not 0 <= room.places <= MOST_PLACES:
        raise RuleBroken(f"Places left must be a number from 0 to {MOST_PLACES:,}.")
    keep_as_said(onward.service, room, at)


def is_over(onward: OnwardReferral) -> Answer | None:
    """What the provider said last, if it was that the person no longer comes."""
    last = onward.answers[-1] if onward.answers else None
    return last if last is not None and last.kind in OVER and onward.is_open else None


def keep_as_said(service: Service, room: Room, at: datetime) -> None:
    """Keep what a provider says of an entry through a link, as theirs and not as our check.

    What it says of an entry that was merged into another is kept of that one.
    """
    service = service_merges.kept_instead_of(service)
    db.session.refresh(service, with_for_update={"of": Service})
    before = {name: plain(service, name) for name in ROOM}
    fields = _keep_room(service, room, at)
    _note_in_history(service, before, at)
    if room.still_right:
        service.verified_at, service.verified_by_id = at, None
    service.provider_said_at = at
    audit.record(Event.SERVICE_EDITED, service, by=None, fields=fields, via="link")
    if room.still_right:
        audit.record(Event.SERVICE_VERIFIED, service, by=None, via="link")


def _note_in_history(service: Service, before: Mapping[str, Any], at: datetime) -> None:
    pairs = {name: (old, plain(service, name)) for name, old in before.items()}
    changed = {name: pair for name, pair in pairs.items() if differs(*pair)}
    step = Changed(service.id, changed)
    service_changes.record([step], at=at, source=service_changes.PROVIDER)


def _keep_room(service: Service, room: Room, at: datetime) -> list[str]:
    if room.status is None:
        return []
    full = room.status is CapacityStatus.NO_CAPACITY or room.places == 0
    service.capacity_status = CapacityStatus.NO_CAPACITY if full else room.status
    service.places = 0 if full else room.places
    service.capacity_confirmed_at = at
    fields = ["capacity_status", "places"]
    service.edited_fields = sorted({*service.edited_fields, *fields})
    return fields


def _is_said(onward: OnwardReferral, said: Said) -> bool:
    """Whether this is what holds now, with the same date, weeks or reason, and no new words."""
    last = onward.answers[-1] if onward.answers else None
    if said.words is not None and (last is None or said.words != last.words):
        return False
    if said.kind in OVER:
        return last is not None and last.kind is said.kind
    return onward.state == said.kind.value and {
        AnswerKind.ACCEPTED: onward.first_session_on == said.first_session_on,
        AnswerKind.WAITLISTED: onward.wait_weeks == said.wait_weeks,
        AnswerKind.DECLINED: onward.decline_reason == said.decline_reason,
    }.get(said.kind, False)


def _must_be_possible(onward: OnwardReferral, said: Said, by: User | None, at: datetime) -> None:
    if said.kind in OVER:
        _must_be_expected(onward)
        return
    _must_be_changeable(onward, by, said.kind)
    if said.kind is AnswerKind.DECLINED and said.decline_reason is None:
        raise RuleBroken("Choose why they are not going.")
    if said.wait_weeks is not None and not 0 <= said.wait_weeks <= MOST_WEEKS:
        raise RuleBroken(f"The wait must be between 0 and {MOST_WEEKS} weeks.")
    check_first_session(onward, said.first_session_on, at=at)


def check_first_session(onward: OnwardReferral, on: date | None, *, at: datetime) -> None:
    """Raise ``RuleBroken`` for a first session before they agreed, or more than a year from now."""
    if on is None:
        return
    if onward.agreed_at is not None and on < clock.london(onward.agreed_at).date():
        raise RuleBroken("The first session cannot be before the person agreed to go.")
    if on > clock.london(at).date() + FURTHEST:
        raise RuleBroken("The first session cannot be more than a year away. Check its date.")


def _must_be_expected(onward: OnwardReferral) -> None:
    if not onward.is_open:
        raise RuleBroken(onward_referrals.FINISHED)
    if onward.accepted_at is None and onward.first_attended_at is None:
        raise RuleBroken("Say first whether there is a place for them.")


def _must_be_changeable(
    onward: OnwardReferral, by: User | None, kind: AnswerKind | None = None
) -> None:
    must_be_open(onward.case)
    if onward.cancelled_at is not None or onward.ended_at is not None:
        raise RuleBroken(onward_referrals.FINISHED)
    if onward.first_attended_at is not None:
        raise RuleBroken("They went at least once. Say how it ended instead.")
    if onward.sent_at is None and (by is None or kind is not AnswerKind.DECLINED):
        raise RuleBroken("Send the onward referral first.")
    if onward.declined_at is not None:
        _must_be_reconsiderable(onward, by)


def _must_be_reconsiderable(onward: OnwardReferral, by: User | None) -> None:
    """A no may become a yes while nobody has acted on it."""
    if by is None and (not onward.answers or onward.answers[-1].by_id is not None):
        raise RuleBroken("They are not coming after all. Ring the link worker if that is wrong.")
    moved_on = onward_referrals.superseded(onward)
    if moved_on or onward_referrals.is_going(onward.case, onward.service):
        raise RuleBroken("They have gone on to something else. Talk to each other first.")


def _stand(onward: OnwardReferral, said: Said, at: datetime) -> None:
    """Let the onward referral stand where the answer puts it."""
    if said.kind in OVER:
        return
    declined, accepted = said.kind is AnswerKind.DECLINED, said.kind is AnswerKind.ACCEPTED
    onward.declined_at = at if declined else None
    onward.decline_reason = said.decline_reason if declined else None
    if accepted:
        onward.accepted_at, onward.first_session_on = at, said.first_session_on
    if said.kind is AnswerKind.WAITLISTED:
        onward.waitlisted_at, onward.wait_weeks = at, said.wait_weeks
        onward.accepted_at = onward.first_session_on = None


def _told(onward: OnwardReferral, by: User | None, at: datetime, kind: AnswerKind) -> None:
    via = {} if by else {"via": "link"}
    of = onward.case.person_id
    audit.record(Event.ONWARD_ANSWERED, onward, by=by, person_id=of, answer=kind, **via)
    if by is None:
        tell_worker(onward, at=at)


def tell_worker(onward: OnwardReferral, *, at: datetime) -> None:
    """Let the worker of the case know that the provider said something."""
    if onward.case.worker is not None:
        kind = NoticeKind.PROVIDER_ANSWERED
        notifications.tell(onward.case.worker, kind, case=onward.case, at=at)
