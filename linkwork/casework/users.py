"""Users: invited, joined, given roles, disabled. None is ever deleted: the audit trail names them.

Somebody who forgot their password is invited again; the new link ends every older one.
"""

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import Select, func, or_, select
from sqlalchemy.exc import IntegrityError

from linkwork import access, audit, passwords
from linkwork.audit import Event
from linkwork.casework import handover, sessions
from linkwork.database import db, let_go
from linkwork.errors import RuleBroken
from linkwork.models import (
    ROLE_LABELS,
    Invitation,
    Organisation,
    OrganisationKind,
    Role,
    User,
    UserRole,
    UserSession,
)
from linkwork.permissions import GRANTS, Permission

PAGE = 50
MOST_FOUND = 50
GOOD_FOR = timedelta(days=7)
TAKEN = "Somebody with this email address already has an account."
USED = "This invitation has been used. Sign in with the password you chose."
# A practice may employ the link worker or the lead of its network.
NETWORKS = frozenset({OrganisationKind.PCN, OrganisationKind.ICB, OrganisationKind.PRACTICE})
# Where a role means something: elsewhere its holder would see nothing, or the wrong things.
BELONGS_TO = {
    Role.LINK_WORKER: NETWORKS,
    Role.SUPERVISOR: NETWORKS,
    Role.PCN_LEAD: NETWORKS | {OrganisationKind.NATIONAL},
    Role.PRACTICE: frozenset({OrganisationKind.PRACTICE}),
}


def invite(
    *,
    name: str,
    email: str,
    organisation: Organisation,
    roles: Iterable[Role],
    by: User | None,
    at: datetime,
) -> tuple[User, str]:
    """Make an account that nobody can use yet, and the token of the link that opens it.

    Raises ``RuleBroken`` where the address is taken, no role is given, or a role does not belong
    to this kind of organisation.
    """
    address, given = email.strip().lower(), set(roles)
    _check_roles(given, organisation)
    if db.session.scalar(select(User.id).where(User.email == address)) is not None:
        raise RuleBroken(TAKEN)
    user = User(name=name, email=address, organisation=organisation)
    user.grants = [UserRole(role=role) for role in sorted(given)]
    db.session.add(user)
    try:
        audit.record(Event.USER_INVITED, user, by=by, roles=sorted(given))
    except IntegrityError as error:  # a colleague invited the same person this second
        raise RuleBroken(TAKEN) from error
    return user, _new_token(user, at)


def invite_again(user: User, *, by: User, at: datetime) -> str:
    """A new link for somebody who lost theirs or forgot their password. Older links end."""
    _use_up(user, at)
    audit.record(Event.USER_INVITED, user, by=by, again=True)
    return _new_token(user, at)


def invitation(token: str, *, at: datetime) -> Invitation | None:
    """The invitation of a link, while it is good."""
    return _good(select(Invitation), token, at)


def _good(query: Select[Invitation], token: str, at: datetime) -> Invitation | None:
    chosen = query.where(Invitation.token_hash == _hash(token))
    found = db.session.scalars(chosen).unique().one_or_none()
    if found is None or found.used_at is not None or found.expires_at <= at:
        return None
    return None if found.user.disabled_at is not None else found


def join(token: str, password: str, *, at: datetime) -> User:
    """Set a password and open the account. Every older session and link ends.

    Raises ``RuleBroken`` where the password is easy to guess or the link is no longer good.
    """
    passwords.check(password)
    let_go()  # hashing takes a tenth of a second: no lock is held meanwhile
    kept = passwords.hashed(password)
    found = _good(select(Invitation).with_for_update(of=Invitation), token, at)
    if found is None:
        raise RuleBroken(USED)
    user = found.user
    user.password_hash = kept
    _use_up(user, at)
    sessions.end_all(user, at=at)
    sessions.forget_failures(user)
    audit.record(Event.USER_JOINED, user, by=user)
    return user


def change_roles(user: User, roles: Iterable[Role], *, by: User) -> None:
    """Give a user these roles and no others.

    Raises ``RuleBroken`` where somebody who has open cases could no longer work them.
    """
    given = set(roles)
    _check_roles(given, user.organisation)
    if user.id == by.id and Role.ADMIN not in given:
        raise RuleBroken("You cannot take your own administrator role away: ask a colleague.")
    if not any(Permission.WORK_CASES in GRANTS[role] for role in given):
        handover.must_be_clear(user)
    kept = [grant for grant in user.grants if grant.role in given]
    added = given - {grant.role for grant in kept}
    user.grants = kept + [UserRole(role=role) for role in sorted(added)]
    audit.record(Event.USER_ROLES_CHANGED, user, by=by, roles=sorted(given))


