"""Mail: written with what it tells of, in one transaction, and sent later by ``linkwork remind``.

The words are fixed for each kind. No name, no word from a record and no number but a count ever
stands in them: an inbox is read by more eyes than a caseload.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import ColumnElement, select, update

from linkwork.database import db
from linkwork.errors import RuleBroken
from linkwork.models import Mail, MailKind, SupportCase, User

CLAIMED = timedelta(minutes=10)
"""How long one process may take to send; then another may try."""
WAITS = tuple(timedelta(minutes=m) for m in (5, 15, 60, 4 * 60, 12 * 60, 24 * 60, 24 * 60))
"""How long to wait after the first failure, the second and so on. After the last, no more."""
QUIET = timedelta(hours=4)
"""A user is not told again within this time that something waits."""
KEPT = timedelta(days=90)
LONGEST_ADDRESS = 254
NOT_IN_AN_ADDRESS = frozenset(",;<> \t\r\n")
"""With a comma or a semicolon one address is two, and the second reads what the first may."""
PREVIEWED = 50
WHY = "You get this email because you have an account. Choose which emails you get in Linkwork."
SIGN_IN = "Sign in to Linkwork as you always do to see what it is. This email has no link to it."
TEXTS: dict[MailKind, tuple[str, str]] = {
    MailKind.NOTICE: (
        "Something is waiting for you in Linkwork",
        f"Something new is waiting for you in Linkwork.\n\n{SIGN_IN}\n\n{WHY}\n",
    ),
    MailKind.URGENT: (
        "Please look at Linkwork now",
        f"Something in Linkwork needs you today.\n\n{SIGN_IN}\n\n{WHY}\n",
    ),
    MailKind.REMINDER: (
        "You have {waiting} waiting in Linkwork",
        f"You have {{waiting}} waiting in Linkwork.\n\n{SIGN_IN}\n\n{WHY}\n",
    ),
    MailKind.INVITATION: (
        "Your Linkwork account",
        (
            "Somebody who manages accounts made this link for you. It works once, and lets you\n"
            "choose a password for Linkwork:\n\n{url}\n\n"
            "If you did not expect it, ask them before you open it. Give it to nobody.\n"
        ),
    ),
    MailKind.PLAN: (
        "The page you asked for",
        (
            "Here is the link to the page you asked for:\n\n{url}\n\n"
            "It works for a time, and can be taken back. Whoever has it can open the page,\n"
            "so keep it to yourself.\n"
        ),
    ),
    MailKind.ANSWER: (
        "A message for your organisation",
        (
            "A link worker has sent your organisation something to answer. Open this link to\n"
            "read it and to answer. You need no account:\n\n{url}\n\n"
            "Whoever has the link can answer, so pass it on only to those who should.\n"
        ),
    ),
    MailKind.CHECK: (
        "Is what we list about you still right?",
        (
            "Link workers of the NHS send people to what you offer, and look you up in our\n"
            "directory. Open this link to see what we list and to say that it is right, with\n"
            "one press and without an account:\n\n{url}\n\n"
            "If you no longer run it, say so there, and nobody is sent to you in vain.\n"
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class Letter:
    """What is handed to the mail server: whole in memory, so that nothing is held meanwhile."""

    id: int
    key: str
    to: str
    subject: str
    body: str


def is_on() -> bool:
    """Whether emails are written at all: where a mail server is named, and in the demo."""
    return current_app.config["SMTP"] is not None or bool(current_app.config["DEMO"])


def queue(user: User, kind: MailKind, *, waiting: int = 0, at: datetime) -> Mail | None:
    """Write to a user, in the transaction of what it is about; ``waiting`` is how many things wait.

    Returns None where nothing is sent by email, the account is shut, or they were told just now:
    the same kind still waits to be sent, or a plain notice went less than ``QUIET`` ago.
    """
    if not is_on() or not user.is_active or _told_lately(user, kind, at):
        return None
    things = f"{waiting} thing" if waiting == 1 else f"{waiting} things"
    subject, body = (text.format(waiting=things) for text in TEXTS[kind])
    return _write(kind, user.email, subject, body, at, user=user)


def queue_link(
    address: str,
    kind: MailKind,
    url: str,
    *,
    case: SupportCase | None = None,
    user: User | None = None,
    at: datetime,
) -> Mail | None:
    """Write a link to an address: to a plan, to an answer, or to an account (``user``).

    ``case`` lets a death stop it. Returns None where nothing is sent by email. Raises
    ``RuleBroken`` where the address is not one.
    """
    if not is_on():
        return None
    to = address.strip()
    name, at_sign, place = to.rpartition("@")
    whole = name and at_sign and place and "@" not in name and NOT_IN_AN_ADDRESS.isdisjoint(to)
    if not whole or len(to) > LONGEST_ADDRESS:
        raise RuleBroken("That is not an email address. Check it and try again.")
    subject, body = TEXTS[kind]
    return _write(kind, to, subject, body.format(url=url), at, user=user, case=case)


def waits(case: SupportCase, address: str, url: str) -> bool:
    """Whether a link of a case still waits to be sent to an address."""
    waiting = (
        _unsent(case) & (Mail.to == address.strip()) & Mail.body.contains(url, autoescape=True)
    )
    return db.session.scalar(select(Mail.id).where(waiting).limit(1)) is not None


def stop(case: SupportCase, *, at: datetime, of: str = "") -> None:
    """Send no link of a case that still waits to be sent: its person died.

    With ``of`` only what holds those letters: a link that was taken back.
    """
    waits = _unsent(case)
    if of:
        waits &= Mail.body.contains(of, autoescape=True)
    gone = {"given_up_at": at, "body": None, "to": "", "last_error": "stopped"}
    db.session.execute(update(Mail).where(waits).values(**gone))


def claim(*, at: datetime) -> Letter | None:
    """Take the next letter to send, for oneself alone: commit, then send it.

    Whoever takes it and dies leaves it to be taken again after ``CLAIMED``.
    """
    query = (
        select(Mail)
        .where(Mail.sent_at.is_(None), Mail.given_up_at.is_(None), Mail.next_try_at <= at)
        .order_by(Mail.next_try_at, Mail.id)
        .limit(1)
        .with_for_update(skip_locked=True, of=Mail)
    )
    while (found := db.session.scalar(query)) is not None:
        found.tries += 1
        found.next_try_at = at + CLAIMED
        if found.user is None or found.user.disabled_at is None:
            db.session.flush()
            return Letter(found.id, found.key, found.to, found.subject, found.body or "")
        _give_up(found, "account disabled", at)
    return None


def sent(letter: Letter, *, at: datetime) -> None:
    """Note that a letter was handed over, and keep no more of it than that."""
    mail = _of(letter)
    mail.sent_at, mail.last_error = at, None
    _forget(mail)


def failed(letter: Letter, error: str, *, for_good: bool, at: datetime) -> None:
    """Note that a letter could not be sent, and when to try again, if at all.

    ``error`` is the kind of failure and its code, never a word of the other server’s.
    """
    mail = _of(letter)
    mail.last_error = error
    if for_good or mail.tries > len(WAITS):
        _give_up(mail, error, at)
    else:
        mail.next_try_at = at + WAITS[mail.tries - 1]


def preview(user: User | None) -> Sequence[Mail]:
    """The last ``PREVIEWED`` messages to a user, or to everybody, newest first: for the demo."""
    query = select(Mail).order_by(Mail.made_at.desc(), Mail.id.desc()).limit(PREVIEWED)
    if user is not None:
        query = query.where(Mail.user_id == user.id)
    return db.session.scalars(query).all()


def tidy(*, at: datetime) -> None:
    """Take away what was sent or given up more than ``KEPT`` ago."""
    old = (Mail.made_at < at - KEPT) & (Mail.sent_at.is_not(None) | Mail.given_up_at.is_not(None))
    db.session.query(Mail).where(old).delete(synchronize_session=False)


def _unsent(case: SupportCase) -> ColumnElement[bool]:
    return (Mail.case_id == case.id) & Mail.sent_at.is_(None) & Mail.given_up_at.is_(None)


def _told_lately(user: User, kind: MailKind, at: datetime) -> bool:
    if kind is MailKind.URGENT:
        return False  # each is about somebody else who may be in danger
    unsent = Mail.sent_at.is_(None) & Mail.given_up_at.is_(None)
    lately = unsent | (Mail.made_at > at - QUIET) if kind is MailKind.NOTICE else unsent
    query = select(Mail.id).where(Mail.user_id == user.id, Mail.kind == kind, lately)
    return db.session.scalar(query.limit(1)) is not None


def _write(
    kind: MailKind,
    to: str,
    subject: str,
    body: str,
    at: datetime,
    *,
    user: User | None = None,
    case: SupportCase | None = None,
) -> Mail:
    mail = Mail(kind=kind, to=to, subject=subject, body=body, made_at=at, next_try_at=at)
    mail.user_id, mail.case_id = user.id if user else None, case.id if case else None
    db.session.add(mail)
    db.session.flush()
    return mail


def _of(letter: Letter) -> Mail:
    return db.session.get_one(Mail, letter.id, with_for_update={"of": Mail})


def _give_up(mail: Mail, why: str, at: datetime) -> None:
    mail.given_up_at, mail.last_error = at, why
    _forget(mail)


def _forget(mail: Mail) -> None:
    mail.body = None
    if mail.user_id is None:
        mail.to = ""
