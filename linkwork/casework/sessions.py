"""Signing in, staying signed in, and signing out.

Sessions live on the server: the cookie holds a random token, the table its SHA-256. A session
ends by itself when nobody uses it for the idle time, and 12 hours after it began.
"""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import joinedload

from linkwork import audit, passwords
from linkwork.audit import Event
from linkwork.database import afterwards, db, let_go
from linkwork.errors import RuleBroken
from linkwork.models import SignInFailure, User, UserSession

WINDOW = timedelta(minutes=15)
FAILURES_PER_ACCOUNT = 5
FAILURES_PER_ADDRESS = 30
TOUCH_EVERY = timedelta(minutes=1)
WRONG = "The email address or password is not right. Check both and try again."
TOO_OFTEN = (
    "There have been too many attempts. Wait 15 minutes, then try again, "
    "or ask your administrator for a new invitation."
)


def sign_in(email: str, password: str, *, address: str, at: datetime) -> User:
    """Check who somebody is and begin a session; the user returned carries its token.

    Raises ``RuleBroken`` with one sentence whatever was wrong, so that nobody learns which
    addresses exist, and slows guessing per account and per network address.
    """
    account, origin = _subject("account", email.lower()), _subject("address", address)
    if _too_often(account, origin, at):
        raise RuleBroken(TOO_OFTEN)
    user = db.session.scalar(select(User).where(User.email == email.strip().lower()))
    known = user.password_hash if user is not None else None
    let_go()  # hashing takes a tenth of a second: no lock is held meanwhile
    right = passwords.verify(known, password)
    if user is None or not right or not user.is_active:
        _note_failure(account, origin, user, at)
        raise RuleBroken(WRONG)
    db.session.execute(delete(SignInFailure).where(SignInFailure.subject == account))
    return begin(user, at=at)


def begin(user: User, *, at: datetime) -> User:
    """Begin a session for a user whose identity is certain."""
    user.session_token = secrets.token_urlsafe(32)
    db.session.add(
        UserSession(
            token_hash=token_hash(user.session_token), user_id=user.id, started_at=at, last_seen_at=at
        )
    )
    audit.record(Event.USER_SIGNED_IN, user, by=user)
    return user


def user_of(token: str, *, at: datetime, idle: timedelta, longest: timedelta) -> User | None:
    """Who the session of ``token`` belongs to, or None when it has ended."""
    session = _find(token)
    if session is None or session.ended_at is not None or not session.user.is_active:
        return None
    if at - session.last_seen_at > idle or at - session.started_at > longest:
        return None
    if at - session.last_seen_at >= TOUCH_EVERY:
        _touch(session.id, at)
    session.user.session_token = token
    return session.user


def owner(token: str) -> int | None:
    """The user a session belonged to, ended or not."""
    session = _find(token)
    return session.user_id if session is not None else None


def end(token: str, *, by: User, at: datetime) -> None:
    """Sign out."""
    db.session.execute(
        update(UserSession).where(UserSession.token_hash == token_hash(token)).values(ended_at=at)
    )
    audit.record(Event.USER_SIGNED_OUT, by, by=by)


def end_all(user: User, *, at: datetime) -> None:
    """End every session of a user at once."""
    still_open = (UserSession.user_id == user.id) & UserSession.ended_at.is_(None)
    db.session.execute(update(UserSession).where(still_open).values(ended_at=at))


def _find(token: str) -> UserSession | None:
    # One query for the session, the user, their organisation and their roles: it runs every time.
    query = select(UserSession).where(UserSession.token_hash == token_hash(token))
    loaded = query.options(joinedload(UserSession.user).joinedload(User.grants))
    return db.session.scalars(loaded).unique().one_or_none()


def _touch(session_id: int, at: datetime) -> None:
    statement = update(UserSession).where(UserSession.id == session_id).values(last_seen_at=at)
    afterwards().append(lambda: db.session.execute(statement))


def _too_often(account: str, origin: str, at: datetime) -> bool:
    query = (
        select(SignInFailure.subject, func.count())
        .where(SignInFailure.subject.in_([account, origin]), SignInFailure.failed_at > at - WINDOW)
        .group_by(SignInFailure.subject)
    )
    counts = {subject: count for subject, count in db.session.execute(query)}
    return (
        counts.get(account, 0) >= FAILURES_PER_ACCOUNT
        or counts.get(origin, 0) >= FAILURES_PER_ADDRESS
    )


def _note_failure(account: str, origin: str, user: User | None, at: datetime) -> None:
    db.session.execute(delete(SignInFailure).where(SignInFailure.failed_at < at - WINDOW))
    db.session.add_all(SignInFailure(subject=s, failed_at=at) for s in (account, origin))
    audit.record(Event.SIGN_IN_FAILED, user, by=None)


def _subject(kind: str, value: str) -> str:
    return hashlib.sha256(f"{kind}:{value}".encode()).hexdigest()


def token_hash(token: str) -> str:
    """What is kept of a session’s token: its SHA-256."""
    return hashlib.sha256(token.encode()).hexdigest()