def disable(user: User, *, by: User, at: datetime) -> None:
    """Shut an account and end its sessions at once. Nothing happens where it is shut already.

    Raises ``RuleBroken`` while it has open cases, tasks or visits: nobody may be lost with it.
    """
    if user.id == by.id:
        raise RuleBroken("You cannot disable your own account: ask a colleague.")
    if user.disabled_at is not None:
        return
    handover.must_be_clear(user)
    user.disabled_at = at
    sessions.end_all(user, at=at)
    audit.record(Event.USER_DISABLED, user, by=by)


def enable(user: User, *, by: User) -> None:
    """Open an account that was shut, with the password it had."""
    if user.disabled_at is None:
        return
    user.disabled_at = None
    audit.record(Event.USER_ENABLED, user, by=by)


def _check_roles(given: set[Role], organisation: Organisation) -> None:
    if not given:
        raise RuleBroken("Choose at least one role.")
    for role in sorted(given):
        if organisation.kind not in BELONGS_TO.get(role, frozenset(OrganisationKind)):
            raise RuleBroken(
                f"{organisation.name} is not the kind of organisation where somebody can be "
                f"“{ROLE_LABELS[role]}”. Choose another role or another organisation."
            )


class AccountState(StrEnum):
    """Whether somebody can sign in."""

    INVITED = "invited"
    ACTIVE = "active"
    DISABLED = "disabled"


def state_of(user: User) -> AccountState:
    """Whether a user can sign in, cannot yet, or can no longer."""
    if user.disabled_at is not None:
        return AccountState.DISABLED
    return AccountState.INVITED if user.password_hash is None else AccountState.ACTIVE


def last_seen_at(user: User) -> datetime | None:
    """When a user last did anything, as far as their sessions tell."""
    query = select(func.max(UserSession.last_seen_at)).where(UserSession.user_id == user.id)
    return db.session.scalar(query)


def listed(viewer: User, *, role: str, state: str, page: int) -> tuple[Sequence[User], int]:
    """One page of the users ``viewer`` may see, by name, and how many there are in all.

    ``role`` and ``state`` are codes, empty for all. A page has ``PAGE`` users; the first is 1.
    """
    query = access.users(viewer)
    if role:
        holding = select(UserRole.user_id).where(UserRole.role == Role(role))
        query = query.where(User.id.in_(holding))
    if state:
        query = query.where(_IN_STATE[AccountState(state)])
    total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = query.order_by(User.name, User.id).offset((page - 1) * PAGE).limit(PAGE)
    return db.session.scalars(rows).unique().all(), total


def search(viewer: User, words: str) -> Sequence[User]:
    """Users ``viewer`` may see whose name or address contains every word; at most 50."""
    query = access.users(viewer).order_by(User.name, User.id).limit(MOST_FOUND)
    for word in words.lower().split():
        inside = [func.lower(column).contains(word, autoescape=True) for column in _SEARCHED]
        query = query.where(or_(*inside))
    return db.session.scalars(query).unique().all()


def organisation_called(text: str, *, viewer: User) -> Organisation:
    """The organisation with this code or name, among those ``viewer`` may see.

    Raises ``RuleBroken`` where there is none, or where several have the name.
    """
    for column in (Organisation.ods_code, Organisation.name):
        query = access.organisations(viewer).where(func.lower(column) == text.lower())
        found = db.session.scalars(query.limit(2)).all()
        if len(found) > 1:
            raise RuleBroken(f"Several organisations are called “{text}”. Enter the code.")
        if found:
            return found[0]
    raise RuleBroken(f"No organisation has the code or the name “{text}”. Check how it is written.")


_SEARCHED = (User.name, User.email)
_IN_STATE = {
    AccountState.DISABLED: User.disabled_at.is_not(None),
    AccountState.INVITED: User.disabled_at.is_(None) & User.password_hash.is_(None),
    AccountState.ACTIVE: User.disabled_at.is_(None) & User.password_hash.is_not(None),
}


def _new_token(user: User, at: datetime) -> str:
    token = secrets.token_urlsafe(24)
    db.session.flush()
    db.session.add(Invitation(token_hash=_hash(token), user_id=user.id, expires_at=at + GOOD_FOR))
    return token


def _use_up(user: User, at: datetime) -> None:
    query = select(Invitation).where(Invitation.user_id == user.id, Invitation.used_at.is_(None))
    for older in db.session.scalars(query).unique():
        older.used_at = at


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
