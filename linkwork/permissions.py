"""What each role may do and for which PCNs, and how a route says which of it is needed."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any

from flask_login import current_user
from sqlalchemy import ColumnElement, Select, false, literal, select

from linkwork.database import db
from linkwork.models import Organisation, OrganisationKind, Role, Succession, User

View = Callable[..., Any]


class Permission(StrEnum):
    """What a route may ask for."""

    OWN_ACCOUNT = "own account"
    WORK_CASES = "work cases"
    ALLOCATE_CASES = "allocate cases"
    REFER = "refer"
    REPORT_GAPS = "report gaps"
    SEE_CAPACITY = "see capacity"
    SEE_ENGLAND = "see england"
    SEE_GAPS = "see gaps"
    SEE_DIRECTORY = "see directory"
    EDIT_DIRECTORY = "edit directory"
    MANAGE_ORGANISATIONS = "manage organisations"
    MANAGE_USERS = "manage users"
    SEE_AUDIT = "see audit"
    SUPERVISE = "supervise"
    MANAGE_STAFFING = "manage staffing"


EVERYBODY = {Permission.OWN_ACCOUNT, Permission.SEE_DIRECTORY}
GRANTS: dict[Role, set[Permission]] = {
    Role.LINK_WORKER: {Permission.WORK_CASES, Permission.REPORT_GAPS},
    Role.SUPERVISOR: {
        Permission.WORK_CASES,
        Permission.ALLOCATE_CASES,
        Permission.SEE_CAPACITY,
        Permission.REPORT_GAPS,
        Permission.SEE_GAPS,
        Permission.SUPERVISE,
    },
    Role.PRACTICE: {Permission.REFER, Permission.REPORT_GAPS},
    Role.PCN_LEAD: {
        Permission.SEE_CAPACITY,
        Permission.SEE_GAPS,
        Permission.MANAGE_STAFFING,
    },
    Role.DIRECTORY_EDITOR: {Permission.EDIT_DIRECTORY, Permission.SEE_GAPS},
    Role.PEER_COORDINATOR: set(),
    Role.HUB_WORKER: set(),
    Role.CALDICOTT: {Permission.SEE_AUDIT},
    Role.ADMIN: {Permission.MANAGE_ORGANISATIONS, Permission.MANAGE_USERS},
}
# Granted by a role at a national body only: figures of all PCNs, and no record of one.
AT_NATIONAL_BODY = {Role.PCN_LEAD: {Permission.SEE_ENGLAND}}
OPEN_TO_ALL: frozenset[Permission] = frozenset()


def requires(*permissions: Permission) -> Callable[[View], View]:
    """Let a route be used by those who hold any of ``permissions``."""

    def declare(view: View) -> View:
        view.requires = frozenset(permissions)  # type: ignore[attr-defined]
        return view

    return declare


def open_to_all(view: View) -> View:
    """Let a route be used without signing in."""
    view.requires = OPEN_TO_ALL  # type: ignore[attr-defined]
    return view


def me() -> User:
    """The user who is signed in: the record itself, not Flask-Login's stand-in for it."""
    user: User = current_user._get_current_object()  # noqa: SLF001
    return user


def may(user: User, permission: Permission) -> bool:
    """Whether any role of ``user`` grants ``permission``."""
    if permission is Permission.SEE_ENGLAND and (
        user.organisation.kind is not OrganisationKind.NATIONAL
    ):
        return False
    return permission in EVERYBODY or any(
        permission in GRANTS[role] or permission in AT_NATIONAL_BODY.get(role, ())
        for role in user.roles
    )


def pcns(user: User) -> Select[Organisation]:
    """The PCNs a user works for: their own, their practice’s, or all of their board’s."""
    query = select(Organisation).where(Organisation.kind == OrganisationKind.PCN)
    return query.where(_within(user, Organisation.id, Organisation.parent_id))


def _own_pcn(user: User) -> int | None:
    """The one PCN of a user: their organisation, or the one their practice belongs to."""
    if user.organisation.kind is OrganisationKind.PCN:
        return user.organisation_id
    if user.organisation.kind is OrganisationKind.PRACTICE:
        return user.organisation.parent_id
    return None


def _within(user: User, pcn: Any, board: Any) -> ColumnElement[bool]:
    own = _own_pcn(user)
    mine: ColumnElement[bool] = false()
    if own is not None:
        mine = pcn == own
    elif user.organisation.kind is OrganisationKind.ICB:
        mine = board == user.organisation_id
    return mine


def in_own_pcns(user: User, column: Any) -> ColumnElement[bool]:
    """Whether a column holds the number of a PCN the user works for."""
    own = _own_pcn(user)
    inside: ColumnElement[bool] = (
        column == own
        if own is not None
        else column.in_(pcns(user).with_only_columns(Organisation.id))
    )
    return inside


def of_own_practice(user: User, column: Any) -> ColumnElement[bool]:
    """Whether a column holds the user’s own practice, or one that theirs took over as a whole.

    That is so once the closed one’s patients were moved on to it, and not before.
    """
    own = select(literal(user.organisation_id).label("id")).cte(recursive=True)
    before = select(Succession.organisation_id).join(own, Succession.successor_id == own.c.id)
    taken_over = before.where(Succession.is_sole, Succession.carried_at.is_not(None))
    known: ColumnElement[bool] = column.in_(select(own.union(taken_over).c.id))
    return known


def merged_into(pcn_ids: Select[int]) -> Select[int]:
    """Some PCNs, and those that merged into them, however many steps ago.

    That is so once the closed one’s cases were moved on, and not before, as with practices.
    """
    known = pcn_ids.subquery()
    heirs = select(known.c[0].label("id")).cte(recursive=True)
    before = select(Succession.organisation_id).join(heirs, Succession.successor_id == heirs.c.id)
    gone = heirs.union(before.where(Succession.is_sole, Succession.carried_at.is_not(None)))
    return select(gone.c.id)


def acts_for(user: User, practice_id: int) -> bool:
    """Whether a practice is the user’s own, or one that theirs took over."""
    if practice_id == user.organisation_id:
        return True
    query = select(Organisation.id).where(Organisation.id == practice_id)
    return db.session.scalar(query.where(of_own_practice(user, Organisation.id))) is not None
