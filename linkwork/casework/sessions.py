"""Signing in, staying signed in, and signing out.

Sessions live on the server: the cookie holds a random token, the table its SHA-256. A session
ends by itself when nobody uses it for the idle time, and 12 hours after it began. Failed attempts
are counted in the database, so that guessing is slowed however many processes serve.
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import Select, bindparam, delete, func, select, update
from sqlalchemy.orm import joinedload

from linkwork import audit, passwords
from linkwork.audit import Event
from linkwork.database import afterwards, db, let_go
from linkwork.errors import RuleBroken
from linkwork.models import SignInFailure, User, UserSession

WINDOW = timedelta(minutes=15)
FAILURES_PER_ACCOUNT = 5
FAILURES_PER_ADDRESS = 100  # a whole board may share one network address
TOUCH_EVERY = timedelta(seconds=10)
WRONG = "The email address or password is not right. Check both and try again."
TOO_OFTEN = (
    "There have been too many attempts. Wait 15 minutes, then try again, "
    "or ask the person who manages accounts in your organisation for a new link."
)


class TooOften(RuleBroken):
    """Too many sign-ins failed lately, for this account or from this network address."""


def sign_in(email: str, password: str, *, address: str, at: datetime) -> User:
    """Check who somebody is and begin a session; the user returned carries its token.

    Raises ``RuleBroken`` with one sentence whatever was wrong, so that nobody learns which
    addresses exist, and ``TooOften`` where somebody may be guessing.
    """
    known_as = email.strip().lower()
    account, origin = _subject("account", known_as), _subject("address", address)
    _slow_down(account, origin, at)
    user = db.session.scalar(select(User).where(User.email == known_as))
    kept = user.password_hash if user is not None else None
    let_go()  # hashing takes a tenth of a second: no lock is held meanwhile
    right = passwords.verify(kept, password)
    _slow_down(account, origin, at)  # a hundred guesses at once got past the first time
    if user is None or not right or not user.is_active:
        _note_failure(account, origin, user, at)
        raise RuleBroken(WRONG)
    forget_failures(user)
    return begin(user, at=at)


def begin(user: User, *, at: datetime) -> User:
    """Begin a session for a user whose identity is certain; the user carries its token."""
    user.session_token = secrets.token_urlsafe(32)
    kept = token_hash(user.session_token)
    db.session.add(UserSession(token_hash=kept, user_id=user.id, started_at=at, last_seen_at=at))
    audit.record(Event.USER_SIGNED_IN, user, by=user)
    return user


def user_of(token: str, *, at: datetime, idle: timedelta, longest: timedelta) -> User | None:
    """Who the session of ``token`` belongs to, or None when it has ended."""
    session = _find(token)
    if session is None or session.ended_at is not None or not session.user.is_active:
        return None
    if at - session.last_seen_at >= idle or at - session.started_at >= longest:
        return None
    if at - session.last_seen_at >= TOUCH_EVERY:
        touch(token, at=at)
    session.user.session_token = token
    return session.user


def end(user: User, *, at: datetime) -> None:
    """Sign a user out of the session they came with."""
    mine = UserSession.token_hash == token_hash(user.session_token)
    db.session.execute(update(UserSession).where(mine).values(ended_at=at))
    audit.record(Event.USER_SIGNED_OUT, user, by=user)


def end_all(user: User, *, at: datetime) -> None:
    """End every session of a user at once."""
    still_open = (UserSession.user_id == user.id) & UserSession.ended_at.is_(None)
    db.session.execute(update(UserSession).where(still_open).values(ended_at=at))


def _find(token: str) -> UserSession | None:
    found = db.session.scalars(_with_user(), {"hashed": token_hash(token)})
    return found.unique().one_or_none()


@cache
def _with_user() -> Select[UserSession]:
    """A session, its user, their organisation and roles: put together once, as it runs always."""
    query = select(UserSession).where(UserSession.token_hash == bindparam("hashed"))
    return query.options(joinedload(UserSession.user).joinedload(User.grants))


def touch(token: str, *, at: datetime) -> None:
    """Note that a session was used, with whatever else is noted when the request ends."""
    mine = (UserSession.token_hash == token_hash(token)) & UserSession.ended_at.is_(None)
    statement = update(UserSession).where(mine).values(last_seen_at=at)

    def write() -> None:
        db.session.execute(statement)

    afterwards().append(write)


def forget_failures(user: User) -> None:
    """Let somebody who has shown who they are begin again without a blemish."""
    account = _subject("account", user.email)
    db.session.execute(delete(SignInFailure).where(SignInFailure.subject == account))


def _slow_down(account: str, origin: str, at: datetime) -> None:
    query = (
        select(SignInFailure.subject, func.count())
        .where(SignInFailure.subject.in_([account, origin]), SignInFailure.failed_at > at - WINDOW)
        .group_by(SignInFailure.subject)
    )
    failures = dict(db.session.execute(query).all())
    if (
        failures.get(account, 0) >= FAILURES_PER_ACCOUNT
        or failures.get(origin, 0) >= FAILURES_PER_ADDRESS
    ):
        raise TooOften(TOO_OFTEN)


def _note_failure(account: str, origin: str, user: User | None, at: datetime) -> None:
    db.session.execute(delete(SignInFailure).where(SignInFailure.failed_at < at - WINDOW))
    db.session.add_all(SignInFailure(subject=s, failed_at=at) for s in (account, origin))
    audit.record(Event.SIGN_IN_FAILED, user, by=None)


def _subject(kind: str, value: str) -> str:
    return hashlib.sha256(f"{kind}:{value}".encode()).hexdigest()


def token_hash(token: str) -> str:
    """What is kept of a session’s token: its SHA-256."""
    return hashlib.sha256(token.encode()).hexdigest()
