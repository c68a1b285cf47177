"""Messages to a patient’s practice: made from what may be shared, seen first, sent, read, filed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, lazyload

from linkwork import access, audit, permissions
from linkwork.audit import Event
from linkwork.casework import letters, notifications, shareable, writing
from linkwork.casework.cases import hold, with_name
from linkwork.casework.letters import Letter
from linkwork.casework.shareable import Chosen
from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import (
    Message,
    MessageKind,
    NoticeKind,
    Organisation,
    Role,
    SnomedCode,
    SupportCase,
    User,
    UserRole,
)

PAGE = 25
CHANGED = "The message is not the one you read any more. Read it again below, then send it."


class ReadFirst(RuleBroken):
    """Whoever sends has not read what would be sent. Carries the letter, for them to read."""

    def __init__(self, letter: Letter) -> None:
        super().__init__(CHANGED)
        self.letter = letter


@dataclass(frozen=True, slots=True)
class Inbox:
    """One page of a practice’s messages, newest first, and how many there are of each sort."""

    messages: Sequence[Message]
    unread: int
    to_file: int
    filed: int


def due(sent: Sequence[Message]) -> MessageKind:
    """What the next message is: that support has started, where the practice was not told yet."""
    told = any(message.kind is MessageKind.STARTED or _is_undone(message) for message in sent)
    return MessageKind.UPDATE if told else MessageKind.STARTED


def obstacle(case: SupportCase) -> str | None:
    """Why nothing can be sent about a case, in a sentence; None where something can."""
    return shareable.obstacle(case)


def compose(
    case: SupportCase,
    kind: MessageKind,
    *,
    chosen: Chosen | None = None,
    note: str | None = None,
    by: User,
    at: datetime,
) -> Letter:
    """The message as it would be sent now; nothing changes.

    ``chosen`` are the parts the worker ticked; by default everything that may be shared and was
    not told before. Raises ``RuleBroken`` where nothing may be sent.
    """
    practice = shareable.check(case, kind)
    parts = shareable.picked(shareable.offer(case), chosen, kind)
    code = _code(case, kind)
    return writing.letter(case, kind, practice, parts, note=note, code=code, writer=by, at=at)


def send(
    case: SupportCase,
    kind: MessageKind,
    *,
    chosen: Chosen | None = None,
    note: str | None = None,
    seen: str | None = None,
    by: User,
    at: datetime,
) -> Message:
    """Send a message to the practice; the first of a started episode carries its code.

    ``seen`` is the digest of the letter somebody read before they sent it: raises ``ReadFirst``
    where another would go out. Raises ``RuleBroken`` where nothing may be sent, or that support
    has started was told before.
    """
    hold(case)
    if kind is MessageKind.STARTED and _told(case, kind):
        raise RuleBroken("The practice already knows that support has started. Send an update.")
    letter = compose(case, kind, chosen=chosen, note=note, by=by, at=at)
    if seen is not None and seen != letter.digest:
        raise ReadFirst(letter)
    message = Message(
        case=case,
        practice=shareable.check(case, kind),
        kind=kind,
        code=letter.code,
        body=letters.text(letter),
        contents=letter.as_json(),
        made_by_id=by.id,
        sent_at=at,
    )
    db.session.add(message)
    _note(message, by)
    return message


def open(message: Message, *, by: User) -> None:  # noqa: A001 - the verb of the trade
    """Note that somebody opened a message."""
    audit.record(Event.MESSAGE_OPENED, message, by=by, person_id=message.case.person_id)


def downloaded(message: Message, kind: str, *, by: User) -> None:
    """Note that somebody took a message away as a file of a kind."""
    person_id = message.case.person_id
    audit.record(Event.MESSAGE_DOWNLOADED, message, by=by, person_id=person_id, file=kind)


def read(message: Message, *, by: User, at: datetime) -> None:
    """The practice has read it. Whoever reads it first is remembered."""
    _hold(message)
    _must_be_theirs(message, by)
    if message.read_at is None:
        message.read_at, message.read_by_id = at, by.id
        audit.record(Event.MESSAGE_READ, message, by=by, person_id=message.case.person_id)


def file(message: Message, *, by: User, at: datetime) -> None:
    """The practice has put it into its own record of the patient. Doing it twice is once."""
    read(message, by=by, at=at)
    if message.filed_at is None:
        message.filed_at, message.filed_by_id = at, by.id
        audit.record(Event.MESSAGE_FILED, message, by=by, person_id=message.case.person_id)


def of_case(case: SupportCase) -> Sequence[Message]:
    """The messages of a case, newest first, with who read them."""
    query = _with_names(select(Message).where(Message.case_id == case.id))
    return db.session.scalars(query.order_by(Message.id.desc()).limit(100)).unique().all()


def to_practice(user: User, *, filed: bool = False, page: int = 1) -> Inbox:
    """A page of the messages to the user’s practice: those still to be filed, or those that are."""
    query = _with_names(_own(user)).where(
        Message.filed_at.is_not(None) if filed else Message.filed_at.is_(None)
    )
    newest = query.order_by(Message.sent_at.desc(), Message.id.desc())
    shown = db.session.scalars(newest.limit(PAGE).offset((page - 1) * PAGE)).unique().all()
    return Inbox(shown, *_counts(user))


def unread(user: User) -> int:
    """How many messages nobody at the user’s practice has read."""
    return _counts(user)[0]


def _note(message: Message, by: User) -> None:
    """Remember that the episode is coded, and tell whoever reads for the practice."""
    case, at = message.case, message.sent_at
    if message.code is not None:
        case.coded_in_gp_record_at = at
    said = {"kind": message.kind, "code": message.code}
    audit.record(Event.MESSAGE_SENT, message, by=by, person_id=case.person_id, **said)
    for reader in _readers(message.practice):
        notifications.tell(reader, NoticeKind.MESSAGE_FROM_LINK_WORKER, case=case, at=at)


def _counts(user: User) -> tuple[int, int, int]:
    query = _own(user).with_only_columns(
        func.count().filter(Message.read_at.is_(None)),
        func.count().filter(Message.filed_at.is_(None)),
        func.count().filter(Message.filed_at.is_not(None)),
    )
    unread_, to_file, filed = db.session.execute(query).one()
    return unread_, to_file, filed


def _own(user: User) -> Select[Message]:
    return access.messages(user).where(permissions.of_own_practice(user, Message.practice_id))


def _with_names(query: Select[Message]) -> Select[Message]:
    names = (with_name(who) for who in (Message.made_by, Message.read_by, Message.filed_by))
    return query.options(joinedload(Message.practice), *names)


def _code(case: SupportCase, kind: MessageKind) -> SnomedCode | None:
    """What goes into the GP record: once an episode, and never for one that did not begin."""
    if kind is MessageKind.DECLINED:
        return shareable.declined_code(case)
    if case.first_conversation_at is None or case.coded_in_gp_record_at is not None:
        return None
    return SnomedCode.REFERRED


def _is_undone(message: Message) -> bool:
    """Whether it told of support that, as is known now, has not begun."""
    begun = message.case.is_open and message.case.first_conversation_at is not None
    return message.kind is not MessageKind.DECLINED and not begun


def _told(case: SupportCase, kind: MessageKind) -> bool:
    query = select(Message.id).where(Message.case_id == case.id, Message.kind == kind)
    return db.session.scalar(query.limit(1)) is not None


def _hold(message: Message) -> None:
    db.session.flush()
    only: dict[str, Any] = {"of": Message}
    db.session.refresh(message, with_for_update=only)


def _must_be_theirs(message: Message, by: User) -> None:
    if not permissions.acts_for(by, message.practice_id):
        raise RuleBroken("Only the practice it was sent to can say that it was read.")


def _readers(practice: Organisation) -> Sequence[User]:
    holding = select(UserRole.user_id).where(UserRole.role == Role.PRACTICE)
    query = select(User).where(User.organisation_id == practice.id, User.id.in_(holding))
    return db.session.scalars(query.options(lazyload(User.organisation))).unique().all()
