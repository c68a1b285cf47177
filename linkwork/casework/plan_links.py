"""The person’s own door to their plan: a link, and one thing that only they are asked.

Whoever has the link alone sees nothing: it asks for the date of birth. Five wrong answers
lock it, in every process, until the worker makes a new one. A right one in between forgives none:
who guesses must not get five more each time the person reads their plan.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload, selectinload

from linkwork import audit, clock
from linkwork.audit import Event
from linkwork.casework import goal_actions, people, plans, shared_links
from linkwork.casework.cases import hold, must_be_open
from linkwork.casework.episodes import FINAL
from linkwork.casework.shared_links import OVER, LinkOver
from linkwork.database import db
from linkwork.errors import NotYours, RuleBroken
from linkwork.models import (
    ROLE_LABELS,
    ActionOwner,
    AuditEntry,
    Goal,
    GoalAction,
    LinkPurpose,
    Person,
    SharedLink,
    SupportCase,
    User,
)

MOST_TRIES = 5
ENTRIES_READ = 1000
LINES_SHOWN = 60
COUNTED_TO = 20
MOST_TICKS = 50
TICKED_TOO_OFTEN = "This was changed too often here. Tell your link worker instead."
BY_LINK = "Somebody with this link and your date of birth"
BY_PROVIDER = "An activity you agreed to"
BY_NOBODY_OF_OURS = {Event.LINK_OPENED.value: BY_LINK, Event.ONWARD_REVEALED.value: BY_PROVIDER}
READING = frozenset(
    {
        Event.PERSON_OPENED,
        Event.REFERRAL_OPENED,
        Event.PUBLIC_OPENED,
        Event.CASE_OPENED,
        Event.CASE_COVERED,
        Event.CONCERN_OPENED,
        Event.CONTACT_HISTORY_OPENED,
        Event.VISIT_OPENED,
        Event.VISITS_TAKEN,
        Event.MESSAGE_OPENED,
        Event.MESSAGE_READ,
        Event.MESSAGE_DOWNLOADED,
        Event.LINK_OPENED,
        Event.ONWARD_REVEALED,
        Event.CALENDAR_EXPORTED,
    }
)
"""What is no more than reading: everything else that is noted of a person changed something."""
LOCKED = (
    "There have been too many tries, so this link is locked. Ask your link worker for a new one."
)


class WrongAnswer(RuleBroken):
    """The date of birth given is not the person’s. The message says what is left."""


@dataclass(frozen=True, slots=True)
class Look:
    """That somebody of one role and organisation read or changed the record on one day."""

    on: date
    who: str
    where: str
    times: int
    changed: bool

    @property
    def read(self) -> str:
        """What they did: an activity is shown only what was sent to it."""
        return "read what was sent to them" if self.who == BY_PROVIDER else "opened it"


def share(case: SupportCase, *, by: User, at: datetime) -> SharedLink:
    """The link of a case’s plan: the one that works, else a new one.

    Raises ``RuleBroken`` before the plan is agreed or where the case has ended.
    """
    hold(case)
    must_be_open(case)
    if plans.of_case(case) is None:
        raise RuleBroken("Agree the plan first: then there is something to share.")
    working = current(case, at=at)
    if working is not None and not is_locked(working):
        return working
    revoke(case, by=by, at=at)
    return shared_links.make(case, LinkPurpose.PLAN, by=by, at=at)


def email(
    case: SupportCase, address: Callable[[SharedLink], str], *, by: User, at: datetime
) -> bool:
    """Email the link to the person, and return whether it was; ``address`` tells its URL.

    Not where the same still waits to be sent. Raises ``RuleBroken`` where there is no link that
    works, no email address of theirs, the case has ended, or nothing is sent by email.
    """
    hold(case)
    must_be_open(case)
    link = current(case, at=at)
    if link is None or is_locked(link):
        raise RuleBroken("Make a link first: then it can be emailed.")
    return shared_links.email(link, case.person.email or "", address(link), by=by, at=at)


def revoke(case: SupportCase, *, by: User, at: datetime) -> None:
    """Take back every link to the plan of a case. Doing it twice is doing it once."""
    for link in shared_links.of_case(case, LinkPurpose.PLAN, at=at):
        shared_links.revoke(link, by=by, at=at)


def current(case: SupportCase, *, at: datetime) -> SharedLink | None:
    """The link to the plan of a case that is neither taken back nor too old."""
    return next(iter(shared_links.of_case(case, LinkPurpose.PLAN, at=at)), None)


def is_locked(link: SharedLink) -> bool:
    """Whether somebody guessed too often."""
    return link.failed_tries >= MOST_TRIES


def follow(given: str, *, at: datetime) -> SharedLink:
    """The link somebody came with, if it still opens a plan.

    Raises ``NotYours`` for one that was never made, and ``LinkOver`` for one that was taken back,
    locked or is too old, or after a death or a case opened in error.
    """
    link = shared_links.follow(given, LinkPurpose.PLAN, at=at)
    case = link.case
    if is_locked(link) or case.person.died_on is not None or case.close_reason in FINAL:
        raise LinkOver(OVER)
    return link


def prove(link: SharedLink, born_on: date, *, at: datetime) -> None:
    """Let somebody in who knows when the person was born.

    Raises ``WrongAnswer`` where they do not, and counts it; the count must be kept although the
    request is refused. Raises ``LinkOver`` with the fifth wrong answer.
    """
    db.session.refresh(link, with_for_update={"of": SharedLink})
    if is_locked(link) or link.revoked_at is not None:
        raise LinkOver(LOCKED if is_locked(link) else OVER)
    if born_on == link.case.person.date_of_birth:
        link.last_opened_at = at
        audit.record(Event.LINK_OPENED, link, by=None, person_id=link.case.person_id)
        return
    link.failed_tries += 1
    left = MOST_TRIES - link.failed_tries
    audit.record(Event.LINK_REFUSED, link, by=None, person_id=link.case.person_id, left=left)
    if left <= 0:
        raise LinkOver(LOCKED)
    tries = "1 more try" if left == 1 else f"{left} more tries"
    raise WrongAnswer(f"That is not the date of birth we have. You have {tries}.")


def tick(link: SharedLink, action_key: str, *, is_done: bool, at: datetime) -> None:
    """Let the person say that they did, or did not do, what they said they would.

    Raises ``NotYours`` for what is not theirs to do in this plan, and ``RuleBroken`` once one
    action was changed here 50 times.
    """
    query = (
        select(GoalAction)
        .join(GoalAction.goal)
        .where(
            GoalAction.key == action_key,
            GoalAction.owner == ActionOwner.PERSON,
            GoalAction.removed_at.is_(None),
            Goal.case_id == link.case_id,
        )
    )
    action = db.session.scalar(query) if "\0" not in action_key else None
    if action is None:
        raise NotYours("GoalAction")
    if _ticks(action, link) >= MOST_TICKS:
        raise RuleBroken(TICKED_TOO_OFTEN)
    if is_done:
        goal_actions.done(action, by=None, at=at)
    else:
        goal_actions.undo(action, by=None)


def _ticks(action: GoalAction, link: SharedLink) -> int:
    """How often an action was said to be done or not done without an account."""
    query = select(func.count()).where(
        AuditEntry.person_id.in_(people.every_number_of(link.case.person_id)),
        AuditEntry.record_type == GoalAction.__tablename__,
        AuditEntry.record_id == action.id,
        AuditEntry.user_id.is_(None),
    )
    return db.session.scalar(query) or 0


def looks(person: Person) -> list[Look]:
    """Who read or changed a person’s record: role, organisation and day, newest first.

    From the last 1,000 entries of the audit trail about them, at most 60 lines, without names.
    ``times`` says how often it was opened, counted up to 20.
    """
    query = (
        select(AuditEntry.user_id, AuditEntry.at, AuditEntry.event)
        .where(
            AuditEntry.person_id.in_(people.every_number_of(person.id)),
            AuditEntry.user_id.is_not(None) | AuditEntry.event.in_(BY_NOBODY_OF_OURS),
        )
        .order_by(AuditEntry.at.desc(), AuditEntry.number.desc())
        .limit(ENTRIES_READ)
    )
    entries = db.session.execute(query).all()
    readers = _users({entry.user_id for entry in entries if entry.user_id})
    found: dict[tuple[date, str, str], list[str]] = {}
    for entry in entries:
        known = BY_NOBODY_OF_OURS.get(entry.event, ""), ""
        who, where = _described(readers.get(entry.user_id)) if entry.user_id else known
        key = (clock.london(entry.at).date(), who, where)
        found.setdefault(key, []).append(entry.event)
    return [_look(*key, events) for key, events in found.items()][:LINES_SHOWN]


def _look(on: date, who: str, where: str, events: list[str]) -> Look:
    opened = sum(event in READING for event in events)
    return Look(on, who, where, min(opened, COUNTED_TO), changed=opened < len(events))


def _users(numbers: set[int]) -> dict[int, User]:
    query = select(User).where(User.id.in_(numbers))
    loaded = query.options(joinedload(User.organisation), selectinload(User.grants))
    return {user.id: user for user in db.session.scalars(loaded).unique()}


def _described(user: User | None) -> tuple[str, str]:
    if user is None:
        return "Somebody who worked here", ""
    role = next((text for code, text in ROLE_LABELS.items() if code in user.roles), "Somebody")
    return role, user.organisation.name
